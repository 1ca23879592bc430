// What a unit defines: its bodies, and variables whose definition stands in its main file or in a file that only it includes.
// What it refers to: callees, places and destructors in its bodies; constructing a class refers to the class's virtual functions,
// which the table of the object names.
#include "link/Closure.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <tuple>

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

  /// A variable and what its initial value names.
  void variable(VariableId id) {
    if (!variables_.insert(id).second)
      return;
    SmallVector<PlaceId, 4> values;
    initial(id, values);
    for (PlaceId value : values)
      place(value);
  }

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
        initial(p.id(), open);
      else if (p.kind() == PlaceKind::Element || (p.kind() == PlaceKind::Expr && p.op() != ExprOp::Opaque))
        open.push_back(p.id());
      open.push_back(p.parent());
    }
  }

  void initial(VariableId id, SmallVectorImpl<PlaceId> &values) {
    values.push_back(facts_.variables()[id].initializer());
    auto parts = std::ranges::equal_range(facts_.initials(), id, {}, [](const Initial &row) { return row.variable(); });
    for (const Initial &row : parts)
      values.push_back(row.value());
  }

  const Facts &facts_;
  DenseSet<FunctionId> &functions_;
  DenseSet<VariableId> &variables_;
  const std::vector<SmallVector<FunctionId, 2>> &virtuals_;
  DenseSet<PlaceId> seen_;
};

constexpr uint64_t kVariable = uint64_t(1) << 32; // in what a unit exports

bool inSystemFile(const Facts &facts, LocationId location) {
  return location == kNone || has(facts.files()[facts.location(location).file()].flags(), FileFlag::System);
}

} // namespace

ReferenceGraph::ReferenceGraph(const Facts &facts, std::vector<std::string> kin)
    : kin_(std::move(kin)), hasMain_(facts.units().size()), needs_(facts.units().size()), exports_(facts.units().size()) {
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
    const Function &f = facts.functions()[function];
    const Body &body = facts.bodies()[row.body()];
    const FunctionFlag several = FunctionFlag::Internal | FunctionFlag::Instantiation | FunctionFlag::Implicit |
                                 FunctionFlag::Main | FunctionFlag::Lambda | FunctionFlag::Synthetic;
    if (!has(f.flags(), several) && body.location() != kNone &&
        facts.location(body.location()).file() == facts.units()[row.unit()].file())
      exports_[row.unit()].push_back(function);
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
      variableDefiners_[id] = unitsOfFile[facts.location(v.location()).file()];
    }
  }
  for (const UnitVariable &row : facts.unit_variables()) {
    const Variable &v = facts.variables()[row.variable()];
    if (auto found = variableDefiners_.find(row.variable()); found != variableDefiners_.end())
      found->second.push_back(row.unit());
    if (!has(v.flags(), VariableFlag::Internal | VariableFlag::StaticLocal))
      exports_[row.unit()].push_back(kVariable | row.variable());
  }
  for (auto &[id, units] : variableDefiners_) {
    llvm::sort(units);
    units.erase(std::unique(units.begin(), units.end()), units.end());
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
  // What others can see of a unit is linked with it, used or not.
  std::vector<std::vector<VariableId>> variablesOf(facts.units().size());
  for (VariableId id = 0; id < facts.variables().size(); ++id)
    if (auto found = variableDefiners_.find(id);
        found != variableDefiners_.end() && !has(facts.variables()[id].flags(), VariableFlag::Internal))
      for (UnitId unit : found->second)
        variablesOf[unit].push_back(id);
  static const std::vector<UnitId> nobody;
  for (UnitId unit = 0; unit < bodies.size(); ++unit) {
    DenseSet<FunctionId> functions;
    DenseSet<VariableId> variables;
    Uses uses(facts, functions, variables, virtuals);
    for (BodyId body : bodies[unit])
      uses.body(facts.body(body));
    for (VariableId id : variablesOf[unit])
      uses.variable(id);
    auto need = [&](const auto &ids, const auto &definers, const auto &foreign) {
      std::vector<uint32_t> sorted(ids.begin(), ids.end());
      llvm::sort(sorted);
      for (uint32_t id : sorted) {
        auto found = definers.find(id);
        if (found == definers.end() && foreign.contains(id))
          continue;
        const std::vector<UnitId> &units = found == definers.end() ? nobody : found->second;
        if (!is_contained(units, unit)) // an inline function's body is in each unit that uses it
          needs_[unit].push_back({&units, foreign.contains(id)});
      }
    };
    need(functions, functionDefiners_, foreignFunctions_);
    need(variables, variableDefiners_, foreignVariables_);
  }
}

