#include "program/Model.h"
#include "facts/Builder.h"

#include <gtest/gtest.h>

using namespace heddle;
using namespace heddle::facts;

namespace {

Models parsed(llvm::StringRef yaml) {
  Models models;
  llvm::Error error = models.add(yaml, "test.yaml");
  EXPECT_EQ(llvm::toString(std::move(error)), "");
  return models;
}

std::string errorOf(llvm::StringRef yaml) {
  Models models;
  llvm::Error error = models.add(yaml, "test.yaml");
  EXPECT_TRUE(models.functions().empty()) << "a text with an error must add nothing";
  return llvm::toString(std::move(error));
}

/// The one op of the one row that `op` is put into.
Op opOf(llvm::StringRef op) {
  Models models = parsed(("functions:\n- name: f\n  does: " + op + "\n").str());
  auto found = models.functions().find("f");
  if (found == models.functions().end() || found->second.size() != 1 || found->second[0].ops.size() != 1) {
    ADD_FAILURE() << "not one op: " << op.str();
    return {};
  }
  return found->second[0].ops[0];
}

/// A function with one parameter of each type.
struct Signature {
  Builder builder;
  FunctionId function(llvm::StringRef name, std::vector<TypeId> params, FunctionFlag flags = FunctionFlag::NONE) {
    FunctionDraft draft;
    draft.entity = builder.string("entity of " + name.str());
    draft.name = builder.string(name);
    draft.params = std::move(params);
    draft.flags = flags;
    return builder.function(draft);
  }
  TypeId record(llvm::StringRef name, llvm::StringRef pattern) {
    RecordDraft record;
    record.entity = record.name = builder.string(name);
    record.pattern = builder.string(pattern);
    TypeDraft type{TypeKind::Record, builder.string(name)};
    type.record = builder.record(record);
    return builder.type(type);
  }
  TypeId pointer(TypeKind kind, TypeId to, llvm::StringRef name) { return builder.type({kind, builder.string(name), to}); }
};

/// The origin of the row that the frozen program's only function has.
std::string rowOf(Signature &signature, const Models &models) {
  llvm::Expected<Facts> facts = Facts::open(signature.builder.freeze());
  if (!facts)
    return llvm::toString(facts.takeError());
  const FunctionModel *model = models.function(*facts, 0);
  return model ? model->origin : "none";
}

} // namespace

TEST(Models, BuiltInRowsParse) {
  llvm::Expected<Models> models = Models::builtIn();
  ASSERT_TRUE(bool(models)) << llvm::toString(models.takeError());
  EXPECT_GT(models->functions().size(), 400u);
}

TEST(ModelOps, Acquire) {
  Op op = opOf("acquire *arg0 shared try by try_lock_shared when result != 0");
  EXPECT_EQ(op.verb, Verb::Acquire);
  EXPECT_EQ(op.mode, Mode::Shared);
  EXPECT_TRUE(op.attempt);
  EXPECT_EQ(op.by, "try_lock_shared");
  ASSERT_EQ(op.operands.size(), 1u);
  EXPECT_EQ(op.operands[0].root, Operand::Arg);
  ASSERT_EQ(op.operands[0].steps.size(), 1u);
  EXPECT_EQ(op.operands[0].steps[0].kind, Operand::Step::Deref);
  EXPECT_FALSE(op.before);
  ASSERT_TRUE(op.after);
  EXPECT_EQ(op.after->value.root, Operand::Result);
  EXPECT_EQ(op.after->relation, Relation::Ne);
}

TEST(ModelOps, Often) {
  Op op = opOf("run arg0.events.callback() often");
  EXPECT_EQ(op.verb, Verb::Run);
  EXPECT_TRUE(op.often);
  EXPECT_TRUE(opOf("start arg1(arg2) into result often").often);
  EXPECT_FALSE(opOf("run this.target()").often);
  EXPECT_EQ(opOf("run arg0.works.done() often after task").ended, "task");
  EXPECT_TRUE(opOf("run this.posted() often singly").singly);
  EXPECT_EQ(opOf("set result = &global.loop").operands[1].root, Operand::Global);
  EXPECT_NE(errorOf("functions:\n- name: f\n  does: set result = global\n").find("needs the name"), std::string::npos);
  EXPECT_NE(errorOf("functions:\n- name: f\n  does: run arg0() after task\n").find("P.name"), std::string::npos);
  EXPECT_NE(errorOf("functions:\n- name: f\n  does: join arg0 often\n").find("'join' takes no 'often'"), std::string::npos);
}

