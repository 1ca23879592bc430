// Locks and conditions that end too early: held, or in use by a thread that isn't joined. What runs when is program/Phases.h's;
// which objects are one is program/Sharing.h's.
#include "checks/Check.h"
#include "program/GuardMaking.h"
#include "program/Handshakes.h"
#include "program/LockLifetimes.h"
#include "program/LockMembers.h"
#include "program/LockOrder.h"
#include "program/Sharing.h"
#include "program/Story.h"
#include "program/Uses.h"

#include <map>

namespace heddle {
namespace {

using namespace facts;

/// An object that may not be used from an event on.
struct End {
  EventId event = kNone;
  PlaceId object = kNone;
};

/// Whether the op's test is that the pointer to its object isn't null.
bool asksForObject(const Op &op) {
  const Operand &asked = op.before->value, &object = op.operands[0];
  return op.before->relation == Relation::Ne && op.before->constant == 0 && asked.root == object.root &&
         asked.number == object.number && asked.steps.size() + 1 == object.steps.size() &&
         std::equal(asked.steps.begin(), asked.steps.end(), object.steps.begin(),
                    [](const Operand::Step &a, const Operand::Step &b) { return a.kind == b.kind && a.name == b.name; });
}

/// What an event ends: an object that is destroyed, or what a model says is over.
std::vector<End> endsAt(const Program &program, const BodyView &body, EventId id) {
  std::vector<End> ends;
  const Event &event = body.events[id];
  if (event.kind() == EventKind::Destroy && !has(event.flags(), EventFlag::Temporary | EventFlag::Array | EventFlag::Base)) {
    if (event.place() != kNone)
      ends.push_back({id, program.places().canonical(event.place())});
    return ends;
  }
  const FunctionModel *model = event.callee() == kNone ? nullptr : program.model(event.callee());
  if (!model || event.kind() != EventKind::Call)
    return ends;
  for (const Op &op : program.ops(*model, body, id)) {
    if (op.verb != Verb::End && op.verb != Verb::Destroy)
      continue;
    // A condition that isn't "there is one at all" (that this is the last owner, say) may not hold.
    if (op.before && !asksForObject(op))
      continue;
    if (PlaceId object = program.value(op.operands[0], body, id); object != kNone)
      ends.push_back({id, object});
  }
  return ends;
}

class EarlyEnds {
public:
  EarlyEnds(const Program &program, Sink &sink)
      : program_(program), places_(program.places()), members_(program), handshakes_(program, program.entries().frames()),
        sink_(sink) {}

  void run() {
    LockLifetimes lifetimes(program_);
    for (BodyId id : program_.bodies()) {
      BodyView body = program_.facts().body(id);
      for (const LockAfterEnd &use : lifetimes.usesAfterEnd(id))
        afterEnd(body, use);
      for (EventId event = 0; event < body.events.size(); ++event)
        for (const End &end : endsAt(program_, body, event))
          held(body, end);
    }
    if (!program_.entries().all().empty())
      byThreads();
  }

private:
  std::string text(const BodyView &body, PlaceId place) const { return "'" + places_.text(place, &body) + "'"; }

  Finding findingFor(const BodyView &body, PlaceId lock, std::string message) const {
    Finding finding;
    finding.check = "lock-destroyed";
    finding.severity = Severity::Error;
    finding.message = std::move(message);
    finding.entities = {program_.lockOrder().name(program_.lockOrder().node(lock, body.id))};
    return finding;
  }

  /// Destroyed by the thread that holds it.
  void held(const BodyView &body, const End &end) {
    for (const Held &held : program_.locks().at(body.id, end.event)) {
      if (held.maybe || !places_.contains(end.object, held.lock) || kindAt(program_, body, held.lock, "semaphore"))
        continue;
      PlaceId lock = program_.locks().lockObject(held.lock);
      Finding finding = findingFor(body, lock, "the lock " + text(body, lock) + " is destroyed while it is held");
      std::vector<Step> steps = acquisitionSteps(program_, held.acquisition, "locks");
      Step last = stepAt(program_, body.id, end.event, "destroy", "destroys " + text(body, end.object));
      last.own = true;
      finding.place = last.place;
      finding.function = last.function;
      steps.push_back(std::move(last));
      finding.lanes.push_back({"this thread", std::move(steps)});
      sink_.report(std::move(finding));
      return;
    }
  }

