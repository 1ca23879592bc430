// Locks that are copied: the copy is no lock, whatever state it was copied in. Which locks an object holds is
// program/LockMembers.h's.
#include "checks/Check.h"
#include "program/BlockGraph.h"
#include "program/CallGraph.h"
#include "program/GuardMaking.h"
#include "program/LockMembers.h"
#include "program/LockOrder.h"
#include "program/Story.h"
#include "program/Uses.h"

#include <set>

namespace heddle {
namespace {

using namespace facts;

/// One object's bytes over another's, with the locks in it.
struct Copy {
  EventId event = kNone;
  PlaceId to = kNone, from = kNone;
  RecordId type = kNone;
};

class CopiedLocks {
public:
  CopiedLocks(const Program &program, Sink &sink)
      : program_(program), places_(program.places()), members_(program), sink_(sink) {}

  void run() {
    findMade();
    for (BodyId id : program_.bodies()) {
      BodyView body = program_.facts().body(id);
      byValue(body);
      for (const Copy &copy : copiesIn(body))
        weigh(body, copy);
    }
  }

private:
  std::string text(const BodyView &body, PlaceId place) const { return "'" + places_.text(place, &body) + "'"; }

  /// Members that some call in a body may make a lock of anew, and variables with a lock that somebody takes.
  void findMade() {
    for (BodyId id : program_.bodies()) {
      BodyView body = program_.facts().body(id);
      for (EventId event = 0; event < body.events.size(); ++event)
        for (PlaceId lock : handled(body, event))
          if (places_[lock].kind() == PlaceKind::Field)
            madeIn_.insert({id, places_[lock].id()});
      for (EventId event = 0; event < body.events.size(); ++event)
        for (PlaceId lock : locksOf(program_, body, event, Verb::Acquire))
          if (PlaceId root = places_.root(lock); places_[root].kind() == PlaceKind::Global)
            used_.insert(places_[root].id());
    }
  }

  /// Locks whose address a call gets that neither takes nor releases them: it may make them anew.
  std::vector<PlaceId> handled(const BodyView &body, EventId id) const {
    std::vector<PlaceId> result;
    const Event &event = body.events[id];
    if (event.kind() != EventKind::Call || !locksOf(program_, body, id, Verb::Acquire).empty() ||
        !locksOf(program_, body, id, Verb::Release).empty())
      return result;
    for (PlaceId operand : body.operands(event))
      if (operand = places_.canonical(operand); operand != kNone && places_[operand].kind() == PlaceKind::AddressOf)
        if (PlaceId object = places_[operand].parent();
            kindAt(program_, body, object, "lock") || kindAt(program_, body, object, "semaphore"))
          result.push_back(object);
    return result;
  }

  std::vector<Copy> copiesIn(const BodyView &body) const {
    std::vector<Copy> copies;
    auto add = [&](EventId event, PlaceId to, PlaceId from) {
      if (to == kNone || from == kNone || to == from)
        return;
      RecordId type = classAt(program_, body, to);
      PlaceKind root = places_.rootKind(from);
      bool stored = root == PlaceKind::Local || root == PlaceKind::Global || root == PlaceKind::Param || root == PlaceKind::This;
      if (stored && type != kNone && type == classAt(program_, body, from))
        copies.push_back({event, to, from, type});
    };
    for (EventId id = 0; id < body.events.size(); ++id) {
      const Event &event = body.events[id];
      if (event.kind() == EventKind::Write && event.operand_count() > 0)
        add(id, places_.canonical(event.place()), places_.canonical(body.operands(event)[0]));
      bool byCompiler =
          event.callee() != kNone &&
          has(program_.facts().functions()[event.callee()].flags(), FunctionFlag::Implicit | FunctionFlag::Defaulted) &&
          has(program_.facts().functions()[event.callee()].flags(),
              FunctionFlag::CopyConstructor | FunctionFlag::MoveConstructor | FunctionFlag::AssignmentOperator);
      if (byCompiler && event.operand_count() > 0)
        add(id, places_.canonical(event.place()), places_.deref(places_.canonical(body.operands(event)[0])));
      if (event.kind() != EventKind::Call)
        continue;
      std::vector<PlaceId> copied = locksOf(program_, body, id, Verb::Copy);
      if (copied.size() == 2 && wholeObjects(body, event, copied[0]))
        add(id, copied[0], copied[1]);
    }
    return copies;
  }