TEST(ModelOps, PrefixesApplyLast) {
  Op op = opOf("set this.a.b = &*arg1.c");
  ASSERT_EQ(op.operands.size(), 2u);
  ASSERT_EQ(op.operands[0].steps.size(), 2u);
  EXPECT_EQ(op.operands[0].steps[0].name, "a");
  EXPECT_EQ(op.operands[0].steps[1].name, "b");
  ASSERT_EQ(op.operands[1].steps.size(), 3u);
  EXPECT_EQ(op.operands[1].steps[0].kind, Operand::Step::Member);
  EXPECT_EQ(op.operands[1].steps[1].kind, Operand::Step::Deref);
  EXPECT_EQ(op.operands[1].steps[2].kind, Operand::Step::AddressOf);
}

TEST(ModelOps, Elements) {
  Op op = opOf("set result = &this.elements[arg0]");
  const auto &steps = op.operands[1].steps;
  ASSERT_EQ(steps.size(), 3u);
  EXPECT_EQ(steps[1].kind, Operand::Step::Element);
  EXPECT_EQ(steps[1].index, 0);
  EXPECT_EQ(opOf("destroy this.elements[_] of targ0").operands[0].steps[1].index, -1);
}

TEST(ModelOps, Callables) {
  Op start = opOf("start arg2(arg3) into *arg0 when result == 0");
  EXPECT_EQ(start.verb, Verb::Start);
  ASSERT_EQ(start.operands.size(), 2u);
  EXPECT_EQ(start.operands[0].number, 2);
  EXPECT_EQ(start.operands[1].number, 3);
  ASSERT_TRUE(start.into);
  EXPECT_EQ(start.into->steps.size(), 1u);

  Op store = opOf("store *arg0(*rest1) in result.target");
  ASSERT_EQ(store.operands.size(), 3u);
  EXPECT_EQ(store.operands[1].root, Operand::Result) << "where it is stored comes before the bound arguments";
  EXPECT_EQ(store.operands[2].root, Operand::Rest);
  EXPECT_EQ(opOf("run arg0()").operands.size(), 1u);
}

TEST(ModelOps, Tests) {
  Op op = opOf("open result as append if arg1 & 02000 when result >= 0");
  EXPECT_EQ(op.note, "append");
  ASSERT_TRUE(op.before);
  EXPECT_EQ(op.before->mask, 1024);
  EXPECT_EQ(op.before->relation, Relation::Ne);
  EXPECT_EQ(op.after->relation, Relation::Ge);
  EXPECT_EQ(opOf("open result if arg1 & 4 == 0").before->relation, Relation::Eq);
  EXPECT_EQ(opOf("acquire *arg0 when result == -1").after->constant, -1);
  Op text = opOf("open result as file if arg1 lacks 'a'");
  EXPECT_EQ(text.before->text, "a");
  EXPECT_EQ(text.before->relation, Relation::Eq);
}

TEST(ModelOps, ExpandRestInPlace) {
  auto ops = expand(opOf("acquire *rest1"), 3, 0);
  ASSERT_EQ(ops.size(), 1u);
  ASSERT_EQ(ops[0].operands.size(), 2u);
  EXPECT_EQ(ops[0].operands[0].root, Operand::Arg);
  EXPECT_EQ(ops[0].operands[0].number, 1);
  EXPECT_EQ(ops[0].operands[1].number, 2);
  EXPECT_EQ(expand(opOf("acquire *rest1"), 0, 0)[0].operands.size(), 0u);
}

TEST(ModelOps, ExpandIndexedMembers) {
  auto ops = expand(opOf("set this.locks[] = rest1"), 3, 9);
  ASSERT_EQ(ops.size(), 2u);
  EXPECT_EQ(ops[1].operands[0].steps[0].name, "locks1");
  EXPECT_EQ(ops[1].operands[1].number, 2);
  auto releases = expand(opOf("release *this.locks[]"), 0, 2);
  ASSERT_EQ(releases.size(), 2u);
  EXPECT_EQ(releases[0].operands[0].steps[0].name, "locks0");
}

