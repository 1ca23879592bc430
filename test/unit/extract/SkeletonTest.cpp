// What skeletons say of small functions: order and places of events, branches, unwinding, where objects are built.
#include "Folder.h"
#include "extract/Extract.h"
#include "facts/Facts.h"
#include "facts/Text.h"

#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>

using namespace heddle;
using heddle::test::Folder;

namespace {

const char *const kPrelude = R"(
struct Lock { void lock(); void unlock(); bool tryLock(); };
struct Guard { explicit Guard(Lock &l); Guard(Guard &&g); ~Guard(); void release(); bool operator!() const; };
struct Pair { int x, y; };
int f(int = 0); void g() noexcept; [[noreturn]] void stop();
)";

class Unit {
public:
  explicit Unit(const std::string &text, const char *name = "unit.cc", const char *standard = "-std=c++17") {
    Folder folder;
    bool c = llvm::StringRef(name).ends_with(".c");
    folder.write(name, c ? text : kPrelude + text);
    CompileCommand command{folder.path(), name, {c ? "cc" : "c++", standard, "-c", name}, ""};
    ExtractOptions options;
    options.sourceRoot = options.buildRoot = folder.path();
    Extraction extraction = llvm::cantFail(extractUnit(command, options));
    EXPECT_EQ(extraction.firstError, "");
    facts_.emplace(llvm::cantFail(facts::Facts::open(std::move(extraction.facts))));
  }

  const facts::Facts &facts() const { return *facts_; }

  facts::BodyView body(llvm::StringRef function) const {
    for (facts::BodyId id = 0; id < facts_->bodies().size(); ++id)
      if (facts_->string(facts_->functions()[facts_->bodies()[id].function()].name()) == function)
        return facts_->body(id);
    ADD_FAILURE() << "no body of " << function.str();
    return {};
  }

  /// "call f (1) into g", one line an event.
  std::string events(llvm::StringRef function) const {
    facts::BodyView view = body(function);
    std::string lines;
    for (const facts::Event &event : view.events)
      lines += text(view, event) + "\n";
    return lines;
  }

  std::string text(const facts::BodyView &view, const facts::Event &event) const {
    std::string line = llvm::StringRef(EnumNameEventKind(event.kind())).lower();
    if (event.callee() != facts::kNone)
      line += " " + facts_->string(facts_->functions()[event.callee()].name()).str();
    if (event.place() != facts::kNone)
      line += " on " + facts::text(*facts_, event.place(), &view);
    std::string operands;
    for (facts::PlaceId place : view.operands(event))
      operands += (operands.empty() ? "" : ", ") + facts::text(*facts_, place, &view);
    if (!operands.empty())
      line += " (" + operands + ")";
    return event.result() == facts::kNone ? line : line + " into " + facts::text(*facts_, event.result(), &view);
  }

  /// The conditions of all branches, in order: "value relation constant".
  std::string branches(llvm::StringRef function) const {
    facts::BodyView view = body(function);
    std::string lines;
    for (const facts::Block &block : view.blocks)
      for (const facts::Edge &edge : view.edgesOf(block))
        if (edge.value() != facts::kNone)
          lines += facts::text(*facts_, edge.value(), &view) + " " + EnumNameRelation(edge.relation()) + " " +
                   std::to_string(edge.constant()) + "\n";
    return lines;
  }

  /// What runs when the n-th event throws.
  std::string unwinding(llvm::StringRef function, unsigned event) const {
    facts::BodyView view = body(function);
    std::string text;
    for (facts::CleanupId id = view.events[event].cleanup(); id != facts::kNone; id = view.cleanups[id].next()) {
      const facts::Cleanup &cleanup = view.cleanups[id];
      text += std::string(text.empty() ? "" : " ") + EnumNameCleanupKind(cleanup.kind());
      if (cleanup.place() != facts::kNone)
        text += " " + facts::text(*facts_, cleanup.place(), &view);
    }
    return text;
  }

  /// "ops.start = begin", one line an initial value.
  std::string initials() const {
    std::string lines;
    for (const facts::Initial &row : facts_->initials())
      lines += facts::text(*facts_, row.part()) + " = " + facts::text(*facts_, row.value()) + "\n";
    return lines;
  }

private:
  std::optional<facts::Facts> facts_;
};

} // namespace