/// Which of the units that define an entity a program of `root` takes: its kin if there are any, and another program's main only
/// where that is asked for and nothing else will do.
std::vector<UnitId> ReferenceGraph::definers(const Need &need, UnitId root, bool mains) const {
  std::vector<UnitId> candidates, kin;
  for (UnitId unit : *need.definers)
    if (unit == root || !hasMain_[unit])
      candidates.push_back(unit);
  if (candidates.empty() && mains)
    candidates = *need.definers;
  for (UnitId unit : candidates)
    if (!kin_[root].empty() && kin_[unit] == kin_[root])
      kin.push_back(unit);
  return kin.empty() ? candidates : kin;
}

namespace {

/// One closure being built. What one unit alone defines is pulled in first. Where several define an entity and none of them is
/// here by then, one program has one of them: that which brings no second definition of what is there, whose own needs are met,
/// and with the fewest others, as a program that had the choice would link the smaller.
class Pull {
public:
  Pull(const ReferenceGraph &graph, UnitId root, bool mains) : graph_(graph), root_(root), mains_(mains) {}

  void add(UnitId unit) {
    if (!taken_.insert(unit).second)
      return;
    units.push_back(unit);
    for (SmallVector<UnitId, 8> open{unit}; !open.empty();) {
      UnitId next = open.pop_back_val();
      for (uint64_t entity : graph_.exports(next))
        clashes_ += !exported_.insert(entity).second;
      for (const ReferenceGraph::Need &need : graph_.needs(next))
        resolve(need, open);
    }
  }

  /// Decides the first of what was left open; false when nothing is.
  bool decide() {
    erase_if(choices_, [&](const ReferenceGraph::Need *need) {
      return any_of(graph_.definers(*need, root_, mains_), [&](UnitId unit) { return taken_.contains(unit); });
    });
    if (choices_.empty())
      return false;
    UnitId best = kNone;
    std::tuple<size_t, size_t, size_t> least;
    for (UnitId unit : graph_.definers(*choices_.front(), root_, mains_)) {
      Pull trial = *this;
      trial.add(unit);
      std::tuple<size_t, size_t, size_t> cost{trial.clashes_, trial.missing_, trial.units.size()};
      if (best == kNone || cost < least)
        best = unit, least = cost;
    }
    add(best);
    return true;
  }

  bool complete() const { return missing_ == 0; }
  std::vector<UnitId> units;

private:
  void resolve(const ReferenceGraph::Need &need, SmallVectorImpl<UnitId> &open) {
    std::vector<UnitId> definers = graph_.definers(need, root_, mains_);
    if (definers.empty())
      missing_ += !need.foreign;
    else if (definers.size() == 1 && taken_.insert(definers.front()).second)
      units.push_back(definers.front()), open.push_back(definers.front());
    else if (definers.size() > 1)
      choices_.push_back(&need);
  }

  const ReferenceGraph &graph_;
  UnitId root_;
  bool mains_;
  DenseSet<UnitId> taken_;
  DenseSet<uint64_t> exported_;
  size_t clashes_ = 0, missing_ = 0;
  std::vector<const ReferenceGraph::Need *> choices_;
};

} // namespace

ReferenceGraph::Closure ReferenceGraph::closure(const std::vector<UnitId> &roots, bool mains) const {
  Pull pull(*this, roots.front(), mains);
  for (UnitId unit : roots)
    pull.add(unit);
  while (pull.decide())
    ;
  llvm::sort(pull.units);
  return {std::move(pull.units), pull.complete()};
}

} // namespace heddle
