// Descriptors across fork, on small bodies written by hand: what the view says, whatever language they came from.
#include "program/Descriptors.h"
#include "facts/Builder.h"

#include "gtest/gtest.h"

namespace heddle {
namespace {

using namespace facts;

constexpr const char *kModels = R"(
functions:
- name: make
  does: open result as file
- name: makeLog
  does: open result as append
- name: take
  does: advance arg0 as read
- name: put
  does: advance arg0 as write
- name: drop
  does: close arg0
- name: twin
  does: duplicate result from arg0
- name: split
  does: fork
- name: await
  does:
  - block as child
  - wait arg0
- name: end
  does: exit
)";

class Body;

/// A program of C functions over ints.
class Source {
public:
  Source() {
    integer = builder.type({TypeKind::Integer, builder.string("int"), kNone, kNone, 4, TypeFlag::Signed});
    unit = builder.unit({builder.file("main.c", FileFlag::MainFile), builder.string(""), kNone, 0, UnitFlag::NONE});
  }

  FunctionId function(llvm::StringRef name, unsigned params = 1) {
    FunctionDraft draft;
    draft.entity = draft.name = draft.display = builder.string(name);
    draft.result = integer;
    draft.params.assign(params, integer);
    draft.flags = FunctionFlag::C;
    return builder.function(draft);
  }
  PlaceId constant(int64_t value) { return builder.place(PlaceKind::Constant, builder.constant(value), integer); }
  PlaceId param(unsigned index) { return builder.place(PlaceKind::Param, index, integer); }
  PlaceId local(unsigned index) { return builder.place(PlaceKind::Local, index, integer); }
  PlaceId result(EventId event) { return builder.place(PlaceKind::Result, event, integer); }
  PlaceId global(llvm::StringRef name) {
    return builder.place(PlaceKind::Global, builder.variable({builder.string(name), builder.string(name), integer}), integer);
  }

  size_t shared() {
    llvm::Expected<Facts> frozen = Facts::open(builder.freeze());
    EXPECT_TRUE(bool(frozen)) << llvm::toString(frozen.takeError());
    Models models;
    llvm::Error error = models.add(kModels, "test.yaml");
    EXPECT_FALSE(bool(error)) << llvm::toString(std::move(error));
    Program program(*frozen, models, {"test", true, {0}});
    return program.descriptors().shared().size();
  }

  Builder builder;
  TypeId integer;
  UnitId unit;
};

/// A body block by block. Block 0 is the entry; exit() is the last one.
class Body {
public:
  Body(Source &source, FunctionId function, unsigned locals = 4) : source_(source) {
    draft_.function = function;
    draft_.locals.resize(locals);
    for (unsigned i = 0; i < locals; ++i)
      draft_.locals[i] = {source.builder.string("local" + std::to_string(i)), source.integer, kNone, LocalFlag::NONE};
    draft_.params.assign(2, {source.builder.string("param"), source.integer, kNone, LocalFlag::NONE});
    draft_.blocks.emplace_back();
  }

  BlockId block() {
    draft_.blocks.push_back({static_cast<EventId>(draft_.events.size()), 0, {}, BlockFlag::NONE});
    return draft_.blocks.size() - 1;
  }
  PlaceId call(llvm::StringRef name, std::vector<PlaceId> operands = {}) {
    EventDraft event;
    event.kind = EventKind::Call;
    event.callee = source_.function(name, operands.size());
    event.operands = std::move(operands);
    return add(std::move(event));
  }
  void write(PlaceId place, PlaceId value) {
    EventDraft event;
    event.kind = EventKind::Write;
    event.place = place;
    event.operands = {value};
    add(std::move(event));
  }
  void give(PlaceId value) {
    EventDraft event;
    event.kind = EventKind::Return;
    event.operands = {value};
    add(std::move(event));
  }
  void edge(BlockId from, BlockId to, Relation relation = Relation::Always, PlaceId value = kNone, int64_t constant = 0) {
    draft_.blocks[from].edges.push_back({to, relation, value, constant});
  }
  void finish(BlockId exit) {
    draft_.blocks[exit].flags = BlockFlag::Exit;
    source_.builder.body(source_.unit, std::move(draft_));
  }

private:
  PlaceId add(EventDraft event) {
    draft_.events.push_back(std::move(event));
    ++draft_.blocks.back().count;
    return source_.result(draft_.events.size() - 1);
  }