TEST(Skeleton, ObjectsLiveUntilTheirScopeEnds) {
  Unit unit("void run(Lock &a, Lock &b) { Guard l(a); { Guard m(b); f(1); } g(); }");
  EXPECT_EQ(unit.events("run"), "construct Guard::Guard on l (a)\nconstruct Guard::Guard on m (b)\ncall f (1)\n"
                                "destroy Guard::~Guard on m\ncall g\ndestroy Guard::~Guard on l\n");
  EXPECT_EQ(unit.unwinding("run", 2), "Destroy m Destroy l");
  EXPECT_EQ(unit.unwinding("run", 4), "");
}

TEST(Skeleton, HandlersStandBetweenTheObjectsOfTheirTry) {
  Unit unit("void run(Lock &a, Lock &b) noexcept { Guard l(a); try { Guard m(b); f(1); } catch (int &e) { f(e); } }");
  EXPECT_EQ(unit.unwinding("run", 2), "Destroy m Handler Destroy l Terminate");
  facts::BodyView view = unit.body("run");
  EXPECT_EQ(llvm::count_if(view.blocks, [](const facts::Block &b) { return has(b.flags(), facts::BlockFlag::Handler); }), 1);
}

TEST(Skeleton, ACatchAllEndsTheChain) {
  Unit unit("void run(Lock &a) { Guard l(a); try { f(1); } catch (...) { f(2); } }");
  EXPECT_EQ(unit.unwinding("run", 1), "Handler");
}

TEST(Skeleton, ObjectsAreBuiltWhereTheyEndUp) {
  Unit unit("Lock m; Guard make() { return Guard(m); } struct Holder { Guard held; Holder() : held(make()) {} };\n"
            "void run() { Guard g = make(); Guard *p = new Guard(m); delete p; Guard(m).release(); }");
  EXPECT_EQ(unit.events("make"), "construct Guard::Guard on return value (&m)\nreturn (return value)\n");
  EXPECT_EQ(unit.events("Holder::Holder"), "call make into this->held\n");
  EXPECT_EQ(unit.events("run"),
            "call make into g\nallocate operator new\nconstruct Guard::Guard on *result1 (&m)\n"
            "write on p (result1)\ndestroy Guard::~Guard on *result1\nconstruct Guard::Guard on result5 (&m)\n"
            "call Guard::release on result5\ndestroy Guard::~Guard on result5\ndestroy Guard::~Guard on g\n");
}

TEST(Skeleton, ElidedCopiesOfOlderStandardsAreNoEvents) {
  for (const char *standard : {"-std=c++11", "-std=c++14", "-std=c++17", "-std=c++20"}) {
    Unit unit("Guard make(); void run() { Guard g = make(); }", "unit.cc", standard);
    EXPECT_EQ(unit.events("run"), "call make into g\ndestroy Guard::~Guard on g\n") << standard;
  }
}

TEST(Skeleton, NamesThatCantChangeAreReplaced) {
  Unit unit("struct Node { Lock mu; Node *next; }; struct List { Node *head; void stable(List &o) { auto &m = o.head; Lock &l = "
            "m->mu; l.lock(); }\n"
            "void moving() { Node *n = head; n->mu.lock(); } };");
  EXPECT_EQ(unit.events("List::stable"), "read on o.head\nwrite on l (&o.head->mu)\ncall Lock::lock on l\n")
      << "what o.head points at may change: the reference keeps what it was bound to";
  EXPECT_EQ(unit.events("List::moving"), "read on this->head\nwrite on n (this->head)\ncall Lock::lock on n->mu\n");
}

TEST(Skeleton, ConditionsAreTestsOfOneValue) {
  Unit unit("void run(Lock &m, int *p, bool b) { bool ok = m.tryLock(); if (!ok) return; if (p && f(2) >= 3) g(); if (nullptr == "
            "p) g(); }");
  EXPECT_EQ(unit.branches("run"), "result0 Eq 0\nresult0 Ne 0\np Ne 0\np Eq 0\nresult3 Ge 3\nresult3 Lt 3\np Eq 0\np Ne 0\n");
}

TEST(Skeleton, BranchesOnCarriedValuesGoStraight) {
  Unit unit("void run(int a, int b) { if (__builtin_expect(!!(a && f(b)), 0)) g(); }");
  EXPECT_EQ(unit.branches("run"), "a Ne 0\na Eq 0\nresult1 Ne 0\nresult1 Eq 0\n");
}