TEST(ModelErrors, PointAtTheWordAndSuggest) {
  std::string error = errorOf("functions:\n- name: f\n  does:\n  - aquire *this\n");
  EXPECT_NE(error.find("test.yaml:4:5: error: no verb 'aquire', did you mean 'acquire'?\n"), std::string::npos) << error;
  EXPECT_NE(error.find("\n  - aquire *this\n    ^"), std::string::npos) << error;
}

TEST(ModelErrors, PositionInsideAnOp) {
  std::string error = errorOf("functions:\n- name: f\n  does: acquire *this shard\n");
  EXPECT_NE(error.find("test.yaml:3:23: error: 'shard' can't stand here, did you mean 'shared'?"), std::string::npos) << error;
  error = errorOf("functions:\n- name: f\n  does: 'acquire *ths'\n");
  EXPECT_NE(error.find("test.yaml:3:19: error: no operand 'ths', did you mean 'this'?"), std::string::npos) << error;
}

TEST(ModelErrors, KeysAndKinds) {
  EXPECT_NE(errorOf("function:\n- name: f\n").find("test.yaml:1:1: error: no key 'function' here, did you mean 'functions'?"),
            std::string::npos);
  EXPECT_NE(errorOf("functions:\n- nam: f\n").find("did you mean 'name'?"), std::string::npos);
  EXPECT_NE(
      errorOf("classes:\n- name: C\n  is: lok\n").find("test.yaml:3:7: error: no kind of class 'lok', did you mean 'lock'?"),
      std::string::npos);
  EXPECT_NE(errorOf("functions:\n- name: f\n  name: g\n").find("stands twice"), std::string::npos);
  EXPECT_NE(errorOf("functions: 3\n").find("is a list"), std::string::npos);
}

TEST(ModelErrors, WordsOfAs) {
  std::string error = errorOf("functions:\n- name: f\n  does: block as sleap\n");
  EXPECT_NE(error.find("test.yaml:3:18: error: 'block' has no word 'sleap', did you mean 'sleep'?"), std::string::npos) << error;
  EXPECT_NE(errorOf("functions:\n- name: f\n  does: block\n").find("needs 'as'"), std::string::npos);
  EXPECT_NE(errorOf("functions:\n- name: f\n  does: notify *this as many\n").find("'notify' has no word 'many'"),
            std::string::npos);
  EXPECT_NE(errorOf("functions:\n- name: f\n  does: open result as fil\n").find("did you mean 'file'?"), std::string::npos);
}

TEST(ModelErrors, FlagsAndKindsOfRows) {
  EXPECT_NE(errorOf("functions:\n- name: f\n  canellation: true\n").find("did you mean 'cancellation'?"), std::string::npos);
  EXPECT_NE(errorOf("functions:\n- name: f\n  instead: maybe\n").find("'instead' is true or false"), std::string::npos);
  std::string error = errorOf("classes:\n- name: C\n  is: lock\n  recursive: this.kind = 1\n");
  EXPECT_NE(error.find("test.yaml:4:24: error: expected the end of the test, not '='"), std::string::npos) << error;
  EXPECT_NE(errorOf("classes:\n- name: C\n  is: lock\n  recursive: arg0.kind == 1\n").find("a test of a member"),
            std::string::npos);
  EXPECT_NE(errorOf("classes:\n- name: C\n  is: lock\n  recursive: yes\n").find("no operand 'yes'"), std::string::npos);
}

TEST(ModelErrors, AllAreReported) {
  std::string error = errorOf("functions:\n- name: f\n  does: jion this\n- name: g\n  does: strat this\n");
  EXPECT_NE(error.find("'join'"), std::string::npos) << error;
  EXPECT_NE(error.find("'start'"), std::string::npos) << error;
}

