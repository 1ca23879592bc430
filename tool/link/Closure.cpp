// What a unit defines: its bodies, and variables whose definition stands in its main file or in a file that only it includes.
// What it refers to: callees, places and destructors in its bodies; constructing a class refers to the class's virtual functions,
// which the table of the object names.
#include "link/Closure.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace llvm;

namespace heddle {

using namespace facts;

namespace {

/// Collects what the bodies of one unit refer to.
class Uses {
public:
  Uses(const Facts &facts, DenseSet<FunctionId> &functions, DenseSet<VariableId> &variables,
       const std::vector<SmallVector<FunctionId, 2>> &virtuals)
      : facts_(facts), functions_(functions), variables_(variables), virtuals_(virtuals) {}

  void body(const BodyView &body) {
    for (const Event &event : body.events) {
      function(event.callee());
      if (event.kind() == EventKind::Construct && event.callee() != kNone)
        if (RecordId record = facts_.functions()[event.callee()].record(); record != kNone)
          for (FunctionId id : virtuals_[record])
            function(id);
      place(event.place());
      for (PlaceId operand : body.operands(event))
        place(operand);
    }
    for (const Cleanup &cleanup : body.cleanups)
      function(cleanup.callee());
    for (const Block &block : body.blocks)
      for (const Edge &edge : body.edgesOf(block))
        place(edge.value());
  }

private:
  void function(FunctionId id) {
    if (id != kNone)
      functions_.insert(id);
  }

  void place(PlaceId id) {
    for (SmallVector<PlaceId, 4> open{id}; !open.empty();) {
      PlaceId next = open.pop_back_val();
      if (next == kNone || !seen_.insert(next).second)
        continue;
      const Place &p = facts_.places()[next];
      if (p.kind() == PlaceKind::Function)
        functions_.insert(p.id());
      else if (p.kind() == PlaceKind::Global && variables_.insert(p.id()).second)
        open.push_back(facts_.variables()[p.id()].initializer());
      else if (p.kind() == PlaceKind::Element || (p.kind() == PlaceKind::Expr && p.op() != ExprOp::Opaque))
        open.push_back(p.id());
      open.push_back(p.parent());
    }
  }

  const Facts &facts_;
  DenseSet<FunctionId> &functions_;
  DenseSet<VariableId> &variables_;
  const std::vector<SmallVector<FunctionId, 2>> &virtuals_;
  DenseSet<PlaceId> seen_;
};

bool inSystemFile(const Facts &facts, LocationId location) {
  return location == kNone || has(facts.files()[facts.location(location).file()].flags(), FileFlag::System);
}

} // namespace

ReferenceGraph::ReferenceGraph(const Facts &facts, std::vector<std::string> kin)
    : kin_(std::move(kin)), hasMain_(facts.units().size()), functionUses_(facts.units().size()),
      variableUses_(facts.units().size()) {
  kin_.resize(facts.units().size());
  define(facts);
  refer(facts);
}

void ReferenceGraph::define(const Facts &facts) {
  for (const UnitBody &row : facts.unit_bodies()) {
    FunctionId function = facts.bodies()[row.body()].function();
    if (has(facts.functions()[function].flags(), FunctionFlag::Main))
      hasMain_[row.unit()] = true;
    std::vector<UnitId> &units = functionDefiners_[function];
    if (units.empty() || units.back() != row.unit())
      units.push_back(row.unit());
  }
  const FunctionFlag bodiless =
      FunctionFlag::System | FunctionFlag::Pure | FunctionFlag::Deleted | FunctionFlag::Implicit | FunctionFlag::Defaulted;
  for (FunctionId id = 0; id < facts.functions().size(); ++id)
    if (const Function &f = facts.functions()[id]; has(f.flags(), bodiless) || inSystemFile(facts, f.location()))
      foreignFunctions_.insert(id);

  DenseMap<FileId, std::vector<UnitId>> unitsOfFile;
  for (const UnitFile &row : facts.unit_files())
    unitsOfFile[row.file()].push_back(row.unit());
  for (UnitId unit = 0; unit < facts.units().size(); ++unit)
    unitsOfFile[facts.units()[unit].file()].push_back(unit);
  for (VariableId id = 0; id < facts.variables().size(); ++id) {
    const Variable &v = facts.variables()[id];
    if (has(v.flags(), VariableFlag::System | VariableFlag::Constexpr) || inSystemFile(facts, v.location())) {
      foreignVariables_.insert(id);
    } else if (has(v.flags(), VariableFlag::Defined)) {
      std::vector<UnitId> &units = variableDefiners_[id] = unitsOfFile[facts.location(v.location()).file()];
      llvm::sort(units);
      units.erase(std::unique(units.begin(), units.end()), units.end());
    }
  }
}

void ReferenceGraph::refer(const Facts &facts) {
  std::vector<SmallVector<FunctionId, 2>> virtuals(facts.records().size());
  for (FunctionId id = 0; id < facts.functions().size(); ++id)
    if (const Function &f = facts.functions()[id]; f.record() != kNone && has(f.flags(), FunctionFlag::Virtual))
      virtuals[f.record()].push_back(id);
  std::vector<std::vector<BodyId>> bodies(facts.units().size());
  for (const UnitBody &row : facts.unit_bodies())
    bodies[row.unit()].push_back(row.body());
  for (UnitId unit = 0; unit < bodies.size(); ++unit) {
    Uses uses(facts, functionUses_[unit], variableUses_[unit], virtuals);
    for (BodyId body : bodies[unit])
      uses.body(facts.body(body));
  }
}

/// Which of the units that define an entity a program of `root` takes: its kin if there are any, and never another program's
/// main.
std::vector<UnitId> ReferenceGraph::definers(const std::vector<UnitId> &all, UnitId root) const {
  std::vector<UnitId> candidates, kin;
  for (UnitId unit : all)
    if (unit == root || !hasMain_[unit])
      candidates.push_back(unit);
  for (UnitId unit : candidates)
    if (!kin_[root].empty() && kin_[unit] == kin_[root])
      kin.push_back(unit);
  return kin.empty() ? candidates : kin;
}

ReferenceGraph::Closure ReferenceGraph::closure(const std::vector<UnitId> &roots) const {
  Closure result;
  std::vector<UnitId> open = roots;
  DenseSet<UnitId> taken(roots.begin(), roots.end());
  auto need = [&](const auto &definers, const auto &foreign, auto id) {
    auto found = definers.find(id);
    std::vector<UnitId> units = found == definers.end() ? std::vector<UnitId>() : this->definers(found->second, roots.front());
    if (units.empty()) {
      result.complete &= foreign.contains(id);
      return;
    }
    if (any_of(units, [&](UnitId unit) { return taken.contains(unit); }))
      return; // an inline function that is here already, or an entity that was resolved before
    for (UnitId unit : units)
      if (taken.insert(unit).second)
        open.push_back(unit);
  };
  while (!open.empty()) {
    UnitId unit = open.back();
    open.pop_back();
    result.units.push_back(unit);
    // Sorted: which definer is taken may depend on what was taken before.
    std::vector<FunctionId> functions(functionUses_[unit].begin(), functionUses_[unit].end());
    std::vector<VariableId> variables(variableUses_[unit].begin(), variableUses_[unit].end());
    llvm::sort(functions);
    llvm::sort(variables);
    for (FunctionId id : functions)
      need(functionDefiners_, foreignFunctions_, id);
    for (VariableId id : variables)
      need(variableDefiners_, foreignVariables_, id);
  }
  llvm::sort(result.units);
  return result;
}

} // namespace heddle
