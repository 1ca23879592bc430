#include "program/FunctionValues.h"
#include "program/FunctionFlow.h"

#include <algorithm>

namespace heddle {

using namespace facts;

FunctionValues::FunctionValues(const Program &program, const Instances &instances) : program_(program) {
  const Facts &f = program.facts();
  callOperators_.resize(f.records().size());
  for (FunctionId id = 0; id < f.functions().size(); ++id)
    if (const Function &function = f.functions()[id];
        function.record() != kNone && has(function.flags(), FunctionFlag::CallOperator) && !program.bodiesOf(id).empty())
      callOperators_[function.record()].push_back(id);
  carries_.resize(f.types().size());
  FunctionFlow(*this, program, instances).run();
  solve();
}

// ---- nodes -----------------------------------------------------------------------------------------------------------------

std::optional<FunctionValues::Key> FunctionValues::keyOf(const BodyView &body, PlaceId place) const {
  const Places &places = program_.places();
  const Facts &f = program_.facts();
  auto key = [](NodeKind kind, uint32_t owner, uint32_t index) { return Key{uint64_t(kind) << 32 | owner, index}; };
  for (; place != kNone; place = places[place].parent()) {
    const facts::Place &p = places[place];
    switch (p.kind()) {
    case PlaceKind::Field:
      // Pseudo-fields of models, and members of what the system's library defines, are the object.
      if (p.id() >= f.fields().size() ? kept(p.id()) : !has(f.records()[f.fields()[p.id()].record()].flags(), RecordFlag::System))
        return key(NodeKind::Field, 0, p.id());
      continue;
    case PlaceKind::Deref:
    case PlaceKind::AddressOf:
    case PlaceKind::Element:
      continue;
    case PlaceKind::Global:
      return key(NodeKind::Global, 0, p.id());
    case PlaceKind::Local:
      return key(NodeKind::Local, body.id, p.id());
    case PlaceKind::Param:
      return key(NodeKind::Param, body.function(), p.id());
    case PlaceKind::Capture:
      return key(NodeKind::Capture, body.function(), p.id());
    case PlaceKind::Result:
      return key(NodeKind::Result, body.id, p.id());
    case PlaceKind::ReturnSlot:
      return key(NodeKind::Returned, body.function(), 0);
    default:
      return std::nullopt;
    }
  }
  return std::nullopt;
}

FunctionValues::NodeId FunctionValues::node(Key key) {
  auto [it, fresh] = ids_.try_emplace(key, nodes_.size());
  if (fresh) {
    Node &made = nodes_.emplace_back();
    made.open = outside(key);
    made.registered = made.open && NodeKind(key.first >> 32) == NodeKind::Param;
  }
  return it->second;
}

/// Whether code that isn't in the target can store there. With a main, what isn't seen is taken not to.
bool FunctionValues::outside(Key key) const {
  const Facts &f = program_.facts();
  bool library = !program_.hasMain();
  switch (NodeKind(key.first >> 32)) {
  case NodeKind::Global: {
    VariableFlag flags = f.variables()[key.second].flags();
    return !has(flags, VariableFlag::Defined) || (library && !has(flags, VariableFlag::Internal));
  }
  case NodeKind::Field:
    return library && !inUnit(key.second);
  case NodeKind::Param:
    return library && !has(f.functions()[uint32_t(key.first)].flags(), FunctionFlag::Internal | FunctionFlag::Lambda);
  default:
    return false;
  }
}

/// Whether a field's class is defined in a unit's own file, where nobody else sees its members.
bool FunctionValues::inUnit(FieldId field) const {
  const Facts &f = program_.facts();
  RecordId record = field < f.fields().size() ? f.fields()[field].record() : RecordId(kNone);
  if (record == kNone || f.records()[record].location() == kNone)
    return false;
  FileId file = f.location(f.records()[record].location()).file();
  return llvm::any_of(program_.target().units, [&](UnitId unit) { return f.units()[unit].file() == file; });
}

FunctionValues::NodeId FunctionValues::node(const BodyView &body, PlaceId place) {
  std::optional<Key> key = keyOf(body, place);
  return key ? node(*key) : kNone;
}

FunctionValues::NodeId FunctionValues::param(FunctionId function, uint32_t index) {
  return node({uint64_t(NodeKind::Param) << 32 | function, index});
}

FunctionValues::NodeId FunctionValues::returned(FunctionId function) {
  return node({uint64_t(NodeKind::Returned) << 32 | function, 0});
}

FunctionSet FunctionValues::at(const BodyView &body, PlaceId place) const {
  FunctionSet result;
  // What a constant table has by name stays there, whatever other tables of the class have.
  if (auto fixed = place == kNone ? constants_.end() : constants_.find(program_.places().canonical(place));
      fixed != constants_.end()) {
    result.values.push_back({fixed->second, false});
    return result;
  }
  std::optional<Key> key = keyOf(body, place);
  auto known = key ? ids_.find(*key) : ids_.end();
  if (known == ids_.end()) {
    result.open = true;
    return result;
  }
  result.values = nodes_[known->second].values;
  std::sort(result.values.begin(), result.values.end());
  result.open = nodes_[known->second].open;
  result.registered = nodes_[known->second].registered;
  return result;
}

llvm::ArrayRef<FunctionId> FunctionValues::callOperators(PlaceId place, const BodyView &body) const {
  RecordId record = program_.recordAt(place, body);
  return record == kNone ? llvm::ArrayRef<FunctionId>() : callOperators_[record];
}

bool FunctionValues::carries(TypeId id) const {
  if (id == kNone)
    return false;
  if (carries_[id])
    return carries_[id] == 2;
  carries_[id] = 1; // for types that contain themselves
  const Facts &f = program_.facts();
  const Type &type = f.types()[id];
  bool yes = false;
  switch (type.kind()) {
  case TypeKind::Function:
  case TypeKind::MemberPointer:
    yes = true;
    break;
  case TypeKind::Pointer:
  case TypeKind::Reference:
  case TypeKind::RvalueReference:
  case TypeKind::Array:
    // void *: what C keeps a callback in, among other things
    yes = type.pointee() != kNone && (f.types()[type.pointee()].kind() == TypeKind::Void || carries(type.pointee()));
    break;
  case TypeKind::Record:
    if (type.record() == kNone || !has(f.records()[type.record()].flags(), RecordFlag::System))
      break;
    if (const ClassModel *model = program_.classModel(type.record()))
      yes = model->is == "callable";
    for (TypeId argument : f.args(f.records()[type.record()]))
      yes = yes || carries(argument);
    break;
  default:
    break;
  }
  carries_[id] = yes ? 2 : 1;
  return yes;
}

bool takes(const Facts &facts, FunctionId id, size_t arguments) {
  const Function &function = facts.functions()[id];
  bool callOperator = has(function.flags(), FunctionFlag::CallOperator);
  size_t wanted = function.param_count();
  bool object =
      has(function.flags(), FunctionFlag::Member) && !has(function.flags(), FunctionFlag::StaticMember) && !callOperator;
  wanted += object;
  return arguments == wanted || has(function.flags(), FunctionFlag::Variadic) || (callOperator && wanted > arguments);
}

// ---- constraints -----------------------------------------------------------------------------------------------------------

void FunctionValues::add(NodeId id, FunctionValue value) {
  if (id == kNone)
    return;
  Node &node = nodes_[id];
  if (llvm::is_contained(node.values, value))
    return;
  if (node.values.size() >= kMost)
    return open(id);
  node.values.push_back(value);
  if (!node.queued)
    node.queued = true, work_.push_back(id);
}

void FunctionValues::open(NodeId id) {
  if (id == kNone || nodes_[id].open)
    return;
  nodes_[id].open = true;
  if (!nodes_[id].queued)
    nodes_[id].queued = true, work_.push_back(id);
}

void FunctionValues::registered(NodeId id) {
  if (nodes_[id].registered)
    return;
  nodes_[id].registered = true;
  if (!nodes_[id].queued)
    nodes_[id].queued = true, work_.push_back(id);
}

void FunctionValues::edge(NodeId from, NodeId to) {
  if (from == kNone || to == kNone || from == to || llvm::is_contained(nodes_[from].to, to))
    return;
  nodes_[from].to.push_back(to);
  if (!nodes_[from].queued && (nodes_[from].open || !nodes_[from].values.empty()))
    nodes_[from].queued = true, work_.push_back(from);
}

/// What the one holds is kept in the other with arguments that are bound to it.
void FunctionValues::bind(NodeId from, NodeId to) {
  if (from == kNone)
    return open(to);
  nodes_[from].bindsTo.push_back(to);
  if (!nodes_[from].queued)
    nodes_[from].queued = true, work_.push_back(from);
}

/// The value of a place flows into a node.
void FunctionValues::flow(const BodyView &body, PlaceId from, NodeId to) {
  if (to == kNone)
    return;
  Places &places = program_.places();
  from = places.canonical(from);
  if (from == kNone)
    return open(to);
  PlaceId object = from;
  while (places[object].kind() == PlaceKind::AddressOf || places[object].kind() == PlaceKind::Deref)
    object = places[object].parent();
  switch (places[object].kind()) {
  case PlaceKind::Function:
    return add(to, {places[object].id(), false});
  case PlaceKind::Constant:
  case PlaceKind::String:
    return;
  default:
    break;
  }
  if (llvm::ArrayRef<FunctionId> operators = callOperators(from, body); !operators.empty()) {
    for (FunctionId function : operators)
      add(to, {function, false});
    return;
  }
  NodeId source = node(body, from);
  return source == kNone ? open(to) : edge(source, to);
}

/// One more function that a site runs.
void FunctionValues::enter(const Site &site, FunctionValue value) {
  const Facts &f = program_.facts();
  const Function &function = f.functions()[value.function];
  auto params = f.params(function);
  if (value.bound) {
    for (uint32_t i = 0; i < params.size(); ++i)
      if (carries(params[i]))
        open(param(value.function, i));
  } else if (takes(f, value.function, site.arguments.size())) {
    bool object = has(function.flags(), FunctionFlag::Member) &&
                  !has(function.flags(), FunctionFlag::StaticMember | FunctionFlag::CallOperator);
    BodyView body = f.body(site.body);
    for (uint32_t i = 0; i < params.size() && i + object < site.arguments.size(); ++i)
      if (carries(params[i]))
        flow(body, site.arguments[i + object], param(value.function, i));
  } else {
    return;
  }
  if (site.result != kNone && carries(function.result()))
    edge(returned(value.function), site.result);
}

void FunctionValues::solve() {
  while (!work_.empty()) {
    NodeId id = work_.back();
    work_.pop_back();
    nodes_[id].queued = false;
    for (size_t i = 0; i < nodes_[id].to.size(); ++i) {
      NodeId to = nodes_[id].to[i];
      for (size_t k = 0; k < nodes_[id].values.size(); ++k)
        add(to, nodes_[id].values[k]);
      if (nodes_[id].open)
        open(to);
      if (nodes_[id].registered)
        registered(to);
    }
    for (size_t i = 0; i < nodes_[id].bindsTo.size(); ++i) {
      NodeId to = nodes_[id].bindsTo[i];
      for (size_t k = 0; k < nodes_[id].values.size(); ++k)
        add(to, {nodes_[id].values[k].function, true});
      if (nodes_[id].open)
        open(to);
    }
    while (nodes_[id].seen < nodes_[id].values.size()) {
      FunctionValue value = nodes_[id].values[nodes_[id].seen++];
      for (size_t i = 0; i < nodes_[id].sites.size(); ++i)
        enter(sites_[nodes_[id].sites[i]], value);
    }
  }
}

} // namespace heddle
