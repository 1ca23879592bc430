// Operands and tests in the op language of models (ModelOps.cpp).
#include "program/OpParser.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace llvm;

namespace heddle {
namespace {
constexpr StringRef rootWords[] = {"this", "result", "global", "thread", "arg0", "targ0", "rest0"};
} // namespace

bool OpParser::operand(Operand &out) {
  SmallVector<Operand::Step::Kind, 2> prefixes;
  for (;;) {
    if (take("*"))
      prefixes.push_back(Operand::Step::Deref);
    else if (take("&"))
      prefixes.push_back(Operand::Step::AddressOf);
    else if (take("forward"))
      prefixes.push_back(Operand::Step::Forward);
    else
      break;
  }
  if (!root(out) || !members(out))
    return false;
  for (Operand::Step::Kind kind : reverse(prefixes))
    out.steps.push_back({kind});
  return true;
}

bool OpParser::root(Operand &out) {
  if (token_.empty())
    return expected("an operand (this, result, arg0, …)");
  if (isDigit(token_[0]) || token_[0] == '-') {
    out.root = Operand::Number;
    return number(out.number);
  }
  StringRef letters = token_.take_while(isAlpha), digits = token_.drop_front(letters.size());
  std::optional<Operand::Root> root = StringSwitch<std::optional<Operand::Root>>(letters)
                                          .Case("this", Operand::This)
                                          .Case("result", Operand::Result)
                                          .Case("arg", Operand::Arg)
                                          .Case("global", Operand::Global)
                                          .Case("thread", Operand::Thread)
                                          .Case("targ", Operand::TypeArg)
                                          .Case("rest", Operand::Rest)
                                          .Default(std::nullopt);
  bool counted = root && (*root == Operand::Arg || *root == Operand::TypeArg || *root == Operand::Rest);
  unsigned index = 0;
  if (!root || counted == digits.empty() || (counted && (digits.getAsInteger(10, index) || index > 100)))
    return fail(start_, "no operand '" + token_ + "'" + nearest(token_, rootWords));
  out.root = *root;
  out.number = index;
  next();
  return true;
}

bool OpParser::members(Operand &out) {
  for (;;)
    if (take(".")) {
      if (!member(out))
        return false;
    } else if (take("[")) {
      if (!element(out))
        return false;
    } else
      return true;
}

bool OpParser::member(Operand &out) {
  Operand::Step step{Operand::Step::Member};
  if (!word(step.name, "the name of a member"))
    return false;
  step.indexed = take("[]");
  out.steps.push_back(std::move(step));
  return true;
}

bool OpParser::element(Operand &out) {
  Operand::Step step{Operand::Step::Element};
  StringRef index = token_;
  if (index != "_" && (!index.consume_front("arg") || index.getAsInteger(10, step.index) || step.index > 100))
    return expected("an index: arg0, arg1, … or _");
  next();
  out.steps.push_back(std::move(step));
  return require("]");
}

bool OpParser::number(int64_t &out) {
  if (token_.getAsInteger(0, out))
    return expected("a whole number");
  next();
  return true;
}

bool OpParser::word(std::string &out, StringRef what) {
  if (!isWord())
    return expected(what);
  out = token_.str();
  next();
  return true;
}

bool OpParser::test(std::optional<Test> &out) {
  Test &t = out.emplace();
  if (!operand(t.value))
    return false;
  if (token_ == "has" || token_ == "lacks")
    return textTest(t);
  if (take("&") && !number(t.mask))
    return false;
  std::optional<facts::Relation> relation = StringSwitch<std::optional<facts::Relation>>(token_)
                                                .Case("==", facts::Relation::Eq)
                                                .Case("!=", facts::Relation::Ne)
                                                .Case("<", facts::Relation::Lt)
                                                .Case("<=", facts::Relation::Le)
                                                .Case(">", facts::Relation::Gt)
                                                .Case(">=", facts::Relation::Ge)
                                                .Default(std::nullopt);
  if (!relation) // `if this.owned` is `if this.owned != 0`
    return true;
  t.relation = *relation;
  next();
  return number(t.constant);
}

bool OpParser::textTest(Test &out) {
  out.relation = token_ == "has" ? facts::Relation::Ne : facts::Relation::Eq;
  next();
  if (token_.size() < 3 || (token_[0] != '"' && token_[0] != '\'') || token_.back() != token_[0])
    return expected("a text in quotes");
  out.text = token_.drop_front().drop_back().str();
  next();
  return true;
}

} // namespace heddle