  /// Whether the call is told to copy all of the object, as far as its members say how much that is.
  bool wholeObjects(const BodyView &body, const Event &event, PlaceId object) const {
    uint64_t bytes = members_.bytesOf(typeAt(program_, body, object));
    return llvm::any_of(body.operands(event), [&](PlaceId operand) {
      std::optional<int64_t> count = operand == kNone ? std::nullopt : places_.asConstant(places_.canonical(operand));
      return count && *count > 0 && static_cast<uint64_t>(*count) >= bytes;
    });
  }

  void weigh(const BodyView &body, const Copy &copy) {
    BlockGraph graph(body);
    for (llvm::StringRef kind : {"lock", "semaphore"})
      if (weigh(body, copy, graph, kind))
        return;
  }

  bool weigh(const BodyView &body, const Copy &copy, const BlockGraph &graph, llvm::StringRef kind) {
    std::vector<PlaceId> to = members_.in(copy.to, copy.type, kind), from = members_.in(copy.from, copy.type, kind);
    for (size_t i = 0; i < to.size() && i < from.size(); ++i) {
      bool anew = false;
      EventId taken = kNone;
      for (EventId id = 0; id < body.events.size() && !anew; ++id) {
        if (id == copy.event || !graph.reaches(copy.event, id))
          continue;
        anew = madeAnew(body, id, to[i], copy);
        if (taken == kNone && llvm::is_contained(locksOf(program_, body, id, Verb::Acquire), to[i]))
          taken = id;
      }
      if (anew)
        continue;
      if (taken != kNone && !isTemplate(body, copy, graph, from[i]))
        return report(body, copy, to[i], from[i], "and the copy is taken", taken, "takes " + text(body, to[i]));
      if (!outlivesCall(program_, copy.to) || madeByCallers(body, to[i]))
        continue;
      // What others can get at has a lock that looks held, or lost the state of its own.
      if (const Held *held = kind == "lock" ? heldAt(body, copy.event, from[i]) : nullptr)
        return report(body, copy, to[i], from[i], "while it is held", program_.locks().acquisition(held->acquisition).event,
                      "locks " + text(body, from[i]));
      if (EventId earlier = takenBefore(body, copy, graph, to[i]); earlier != kNone)
        return report(body, copy, to[i], from[i], "over a lock in use", earlier, "uses " + text(body, to[i]));
    }
    return false;
  }

  /// Whether nobody takes the lock that is copied: then the object is there to make others from, before it is in use.
  bool isTemplate(const BodyView &body, const Copy &copy, const BlockGraph &graph, PlaceId from) const {
    const Place &root = places_[places_.root(from)];
    if (root.kind() == PlaceKind::Global)
      return !used_.count(root.id());
    return root.kind() == PlaceKind::Local && !throughPointer(from) && takenBefore(body, copy, graph, from) == kNone;
  }

  bool throughPointer(PlaceId place) const {
    for (; place != kNone; place = places_[place].parent())
      if (places_[place].kind() == PlaceKind::Deref)
        return true;
    return false;
  }

  const Held *heldAt(const BodyView &body, EventId event, PlaceId lock) const {
    for (const Held &held : program_.locks().at(body.id, event))
      if (held.lock == lock && !held.maybe && program_.locks().acquisition(held.acquisition).body == body.id)
        return &held;
    return nullptr;
  }

  bool madeByCallers(const BodyView &body, PlaceId lock) const {
    return places_[lock].kind() == PlaceKind::Field && llvm::any_of(program_.calls().callers(body.id), [&](auto &caller) {
             return madeIn_.count({caller.body, places_[lock].id()});
           });
  }

  /// Whether an event may make a lock of what was copied.
  bool madeAnew(const BodyView &body, EventId id, PlaceId lock, const Copy &copy) const {
    const Event &event = body.events[id];
    if (event.kind() == EventKind::Write && places_.within(places_.canonical(event.place()), lock))
      return true;
    if (llvm::is_contained(handled(body, id), lock))
      return true;
    // A function that is given the whole object may do so.
    return event.kind() == EventKind::Call && llvm::any_of(body.operands(event), [&](PlaceId operand) {
             operand = places_.canonical(operand);
             bool whole = operand != kNone && (operand == places_.addressOf(copy.to) || places_.deref(operand) == copy.to);
             return whole && !program_.model(event.callee() == kNone ? 0 : event.callee());
           });
  }

