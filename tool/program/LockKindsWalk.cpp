// What calls say of kinds of locks: a walk over each body that makes or sets one, with callees' summaries (LockKinds.h).
#include "facts/Relations.h"
#include "program/CallGraph.h"
#include "program/LockKinds.h"
#include "program/Uses.h"

#include <algorithm>

namespace heddle {

using namespace facts;

namespace {
constexpr llvm::StringRef kMade[] = {"lock", "semaphore", "condition", "barrier"};
constexpr unsigned kRounds = 4;  // over the blocks of a body
constexpr size_t kSettings = 64; // of a body's summary
} // namespace

bool LockKinds::isLasting(const Operand &operand) {
  return !operand.steps.empty() && operand.steps.back().kind == Operand::Step::Member &&
         llvm::is_contained(kLasting, operand.steps.back().name);
}

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

/// Whether an object is a variable or a part of one, not what a pointer in it points at.
bool LockKinds::isVariable(PlaceId object) const {
  const Places &places = program_.places();
  while (places[object].kind() == PlaceKind::Field || places[object].kind() == PlaceKind::Element)
    object = places[object].parent();
  return places[object].kind() == PlaceKind::Local;
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
  } else if (root == PlaceKind::Local && isVariable(setting.object)) {
    std::optional<int64_t> number = setting.value == kNone ? std::nullopt : places.asConstant(setting.value);
    auto [it, fresh] = locals_.try_emplace({body.id, setting.object, setting.field}, number);
    if (!fresh && it->second != number)
      it->second.reset();
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

} // namespace heddle
