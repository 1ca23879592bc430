// What kind a lock is, told from how real code makes it: attribute objects, arguments, static initial values, wrappers.
#include "program/LockKinds.h"
#include "../extract/Folder.h"
#include "extract/Extract.h"

#include <gtest/gtest.h>

using namespace heddle;
using namespace heddle::facts;
using heddle::test::Folder;

namespace {

/// A linked program of one unit in C.
class Linked {
public:
  explicit Linked(const std::string &text) {
    Folder folder;
    folder.write("unit.c", "#define _GNU_SOURCE\n#include <pthread.h>\n#include <semaphore.h>\n#include <stdlib.h>\n#include "
                           "<threads.h>\n" +
                               text);
    CompileCommand command{folder.path(), "unit.c", {"cc", "-std=gnu17", "-c", "unit.c"}, ""};
    ExtractOptions options;
    options.sourceRoot = options.buildRoot = folder.path();
    Extraction extraction = llvm::cantFail(extractUnit(command, options));
    EXPECT_EQ(extraction.firstError, "");
    facts_.emplace(llvm::cantFail(Facts::open(std::move(extraction.facts))));
    models_.emplace(llvm::cantFail(Models::builtIn()));
    program_.emplace(*facts_, *models_, Target{"unit", false, {0}});
  }

  /// The place that the only call to `function` in `caller` has as its first argument's target.
  std::pair<PlaceId, BodyId> lockIn(llvm::StringRef caller, llvm::StringRef function) {
    for (BodyId id : program_->bodies()) {
      BodyView body = facts_->body(id);
      if (program_->nameOf(body.function()) != caller)
        continue;
      for (const Event &event : body.events)
        if (event.kind() == EventKind::Call && event.callee() != kNone && program_->nameOf(event.callee()) == function)
          return {program_->places().deref(program_->places().canonical(body.operands(event)[0])), id};
    }
    ADD_FAILURE() << "no call to " << function.str() << " in " << caller.str();
    return {0, 0};
  }
  std::string recursive(llvm::StringRef caller, llvm::StringRef function = "pthread_mutex_lock") {
    auto [lock, body] = lockIn(caller, function);
    return word(program_->lockKinds().recursive(lock, body));
  }
  std::string shared(llvm::StringRef caller, llvm::StringRef function = "pthread_mutex_lock") {
    return word(program_->lockKinds().processShared(lockIn(caller, function).first));
  }
  int64_t robust(llvm::StringRef caller) {
    Places &places = program_->places();
    return *program_->lockKinds().lasting(places.member(lockIn(caller, "pthread_mutex_lock").first, "robust"));
  }

private:
  static std::string word(std::optional<bool> answer) { return !answer ? "unknown" : *answer ? "yes" : "no"; }
  std::optional<Facts> facts_;
  std::optional<Models> models_;
  std::optional<Program> program_;
};

} // namespace

TEST(LockKinds, DefaultsAndAttributes) {
  Linked unit(R"(
static pthread_mutex_t plain = PTHREAD_MUTEX_INITIALIZER, again, normal;
void make(void) {
  pthread_mutexattr_t attr;
  pthread_mutexattr_init(&attr);
  pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&again, &attr);
  pthread_mutexattr_destroy(&attr);
  pthread_mutex_init(&normal, NULL);
}
void usePlain(void) { pthread_mutex_lock(&plain); }
void useAgain(void) { pthread_mutex_lock(&again); }
void useNormal(void) { pthread_mutex_lock(&normal); }
)");
  EXPECT_EQ(unit.recursive("usePlain"), "no");
  EXPECT_EQ(unit.recursive("useAgain"), "yes");
  EXPECT_EQ(unit.recursive("useNormal"), "no");
  EXPECT_EQ(unit.robust("useAgain"), 1);
  EXPECT_EQ(unit.robust("useNormal"), 0);
  EXPECT_EQ(unit.shared("useAgain"), "no");
}

