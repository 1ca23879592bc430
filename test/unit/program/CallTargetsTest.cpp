// What calls through values may run: functions kept in tables, members, containers and parameters, and overriders of what is
// made.
#include "../extract/Folder.h"
#include "extract/Extract.h"
#include "facts/Facts.h"
#include "program/CallGraph.h"

#include <gtest/gtest.h>

using namespace heddle;
using heddle::test::Folder;

namespace {

class Targets {
public:
  /// `name` ends in .c or .cc; the target is closed if the text has a main.
  explicit Targets(const std::string &text, const char *name = "unit.cc") {
    Folder folder;
    folder.write(name, text);
    bool c = llvm::StringRef(name).ends_with(".c");
    CompileCommand command{folder.path(), name, {c ? "cc" : "c++", c ? "-std=gnu11" : "-std=c++17", "-c", name}, ""};
    ExtractOptions options;
    options.sourceRoot = options.buildRoot = folder.path();
    Extraction extraction = llvm::cantFail(extractUnit(command, options));
    EXPECT_EQ(extraction.firstError, "");
    facts_.emplace(llvm::cantFail(facts::Facts::open(std::move(extraction.facts))));
    models_.emplace(llvm::cantFail(Models::builtIn()));
    Target target{"unit", text.find(" main(") != std::string::npos, {0}};
    program_ = std::make_unique<Program>(*facts_, *models_, target);
  }

  /// Names of what the calls of `function` run by themselves, sorted; "?" behind them if it may be others too; nested ones in
  /// brackets.
  std::string of(llvm::StringRef function) const {
    std::string text;
    for (facts::BodyId id : program_->bodies()) {
      facts::BodyView body = facts_->body(id);
      if (program_->nameOf(body.function()) != function)
        continue;
      for (facts::EventId event = 0; event < body.events.size(); ++event) {
        if (body.events[event].kind() != facts::EventKind::Call)
          continue;
        std::vector<std::string> names;
        bool open = false;
        for (const Invocation &invocation : program_->calls().reached(body, event)) {
          if (program_->bodiesOf(invocation.function).empty())
            continue;
          std::string name = program_->nameOf(invocation.function).str();
          names.push_back(invocation.nested ? "[" + name + "]" : name);
          open = open || invocation.certainty == Invocation::Open;
        }
        std::sort(names.begin(), names.end());
        for (const std::string &name : names)
          text += (text.empty() ? "" : " ") + name;
        text += open ? "?" : "";
      }
    }
    return text;
  }

private:
  std::optional<facts::Facts> facts_;
  std::optional<Models> models_;
  std::unique_ptr<Program> program_;
};

TEST(CallTargets, TablesAndStructsOfFunctions) {
  Targets targets(R"(
typedef void (*Command)(void);
static void get(void) {} static void set(void) {} static void old(void) {} static void late(void) {}
struct Row { const char *name; Command run; int arity; };
static const struct Row rows[] = {{"get", get, 1}, {"set", set, 2}};
static struct Ops { Command start, stop; } ops = {.start = old};
static Command hook, unset;
void dispatch(int i) { rows[i].run(); }
void start(void) { ops.start(); }
void stop(struct Ops *o) { o->stop(); }
void callHook(void) { hook(); }
void callUnset(void) { unset(); }
void setLate(struct Ops *o) { o->stop = late; hook = &get; }
int main(void) { dispatch(0); start(); stop(&ops); setLate(&ops); callHook(); callUnset(); return 0; }
)",
                  "unit.c");
  EXPECT_EQ(targets.of("dispatch"), "get set");
  EXPECT_EQ(targets.of("start"), "old");
  EXPECT_EQ(targets.of("stop"), "late");
  EXPECT_EQ(targets.of("callHook"), "get");
  EXPECT_EQ(targets.of("callUnset"), "");
}

TEST(CallTargets, WhatIsGivenIsSaidByEachCaller) {
  Targets targets(R"(
static void each(void (*visit)(int)) { for (int i = 0; i < 3; ++i) visit(i); }
static void twice(void (*visit)(int)) { each(visit); each(visit); }
static void f(int) {} static void g(int) {} static void h(int) {}
void useF() { each(f); }
void useG() { twice(g); }
void (*chosen)(int) = h;
void useChosen() { twice(chosen); }
int main() { useF(); useG(); useChosen(); }
)");
  EXPECT_EQ(targets.of("each"), "");
  EXPECT_EQ(targets.of("useF"), "[f] each");
  EXPECT_EQ(targets.of("useG"), "[g] [g] twice");
  EXPECT_EQ(targets.of("useChosen"), "[h] [h] twice");
}

TEST(CallTargets, CallablesInMembersAndContainers) {
  Targets targets(R"(
#include <functional>
#include <map>
#include <string>
#include <vector>
struct Job { void operator()() const {} };
struct Service { void poll() {} };
struct Loop {
  std::function<void()> idle;
  std::vector<std::function<void()>> tasks;
  std::map<std::string, void (*)(int)> handlers;
  void onIdle(std::function<void()> f) { idle = std::move(f); }
  void runIdle() { idle(); }
  void runTasks() { for (auto &task : tasks) task(); }
  void handle(const std::string &name) { handlers[name](1); }
  void find(const std::string &name) { auto it = handlers.find(name); if (it != handlers.end()) it->second(2); }
};
static void print(int) {}
static void plain() {}
int main() {
  Loop loop;
  Service service;
  loop.onIdle(Job());
  loop.tasks.push_back(plain);
  loop.tasks.emplace_back([] {});
  loop.handlers["print"] = print;
  loop.runIdle(); loop.runTasks(); loop.handle("x"); loop.find("y");
}
)");
  EXPECT_EQ(targets.of("Loop::runIdle"), "Job::operator()");
  EXPECT_EQ(targets.of("Loop::runTasks"), "main()::lambda plain");
  EXPECT_EQ(targets.of("Loop::handle"), "print");
  EXPECT_EQ(targets.of("Loop::find"), "print");
}

TEST(CallTargets, OverridersOfClassesThatAreMade) {
  const char *classes = R"(
struct Shape { virtual ~Shape(); virtual void draw() = 0; };
Shape::~Shape() {}
struct Circle : Shape { void draw() override {} };
struct Round : Circle { void draw() override {} };
struct Square : Shape { void draw() override {} };
struct Never : Shape { void draw() override {} };
void show(Shape &shape) { shape.draw(); }
)";
  EXPECT_EQ(Targets(classes + std::string("struct Box { Square square; };\n"
                                          "int main() { Round round; Box *box = new Box; show(round); show(box->square); }"))
                .of("show"),
            "Round::draw Square::draw");
  // Without a main anybody may make any of them.
  EXPECT_EQ(Targets(classes).of("show"), "Circle::draw Never::draw Round::draw Square::draw");
}

TEST(CallTargets, WhatComesFromElsewhereIsOpen) {
  Targets library(R"(
typedef void (*Hook)(void);
Hook hook;
static Hook inner;
static void log(void) {}
Hook lookup(const char *name);
void init(void) { hook = log; inner = log; }
void run(void) { hook(); }
void runInner(void) { inner(); }
void runFound(void) { Hook found = lookup("x"); found(); }
)",
                  "unit.c");
  EXPECT_EQ(library.of("run"), "log?");
  EXPECT_EQ(library.of("runInner"), "log");
  EXPECT_EQ(library.of("runFound"), "");
}

} // namespace