TEST(ModelErrors, OpsWithoutMeaning) {
  EXPECT_NE(errorOf("functions:\n- name: f\n  does: exit try\n").find("'exit' takes no 'try'"), std::string::npos);
  EXPECT_NE(errorOf("functions:\n- name: f\n  does: acquire *this if result == 0\n").find("test it with 'when'"),
            std::string::npos);
  EXPECT_NE(errorOf("functions:\n- name: f\n  does: acquire targ0\n").find("only after 'of'"), std::string::npos);
  EXPECT_NE(errorOf("functions:\n- name: f\n  does: construct *this of arg0\n").find("is a type"), std::string::npos);
  EXPECT_NE(errorOf("functions:\n- name: f\n  does: set this.a = rest0\n").find("name[]"), std::string::npos);
  EXPECT_NE(errorOf("functions:\n- name: f\n  does: join\n").find("expected an operand"), std::string::npos);
}

TEST(ModelErrors, HostileText) {
  EXPECT_NE(errorOf(std::string(100000, '[')).find("test.yaml:1: error:"), std::string::npos);
  EXPECT_NE(errorOf(std::string(100000, '-')).find("error:"), std::string::npos);
  std::string nested;
  for (int i = 0; i < 900; ++i)
    nested += std::string(i, ' ') + "- \n";
  EXPECT_NE(errorOf(nested).find("error:"), std::string::npos);
  EXPECT_NE(errorOf("functions: [a: b: c\n  - }").find("error:"), std::string::npos);
  EXPECT_NE(errorOf("&a functions: *a\n").find("error:"), std::string::npos);
  EXPECT_EQ(errorOf(""), "");
  EXPECT_EQ(errorOf("# only a comment\n"), "");
}

TEST(Models, OtherKeysAreSomebodyElses) {
  Models models;
  llvm::Error error = models.add("checks: [a, b]\nfunctions:\n- name: f\n", "c.yaml", {"checks"});
  EXPECT_EQ(llvm::toString(std::move(error)), "");
  EXPECT_EQ(models.functions().count("f"), 1u);
}

constexpr llvm::StringLiteral overloads = R"(functions:
- name: f
  params: []
- name: f
  params: ['ns::Box &&']
- name: f
  params: [ns::Box]
- name: f
  params: ['ns::Box *', ...]
- name: f
  params: [_, int]
- name: ns::Box::operator bool
- name: ns::Box::operator _
)";

TEST(ModelOverloads, ByParameterTypes) {
  Models models = parsed(overloads);
  auto origin = [&](llvm::function_ref<std::vector<TypeId>(Signature &)> params) {
    Signature signature;
    signature.function("f", params(signature));
    return rowOf(signature, models);
  };
  EXPECT_EQ(origin([](Signature &) { return std::vector<TypeId>(); }), "test.yaml:2");
  EXPECT_EQ(origin([](Signature &s) {
              return std::vector{s.pointer(TypeKind::RvalueReference, s.record("ns::Box<int>", "ns::Box"), "ns::Box<int> &&")};
            }),
            "test.yaml:4");
  EXPECT_EQ(origin([](Signature &s) {
              return std::vector{s.pointer(TypeKind::Reference, s.record("ns::Box<int>", "ns::Box"), "const ns::Box<int> &")};
            }),
            "test.yaml:6");
  EXPECT_EQ(origin([](Signature &s) {
              TypeId box = s.pointer(TypeKind::Pointer, s.record("ns::Box<int>", "ns::Box"), "ns::Box<int> *");
              return std::vector{box, box};
            }),
            "test.yaml:8");
  EXPECT_EQ(origin([](Signature &s) {
              TypeId number = s.builder.type({TypeKind::Integer, s.builder.string("int")});
              return std::vector{number, number};
            }),
            "test.yaml:10");
  EXPECT_EQ(origin([](Signature &s) { return std::vector{s.builder.type({TypeKind::Integer, s.builder.string("int")})}; }),
            "none");
}

TEST(ModelOverloads, ConversionFunctions) {
  Models models = parsed(overloads);
  Signature exact, other, notConversion;
  exact.function("ns::Box::operator bool", {}, FunctionFlag::Conversion);
  EXPECT_EQ(rowOf(exact, models), "test.yaml:12");
  other.function("ns::Box::operator int &", {}, FunctionFlag::Conversion);
  EXPECT_EQ(rowOf(other, models), "test.yaml:13");
  notConversion.function("ns::Box::operator int &", {});
  EXPECT_EQ(rowOf(notConversion, models), "none");
}