  Source &source_;
  BodyDraft draft_;
};

/// { file = open; pid = fork; if (pid == 0) child; else parent; }
template <class Child, class Parent> void forked(Source &source, llvm::StringRef open, Child child, Parent parent) {
  Body body(source, source.function("main", 0));
  PlaceId file = body.call(open), pid = body.call("split");
  BlockId left = body.block();
  child(body, file);
  BlockId right = body.block();
  parent(body, file, pid);
  BlockId exit = body.block();
  body.edge(0, left, Relation::Eq, pid, 0);
  body.edge(0, right, Relation::Ne, pid, 0);
  body.edge(left, exit);
  body.edge(right, exit);
  body.finish(exit);
}

void take(Body &body, PlaceId file) { body.call("take", {file}); }
void takeInParent(Body &body, PlaceId file, PlaceId) { body.call("take", {file}); }

TEST(Descriptors, BothSidesRead) {
  Source source;
  forked(source, "make", take, takeInParent);
  EXPECT_EQ(source.shared(), 1u);
}

TEST(Descriptors, OneSideOnly) {
  Source source;
  forked(source, "make", take, [](Body &body, PlaceId file, PlaceId) { body.call("drop", {file}); });
  EXPECT_EQ(source.shared(), 0u);
}

TEST(Descriptors, AppendingWritesShareNothing) {
  Source source;
  forked(
      source, "makeLog", [](Body &body, PlaceId file) { body.call("put", {file}); },
      [](Body &body, PlaceId file, PlaceId) { body.call("put", {file}); });
  EXPECT_EQ(source.shared(), 0u);
}

TEST(Descriptors, ParentThatWaitsIsInOrder) {
  Source source;
  forked(source, "make", take, [](Body &body, PlaceId file, PlaceId pid) {
    body.call("await", {pid});
    body.call("take", {file});
  });
  EXPECT_EQ(source.shared(), 0u);
}

TEST(Descriptors, WaitingForAnotherChildOrdersNothing) {
  Source source;
  Body body(source, source.function("main", 0));
  PlaceId other = body.call("split");
  BlockId otherChild = body.block();
  body.call("end");
  BlockId more = body.block();
  PlaceId file = body.call("make"), pid = body.call("split");
  BlockId child = body.block();
  body.call("take", {file});
  BlockId parent = body.block();
  body.call("await", {other});
  body.call("take", {file});
  BlockId exit = body.block();
  body.edge(0, otherChild, Relation::Eq, other, 0);
  body.edge(0, more, Relation::Ne, other, 0);
  body.edge(otherChild, exit);
  body.edge(more, child, Relation::Eq, pid, 0);
  body.edge(more, parent, Relation::Ne, pid, 0);
  body.edge(child, exit);
  body.edge(parent, exit);
  body.finish(exit);
  EXPECT_EQ(source.shared(), 1u);
}

TEST(Descriptors, TwinsShareTheOffset) {
  Source source;
  forked(source, "make", [](Body &body, PlaceId file) { body.call("take", {body.call("twin", {file})}); }, takeInParent);
  EXPECT_EQ(source.shared(), 1u);
}

TEST(Descriptors, OpenedAgainInTheChild) {
  Source source;
  Body body(source, source.function("main", 0));
  body.write(source.local(0), body.call("make"));
  PlaceId pid = body.call("split");
  BlockId child = body.block();
  body.write(source.local(0), body.call("make"));
  body.call("take", {source.local(0)});
  BlockId parent = body.block();
  body.call("take", {source.local(0)});
  BlockId exit = body.block();
  body.edge(0, child, Relation::Eq, pid, 0);
  body.edge(0, parent, Relation::Ne, pid, 0);
  body.edge(child, exit);
  body.edge(parent, exit);
  body.finish(exit);
  EXPECT_EQ(source.shared(), 0u);
}

/// int f(x) { return NAME(x); } and the like.
void wrapper(Source &source, llvm::StringRef name, llvm::StringRef wrapped, unsigned params) {
  Body body(source, source.function(name, params));
  std::vector<PlaceId> operands;
  for (unsigned i = 0; i < params; ++i)
    operands.push_back(source.param(i));
  body.give(body.call(wrapped, operands));
  BlockId exit = body.block();
  body.edge(0, exit);
  body.finish(exit);
}

TEST(Descriptors, OpenForkAndUseBelowCalls) {
  Source source;
  wrapper(source, "myTake", "take", 1);
  wrapper(source, "mySplit", "split", 0);
  wrapper(source, "myMake", "make", 0);
  Body body(source, source.function("main", 0));
  body.write(source.global("file"), body.call("myMake"));
  PlaceId pid = body.call("mySplit");
  BlockId child = body.block();
  body.call("myTake", {source.global("file")});
  BlockId parent = body.block();
  body.call("myTake", {source.global("file")});
  BlockId exit = body.block();
  body.edge(0, child, Relation::Eq, pid, 0);
  body.edge(0, parent, Relation::Ne, pid, 0);
  body.edge(child, exit);
  body.edge(parent, exit);
  body.finish(exit);
  EXPECT_EQ(source.shared(), 1u);
}

TEST(Descriptors, UntestedForkHasNoSides) {
  Source source;
  Body body(source, source.function("main", 0));
  PlaceId file = body.call("make");
  body.call("split");
  body.call("take", {file});
  BlockId exit = body.block();
  body.edge(0, exit);
  body.finish(exit);
  EXPECT_EQ(source.shared(), 0u);
}

/// while (…) { if (fork() == 0) { take(file); end(); } else if (WAITS) await(pid); }
size_t workers(bool waits) {
  Source source;
  Body body(source, source.function("main", 0));
  PlaceId file = body.call("make");
  BlockId head = body.block();
  PlaceId pid = body.call("split");
  BlockId child = body.block();
  body.call("take", {file});
  body.call("end");
  BlockId parent = body.block();
  if (waits)
    body.call("await", {pid});
  PlaceId more = body.call("unknown");
  BlockId exit = body.block();
  body.edge(0, head);
  body.edge(head, child, Relation::Eq, pid, 0);
  body.edge(head, parent, Relation::Ne, pid, 0);
  body.edge(child, exit);
  body.edge(parent, head, Relation::Ne, more, 0);
  body.edge(parent, exit, Relation::Eq, more, 0);
  body.finish(exit);
  return source.shared();
}

TEST(Descriptors, ChildrenOfALoopShareWithEachOther) { EXPECT_EQ(workers(false), 1u); }
TEST(Descriptors, ChildrenOneAtATimeDoNot) { EXPECT_EQ(workers(true), 0u); }

} // namespace
} // namespace heddle