TEST(Skeleton, SwitchesNameTheirConstants) {
  Unit unit("void run(int a) { switch (f(a)) { case 1: g(); break; case 3 ... 4: f(); break; default: f(9); } }");
  EXPECT_EQ(unit.branches("run"), "result0 Eq 3\nresult0 Eq 4\nresult0 Eq 1\n");
}

TEST(Skeleton, ClosuresSayWhatTheyHold) {
  Unit unit("struct S { int n; void run(int a) { int b = 0; auto l = [this, a, &b] { n = a; b = 1; }; l(); } };");
  EXPECT_EQ(unit.events("S::run"),
            "write on b (0)\nclosure S::run(int)::lambda on result1 (this, a, &b)\ncall S::run(int)::lambda on result1\n");
  EXPECT_EQ(unit.events("S::run(int)::lambda"), "write on this.n (a)\nwrite on b (1)\n");
}

TEST(Skeleton, ConstructorsAndDestructorsSayTheirParts) {
  Unit unit(
      "struct B { B(int); ~B(); }; struct D : B { Lock m; int n = 7; Guard held; D() : B(1), held(m) { f(); } ~D() { g(); } };");
  EXPECT_EQ(unit.events("D::D"),
            "construct B::B on *this (1)\nwrite on this->n (7)\nconstruct Guard::Guard on this->held (&this->m)\ncall f (0)\n");
  EXPECT_EQ(unit.unwinding("D::D", 3), "Destroy this->held Destroy *this");
  EXPECT_EQ(unit.events("D::~D"), "call g\ndestroy Guard::~Guard on this->held\ndestroy B::~B on *this\n");
}

TEST(Skeleton, VirtualCallsAreThoseThatAreDispatched) {
  Unit unit("struct B { virtual void v(); }; struct F final : B { void v() override; }; void run(B &b, F &f, B o) { b.v(); "
            "b.B::v(); f.v(); o.v(); }");
  facts::BodyView view = unit.body("run");
  std::string dispatched;
  for (const facts::Event &event : view.events)
    dispatched += has(event.flags(), facts::EventFlag::Virtual) ? "1" : "0";
  EXPECT_EQ(dispatched, "1000");
  EXPECT_EQ(unit.facts().overrides().size(), 1u);
}

TEST(Skeleton, AccessesOfWhatOthersCanSee) {
  Unit unit("Pair gp, gq; volatile int v; const int k = 4; int run(Pair &r, int i) { int local = r.x; local += k; gp = gq; "
            "r.y++; v = i; return local + v; }");
  EXPECT_EQ(unit.events("run"), "read on r.x\nwrite on local (r.x)\nwrite on local (local + 4)\nread on gq\nwrite on gp (gq)\n"
                                "write on r.y (r.y + 1)\nwrite on v (i)\nread on v\nreturn (local + v)\n");
}

TEST(Skeleton, InstantiationsFoldToOnePattern) {
  Unit unit("template <class T> struct Box { T value; void set(T v) { value = v; } }; void run() { Box<int> a; a.set(1); "
            "Box<char> b; b.set('x'); }");
  std::set<std::string> patterns, entities;
  for (const facts::Function &function : unit.facts().functions())
    if (unit.facts().string(function.name()) == "Box::set") {
      patterns.insert(unit.facts().string(function.pattern()).str());
      entities.insert(unit.facts().string(function.entity()).str());
    }
  EXPECT_EQ(entities.size(), 2u);
  EXPECT_EQ(patterns.size(), 1u);
}

TEST(Skeleton, DynamicInitialisersAreFunctions) {
  Unit unit("int late = f(3); int early = 4; Pair table{1, 2};");
  EXPECT_EQ(unit.events("initializer of late"), "call f (3)\nwrite on late (result0)\n");
  EXPECT_EQ(unit.facts().bodies().size(), 1u);
}

TEST(Skeleton, InitialValuesAreAddresses) {
  Unit unit(R"(
typedef int (*Handler)(int);
int get(int x) { return x; }
int set(int x) { return -x; }
struct Lock { int word; } table_lock;
struct Command { const char *name; Handler handler; int arity; struct Lock *lock; };
static const struct Command commands[] = {
    {"get", get, 1, &table_lock}, {.name = "set", .handler = set}, {"none", 0, 2}, {"odd", (Handler)(long)get, 3}};
static const Handler plain[2] = {get};
static const int numbers[] = {1, 2, 3};
static const char *const words[] = {"a", "b"};
static struct Ops { Handler run; struct Ops *next; } ops = {.run = set, .next = &ops}, copy;
int last(void) { return commands[1].handler(plain[0](numbers[0]) + copy.run(*words[0])); }
)",
            "unit.c", "-std=gnu11");
  EXPECT_EQ(unit.initials(), "commands[0].handler = get\ncommands[0].lock = &table_lock\ncommands[1].handler = set\n"
                             "commands[3].handler = get\nops.run = set\nops.next = &ops\nplain[0] = get\n");
}