TEST(LockKinds, StaticInitialValues) {
  Linked unit(R"(
static pthread_mutex_t again = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_mutex_t checked = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
struct table { int rows; pthread_mutex_t mutex; };
static struct table table = {7, PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP};
void useAgain(void) { pthread_mutex_lock(&again); }
void useChecked(void) { pthread_mutex_lock(&checked); }
void useField(void) { pthread_mutex_lock(&table.mutex); }
)");
  EXPECT_EQ(unit.recursive("useAgain"), "yes");
  EXPECT_EQ(unit.recursive("useChecked"), "no");
  EXPECT_EQ(unit.recursive("useField"), "yes");
}

TEST(LockKinds, MadeByAFunctionForItsCaller) {
  Linked unit(R"(
struct table { pthread_mutex_t mutex; } table;
static pthread_mutexattr_t common;
void setUp(void) { pthread_mutexattr_init(&common); pthread_mutexattr_settype(&common, PTHREAD_MUTEX_RECURSIVE); }
static void make(pthread_mutex_t *mutex, int type) {
  pthread_mutexattr_t attr;
  pthread_mutexattr_init(&attr);
  pthread_mutexattr_settype(&attr, type);
  pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(mutex, &attr);
}
static pthread_mutex_t again, normal, byCommon, *made;
void makeAll(void) {
  make(&again, PTHREAD_MUTEX_RECURSIVE);
  make(&normal, PTHREAD_MUTEX_NORMAL);
  pthread_mutex_init(&byCommon, &common);
  pthread_mutex_t *fresh = malloc(sizeof *fresh);
  make(fresh, PTHREAD_MUTEX_RECURSIVE);
  made = fresh;
}
void useAgain(void) { pthread_mutex_lock(&again); }
void useNormal(void) { pthread_mutex_lock(&normal); }
void useCommon(void) { pthread_mutex_lock(&byCommon); }
void useMade(void) { pthread_mutex_lock(made); }
void useGiven(pthread_mutex_t *given) { pthread_mutex_lock(given); }
)");
  EXPECT_EQ(unit.recursive("useAgain"), "yes");
  EXPECT_EQ(unit.recursive("useNormal"), "no");
  EXPECT_EQ(unit.recursive("useCommon"), "yes");
  EXPECT_EQ(unit.recursive("useMade"), "yes");
  EXPECT_EQ(unit.recursive("useGiven"), "unknown") << "it may be one of those";
  EXPECT_EQ(unit.shared("useNormal"), "yes");
}

TEST(LockKinds, WhatDiffersIsUnknown) {
  Linked unit(R"(
struct queue { pthread_mutex_t mutex; };
void make(struct queue *queue, int deep) {
  pthread_mutexattr_t attr;
  pthread_mutexattr_init(&attr);
  if (deep)
    pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&queue->mutex, &attr);
}
void use(struct queue *queue) { pthread_mutex_lock(&queue->mutex); }
)");
  EXPECT_EQ(unit.recursive("use"), "unknown");
}

TEST(LockKinds, C11AndSemaphores) {
  Linked unit(R"(
static mtx_t plain, again;
static sem_t local, global_;
void make(void) {
  mtx_init(&plain, mtx_plain);
  mtx_init(&again, mtx_timed | mtx_recursive);
  sem_init(&local, 0, 1);
  sem_init(&global_, 1, 1);
}
void usePlain(void) { mtx_lock(&plain); }
void useAgain(void) { mtx_lock(&again); }
void useLocal(void) { sem_wait(&local); }
void useGlobal(void) { sem_wait(&global_); }
)");
  EXPECT_EQ(unit.recursive("usePlain", "mtx_lock"), "no");
  EXPECT_EQ(unit.recursive("useAgain", "mtx_lock"), "yes");
  EXPECT_EQ(unit.recursive("useLocal", "sem_wait"), "unknown") << "a semaphore has no owner";
  EXPECT_EQ(unit.shared("useLocal", "sem_wait"), "no");
  EXPECT_EQ(unit.shared("useGlobal", "sem_wait"), "yes");
}
