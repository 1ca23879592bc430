// The rows in force and which of them a function or class has.
#include "program/Model.h"

#include "program/ModelParser.h"

#include "builtin_models.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace heddle {

Expected<Models> Models::builtIn() {
  Models models;
  for (const EmbeddedFile &file : kBuiltinModels)
    if (Error error = models.add(file.text, (Twine(StringRef(file.name)) + ".yaml").str(), {}, /*project=*/false))
      return std::move(error);
  return models;
}

/// "assert_held", "AssertHeld" and "assertHeld" are one.
static std::string foldedName(StringRef name) {
  std::string folded = name.lower();
  std::erase(folded, '_');
  return folded;
}

Error Models::add(StringRef yaml, StringRef name, ArrayRef<StringRef> otherKeys) {
  return add(yaml, name, otherKeys, /*project=*/true);
}

Error Models::add(StringRef yaml, StringRef name, ArrayRef<StringRef> otherKeys, bool project) {
  Expected<ModelRows> rows = parseModels(yaml, name, otherKeys);
  if (!rows)
    return rows.takeError();
  // A later text's rows come first, in their own order.
  StringMap<size_t> added;
  for (auto &[function, model] : rows->functions) {
    std::vector<FunctionModel> &overloads = functions_[function];
    model.instead |= project;
    overloads.insert(overloads.begin() + added[function]++, std::move(model));
  }
  for (auto &[record, model] : rows->classes)
    classes_[record] = std::move(model);
  for (StringRef assertion : rows->assertions)
    assertions_.push_back(foldedName(assertion));
  return Error::success();
}

bool Models::asserts(StringRef qualified) const {
  std::string name = foldedName(qualified.substr(qualified.rfind(':') + 1));
  return any_of(assertions_, [&](const std::string &assertion) { return StringRef(name).starts_with(assertion); });
}

/// Whether a type is what a pattern says: `_` is any; `T &&`, `T &`, `T *` ask for that indirection; without, a reference to the
/// type is the type. `const` in a pattern asks for it. A class is named with its template arguments or by its pattern; `function`
/// is any function type; `A | B` is either, `ns::_` any class of a namespace.
static bool matches(const facts::Facts &facts, facts::TypeId id, StringRef pattern) {
  if (pattern.contains('|')) {
    auto [first, rest] = pattern.split('|');
    return matches(facts, id, first) || matches(facts, id, rest);
  }
  pattern = pattern.trim();
  if (pattern == "_")
    return true;
  if (id == facts::kNone)
    return false;
  const facts::Type &type = facts.types()[id];
  facts::TypeKind kind = type.kind();
  if (pattern.consume_back("&&"))
    return kind == facts::TypeKind::RvalueReference && matches(facts, type.pointee(), pattern);
  if (pattern.consume_back("&"))
    return kind == facts::TypeKind::Reference && matches(facts, type.pointee(), pattern);
  if (kind == facts::TypeKind::Reference || kind == facts::TypeKind::RvalueReference)
    return matches(facts, type.pointee(), pattern);
  if (pattern.ends_with("*"))
    return kind == facts::TypeKind::Pointer && matches(facts, type.pointee(), pattern.drop_back());
  if (pattern == "function")
    return kind == facts::TypeKind::Function;
  if (pattern.consume_front("const ") && !facts::has(type.flags(), facts::TypeFlag::Const))
    return false;
  if (type.record() != facts::kNone && kind == facts::TypeKind::Record) {
    StringRef name = facts.string(facts.records()[type.record()].pattern());
    if (name == pattern || (pattern.ends_with("::_") && name.starts_with(pattern.drop_back())))
      return true;
  }
  StringRef name = facts.string(type.name());
  while (name.consume_front("const ") || name.consume_front("volatile "))
    ;
  return name == pattern;
}

static bool accepts(const FunctionModel &model, const facts::Facts &facts, const facts::Function &function) {
  std::span<const facts::TypeId> params = facts.params(function);
  if (params.size() < model.params.size() || (params.size() > model.params.size() && !model.anyParams))
    return false;
  for (size_t i = 0; i < model.params.size(); ++i)
    if (!matches(facts, params[i], model.params[i]))
      return false;
  return true;
}

/// Rows for `name`; those for `C::operator _` are for all conversion functions of C that have no row of their own.
static const std::vector<FunctionModel> *rowsOf(const StringMap<std::vector<FunctionModel>> &rows, StringRef name,
                                                bool conversion) {
  auto found = rows.find(name);
  if (found == rows.end() && conversion)
    found = rows.find((name.take_front(name.rfind("operator")) + "operator _").str());
  return found == rows.end() ? nullptr : &found->second;
}

const FunctionModel *Models::function(const facts::Facts &facts, facts::FunctionId id) const {
  const facts::Function &function = facts.functions()[id];
  bool conversion = facts::has(function.flags(), facts::FunctionFlag::Conversion);
  const std::vector<FunctionModel> *rows = rowsOf(functions_, facts.string(function.name()), conversion);
  if (!rows)
    return nullptr;
  auto found = find_if(*rows, [&](const FunctionModel &model) { return accepts(model, facts, function); });
  return found == rows->end() ? nullptr : &*found;
}

const ClassModel *Models::classOf(const facts::Facts &facts, facts::RecordId id) const {
  auto found = classes_.find(facts.string(facts.records()[id].pattern()));
  return found == classes_.end() ? nullptr : &found->second;
}

static bool isRest(const Operand &operand) { return operand.root == Operand::Rest; }

static bool isIndexed(const Operand &operand) {
  return any_of(operand.steps, [](const Operand::Step &step) { return step.indexed; });
}

/// `restN` with number i is argument N + i; `name[]` is the member "name" + i.
static Operand nth(Operand operand, unsigned i) {
  if (isRest(operand)) {
    operand.root = Operand::Arg;
    operand.number += i;
  }
  for (Operand::Step &step : operand.steps)
    if (step.indexed) {
      step.name += std::to_string(i);
      step.indexed = false;
    }
  return operand;
}

SmallVector<Op, 1> expand(const Op &op, unsigned arguments, unsigned classArguments) {
  auto restCount = [&](const Operand &o) { return static_cast<unsigned>(std::max<int64_t>(0, arguments - o.number)); };
  SmallVector<Op, 1> out;
  if (any_of(op.operands, isIndexed)) {
    const Operand *rest = find_if(op.operands, isRest);
    unsigned count = rest == op.operands.end() ? classArguments : restCount(*rest);
    for (unsigned i = 0; i < count; ++i) {
      Op &one = out.emplace_back(op);
      for (Operand &operand : one.operands)
        operand = nth(operand, i);
    }
    return out;
  }
  Op &one = out.emplace_back(op);
  one.operands.clear();
  for (const Operand &operand : op.operands)
    if (isRest(operand))
      for (unsigned i = 0; i < restCount(operand); ++i)
        one.operands.push_back(nth(operand, i));
    else
      one.operands.push_back(operand);
  return out;
}

} // namespace heddle
