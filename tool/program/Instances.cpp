#include "program/Instances.h"

#include <algorithm>

namespace heddle {

using namespace facts;

Instances::Instances(const Program &program) : program_(program), all_(!program.hasMain()) {
  const Facts &f = program.facts();
  overridden_.resize(f.functions().size());
  for (const Override &row : f.overrides())
    overridden_[row.overridden()].push_back(row.function());
  bases_.resize(f.records().size());
  for (const Base &row : f.bases())
    bases_[row.record()].push_back(row.base());
  made_.resize(f.records().size());
  derived_.resize(f.records().size());
  if (all_)
    return;
  fields_.resize(f.records().size());
  for (FieldId id = 0; id < f.fields().size(); ++id)
    if (!has(f.fields()[id].flags(), FieldFlag::Static))
      fields_[f.fields()[id].record()].push_back(id);
  findMade();
  for (RecordId id = 0; id < made_.size(); ++id)
    if (made_[id] && has(f.records()[id].flags(), RecordFlag::Polymorphic)) {
      std::vector<RecordId> ancestors{id};
      for (size_t i = 0; i < ancestors.size(); ++i) {
        derived_[ancestors[i]].push_back(id);
        for (RecordId base : bases_[ancestors[i]])
          if (!llvm::is_contained(ancestors, base))
            ancestors.push_back(base);
      }
    }
}

void Instances::make(RecordId record) {
  if (record == kNone || made_[record])
    return;
  made_[record] = true;
  todo_.push_back(record);
}

/// An object of the type, or of its elements' type.
void Instances::makeOf(TypeId type) {
  const Facts &f = program_.facts();
  while (type != kNone && f.types()[type].kind() == TypeKind::Array)
    type = f.types()[type].pointee();
  if (type != kNone && f.types()[type].kind() == TypeKind::Record)
    make(f.types()[type].record());
}

void Instances::findMade() {
  const Facts &f = program_.facts();
  for (const Variable &variable : f.variables())
    if (has(variable.flags(), VariableFlag::Defined))
      makeOf(variable.type());
  for (BodyId id : program_.bodies()) {
    BodyView body = f.body(id);
    for (const Local &local : body.locals)
      makeOf(local.type());
    for (EventId event = 0; event < body.events.size(); ++event) {
      const Event &row = body.events[event];
      if (row.callee() == kNone)
        continue;
      const Function &callee = f.functions()[row.callee()];
      if (row.kind() == EventKind::Construct && !has(row.flags(), EventFlag::Base))
        make(callee.record());
      if (row.result() != kNone)
        makeOf(callee.result());
      if (has(callee.flags(), FunctionFlag::System))
        for (TypeId argument : f.args(callee))
          makeOf(argument);
      if (const FunctionModel *model = program_.model(row.callee()))
        for (const Op &op : model->ops)
          if (op.verb == Verb::Construct && op.operands.size() > 1)
            makeOf(program_.typeArgument(op.operands[1], row.callee()));
    }
  }
  while (!todo_.empty()) {
    RecordId record = todo_.back();
    todo_.pop_back();
    for (FieldId field : fields_[record])
      makeOf(f.fields()[field].type());
    if (has(f.records()[record].flags(), RecordFlag::System))
      for (TypeId argument : f.args(f.records()[record]))
        makeOf(argument);
    for (RecordId base : bases_[record]) // its members are parts too; objects of the base alone are not
      for (FieldId field : fields_[base])
        makeOf(f.fields()[field].type());
  }
}

bool Instances::isA(RecordId derived, RecordId base) const {
  llvm::ArrayRef<RecordId> known = derived_[base];
  return std::binary_search(known.begin(), known.end(), derived);
}

bool Instances::reaches(FunctionId overrider, llvm::ArrayRef<FunctionId> candidates) const {
  std::span<const Function> functions = program_.facts().functions();
  RecordId owner = functions[overrider].record();
  if (all_ || owner == kNone)
    return true;
  // Some class has it and no overrider nearer to that class.
  return llvm::any_of(derived_[owner], [&](RecordId record) {
    return llvm::none_of(candidates, [&](FunctionId other) {
      RecordId nearer = functions[other].record();
      if (other == overrider || nearer == kNone || nearer == owner || !isA(record, nearer))
        return false;
      return program_.isA(nearer, owner);
    });
  });
}

llvm::SmallVector<FunctionId, 2> Instances::find(FunctionId method) const {
  llvm::SmallVector<FunctionId, 8> candidates{method};
  for (size_t i = 0; i < candidates.size(); ++i)
    for (FunctionId over : overridden_[candidates[i]])
      if (!llvm::is_contained(candidates, over))
        candidates.push_back(over);
  llvm::SmallVector<FunctionId, 2> result;
  for (FunctionId candidate : candidates)
    if ((!program_.bodiesOf(candidate).empty() || program_.model(candidate)) && reaches(candidate, candidates))
      result.push_back(candidate);
  std::sort(result.begin(), result.end());
  return result;
}

llvm::ArrayRef<FunctionId> Instances::overriders(FunctionId method) const {
  auto found = found_.find(method);
  if (found == found_.end()) {
    llvm::SmallVector<FunctionId, 2> result = find(method);
    found = found_.try_emplace(method, std::move(result)).first;
  }
  return found->second;
}

} // namespace heddle
