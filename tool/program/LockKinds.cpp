#include "program/LockKinds.h"
#include "program/CallGraph.h"
#include "program/Uses.h"

#include "facts/Relations.h"

#include <algorithm>

namespace heddle {

using namespace facts;

namespace {} // namespace

LockKinds::LockKinds(const Program &program) : program_(program), relevant_(program.facts().bodies().size()) {
  // Twice: what a global attribute object has may be set in a body that comes later.
  for (unsigned pass = 0; pass < 2; ++pass) {
    before_ = std::move(kept_);
    kept_.clear();
    made_.clear();
    elsewhere_.clear();
    locals_.clear();
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
  auto found = llvm::find(kLasting, program_.places().pseudoField(row.id()));
  return found == std::end(kLasting) ? std::nullopt : std::optional<unsigned>(found - std::begin(kLasting));
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
  if (auto own = locals_.find({body, lock, kRecursive}); own != locals_.end())
    return own->second ? std::optional(*own->second == 1) : std::nullopt;
  const ClassModel *model = program_.classModel(program_.recordAt(lock, program_.facts().body(body)));
  if (!model || model->is != "lock")
    return std::nullopt;
  // A lock that has no name of its own here may be any that was made recursive.
  auto isRecursive = [](const auto &row) { return row.first.second == kRecursive && row.second.value_or(1) == 1; };
  auto isOwnRecursive = [](const auto &row) { return std::get<2>(row.first) == kRecursive && row.second.value_or(1) == 1; };
  PlaceKind root = program_.places().rootKind(lock);
  if (!model->recursive && (elsewhere_.count(kRecursive) || (!keyOf(lock) && llvm::any_of(kept_, isRecursive)) ||
                            (!keyOf(lock) && root != PlaceKind::Local && llvm::any_of(locals_, isOwnRecursive))))
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
