// Every built-in row of a library whose headers are here names what they declare: a typo in a row would make it mean nothing.
//
// Headers differ from version to version: where several names of a row stand for one thing (a base class that one library has,
// the other not), a row needs one that is declared. HEDDLE_MODELS="boost-thread.yaml" and HEDDLE_MODEL_UNIT="a.cpp -I…" hold
// other files' rows against other headers, by hand.
#include "extract/CommandLine.h"
#include "extract/Naming.h"
#include "program/Model.h"
#include "program/ModelParser.h"

#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <gtest/gtest.h>

#include <set>

using namespace heddle;
using namespace clang;

namespace {

/// Parameter counts of a function's declarations; templates with packs take any number from one on.
struct Declared {
  struct Signature {
    unsigned params = 0;
    bool more = false; // variadic, or a parameter pack
  };
  llvm::StringMap<std::vector<Signature>> functions;
  llvm::StringSet<> classes;
};

class Collector : public RecursiveASTVisitor<Collector> {
public:
  Collector(ASTContext &context, const extract::PathMap &paths, Declared &out) : naming_(context, paths), out_(out) {}
  bool shouldVisitImplicitCode() const { return true; }
  bool shouldVisitTemplateInstantiations() const { return false; }

  bool VisitFunctionDecl(FunctionDecl *function) {
    add(naming_.qualified(*function), *function);
    return true;
  }
  /// What a using-declaration brings into std has its own name there in a call: none. But a class's alias of a member has.
  bool VisitTagDecl(TagDecl *tag) {
    std::string name = naming_.qualified(*tag);
    if (auto *record = dyn_cast<CXXRecordDecl>(tag)) {
      llvm::StringRef last = llvm::StringRef(name).rsplit("::").second;
      last = last.empty() ? llvm::StringRef(name) : last;
      if (record->isThisDeclarationADefinition() && (!record->isDependentContext() || record->getDescribedClassTemplate()))
        out_.functions[name + "::~" + last.str()].push_back({0, false}); // also where it is implicit
    }
    out_.classes.insert(name);
    return true;
  }

private:
  void add(const std::string &name, const FunctionDecl &function) {
    bool pack = function.isVariadic();
    unsigned params = 0;
    for (const ParmVarDecl *param : function.parameters()) {
      pack |= param->isParameterPack();
      params += !param->isParameterPack();
    }
    out_.functions[name].push_back({params, pack});
  }

  extract::Naming naming_;
  Declared &out_;
};

void collect(const std::string &text, const std::string &file, std::vector<std::string> flags, Declared &out) {
  flags.push_back("-resource-dir=" + extract::resourceDirectory());
  flags.push_back("-w");
  flags.push_back("-fsyntax-only");
  std::unique_ptr<ASTUnit> unit = tooling::buildASTFromCodeWithArgs(text, flags, file, "clang");
  ASSERT_TRUE(unit);
  EXPECT_FALSE(unit->getDiagnostics().hasErrorOccurred());
  extract::PathMap paths("/", "/");
  Collector(unit->getASTContext(), paths, out).TraverseDecl(unit->getASTContext().getTranslationUnitDecl());
}

/// Headers that this system may not have are left out, as their functions then can't be called either.
std::string includes(llvm::ArrayRef<llvm::StringRef> headers) {
  std::string text = "#define _GNU_SOURCE 1\n";
  for (llvm::StringRef header : headers)
    text += ("#if __has_include(<" + header + ">)\n#include <" + header + ">\n#endif\n").str();
  return text;
}

const Declared &standardLibraries() {
  static const Declared *declared = [] {
    auto *out = new Declared;
    collect(includes({"algorithm",
                      "any",
                      "atomic",
                      "barrier",
                      "condition_variable",
                      "deque",
                      "execution",
                      "experimental/vector",
                      "forward_list",
                      "fstream",
                      "functional",
                      "future",
                      "iostream",
                      "iterator",
                      "latch",
                      "list",
                      "map",
                      "memory",
                      "mutex",
                      "numeric",
                      "optional",
                      "queue",
                      "ranges",
                      "semaphore",
                      "set",
                      "shared_mutex",
                      "span",
                      "sstream",
                      "stack",
                      "stop_token",
                      "string",
                      "string_view",
                      "syncstream",
                      "thread",
                      "tuple",
                      "unordered_map",
                      "unordered_set",
                      "utility",
                      "variant",
                      "vector",
                      "array"}),
            "all.cpp", {"-std=c++23"}, *out);
    collect(includes({"aio.h",         "dirent.h",       "fcntl.h",     "mqueue.h",       "netdb.h",      "poll.h",
                      "pthread.h",     "pty.h",          "sched.h",     "semaphore.h",    "signal.h",     "spawn.h",
                      "stdio.h",       "stdlib.h",       "sys/epoll.h", "sys/eventfd.h",  "sys/file.h",   "sys/inotify.h",
                      "sys/ioctl.h",   "sys/mman.h",     "sys/msg.h",   "sys/pidfd.h",    "sys/prctl.h",  "sys/select.h",
                      "sys/sem.h",     "sys/sendfile.h", "sys/shm.h",   "sys/signalfd.h", "sys/socket.h", "sys/stat.h",
                      "sys/syscall.h", "sys/timerfd.h",  "sys/uio.h",   "sys/wait.h",     "syslog.h",     "termios.h",
                      "threads.h",     "setjmp.h",       "time.h",      "ucontext.h",     "unistd.h",     "utime.h",
                      "wchar.h",       "string.h"}),
            "all.c", {"-std=gnu17"}, *out);
    return out;
  }();
  return *declared;
}

bool fits(const FunctionModel &model, const Declared::Signature &signature) {
  size_t least = model.params.size();
  return model.anyParams ? signature.params >= least || signature.more
                         : signature.params == least || (signature.more && signature.params <= least);
}

/// "posix.yaml:12: nothing is called 'ptread_mutex_lock'", a line each.
std::string complaints(const ModelRows &rows, const Declared &declared, const std::set<std::string> &elsewhere) {
  std::string text;
  std::map<std::string, bool> found; // by row
  std::map<std::string, std::string> why;
  for (const auto &[name, model] : rows.functions) {
    if (elsewhere.count(name))
      continue;
    auto known = declared.functions.find(name);
    bool good = known != declared.functions.end() &&
                llvm::any_of(known->second, [&](const Declared::Signature &s) { return fits(model, s); });
    if (llvm::StringRef(name).ends_with("operator _"))
      good = true; // any conversion function
    if (!good)
      text += model.origin + ": no declaration of '" + name + "'" +
              (known == declared.functions.end() ? "" : " has such parameters") + "\n";
  }
  for (const auto &[name, model] : rows.classes)
    if (!elsewhere.count(name) && !declared.classes.contains(name))
      text += model.origin + ": no class '" + name + "'\n";
  return text;
}

ModelRows rowsOf(const std::string &file) {
  std::string path = std::string(std::getenv("HEDDLE_ROOT")) + "/tool/program/models/" + file;
  auto text = llvm::MemoryBuffer::getFile(path);
  EXPECT_TRUE(bool(text)) << path;
  if (!text)
    return {};
  llvm::Expected<ModelRows> rows = parseModels((*text)->getBuffer(), file, {});
  EXPECT_TRUE(bool(rows)) << llvm::toString(rows.takeError());
  return rows ? std::move(*rows) : ModelRows();
}

/// Names that other systems, libc++, or other versions and modes of the libraries have.
const std::set<std::string> elsewhere = {
    // the compiler, which declares its built-ins where they are used
    "__c11_atomic_thread_fence", "__sync_synchronize",
    // libc++; and what libstdc++ has in a base class of another name
    "std::__bind", "std::__bind::operator()", "std::__wrap_iter", "std::__wrap_iter::operator*", "std::__wrap_iter::operator->",
    "std::_Mem_fn::operator()", "std::atomic_ref::wait", "std::future::valid", "std::future::wait", "std::future::wait_for",
    "std::future::wait_until", "std::shared_future::valid", "std::shared_future::wait", "std::shared_future::wait_for",
    "std::shared_future::wait_until", "std::shared_ptr::get", "std::shared_ptr::operator bool", "std::shared_ptr::operator*",
    "std::shared_ptr::operator->", "std::shared_ptr::reset", "std::shared_ptr::swap",
    // libstdc++ configured otherwise, or newer
    "std::__shared_timed_mutex_base", "std::forward_like",
    // other systems: descriptors of BSD, types that are numbers in glibc
    "__sFILE", "kevent", "kqueue", "pthread_once_t", "pthread_spinlock_t",
    // behind macros: what optimised and ISO modes of glibc call instead, and what only system calls had once
    "__fprintf_chk", "__isoc99_fscanf", "__isoc99_vfscanf", "__vfprintf_chk", "getdents"};

} // namespace

