#include "program/LockKinds.h"
#include "program/CallGraph.h"
#include "program/Uses.h"

#include "facts/Relations.h"

#include <algorithm>

namespace heddle {

using namespace facts;

namespace {

constexpr llvm::StringRef kFields[] = {"recursive", "shared", "robust", "mutex"}; // the pseudo-fields that last
constexpr unsigned kRecursive = 0, kShared = 1;
constexpr llvm::StringRef kMade[] = {"lock", "semaphore", "condition", "barrier"};
constexpr unsigned kRounds = 4;  // over the blocks of a body
constexpr size_t kSettings = 64; // of a body's summary

bool isLasting(const Operand &operand) {
  return !operand.steps.empty() && operand.steps.back().kind == Operand::Step::Member &&
         llvm::is_contained(kFields, operand.steps.back().name);
}

} // namespace

LockKinds::LockKinds(const Program &program) : program_(program), relevant_(program.facts().bodies().size()) {
  // Twice: what a global attribute object has may be set in a body that comes later.
  for (unsigned pass = 0; pass < 2; ++pass) {
    before_ = std::move(kept_);
    kept_.clear();
    made_.clear();
    elsewhere_.clear();
    summaries_.clear();
    staticValues();
    for (const std::vector<BodyId> &component : program.calls().components())
      for (BodyId body : component)
        if (findRelevant(body))
          walk(body);
  }
}

std::optional<unsigned> LockKinds::fieldOf(PlaceId place) const {
  const Place &row = program_.places()[place];
  if (row.kind() != PlaceKind::Field)
    return std::nullopt;
  auto found = llvm::find(kFields, program_.places().pseudoField(row.id()));
  return found == std::end(kFields) ? std::nullopt : std::optional<unsigned>(found - std::begin(kFields));
}

/// The name that every function has for the object; elements of an array are one.
std::optional<LockKinds::Key> LockKinds::keyOf(PlaceId object) const {
  const Places &places = program_.places();
  auto strip = [&](PlaceId id) {
    while (id != kNone && places[id].kind() == PlaceKind::Element)
      id = places[id].parent();
    return id;
  };
  object = strip(object);
  if (object == kNone)
    return std::nullopt;
  bool target = places[object].kind() == PlaceKind::Deref;
  if (target)
    object = strip(places[object].parent());
  if (object == kNone)
    return std::nullopt;
  switch (places[object].kind()) {
  case PlaceKind::Global:
    return Key{target ? Name::VariableTarget : Name::Variable, places[object].id()};
  case PlaceKind::Field:
    return Key{target ? Name::FieldTarget : Name::Field, places[object].id()};
  default:
    return std::nullopt;
  }
}

void LockKinds::keep(Key key, unsigned field, PlaceId value) {
  std::optional<int64_t> number = value == kNone ? std::nullopt : program_.places().asConstant(value);
  auto [it, fresh] = kept_.try_emplace({key, field}, number);
  if (!fresh && it->second != number)
    it->second.reset();
}

/// The class of a variable, or of a field or element of one.
static RecordId recordOfPart(const Program &program, PlaceId id) {
  const Facts &f = program.facts();
  const Places &places = program.places();
  while (places[id].kind() == PlaceKind::Element)
    id = places[id].parent();
  const Place &part = places[id];
  if (part.kind() == PlaceKind::Global)
    return program.recordOf(f.variables()[part.id()].type());
  bool field = part.kind() == PlaceKind::Field && part.id() < f.fields().size();
  return field ? program.recordOf(f.fields()[part.id()].type()) : kNone;
}

// ---- what static initial values say ------------------------------------------------------------------------------------------

void LockKinds::staticValues() {
  Places &places = program_.places();
  const Facts &f = program_.facts();
  for (const Initial &row : f.initials()) {
    std::optional<int64_t> number = places.asConstant(places.canonical(row.value()));
    if (!number)
      continue;
    // Outward from the part: the lock is the object whose class tells its kind by the members between.
    std::vector<llvm::StringRef> members;
    for (PlaceId id = places.canonical(row.part()); id != kNone; id = places[id].parent()) {
      const ClassModel *model = program_.classModel(recordOfPart(program_, id));
      if (model && model->recursiveWhen) {
        const Test &test = *model->recursiveWhen;
        bool same = llvm::equal(llvm::reverse(members), test.value.steps,
                                [](llvm::StringRef name, const Operand::Step &step) { return name == step.name; });
        std::optional<Key> key = same ? keyOf(id) : std::nullopt;
        if (key)
          keep(*key, kRecursive, places.constant(facts::holds(*number & test.mask, test.relation, test.constant)));
      }
      if (places[id].kind() != PlaceKind::Field || places[id].id() >= f.fields().size())
        break;
      members.push_back(f.string(f.fields()[places[id].id()].name()));
    }
  }
}

// ---- what calls say ----------------------------------------------------------------------------------------------------------

bool LockKinds::initialises(FunctionId function) const {
  const FunctionModel *model = program_.model(function);
  return model && llvm::any_of(model->ops, [](const Op &op) { return op.verb == Verb::Set && isLasting(op.operands[0]); });
}

bool LockKinds::findRelevant(BodyId id) {
  BodyView body = program_.facts().body(id);
  for (const Event &event : body.events) {
    if (relevant_[id])
      break;
    FunctionId callee = event.callee();
    relevant_[id] = callee != kNone && (initialises(callee) || llvm::any_of(program_.bodiesOf(callee),
                                                                            [&](BodyId b) { return summaries_.count(b) != 0; }));
  }
  return relevant_[id];
}

void LockKinds::walk(BodyId id) {
  BodyView body = program_.facts().body(id);
  std::vector<std::optional<State>> in(body.blocks.size());
  if (in.empty())
    return;
  in[0].emplace();
  bool changed = true;
  for (unsigned round = 0; round < kRounds && changed; ++round) {
    changed = false;
    sites_.clear();
    for (BlockId block = 0; block < in.size(); ++block) {
      if (!in[block])
        continue;
      State state = *in[block];
      through(body, block, state);
      for (const Edge &edge : body.edgesOf(body.blocks[block])) {
        std::optional<State> &next = in[edge.to()];
        State joined = state;
        if (next) { // what only one of two ways says isn't known
          for (auto &[place, value] : joined)
            if (auto other = next->find(place); other == next->end() || other->second != value)
              value = kNone;
          for (auto &[place, value] : *next)
            joined.try_emplace(place, kNone);
        }
        changed = changed || !next || joined != *next;
        next = std::move(joined);
      }
    }
  }
  for (const Site &site : sites_)
    if (!overwritten(body, site))
      set(body, site.event, site.setting);
}

/// Whether each way from `site` on may set the same field again: an attribute object is given its defaults first.
bool LockKinds::overwritten(const BodyView &body, const Site &site) const {
  std::vector<bool> seen(body.blocks.size());
  std::vector<BlockId> todo{site.block};
  for (size_t i = 0; i < todo.size(); ++i)
    for (const Edge &edge : body.edgesOf(body.blocks[todo[i]]))
      if (!seen[edge.to()]) {
        seen[edge.to()] = true;
        todo.push_back(edge.to());
      }
  return llvm::any_of(sites_, [&](const Site &other) {
    bool same = other.setting.object == site.setting.object && other.setting.field == site.setting.field;
    bool later = other.block == site.block ? other.event > site.event : seen[other.block];
    return same && later && !seen[site.block];
  });
}

void LockKinds::through(const BodyView &body, BlockId block, State &state) {
  block_ = block;
  const Block &row = body.blocks[block];
  for (uint32_t i = 0; i < row.event_count(); ++i)
    step(body, row.events() + i, state);
}

void LockKinds::note(EventId event, State &state, const Setting &setting) {
  state[{setting.object, setting.field}] = setting.value;
  sites_.push_back({block_, event, setting});
}

void LockKinds::step(const BodyView &body, EventId event, State &state) {
  FunctionId callee = body.events[event].callee();
  if (callee == kNone)
    return;
  if (initialises(callee)) {
    for (const Op &op : program_.ops(*program_.model(callee), body, event))
      if (op.verb == Verb::Set && isLasting(op.operands[0]))
        apply(body, event, op, state);
    return;
  }
  if (program_.bodiesOf(callee).empty() && !program_.model(callee))
    escape(body, event, state);
  for (BodyId id : program_.bodiesOf(callee)) {
    auto summary = summaries_.find(id);
    if (summary == summaries_.end())
      continue;
    for (const Invocation &invocation : program_.calls().invocations(body, event)) {
      if (invocation.function != callee)
        continue;
      for (const Setting &setting : summary->second) {
        PlaceId object = program_.translate(setting.object, invocation, body, event);
        PlaceId value = setting.value == kNone ? kNone : program_.translate(setting.value, invocation, body, event);
        if (object != kNone)
          note(event, state, {object, value, setting.field});
      }
    }
  }
}

/// A function that isn't seen may fill in the attribute objects that it is given.
void LockKinds::escape(const BodyView &body, EventId event, State &state) const {
  const Places &places = program_.places();
  for (PlaceId operand : body.operands(body.events[event]))
    if (operand = places.canonical(operand); operand != kNone && places[operand].kind() == PlaceKind::AddressOf)
      for (auto &[place, value] : state)
        if (place.first == places[operand].parent())
          value = kNone;
}

void LockKinds::apply(const BodyView &body, EventId event, const Op &op, State &state) {
  PlaceId field = program_.value(op.operands[0], body, event);
  if (field == kNone)
    return;
  std::optional<bool> applies = op.before ? holdsBefore(op, body, event) : std::optional(true);
  if (applies && !*applies)
    return;
  PlaceId value = applies ? valueOf(op.operands[1], body, event, state) : kNone;
  note(event, state, {program_.places()[field].parent(), value, *fieldOf(field)});
}

/// What the right side of a `set` is: a constant, what an attribute object has, or a place that the caller can name.
PlaceId LockKinds::valueOf(const Operand &operand, const BodyView &body, EventId event, const State &state) const {
  Places &places = program_.places();
  PlaceId value = program_.value(operand, body, event);
  if (value == kNone || !isLasting(operand))
    return value;
  PlaceId object = places[value].parent();
  unsigned field = *fieldOf(value);
  if (auto known = state.find({object, field}); known != state.end())
    return known->second;
  std::optional<Key> key = keyOf(object);
  if (auto known = key ? before_.find({*key, field}) : before_.end(); known != before_.end())
    return known->second ? places.constant(*known->second) : kNone;
  PlaceKind root = places.rootKind(object);
  if (root == PlaceKind::Local || root == PlaceKind::Global)
    return places.constant(0); // nothing set it
  return value;
}

/// Whether the op's test holds; a pointer to an object isn't null.
std::optional<bool> LockKinds::holdsBefore(const Op &op, const BodyView &body, EventId event) const {
  const Places &places = program_.places();
  PlaceId value = program_.value(op.before->value, body, event);
  if (value == kNone)
    return std::nullopt;
  if (std::optional<int64_t> number = places.asConstant(value))
    return facts::holds(*number & op.before->mask, op.before->relation, op.before->constant);
  bool null = op.before->constant == 0 && op.before->mask == -1;
  if (places[value].kind() == PlaceKind::AddressOf && null)
    return op.before->relation == Relation::Ne;
  return std::nullopt;
}

void LockKinds::set(const BodyView &body, EventId event, const Setting &setting) {
  Places &places = program_.places();
  std::optional<Key> key = keyOf(setting.object);
  // What is made in one function is known by the place that it is stored in.
  const Place &object = places[setting.object];
  if (!key && object.kind() == PlaceKind::Deref && places[object.parent()].kind() == PlaceKind::Result)
    for (const Event &event : body.events)
      if (event.kind() == EventKind::Write && event.operand_count() > 0 &&
          places.canonical(body.operands(event)[0]) == object.parent())
        key = keyOf(places.deref(places.canonical(event.place())));
  PlaceKind root = places.rootKind(setting.object);
  bool handedOn = !key && (root == PlaceKind::Param || root == PlaceKind::This); // callers know which it is
  auto isMade = [&](llvm::StringRef kind) { return kindAt(program_, body, setting.object, kind) != nullptr; };
  if (setting.field == kShared && !handedOn && llvm::any_of(kMade, isMade)) {
    std::optional<int64_t> value = setting.value == kNone ? std::nullopt : places.asConstant(setting.value);
    made_[{body.id, event}].push_back({setting.object, value ? std::optional(*value != 0) : std::nullopt});
  }
  if (key) {
    keep(*key, setting.field, setting.value);
  } else if (handedOn) {
    std::set<Setting> &summary = summaries_[body.id];
    if (summary.size() < kSettings)
      summary.insert(setting);
    else
      ++program_.cut().paths;
  } else if (root != PlaceKind::Local && places.asConstant(setting.value == kNone ? 0 : setting.value) != 0) {
    elsewhere_.insert(setting.field);
  }
}

// ---- questions ---------------------------------------------------------------------------------------------------------------

/// Nothing: no initialisation was seen. Something that isn't known: several, or of an unknown kind.
std::optional<std::optional<int64_t>> LockKinds::kept(PlaceId object, unsigned field) const {
  std::optional<Key> key = keyOf(object);
  auto found = key ? kept_.find({*key, field}) : kept_.end();
  if (found == kept_.end())
    return std::nullopt;
  return std::optional<std::optional<int64_t>>(std::in_place, found->second);
}

std::optional<bool> LockKinds::recursive(PlaceId lock, BodyId body) const {
  if (std::optional<std::optional<int64_t>> known = kept(lock, kRecursive))
    return *known ? std::optional(**known == 1) : std::nullopt;
  const ClassModel *model = program_.classModel(program_.recordAt(lock, program_.facts().body(body)));
  if (!model || model->is != "lock")
    return std::nullopt;
  // A lock that has no name of its own here may be any that was made recursive.
  auto isRecursive = [](const auto &row) { return row.first.second == kRecursive && row.second.value_or(1) == 1; };
  if (!model->recursive && (elsewhere_.count(kRecursive) || (!keyOf(lock) && llvm::any_of(kept_, isRecursive))))
    return std::nullopt;
  return model->recursive;
}

std::optional<bool> LockKinds::processShared(PlaceId lock) const {
  std::optional<std::optional<int64_t>> known = kept(lock, kShared);
  return known && *known ? std::optional(**known != 0) : std::nullopt;
}

std::vector<LockKinds::Made> LockKinds::madeAt(BodyId body, EventId event) const {
  auto found = made_.find({body, event});
  return found == made_.end() ? std::vector<Made>() : found->second;
}

std::optional<int64_t> LockKinds::lasting(PlaceId place) const {
  std::optional<unsigned> field = place == kNone ? std::nullopt : fieldOf(place);
  if (!field)
    return std::nullopt;
  std::optional<std::optional<int64_t>> known = kept(program_.places()[place].parent(), *field);
  return known && *known ? **known : 0;
}

} // namespace heddle