  /// Where the same function takes or releases a lock before it is copied over; kNone if it doesn't.
  EventId takenBefore(const BodyView &body, const Copy &copy, const BlockGraph &graph, PlaceId lock) const {
    for (EventId id = 0; id < body.events.size(); ++id)
      if (id != copy.event && graph.reaches(id, copy.event))
        for (Verb verb : {Verb::Acquire, Verb::Release})
          if (llvm::is_contained(locksOf(program_, body, id, verb), lock))
            return id;
    return kNone;
  }

  bool report(const BodyView &body, const Copy &copy, PlaceId to, PlaceId from, llvm::StringRef why, EventId second,
              const std::string &what) {
    Step copied = stepAt(program_, body.id, copy.event, "copy", "copies " + text(body, from) + " to " + text(body, to));
    Step other = stepAt(program_, body.id, second, "use", what);
    copied.own = other.own = true;
    Finding finding;
    finding.check = "copied-lock";
    finding.severity = Severity::Error;
    std::string kind = kindAt(program_, body, to, "semaphore") ? "semaphore" : "lock";
    finding.message = "the " + kind + " " + text(body, from) + " is copied to " + text(body, to) + ", " + why.str() +
                      "; a copy of a " + kind + " is no " + kind;
    finding.place = copied.place;
    finding.function = copied.function;
    finding.entities = {nameOf(body, from), nameOf(body, to)};
    std::vector<Step> steps{std::move(copied), std::move(other)};
    if (second < copy.event)
      std::swap(steps[0], steps[1]);
    finding.lanes.push_back({"this thread", std::move(steps)});
    sink_.report(std::move(finding));
    return true;
  }

  /// A local lock belongs to its function, any other to its class or variable.
  std::string nameOf(const BodyView &body, PlaceId lock) const {
    PlaceKind root = places_.rootKind(lock);
    if (!throughPointer(lock) && (root == PlaceKind::Local || root == PlaceKind::Param))
      return program_.nameOf(body.function()).str() + "::" + places_.text(lock, &body);
    return program_.lockOrder().name(program_.lockOrder().node(lock, body.id));
  }

  /// A parameter that is an object with a lock, taken here: every call takes a lock of its own.
  void byValue(const BodyView &body) {
    for (EventId id = 0; id < body.events.size(); ++id)
      for (PlaceId lock : locksOf(program_, body, id, Verb::Acquire)) {
        PlaceId root = places_.root(lock);
        bool inside = places_[root].kind() == PlaceKind::Param;
        for (PlaceId step = lock; inside && step != root; step = places_[step].parent())
          inside = places_[step].kind() == PlaceKind::Field;
        TypeId type = inside ? parameterType(body, places_[root].id()) : kNone;
        if (classOf(program_, type) == kNone ||
            (!kindAt(program_, body, lock, "lock") && !kindAt(program_, body, lock, "semaphore")))
          continue;
        Finding finding;
        finding.check = "copied-lock";
        finding.severity = Severity::Error;
        finding.message = "the lock " + text(body, lock) + " is a copy that each call of '" +
                          program_.nameOf(body.function()).str() + "' gets of its own, so that it keeps no other thread out";
        Step taken = stepAt(program_, body.id, id, "acquire", "locks " + text(body, lock));
        taken.own = true;
        finding.place = taken.place;
        finding.function = taken.function;
        finding.entities = {nameOf(body, lock)};
        Step copied{rangeOf(program_.facts(), body), taken.function, text(body, root) + " is passed by value", "copy"};
        finding.lanes.push_back({"each thread", {std::move(copied), std::move(taken)}});
        sink_.report(std::move(finding));
        return;
      }
  }

  TypeId parameterType(const BodyView &body, uint32_t index) const {
    auto types = program_.facts().params(program_.facts().functions()[body.function()]);
    return index < types.size() ? types[index] : kNone;
  }

  const Program &program_;
  Places &places_;
  LockMembers members_;
  Sink &sink_;
  std::set<std::pair<BodyId, FieldId>> madeIn_;
  std::set<VariableId> used_;
};

void run(const Program &program, Sink &sink) { CopiedLocks(program, sink).run(); }

} // namespace

extern const Check copiedLock{"copied-lock",   "lock",      "locks that are copied with the object that holds them",
                              Severity::Error, World::Open, run};

} // namespace heddle