TEST(ModelOverloads, LaterTextsComeFirst) {
  Models models = parsed("functions:\n- name: f\n");
  llvm::Error error = models.add("functions:\n- name: f\n  nothrow: true\n", "project.yaml");
  ASSERT_EQ(llvm::toString(std::move(error)), "");
  Signature signature;
  signature.function("f", {});
  EXPECT_EQ(rowOf(signature, models), "project.yaml:2");
}

TEST(Models, AProjectsRowsStandForBodies) {
  Models models = parsed("functions:\n- name: f\n");
  EXPECT_TRUE(models.functions().find("f")->second[0].instead);
  llvm::Expected<Models> builtIn = Models::builtIn();
  ASSERT_TRUE(bool(builtIn)) << llvm::toString(builtIn.takeError());
  EXPECT_FALSE(builtIn->functions().find("spin_lock")->second[0].instead) << "anybody may have a function of this name";
  EXPECT_TRUE(builtIn->functions().find("boost::mutex::lock")->second[0].instead);
}

TEST(Models, FlagsOfRows) {
  llvm::Expected<Models> models = Models::builtIn();
  ASSERT_TRUE(bool(models)) << llvm::toString(models.takeError());
  auto row = [&](llvm::StringRef name) { return models->functions().find(name)->second[0]; };
  EXPECT_TRUE(row("read").cancellation && row("pthread_cond_wait").cancellation && row("sem_wait").cancellation);
  EXPECT_FALSE(row("pthread_mutex_lock").cancellation);
  EXPECT_TRUE(row("write").signalSafe && row("sem_post").signalSafe);
  EXPECT_FALSE(row("fwrite").signalSafe);
}

TEST(Models, EveryBlockHasAWord) {
  llvm::Expected<Models> models = Models::builtIn();
  ASSERT_TRUE(bool(models)) << llvm::toString(models.takeError());
  auto kindOf = [&](llvm::StringRef name) {
    for (const Op &op : models->functions().find(name)->second[0].ops)
      if (op.verb == Verb::Block)
        return blockWord(op.note).kind;
    ADD_FAILURE() << name.str() << " doesn't block";
    return BlockKind::Thread;
  };
  EXPECT_EQ(kindOf("sleep"), BlockKind::Slow);
  EXPECT_EQ(kindOf("getaddrinfo"), BlockKind::Slow);
  EXPECT_EQ(kindOf("fsync"), BlockKind::File);
  EXPECT_EQ(kindOf("read"), BlockKind::Descriptor);
  EXPECT_EQ(kindOf("std::thread::join"), BlockKind::Thread);
  for (const BlockWord &word : blockWords())
    EXPECT_FALSE(word.phrase.empty()) << word.word.str();
}

TEST(ModelOverloads, NamespacesAndAlternatives) {
  Models models = parsed("functions:\n- name: f\n  params: ['ns::Box | other::_']\n");
  auto origin = [&](llvm::StringRef pattern) {
    Signature signature;
    signature.function("f", {signature.record(pattern, pattern)});
    return rowOf(signature, models);
  };
  EXPECT_EQ(origin("ns::Box"), "test.yaml:2");
  EXPECT_EQ(origin("other::Thing"), "test.yaml:2");
  EXPECT_EQ(origin("ns::Bag"), "none");
  EXPECT_EQ(origin("another::Thing"), "none");
}

TEST(Models, AssertionsByName) {
  Models models = parsed("assertions: [AssertHeld]\n");
  EXPECT_TRUE(models.asserts("ns::Mutex::assert_held"));
  EXPECT_TRUE(models.asserts("AssertHeldByThisThread"));
  EXPECT_FALSE(models.asserts("ns::Mutex::AssertNotHeld"));
  EXPECT_FALSE(models.asserts("AssertHeld::run"));
}

TEST(Models, NoThrowOfAFile) {
  Models models = parsed("nothrow: true\nfunctions:\n- name: f\n- name: g\n  nothrow: false\n");
  EXPECT_TRUE(models.functions().find("f")->second[0].noThrow);
  EXPECT_FALSE(models.functions().find("g")->second[0].noThrow);
}