TEST(ModelDeclarations, StandardLibrariesDeclareWhatTheirRowsName) {
  if (!std::getenv("HEDDLE_ROOT"))
    GTEST_SKIP() << "HEDDLE_ROOT isn't set";
  for (const char *file : {"std-callables.yaml", "std-containers.yaml", "std-locks.yaml", "std-memory.yaml", "std-streams.yaml",
                           "std-threads.yaml", "posix-files.yaml", "posix-processes.yaml", "posix-threads.yaml"})
    EXPECT_EQ(complaints(rowsOf(file), standardLibraries(), elsewhere), "");
}

TEST(ModelDeclarations, AWrongNameOrCountIsFound) {
  llvm::Expected<ModelRows> rows = parseModels("functions:\n"
                                               "- name: pthread_mutex_lok\n"
                                               "- name: pthread_mutex_lock\n"
                                               "  params: [_, _]\n"
                                               "- name: pthread_mutex_unlock\n"
                                               "classes:\n"
                                               "- name: pthread_mutx_t\n"
                                               "  is: lock\n",
                                               "x.yaml", {});
  ASSERT_TRUE(bool(rows)) << llvm::toString(rows.takeError());
  EXPECT_EQ(complaints(*rows, standardLibraries(), {}), "x.yaml:2: no declaration of 'pthread_mutex_lok'\n"
                                                        "x.yaml:3: no declaration of 'pthread_mutex_lock' has such parameters\n"
                                                        "x.yaml:7: no class 'pthread_mutx_t'\n");
}

TEST(ModelDeclarations, OtherHeadersByHand) {
  const char *files = std::getenv("HEDDLE_MODELS"), *unit = std::getenv("HEDDLE_MODEL_UNIT");
  if (!files || !unit)
    GTEST_SKIP() << "HEDDLE_MODELS and HEDDLE_MODEL_UNIT aren't set";
  llvm::SmallVector<llvm::StringRef, 8> words;
  llvm::StringRef(unit).split(words, ' ', -1, false);
  auto text = llvm::MemoryBuffer::getFile(words[0]);
  ASSERT_TRUE(bool(text));
  Declared declared;
  std::vector<std::string> flags;
  for (llvm::StringRef word : llvm::drop_begin(words))
    flags.push_back(word.str());
  collect((*text)->getBuffer().str(), llvm::sys::path::filename(words[0]).str(), flags, declared);
  EXPECT_EQ(complaints(rowsOf(files), declared, {}), "");
}