  /// Used by the thread that has destroyed it.
  void afterEnd(const BodyView &body, const LockAfterEnd &use) {
    std::string name = text(body, use.lock);
    Finding finding = findingFor(
        body, use.lock, name + (use.again ? " is destroyed here a second time" : " is locked here after it was destroyed"));
    Step first = stepAt(program_, body.id, use.end, "destroy", "destroys " + name);
    Step second = stepAt(program_, body.id, use.use, use.again ? "destroy" : "lock", (use.again ? "destroys " : "locks ") + name);
    first.own = second.own = true;
    finding.place = second.place;
    finding.function = second.function;
    finding.lanes.push_back({"this thread", {std::move(first), std::move(second)}});
    sink_.report(std::move(finding));
  }

  // ---- threads ---------------------------------------------------------------------------------------------------------------

  struct Use {
    Point point;
    bool waits; // on a condition
  };

  /// Locks that are taken and conditions that are waited for, by object.
  void findUses() {
    Frames &frames = program_.entries().frames();
    for (FrameId frame : frames.reached()) {
      BodyView body = frames.body(frame);
      for (EventId event = 0; event < body.events.size(); ++event)
        for (Verb verb : {Verb::Acquire, Verb::Await})
          for (PlaceId lock : locksOf(program_, body, event, verb)) {
            ObjectSet objects = frames.storage(frame, lock);
            if (objects.size() == 1)
              uses_[objects.front()].push_back({{frame, event}, verb == Verb::Await});
          }
    }
  }

  void byThreads() {
    findUses();
    Frames &frames = program_.entries().frames();
    for (FrameId frame : frames.reached()) {
      BodyView body = frames.body(frame);
      for (EventId event = 0; event < body.events.size(); ++event)
        for (const End &end : endsAt(program_, body, event))
          used(frame, body, end);
      detached(frame, body);
      beforeJoin(frame, body);
    }
  }

  /// The use of a lock by a thread that was started, not joined, and not known to be done with it; null if there is none.
  const Use *usedBy(ObjectId lock, Point end, const EntrySet &running) const {
    auto found = uses_.find(lock);
    if (found == uses_.end())
      return nullptr;
    for (const Use &use : found->second)
      for (EntryId entry : running)
        if (program_.entries().descends(program_.entries().frames()[use.point.frame].entry, entry) &&
            program_.sharing().lastToArrive().orders(use.point, end) == kNone)
          return &use;
    return nullptr;
  }

  void used(FrameId frame, const BodyView &body, const End &end) {
    EntrySet running = program_.sharing().phases().running({frame, end.event});
    if (running.empty())
      return;
    // What an object's own destructor joins, it joins after this; and its members end in there, each at its own event.
    RecordId record = classAt(program_, body, end.object);
    if (endsItself(record))
      return;
    for (llvm::StringRef kind : {"lock", "condition"})
      for (PlaceId lock : members_.in(end.object, record, kind)) {
        bool inside = false; // of a member that ends itself
        for (PlaceId at = places_[lock].parent(); at != kNone && at != end.object; at = places_[at].parent())
          inside = inside || endsItself(classAt(program_, body, at));
        if (inside)
          continue;
        EntrySet left = joinsBehind(end.object, record, lock) ? without(running, joinedAt(frame, end.event)) : running;
        if (!left.empty() && report(frame, body, end.event, lock, left, "destroyed"))
          return;
      }
  }

  /// Whether a class has a destructor of its own, in whose body its members end.
  bool endsItself(RecordId record) const {
    FunctionId destructor = record == kNone ? kNone : program_.facts().records()[record].destructor();
    return destructor != kNone && !program_.bodiesOf(destructor).empty();
  }

  /// Whether a member that is declared behind the one with the lock, and so destroyed before it, may join threads.
  bool joinsBehind(PlaceId object, RecordId record, PlaceId lock) const {
    PlaceId member = lock;
    while (member != kNone && places_[member].parent() != object)
      member = places_[member].parent();
    if (record == kNone || member == kNone || places_[member].kind() != PlaceKind::Field)
      return false;
    uint32_t index = program_.facts().fields()[places_[member].id()].index();
    return llvm::any_of(program_.fieldsOf(record), [&](FieldId id) {
      const Field &field = program_.facts().fields()[id];
      RecordId type = classOf(program_, field.type());
      if (field.index() <= index || type == kNone)
        return false;
      const ClassModel *model = program_.classModel(type);
      bool holds = !members_.in(places_.member(object, id), type, "thread").empty();
      if (model && (model->is == "container" || model->is == "pointer"))
        for (TypeId argument : program_.facts().args(program_.facts().records()[type]))
          if (RecordId held = classOf(program_, argument); held != kNone)
            holds = holds || !members_.in(places_.member(object, id), held, "thread").empty();
      return holds;
    });
  }

  /// What an event's destructors join.
  EntrySet joinedAt(FrameId frame, EventId event) const {
    const Phases &phases = program_.sharing().phases();
    return without(phases.running({frame, event}), phases.runningAfter({frame, event}));
  }