TEST(Skeleton, InitialValuesOfClasses) {
  Unit unit(R"(
struct Row { const char *name; void (*run)(); int (Pair::*get)() const; };
void first(); void last();
inline constexpr Row kRows[] = {{"first", first, nullptr}, {"lambda", [] { last(); }, nullptr}};
struct Named { void (*run)(); constexpr Named(void (*f)()) : run(f) {} };
constexpr Named kNamed[] = {Named(first)};
)");
  std::string initials = unit.initials();
  EXPECT_NE(initials.find("kRows[0].run = first\n"), std::string::npos) << initials;
  EXPECT_NE(initials.find("kRows[1].run = "), std::string::npos) << initials;
  EXPECT_EQ(initials.find("kRows[1].run = ?"), std::string::npos) << initials;
  // A constructor's parts have no name here: that there is something is said.
  EXPECT_NE(initials.find("kNamed[0] = "), std::string::npos) << initials;
}

TEST(Skeleton, NoReturnEndsTheBlock) {
  Unit unit("void run(int a) { if (a) stop(); g(); }");
  facts::BodyView view = unit.body("run");
  for (const facts::Block &block : view.blocks)
    if (has(block.flags(), facts::BlockFlag::NoReturn)) {
      EXPECT_EQ(block.edge_count(), 0u);
      return;
    }
  ADD_FAILURE() << "no block ends the program";
}

TEST(Skeleton, StructuresOfCAreCopiedWhole) {
  Unit unit("struct p { int x, y; }; struct p a, b; void run(struct p *q) { struct p l = *q; a = b; a.x = l.y; }", "unit.c",
            "-std=gnu11");
  EXPECT_EQ(unit.events("run"), "read on *q\nwrite on l (*q)\nread on b\nwrite on a (b)\nwrite on a.x (l.y)\n");
}

TEST(Skeleton, OddFunctionsAreExtracted) {
  Unit unit(
      "int run(int a) { void *t[] = {&&x, &&y}; goto *t[a]; x: return ({ int z = f(a); z; }); y: asm volatile(\"\" : \"+r\"(a)); "
      "for (;;) {} }\n"
      "int last(int a) try { return a ?: f(a); } catch (...) { throw; }\n"
      "auto tuple(Pair p) { auto [x, y] = p; return [x = x, y = y] { return x + y; }; } int use() { return tuple({1, 2})(); }\n"
      "struct Inherits : Guard { using Guard::Guard; }; void make(Lock &l) { Inherits i(l); }\n"
      "void unthrown(int *p, int *q) { try { *q = 0; } catch (...) { while (p != q) *p++ = 1; } }");
  EXPECT_NE(unit.events("run"), "");
  EXPECT_NE(unit.events("unthrown"), "");
  EXPECT_NE(unit.events("last"), "");
  EXPECT_NE(unit.events("tuple(Pair)::lambda"), "");
  EXPECT_EQ(unit.events("Inherits::Inherits"), "construct Guard::Guard on *this (arg0)\n");
}

TEST(Skeleton, NoPlaceIsDeeperThanAReaderCanWalk) {
  std::string sum = "a";
  for (int i = 0; i < 5000; ++i)
    sum += " + a";
  Unit unit("int run(int a) { return " + sum + "; }");
  EXPECT_LT(unit.facts().places().size(), 100u);
}

TEST(Skeleton, AttributesAreInTheirOwnersFrame) {
  Unit unit("struct __attribute__((capability(\"mutex\"))) Mutex { void enter() __attribute__((acquire_capability())); };\n"
            "struct S { Mutex mu; int n __attribute__((guarded_by(mu))); void run(Mutex *other) "
            "__attribute__((requires_capability(mu, other))); };\n"
            "void use(S &s, Mutex *m) { m->enter(); s.run(m); }");
  std::set<std::string> lines;
  for (const facts::Attribute &attribute : unit.facts().attributes()) {
    std::string line = EnumNameAttributeKind(attribute.kind());
    for (facts::PlaceId place : unit.facts().list(attribute.args(), attribute.arg_count()))
      line += " " + facts::text(unit.facts(), place);
    lines.insert(line);
  }
  EXPECT_EQ(lines, (std::set<std::string>{"Acquire", "Capability", "GuardedBy this->mu", "Requires this->mu *arg0"}));
}

