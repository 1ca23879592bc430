#include "program/SelfRegistration.h"
#include "program/BlockGraph.h"
#include "program/BodyAccesses.h"
#include "program/CallGraph.h"
#include "program/Uses.h"

#include "llvm/ADT/STLExtras.h"

namespace heddle {

using namespace facts;

namespace {

class Registrations {
public:
  explicit Registrations(const Program &program) : program_(program), places_(program.places()) {}

  std::vector<SelfRegistration> find() {
    std::vector<SelfRegistration> found;
    for (BodyId id : program_.bodies()) {
      FunctionFlag flags = functionOf(id).flags();
      if (!has(flags, FunctionFlag::Constructor) || has(flags, FunctionFlag::System | FunctionFlag::Implicit))
        continue;
      if (std::optional<SelfRegistration> one = inConstructor(id))
        found.push_back(*one);
    }
    return found;
  }

private:
  const Function &functionOf(BodyId id) const { return program_.facts().functions()[program_.facts().bodies()[id].function()]; }

  std::optional<SelfRegistration> inConstructor(BodyId id) {
    BodyView body = program_.facts().body(id);
    PlaceId self = places_.make(PlaceKind::This, kNone);
    for (EventId event = 0; event < body.events.size(); ++event) {
      SelfRegistration found;
      found.body = id;
      found.handOver = event;
      if (!handsOver(id, event, self, found))
        continue;
      const BlockGraph &graph = program_.graph(id);
      for (EventId write = 0; write < body.events.size(); ++write)
        if (graph.inOrder(event, write))
          // Under a lock, it is made before those who look there under that lock go on.
          if (program_.locks().at(id, write).empty() && setsMember(body, write, self, found))
            return found;
    }
    return std::nullopt;
  }

  /// Whether an event puts `value` where others find it, with a lock held; by itself or in what it calls.
  bool handsOver(BodyId id, EventId event, PlaceId value, SelfRegistration &found) const {
    if (stores(id, event, value, found))
      return true;
    BodyView body = program_.facts().body(id);
    if (body.events[event].kind() != EventKind::Call || body.events[event].callee() == kNone)
      return false;
    auto operands = body.operands(body.events[event]);
    for (size_t i = 0; i < operands.size(); ++i) {
      if (places_.canonical(operands[i]) != value)
        continue;
      PlaceId parameter = program_.places().make(PlaceKind::Param, i);
      for (BodyId callee : program_.bodiesOf(body.events[event].callee()))
        for (EventId inner = 0; inner < program_.facts().body(callee).events.size(); ++inner)
          if (stores(callee, inner, parameter, found))
            return true;
    }
    return false;
  }

  bool stores(BodyId id, EventId event, PlaceId value, SelfRegistration &found) const {
    BodyView body = program_.facts().body(id);
    const Event &row = body.events[event];
    if ((row.kind() != EventKind::Write && row.kind() != EventKind::Call) || row.place() == kNone ||
        program_.locks().at(id, event).empty())
      return false;
    PlaceId where = places_.canonical(row.place());
    auto gives = [&](PlaceId operand) {
      operand = places_.canonical(operand);
      return operand == value || (operand != kNone && places_[operand].kind() == PlaceKind::AddressOf &&
                                  isCopy(body, places_[operand].parent(), value));
    };
    if (!outlivesCall(program_, where) ||
        (places_.rootKind(value) == PlaceKind::This && places_.rootKind(where) == PlaceKind::This) ||
        llvm::none_of(body.operands(row), gives))
      return false;
    if (row.kind() == EventKind::Call) {
      const Function &function = program_.facts().functions()[row.callee() == kNone ? 0 : row.callee()];
      const ClassModel *model = row.callee() == kNone ? nullptr : program_.classModel(function.record());
      if (!model || model->is != "container" || has(function.flags(), FunctionFlag::Const))
        return false;
    }
    found.storer = id;
    found.store = event;
    found.where = where;
    return true;
  }

  /// Whether a parameter or temporary that is passed by reference has the value.
  bool isCopy(const BodyView &body, PlaceId object, PlaceId value) const {
    return object == value || llvm::any_of(body.events, [&](const Event &event) {
             return event.kind() == EventKind::Write && places_.canonical(event.place()) == object && event.operand_count() > 0 &&
                    places_.canonical(body.operands(event)[0]) == value;
           });
  }

  /// Whether an event writes a plain member of the object that others read.
  bool setsMember(const BodyView &body, EventId event, PlaceId self, SelfRegistration &found) {
    for (const PlaceAccess &access : accessesOf(program_, body, event)) {
      PlaceId place = places_.canonical(access.place);
      if (!access.write || access.atomic || access.frees || places_[place].kind() != PlaceKind::Field ||
          places_[places_[place].parent()].kind() != PlaceKind::Deref || places_[places_[place].parent()].parent() != self ||
          places_[place].id() >= program_.facts().fields().size())
        continue;
      const auto &readers = this->readers();
      if (auto reader = readers.find(places_[place].id()); reader != readers.end()) {
        found.write = event;
        found.field = places_[place].id();
        std::tie(found.reader, found.read) = reader->second;
        return true;
      }
    }
    return false;
  }

  /// By field: the first read of it outside of constructors and destructors.
  const std::map<FieldId, std::pair<BodyId, EventId>> &readers() {
    if (!readers_) {
      readers_.emplace();
      for (BodyId id : program_.bodies()) {
        BodyView body = program_.facts().body(id);
        if (has(functionOf(id).flags(), FunctionFlag::Constructor | FunctionFlag::Destructor))
          continue;
        for (EventId event = 0; event < body.events.size(); ++event)
          for (const PlaceAccess &access : accessesOf(program_, body, event))
            if (PlaceId place = places_.canonical(access.place); !access.write && places_[place].kind() == PlaceKind::Field)
              readers_->try_emplace(places_[place].id(), id, event);
      }
    }
    return *readers_;
  }

  const Program &program_;
  Places &places_;
  std::optional<std::map<FieldId, std::pair<BodyId, EventId>>> readers_;
};

} // namespace

std::vector<SelfRegistration> selfRegistrations(const Program &program) { return Registrations(program).find(); }

} // namespace heddle
