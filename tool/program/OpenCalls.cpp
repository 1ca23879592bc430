#include "program/OpenCalls.h"
#include "program/CallGraph.h"
#include "program/Endings.h"

namespace heddle {

using namespace facts;

namespace {

class Search {
public:
  explicit Search(const Program &program) : program_(program), places_(program.places()), facts_(program.facts()) {}

  std::vector<OpenCall> run() {
    std::vector<OpenCall> calls;
    for (BodyId id : program_.bodies()) {
      BodyView body = facts_.body(id);
      FunctionFlag flags = facts_.functions()[body.function()].flags();
      if (has(flags, FunctionFlag::System | FunctionFlag::Constructor | FunctionFlag::Destructor))
        continue;
      for (EventId event = 0; event < body.events.size(); ++event) {
        const Event &row = body.events[event];
        if (row.kind() != EventKind::Call)
          continue;
        const Held *held = lockAt(id, event);
        OpenCall call{id, event, kNone, kNone, {}};
        if (!held || !isOpen(body, event, call) || asks(body, event) || calledLocked(call) ||
            program_.endings().behind(id, event)) // it is to end the process
          continue;
        call.held = *held;
        calls.push_back(std::move(call));
      }
    }
    return calls;
  }

private:
  /// The first lock that is surely held and that somebody else may want.
  const Held *lockAt(BodyId body, EventId event) const {
    const LockState &locks = program_.locks();
    for (const Held &held : locks.at(body, event)) {
      PlaceKind root = places_.rootKind(held.lock);
      bool named = root == PlaceKind::This || root == PlaceKind::Param || root == PlaceKind::Global;
      if (named && !held.maybe && !held.stale && !locks.semaphore(held.lock, body) && locks.recursive(held.lock, body) != true)
        return &held;
    }
    return nullptr;
  }

  /// Whether the result is used: then the call is a question, not a message.
  bool asks(const BodyView &body, EventId id) const {
    if (has(body.events[id].flags(), EventFlag::Discarded))
      return false;
    PlaceId result = places_.make(PlaceKind::Result, id);
    auto mentions = [&](PlaceId place) { return place != kNone && places_.mentions(places_.canonical(place), result); };
    for (const Block &block : body.blocks)
      for (const Edge &edge : body.edgesOf(block))
        if (mentions(edge.value()))
          return true;
    return llvm::any_of(body.events, [&](const Event &event) { return llvm::any_of(body.operands(event), mentions); });
  }

  /// Whether an outsider decides what the event runs; `call` is told what it is.
  bool isOpen(const BodyView &body, EventId id, OpenCall &call) const {
    const Event &event = body.events[id];
    if (event.callee() == kNone)
      return event.place() != kNone && isRegistered(body, places_.canonical(event.place()), body.operands(event), call);
    const Function &callee = facts_.functions()[event.callee()];
    if (has(event.flags(), EventFlag::Virtual)) {
      call.method = event.callee();
      return has(callee.flags(), FunctionFlag::Pure) && !has(callee.flags(), FunctionFlag::System) &&
             program_.calls().overriders(event.callee()).empty();
    }
    const ClassModel *model = callee.record() == kNone ? nullptr : program_.classModel(callee.record());
    return model && model->is == "callable" && has(callee.flags(), FunctionFlag::CallOperator) && event.place() != kNone &&
           isRegistered(body, places_.canonical(event.place()), body.operands(event), call);
  }

  bool isRegistered(const BodyView &body, PlaceId callable, std::span<const PlaceId> arguments, OpenCall &call) const {
    while (callable != kNone && places_[callable].kind() == PlaceKind::Deref)
      callable = places_[callable].parent(); // (*f)(), and what a reference refers to
    PlaceId kept = callable;
    while (kept != kNone && places_[kept].kind() == PlaceKind::Element)
      kept = places_[kept].parent();
    if (kept == kNone || !program_.calls().registered(callable, body))
      return false;
    call.callable = callable;
    return !deletes(body, kept, arguments);
  }

  /// A function that is given nothing but a pointer to something else: a deleter.
  bool deletes(const BodyView &body, PlaceId callable, std::span<const PlaceId> arguments) const {
    if (arguments.size() != 1 || arguments[0] == kNone)
      return false;
    TypeId type = program_.typeOf(places_.canonical(arguments[0]), body);
    if (type == kNone || facts_.types()[type].kind() != TypeKind::Pointer)
      return false;
    PlaceId owner = places_[callable].kind() == PlaceKind::Field ? places_[callable].parent() : kNone;
    PlaceId argument = places_.canonical(arguments[0]);
    bool beside = owner != kNone && places_.within(argument, owner);
    bool itself = owner != kNone && places_.within(callable, places_.deref(argument));
    return !beside && !itself;
  }

  /// Whether the callable says of itself that it is called with the lock held.
  bool calledLocked(const OpenCall &call) const {
    if (call.method != kNone)
      for (const Attribute &attribute : program_.locks().attributes().ofFunction(call.method))
        if (attribute.kind() == AttributeKind::Requires || attribute.kind() == AttributeKind::RequiresShared)
          return true;
    return llvm::StringRef(nameOf(program_, call)).lower().find("locked") != std::string::npos;
  }

  const Program &program_;
  Places &places_;
  const Facts &facts_;
};

} // namespace

std::vector<OpenCall> openCallsUnderLock(const Program &program) { return Search(program).run(); }

std::string nameOf(const Program &program, const OpenCall &call) {
  const Facts &f = program.facts();
  if (call.method != kNone)
    return program.nameOf(call.method).str();
  const Places &places = program.places();
  for (PlaceId place = call.callable; place != kNone; place = places[place].parent()) {
    const Place &p = places[place];
    if (p.kind() == PlaceKind::Field && p.id() < f.fields().size())
      return (f.string(f.records()[f.fields()[p.id()].record()].name()) + "::" + f.string(f.fields()[p.id()].name())).str();
    if (p.kind() == PlaceKind::Global)
      return f.string(f.variables()[p.id()].name()).str();
  }
  BodyView body = f.body(call.body);
  return places.text(call.callable, &body);
}

} // namespace heddle