static std::set<std::string> attributes(const facts::Facts &facts) {
  std::set<std::string> lines;
  for (const facts::Attribute &attribute : facts.attributes()) {
    std::string line = EnumNameAttributeKind(attribute.kind());
    for (facts::PlaceId place : facts.list(attribute.args(), attribute.arg_count()))
      line += " " + facts::text(facts, place);
    lines.insert(line);
  }
  lines.erase("Capability");
  return lines;
}

TEST(Skeleton, AttributesNameLocksByGettersAndWithoutObject) {
  Unit unit("struct __attribute__((capability(\"mutex\"))) Mutex { const Mutex &operator!() const; };\n"
            "struct S { Mutex mu; Mutex *get() __attribute__((lock_returned(mu))); Mutex &plain() { return mu; }\n"
            "int a __attribute__((guarded_by(get()))); int b __attribute__((guarded_by(this->plain())));\n"
            "int c __attribute__((guarded_by(&S::mu))); int d __attribute__((guarded_var));\n"
            "void run() __attribute__((requires_capability(!mu))); void any() __attribute__((requires_capability(\"*\")));\n"
            "bool attempt() __attribute__((try_acquire_capability(false, mu))); };\n"
            "int use(S &s) { s.run(); s.any(); s.attempt(); s.get(); return s.a + s.b + s.c + s.d; }");
  EXPECT_EQ(attributes(unit.facts()),
            (std::set<std::string>{"Excludes this->mu", "GuardedBy", "GuardedBy this->mu", "Requires \"*\"",
                                   "ReturnCapability this->mu", "TryAcquire this->mu"}));
  for (const facts::Attribute &attribute : unit.facts().attributes())
    if (attribute.kind() == facts::AttributeKind::TryAcquire)
      EXPECT_EQ(attribute.success(), 0);
}

TEST(Skeleton, AttributesOfALambdaSpeakOfItsCaptures) {
  Unit unit("struct __attribute__((capability(\"mutex\"))) Mutex {};\n"
            "struct S { Mutex mu; void run(Mutex &other) { int n = 0;\n"
            "auto l = [this, n, &other]() __attribute__((requires_capability(mu, other))) { return n + !&other; }; l(); } };\n"
            "void use(S &s, Mutex &m) { s.run(m); }");
  EXPECT_EQ(attributes(unit.facts()), (std::set<std::string>{"Requires capture0->mu *capture2"}));
}

TEST(Skeleton, NeighboursThatCouldBeOneAreAShape) {
  Unit unit("template <class M> struct Holds { explicit Holds(M &m); ~Holds(); }; void run(Lock &a, Lock &b, Lock &c) {\n"
            "Holds<Lock> x(a); Holds y(b); g(); Holds<Lock> z(c); }");
  facts::BodyView view = unit.body("run");
  ASSERT_EQ(view.shapes.size(), 1u);
  EXPECT_EQ(unit.facts().string(view.shapes[0].edit()), "a, b");
}

TEST(Skeleton, ATemporaryThatIsAStatementIsAShape) {
  Unit unit("Lock m; void run() { Guard{m}; f(); }");
  facts::BodyView view = unit.body("run");
  ASSERT_EQ(view.shapes.size(), 1u);
  EXPECT_EQ(view.shapes[0].kind(), facts::ShapeKind::TemporaryStatement);
  EXPECT_EQ(view.shapes[0].event(), 0u);
}

TEST(Skeleton, FactsDontKnowWhereTheyWereChecked) {
  const char *const text =
      "template <class T> void each(T t) { t(); } struct Held { ~Held(); };\n"
      "void run(Lock &m) { each([held = Held()] {}); auto l = [&m] { m.lock(); }; each(l); struct Own { ~Own() {} } own; }";
  auto strings = [&] {
    Unit unit(text); // each in a folder of its own
    std::set<std::string> all;
    for (facts::StringId id = 0; id < unit.facts().stringCount(); ++id)
      all.insert(unit.facts().string(id).str());
    return all;
  };
  EXPECT_EQ(strings(), strings());
}
