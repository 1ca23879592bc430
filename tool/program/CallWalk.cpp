#include "program/CallWalk.h"

#include <algorithm>

namespace heddle {

using namespace facts;

namespace {
constexpr unsigned kNesting = 6;
constexpr size_t kVirtualTargets = 16;
} // namespace

CallWalk::CallWalk(Frames &frames, const Program &program, FrameId frame, EventId event, unsigned depth)
    : frames_(frames), objects_(frames.objects_), program_(program), facts_(program.facts()), frame_(frame), id_(event),
      depth_(depth), body_(facts_.body(frames[frame].body)), event_(body_.events[event]) {}

void CallWalk::run() {
  switch (event_.kind()) {
  case EventKind::Write:
    return write();
  case EventKind::Closure:
    return makeClosure();
  case EventKind::Return:
    return giveBack();
  case EventKind::Call:
  case EventKind::Construct:
  case EventKind::Destroy:
    return call();
  case EventKind::Allocate: {
    PlaceId result = program_.places().make(PlaceKind::Result, id_);
    TypeId type = program_.typeOf(result, body_);
    TypeId made = type != kNone ? facts_.types()[type].pointee() : kNone;
    ObjectId object = objects_.root(ObjectKind::Made, id_, frame_, made);
    for (ObjectId slot : frames_.storage(frame_, result))
      objects_.store(slot, {object});
    return;
  }
  default:
    return;
  }
}

TypeKind CallWalk::kindOf(TypeId type) const { return type == kNone ? TypeKind::Other : facts_.types()[type].kind(); }

CallWalk::Value CallWalk::valueOf(PlaceId place) {
  Value value;
  if (place == kNone)
    return value;
  bool carries = frames_.carriesPointer(place);
  value.type = program_.places()[place].type(); // of the operand's own row, as its body wrote it
  place = program_.places().canonical(place);
  const facts::Place row = program_.places()[place];
  value.constant = program_.places().asConstant(place);
  if (!carries)
    return value;
  switch (row.kind()) {
  case PlaceKind::Constant:
  case PlaceKind::String:
  case PlaceKind::Unknown:
    return value;
  case PlaceKind::AddressOf:
  case PlaceKind::Function:
  case PlaceKind::This:
  case PlaceKind::Expr:
    value.values = frames_.values(frame_, place);
    return value;
  default:
    value.storage = frames_.storage(frame_, place);
    value.values = frames_.values(frame_, place);
    return value;
  }
}

void CallWalk::write() {
  if (event_.operand_count() == 0)
    return moveAlong();
  Value value = valueOf(body_.operands(event_)[0]);
  if (value.values.empty() && value.storage.empty())
    return;
  for (ObjectId to : frames_.storage(frame_, event_.place())) {
    objects_.store(to, value.values);
    for (ObjectId from : value.storage)
      objects_.copy(to, from);
  }
}

/// A pointer that is moved along an array may be at any of its elements from then on.
void CallWalk::moveAlong() {
  for (ObjectId pointer : frames_.storage(frame_, event_.place()))
    for (ObjectId at : ObjectSet(objects_.contents(pointer))) {
      const Object object = objects_[at];
      if (object.kind == ObjectKind::Element)
        objects_.store(pointer, {objects_.element(object.parent, kNone)});
      else if (kindOf(object.type) == TypeKind::Array)
        objects_.store(pointer, {objects_.element(at, kNone)});
    }
}

void CallWalk::makeClosure() {
  PlaceId result = program_.places().make(PlaceKind::Result, id_);
  ObjectId closure = objects_.root(ObjectKind::Closure, id_, frame_, program_.typeOf(result, body_));
  if (event_.result() != kNone)
    for (ObjectId at : frames_.storage(frame_, event_.result()))
      if (at != closure)
        objects_.store(at, {closure});
  auto operands = body_.operands(event_);
  for (uint32_t i = 0; i < operands.size(); ++i) {
    Value value = valueOf(operands[i]);
    ObjectId kept = objects_.capture(closure, i, value.type);
    objects_.store(kept, value.values);
    for (ObjectId from : value.storage)
      objects_.copy(kept, from);
  }
}

void CallWalk::giveBack() {
  if (event_.operand_count() == 0)
    return;
  Value value = valueOf(body_.operands(event_)[0]);
  ObjectId returned = objects_.root(ObjectKind::Returned, 0, frame_, kNone);
  objects_.store(returned, value.values);
  for (ObjectId from : value.storage)
    objects_.copy(returned, from);
}

RecordId CallWalk::recordOfObject(ObjectId id) const {
  const Object &object = objects_[id];
  if (object.kind == ObjectKind::Receiver)
    return object.id;
  if (object.kind == ObjectKind::Closure) {
    const Event &made = facts_.body(frames_[object.frame].body).events[object.id];
    return made.callee() == kNone ? kNone : facts_.functions()[made.callee()].record();
  }
  return object.type != kNone && kindOf(object.type) == TypeKind::Record ? facts_.types()[object.type].record() : kNone;
}

void CallWalk::call() {
  Site site;
  site.callee = event_.callee();
  for (PlaceId operand : body_.operands(event_))
    site.arguments.push_back(valueOf(operand));
  if (has(event_.flags(), EventFlag::Indirect) || event_.callee() == kNone) {
    if (event_.place() != kNone)
      callValue(valueOf(event_.place()), site.arguments, 0);
    return;
  }
  if (event_.place() != kNone)
    site.self = frames_.storage(frame_, event_.place());
  if (event_.kind() == EventKind::Destroy && has(event_.flags(), EventFlag::Heap) && !site.self.empty()) {
    llvm::erase_if(site.self, [&](ObjectId object) { return !objects_.mayBeFreed(object); });
    if (site.self.empty())
      return;
  }
  if (event_.kind() == EventKind::Construct && has(event_.flags(), EventFlag::Heap))
    placeAt(site.self, facts_.functions()[event_.callee()].record());
  if (!has(event_.flags(), EventFlag::Virtual))
    return invoke(event_.callee(), site, 0);

  // The overrider in the object's class where that is known, else every one in the target.
  std::vector<FunctionId> targets;
  if (event_.kind() == EventKind::Destroy) {
    // One without body destroys the parts of its class.
    llvm::ArrayRef<FunctionId> overriders = program_.calls().overriders(event_.callee());
    targets.assign(overriders.begin(), overriders.end());
    if (!llvm::is_contained(targets, event_.callee()))
      targets.push_back(event_.callee());
  } else {
    for (const Invocation &invocation : program_.calls().invocations(body_, id_))
      targets.push_back(invocation.function);
  }
  if (targets.size() > kVirtualTargets)
    return event_.kind() == EventKind::Destroy ? invoke(event_.callee(), site, 0) : void();
  for (FunctionId target : targets) {
    RecordId owner = facts_.functions()[target].record();
    Site mine = site;
    if (!site.self.empty()) {
      mine.self.clear();
      for (ObjectId object : site.self) {
        RecordId dynamic = recordOfObject(object);
        bool exact =
            dynamic != kNone && objects_[object].kind != ObjectKind::Pointee && objects_[object].kind != ObjectKind::Receiver;
        bool hidden = false; // by an overrider nearer to the object's class
        if (exact)
          for (FunctionId other : targets) {
            RecordId nearer = facts_.functions()[other].record();
            hidden =
                hidden || (other != target && program_.isA(dynamic, nearer) && program_.isA(nearer, owner) && nearer != owner);
          }
        if (!exact || (program_.isA(dynamic, owner) && !hidden))
          mine.self.push_back(object);
      }
      if (mine.self.empty())
        continue;
    }
    invoke(target, mine, 0);
  }
}

void CallWalk::invoke(FunctionId function, const Site &given, unsigned nesting) {
  if (nesting > kNesting)
    return;
  Site site = given;
  site.callee = function;
  if (site.record == kNone)
    site.record = facts_.functions()[function].record();
  if (!program_.bodiesOf(function).empty()) {
    bool lambda = has(facts_.functions()[function].flags(), FunctionFlag::Lambda);
    bool found = false;
    if (lambda)
      for (ObjectId object : site.self) {
        llvm::SmallVector<ObjectId, 4> candidates{object};
        candidates.append(objects_.contents(object).begin(), objects_.contents(object).end());
        for (ObjectId closure : candidates)
          if (objects_[closure].kind == ObjectKind::Closure && recordOfObject(closure) == facts_.functions()[function].record()) {
            enterBodies(function, site, closure);
            found = true;
          }
      }
    if (!found)
      enterBodies(function, site, kNone);
    return;
  }
  const ClassModel *owner = program_.classModel(site.record);
  if (owner && owner->is == "atomic" && !owner->holds.empty() &&
      !has(facts_.functions()[function].flags(), FunctionFlag::Destructor))
    return passAtomically(function, owner->holds, site);
  const FunctionModel *model = program_.model(function);
  if (!model)
    return opaque(function, site);
  // What a row doesn't say of the result is as with a function of which nothing is known. That one of its members is set says
  // nothing of what it is.
  auto result = [](const Operand &operand) {
    return operand.root == Operand::Result &&
           llvm::none_of(operand.steps, [](const Operand::Step &step) { return step.kind == Operand::Step::Member; });
  };
  auto says = [&](const Op &op) {
    llvm::ArrayRef<Operand> operands(op.operands); // what is only kept elsewhere isn't told
    return llvm::any_of(op.verb == Verb::Set     ? operands.take_front()
                        : op.verb == Verb::Store ? operands.slice(1, 1)
                                                 : operands,
                        result) ||
           (op.into && result(*op.into));
  };
  if (llvm::none_of(model->ops, says))
    opaqueResult(function, site);
  interpret(*model, site, nesting);
}

void CallWalk::opaque(FunctionId function, const Site &site) {
  const Function &row = facts_.functions()[function];
  if (has(row.flags(), FunctionFlag::CopyConstructor | FunctionFlag::MoveConstructor | FunctionFlag::AssignmentOperator) &&
      site.arguments.size() == 1) {
    for (ObjectId to : site.self)
      for (ObjectId from : site.arguments[0].values)
        objects_.copy(to, from);
  } else if (has(row.flags(), FunctionFlag::Destructor)) {
    if (row.record() != kNone)
      for (ObjectId object : site.self)
        destroyParts(row.record(), object, 1);
  } else {
    runGivenTo(site);
    opaqueResult(function, site);
  }
}

/// What a library of which nothing is known is given to run, it runs: in this thread, as long as nothing says otherwise, and not
/// before. A callback by itself, or in a table of them.
void CallWalk::runGivenTo(const Site &site) {
  auto isFunction = [&](ObjectId object) { return objects_[object].kind == ObjectKind::Function; };
  for (const Value &argument : site.arguments) {
    Value given;
    for (ObjectId object : argument.values) {
      if (isFunction(object) || objects_[object].kind == ObjectKind::Closure) {
        given.values.push_back(object);
        continue;
      }
      if (objects_[object].kind != ObjectKind::Global)
        continue;
      for (ObjectId part : objects_.parts(object))
        for (ObjectId held : objects_.contents(part))
          if (isFunction(held))
            unite(given.values, {held});
    }
    if (!given.values.empty()) {
      giving_ = true;
      callValue(given, {}, 1);
      giving_ = false;
    }
  }
}

/// What it returns is some object of its own: memory, mostly.
void CallWalk::opaqueResult(FunctionId function, const Site &site) {
  TypeId result = facts_.functions()[function].result();
  if (!site.outer || result == kNone || kindOf(result) != TypeKind::Pointer || event_.result() != kNone)
    return;
  ObjectId made = objects_.root(ObjectKind::Made, id_, frame_, facts_.types()[result].pointee());
  for (ObjectId slot : resultStorage())
    objects_.store(slot, {made});
}

void CallWalk::destroyParts(RecordId record, ObjectId object, unsigned nesting) {
  if (nesting > kNesting || has(facts_.records()[record].flags(), RecordFlag::TrivialDestructor))
    return;
  FunctionId destructor = facts_.records()[record].destructor();
  if (destructor != kNone && (!program_.bodiesOf(destructor).empty() || program_.model(destructor))) {
    Site site;
    site.self = {object};
    site.record = record;
    site.outer = false;
    return invoke(destructor, site, nesting);
  }
  for (FieldId field : program_.fieldsOf(record)) {
    TypeId type = facts_.fields()[field].type();
    if (kindOf(type) == TypeKind::Record)
      destroyParts(facts_.types()[type].record(), objects_.field(object, field), nesting + 1);
  }
}

/// `new (&storage) T`: storage of no class of the program's own becomes one.
void CallWalk::placeAt(const ObjectSet &storage, RecordId record) {
  TypeId type = record == kNone ? kNone : frames_.typeOf(record);
  for (ObjectId object : storage) {
    RecordId now = recordOfObject(object);
    bool raw = objects_[object].type != kNone && (now == kNone || has(facts_.records()[now].flags(), RecordFlag::System));
    if (type != kNone && raw && now != record)
      objects_.become(object, type);
  }
}

void CallWalk::callValue(const Value &value, std::vector<Value> arguments, unsigned nesting) {
  for (const Callable &callable : callables(value)) {
    Site site;
    site.self = callable.self;
    site.arguments = callable.bound;
    site.arguments.insert(site.arguments.end(), arguments.begin(), arguments.end());
    bool member = has(facts_.functions()[callable.function].flags(), FunctionFlag::Member) &&
                  !has(facts_.functions()[callable.function].flags(), FunctionFlag::StaticMember);
    if (callable.closure == kNone && member && site.self.empty() && !site.arguments.empty()) {
      site.self = site.arguments.front().values;
      site.arguments.erase(site.arguments.begin());
    }
    site.outer = nesting == 0;
    if (!program_.bodiesOf(callable.function).empty())
      enterBodies(callable.function, site, callable.closure);
    else
      invoke(callable.function, site, nesting + 1);
  }
}

} // namespace heddle