  bool report(FrameId frame, const BodyView &body, EventId event, PlaceId lock, const EntrySet &running, const std::string &how) {
    ObjectSet objects = program_.entries().frames().storage(frame, lock);
    const Use *use = objects.size() == 1 ? usedBy(objects.front(), {frame, event}, running) : nullptr;
    if (!use || program_.sharing().identity(objects.front(), {frame, event}, use->point) != Identity::Same ||
        handshakes_.before({frame, event}, running))
      return false;
    BodyId user = program_.entries().frames()[use->point.frame].body;
    EntryId entry = program_.entries().frames()[use->point.frame].entry;
    std::string name = text(body, lock);
    if (!reported_.insert({body.id, lock}).second)
      return true;
    Finding finding = findingFor(body, lock,
                                 name + " is " + how + " while " + program_.entries().nameOf(entry) + " may still " +
                                     (use->waits ? "wait for it" : "lock it"));
    Step last = stepAt(program_, body.id, event, "destroy", name + " ends here");
    Step other =
        stepAt(program_, user, use->point.event, use->waits ? "wait" : "acquire", use->waits ? "waits for it" : "locks it");
    last.own = other.own = true;
    finding.place = last.place;
    finding.function = last.function;
    finding.lanes.push_back({"the thread that started it", {std::move(last)}});
    finding.lanes.push_back({"the thread", {std::move(other)}});
    finding.reasons = {"the thread is started before and not joined on every way there"};
    sink_.report(std::move(finding));
    return true;
  }

  /// A local lock ends with the call, whatever a detached thread does.
  void detached(FrameId frame, const BodyView &body) {
    const Frame &row = program_.entries().frames()[frame];
    if (has(program_.facts().functions()[body.function()].flags(), FunctionFlag::Main))
      return; // its end is the program's
    std::vector<ThreadEffect> effects(row.effects.begin(), row.effects.end());
    for (const ThreadEffect &effect : effects) {
      if (effect.kind != ThreadEffect::Detaches || effect.entry == kNone || waitsAfter(body, effect.event))
        continue;
      for (uint32_t local = 0; local < body.locals.size(); ++local)
        for (llvm::StringRef kind : {"lock", "condition"})
          for (PlaceId lock :
               members_.in(places_.make(PlaceKind::Local, local), classOf(program_, body.locals[local].type()), kind))
            report(frame, body, effect.event, lock, {effect.entry}, "gone when the call returns,");
    }
  }

  /// Whether the function waits for something after an event: the thread may say that it is done.
  bool waitsAfter(const BodyView &body, EventId from) const {
    for (EventId id = from + 1; id < body.events.size(); ++id) {
      const Event &event = body.events[id];
      const FunctionModel *model = event.callee() == kNone ? nullptr : program_.model(event.callee());
      bool waits = model && llvm::any_of(model->ops, [](const Op &op) {
                     return op.verb == Verb::Await || op.verb == Verb::Block || op.verb == Verb::Join;
                   });
      if (waits || (event.kind() == EventKind::Call && !model))
        return true;
    }
    return false;
  }

  /// A member thread is joined by its destructor, after the members that are declared behind it are gone.
  void beforeJoin(FrameId frame, const BodyView &body) {
    for (EventId id = 0; id < body.events.size(); ++id) {
      const Event &event = body.events[id];
      PlaceId thread = places_.canonical(event.place());
      if (event.kind() != EventKind::Destroy || !has(event.flags(), EventFlag::Member) ||
          places_[thread].kind() != PlaceKind::Field)
        continue;
      if (!kindAt(program_, body, thread, "thread"))
        continue;
      EntrySet running = program_.sharing().phases().running({frame, id});
      const Field &field = program_.facts().fields()[places_[thread].id()];
      for (FieldId later : program_.fieldsOf(field.record())) {
        const Field &row = program_.facts().fields()[later];
        PlaceId member = places_.member(places_[thread].parent(), later);
        for (llvm::StringRef kind : {"lock", "condition"})
          for (PlaceId lock : members_.in(member, row.index() > field.index() ? classOf(program_, row.type()) : kNone, kind))
            report(frame, body, id, lock, running, "destroyed before " + text(body, thread) + " is joined,");
      }
    }
  }

  const Program &program_;
  Places &places_;
  LockMembers members_;
  Handshakes handshakes_;
  Sink &sink_;
  std::map<ObjectId, std::vector<Use>> uses_;
  std::set<std::pair<BodyId, PlaceId>> reported_;
};

void run(const Program &program, Sink &sink) { EarlyEnds(program, sink).run(); }

} // namespace

extern const Check lockDestroyed{"lock-destroyed", "lock",      "locks that are destroyed while they are held or in use",
                                 Severity::Error,  World::Open, run};

} // namespace heddle
