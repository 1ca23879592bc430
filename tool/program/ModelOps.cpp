// The op language of models, a recursive-descent parser; operands and tests are in ModelOperands.cpp.
//
//   op      = verb operands { clause }
//   operands by verb:
//     set P = V                    acquire, release P {, P}       construct P of T [(V {, V})]    destroy P of T
//     run, start F [(V {, V})]     store F [(V {, V})] in P       end, join, detach, close, flush, … V   copy, duplicate P from V
//     await P, P                   assert, deny P {, P}           wait [V]                       fork, exec, exit, block
//   clause  = "shared" | "any" | "try" | "flushing" | "into" P | "by" name | "as" word | "often" | "after" name | "singly" | "if"
//   test | "when" test test    = operand [ "&" number ] [ relation number ] | operand ("has" | "lacks") string operand = { "*" |
//   "&" | "forward" } root { "." name [ "[]" ] | "[" ( "argN" | "_" ) "]" } root    = "this" | "result" | "argN" | "targN" |
//   "restN" | number
#include "program/OpParser.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace llvm;

namespace heddle {
namespace {

constexpr VerbRow verbRows[] = {
    {"set", Verb::Set, Form::Assign, 0},
    {"acquire", Verb::Acquire, Form::List, Shared | Try | By},
    {"release", Verb::Release, Form::List, Shared | AnyMode | By},
    {"construct", Verb::Construct, Form::Typed, 0},
    {"destroy", Verb::Destroy, Form::Typed, 0},
    {"copy", Verb::Copy, Form::From, 0},
    {"end", Verb::End, Form::One, 0},
    {"run", Verb::Run, Form::Callable, Into | Often | After | Singly},
    {"start", Verb::Start, Form::Callable, Into | By | Often | After},
    {"join", Verb::Join, Form::One, 0},
    {"detach", Verb::Detach, Form::One, 0},
    {"store", Verb::Store, Form::Stored, 0},
    {"fork", Verb::Fork, Form::None, As},
    {"wait", Verb::Wait, Form::Optional, 0},
    {"exec", Verb::Exec, Form::None, 0},
    {"exit", Verb::Exit, Form::None, Flushing},
    {"open", Verb::Open, Form::One, As},
    {"duplicate", Verb::Duplicate, Form::From, 0},
    {"close", Verb::Close, Form::One, 0},
    {"advance", Verb::Advance, Form::One, As},
    {"access", Verb::Access, Form::One, As},
    {"flush", Verb::Flush, Form::One, 0},
    {"block", Verb::Block, Form::None, As},
    {"notify", Verb::Notify, Form::One, As},
    {"await", Verb::Await, Form::Pair, 0},
    {"order", Verb::Order, Form::List, 0},
    {"spawn", Verb::Spawn, Form::One, 0},
    {"assert", Verb::Assert, Form::List, Shared | AnyMode},
    {"deny", Verb::Deny, Form::List, 0},
    {"read", Verb::Read, Form::One, 0},
    {"write", Verb::Write, Form::One, 0},
    {"fence", Verb::Fence, Form::None, 0},
    {"cancel", Verb::Cancel, Form::One, 0},
    {"shield", Verb::Shield, Form::None, 0},
    {"unshield", Verb::Unshield, Form::None, 0},
};
static_assert(std::size(verbRows) == kVerbs);

constexpr StringRef clauseWords[] = {"shared", "any",   "try",   "flushing", "into", "by",
                                     "as",     "often", "after", "singly",   "if",   "when"};

} // namespace

void OpParser::next() {
  start_ = end_;
  while (start_ < text_.size() && isSpace(text_[start_]))
    ++start_;
  StringRef rest = text_.drop_front(start_);
  size_t length = 0;
  if (rest.empty())
    ;
  else if (isAlnum(rest[0]) || rest[0] == '_')
    length = rest.take_while([](char c) { return isAlnum(c) || c == '_' || c == '-'; }).size();
  else if (rest[0] == '-' && rest.size() > 1 && isDigit(rest[1]))
    length = 1 + rest.drop_front().take_while([](char c) { return isAlnum(c); }).size();
  else if (rest[0] == '\'' || rest[0] == '"')
    length = std::min(rest.find(rest[0], 1), rest.size() - 1) + 1;
  else if (is_contained({"==", "!=", "<=", ">=", "[]"}, rest.take_front(2)))
    length = 2;
  else
    length = 1;
  end_ = start_ + length;
  token_ = rest.take_front(length);
}

bool OpParser::parse() {
  next();
  const VerbRow *row = find_if(verbRows, [&](const VerbRow &r) { return r.name == token_; });
  if (row == std::end(verbRows)) {
    SmallVector<StringRef, kVerbs> names;
    for (const VerbRow &r : verbRows)
      names.push_back(r.name);
    return fail(start_, "no verb '" + token_ + "'" + nearest(token_, names));
  }
  next();
  op_.verb = row->verb;
  return operands(*row) && clauses(*row) && meaning(*row);
}

bool OpParser::operands(const VerbRow &row) {
  switch (row.form) {
  case Form::None:
    return true;
  case Form::Optional:
    return token_.empty() || is_contained(clauseWords, token_) || operand();
  case Form::One:
    return operand();
  case Form::List:
    return list();
  case Form::Pair:
    return operand() && require(",") && operand();
  case Form::Assign:
    return operand() && require("=") && operand();
  case Form::Callable:
    return operand() && arguments();
  case Form::Typed:
    return operand() && require("of") && operand() && arguments();
  case Form::From:
    return operand() && require("from") && operand();
  case Form::Stored: {
    if (!operand() || !arguments() || !require("in"))
      return false;
    Operand where;
    if (!operand(where))
      return false;
    op_.operands.insert(op_.operands.begin() + 1, std::move(where));
    return true;
  }
  }
  return false;
}

bool OpParser::list() {
  do
    if (!operand())
      return false;
  while (take(","));
  return true;
}

bool OpParser::arguments() {
  if (!take("(") || take(")"))
    return true;
  return list() && require(")");
}

bool OpParser::clauses(const VerbRow &row) {
  while (!token_.empty()) {
    StringRef word = token_;
    size_t at = start_;
    const StringRef *known = find(clauseWords, word);
    if (known == std::end(clauseWords))
      return fail(at, "'" + word + "' can't stand here" + nearest(word, clauseWords));
    unsigned bit = 1u << (known - clauseWords);
    if (seen_ & bit)
      return fail(at, "'" + word + "' stands twice");
    seen_ |= bit;
    next();
    if (!clause(row, word, at))
      return false;
  }
  return true;
}

bool OpParser::clause(const VerbRow &row, StringRef word, size_t at) {
  if (word == "if")
    return test(op_.before);
  if (word == "when")
    return test(op_.after);
  static_assert(Shared == 1 && Singly == 1 << 9, "in the order of clauseWords");
  unsigned bit = 1u << (find(clauseWords, word) - clauseWords);
  if (!(row.clauses & bit))
    return fail(at, "'" + row.name + "' takes no '" + word + "'");
  switch (bit) {
  case Shared:
    op_.mode = Mode::Shared;
    return true;
  case AnyMode:
    op_.mode = Mode::Any;
    return true;
  case Try:
    op_.attempt = true;
    return true;
  case Flushing:
    op_.flushing = true;
    return true;
  case Into:
    return operand(op_.into.emplace());
  case By:
    return this->word(op_.by, "the name of a member function");
  case After:
    return this->word(op_.ended, "the name of a member");
  case Singly:
    op_.singly = true;
    return true;
  case Often:
    op_.often = true;
    return true;
  default:
    return note(row);
  }
}

bool OpParser::note(const VerbRow &row) {
  size_t at = start_;
  if (!word(op_.note, "a word"))
    return false;
  ArrayRef<StringRef> known = noteWords(row.verb);
  return is_contained(known, op_.note) ||
         fail(at, "'" + row.name + "' has no word '" + op_.note + "'" + nearest(op_.note, known));
}

/// What the grammar allows and no view could give a meaning.
bool OpParser::meaning(const VerbRow &row) {
  if (row.verb == Verb::Block && op_.note.empty())
    return fail(0, "'block' needs 'as' and what it waits for");
  auto typed = [&](size_t index) { return row.form == Form::Typed && index == 1; };
  for (size_t i = 0; i < op_.operands.size(); ++i) {
    if (typed(i) != (op_.operands[i].root == Operand::TypeArg))
      return fail(0, typed(i) ? "what stands after 'of' is a type: targ0, targ1, …" : "a type stands only after 'of'");
    if (typed(i) && !op_.operands[i].steps.empty())
      return fail(0, "a type has no members and no address");
  }
  if (row.verb == Verb::Run && !op_.ended.empty() &&
      (op_.operands[0].steps.empty() || op_.operands[0].steps.back().kind != Operand::Step::Member))
    return fail(0, "'after' is of what an object keeps: P.name");
  for (const Operand &o : op_.operands)
    if (o.root == Operand::Global && o.steps.empty())
      return fail(0, "'global' needs the name of a variable: global.name");
  if (row.form == Form::Assign && (op_.operands[0].root == Operand::Number || op_.operands[0].root == Operand::Rest))
    return fail(0, "'set' needs a place on its left");
  auto indexed = [](const Operand &o) { return any_of(o.steps, [](const Operand::Step &s) { return s.indexed; }); };
  if (row.form == Form::Assign && op_.operands[1].root == Operand::Rest && !indexed(op_.operands[0]))
    return fail(0, "several values need a member for each: 'name[]'");
  for (const std::optional<Test> *t : {&op_.before, &op_.after}) {
    if (!*t)
      continue;
    if ((*t)->value.root == Operand::Rest || (*t)->value.root == Operand::TypeArg || indexed((*t)->value))
      return fail(0, "a test is of one value");
    if (t == &op_.before && (*t)->value.root == Operand::Result)
      return fail(0, "'result' has no value before the call: test it with 'when'");
  }
  return true;
}

bool OpParser::parseTest(Test &out) {
  next();
  std::optional<Test> parsed;
  if (!test(parsed))
    return false;
  if (!token_.empty())
    return expected("the end of the test");
  out = std::move(*parsed);
  return true;
}

bool parseTest(StringRef text, Test &test, OpError &error) {
  Op op;
  return OpParser(text, op, error).parseTest(test);
}

bool parseOp(StringRef text, Op &op, OpError &error) { return OpParser(text, op, error).parse(); }

std::string nearest(StringRef word, ArrayRef<StringRef> known) {
  StringRef best;
  unsigned distance = std::max<unsigned>(2, word.size() / 3) + 1; // farther than this is another word
  for (StringRef candidate : known) {
    unsigned d = word.edit_distance(candidate, /*AllowReplacements=*/true, distance);
    if (d < distance)
      best = candidate, distance = d;
  }
  return best.empty() ? "" : (", did you mean '" + best + "'?").str();
}

} // namespace heddle
