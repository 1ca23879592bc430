// Threads that are started and ended by what models say (CallWalk.h): what runs in them, and what they are given.
#include "program/CallWalk.h"

#include <algorithm>

namespace heddle {

using namespace facts;

CallWalk::Value CallWalk::fit(const Value &argument, TypeId type, bool decays) {
  Value fitted = argument;
  if (!program_.isReference(type))
    return fitted;
  // Models give arguments as expressions; a reference takes their address, and what std::ref made is the object it refers to.
  fitted.values.clear();
  fitted.storage.clear();
  for (ObjectId at : argument.storage) {
    RecordId record = recordOfObject(at);
    const ClassModel *model = program_.classModel(record);
    if (model && model->is == "reference") {
      ObjectId held = objects_.field(at, pseudoField(model->holds));
      unite(fitted.values, objects_.contents(held));
    } else if (!decays) {
      unite(fitted.values, {at});
    }
  }
  return fitted;
}

/// The object that a member function is called on: what a pointer points at or a wrapper refers to, or else the object itself,
/// of which a thread has a copy of its own.
ObjectSet CallWalk::receiver(const Value &object, bool decays) {
  ObjectSet result;
  bool isObject = false;
  for (ObjectId at : object.storage) {
    RecordId record = recordOfObject(at);
    isObject = isObject || record != kNone;
    const ClassModel *model = program_.classModel(record);
    if (model && !model->holds.empty())
      unite(result, objects_.contents(objects_.field(at, pseudoField(model->holds))));
    else if (record != kNone && !decays)
      unite(result, {at});
  }
  return isObject ? result : object.values;
}

void CallWalk::start(const Op &op, const Site &site) {
  std::vector<Value> arguments;
  for (size_t i = 1; i < op.operands.size(); ++i)
    arguments.push_back(evaluate(op.operands[i], site));
  ObjectSet into;
  if (op.into)
    into = evaluate(*op.into, site).storage;
  Value target = evaluate(op.operands[0], site);
  Entry how;
  how.starter = frame_;
  how.start = id_;
  how.op = op_;
  how.many = op.often;
  how.alone = !op.ended.empty() && into.size() == 1 ? into[0] : kNone;
  how.maybe = !holds(op, site);
  for (const Callable &callable : op.by.empty() ? callables(target) : methods(target, op.by)) {
    const Function &function = facts_.functions()[callable.function];
    Site inner;
    inner.self = callable.self;
    std::vector<Value> given = callable.bound;
    given.insert(given.end(), arguments.begin(), arguments.end());
    bool member = has(function.flags(), FunctionFlag::Member) && !has(function.flags(), FunctionFlag::StaticMember);
    if (callable.closure == kNone && member && inner.self.empty() && !given.empty()) {
      inner.self = receiver(given.front(), true);
      given.erase(given.begin());
    }
    auto params = facts_.params(function);
    for (size_t i = 0; i < given.size() && i < params.size(); ++i)
      inner.arguments.push_back(fit(given[i], params[i], true));
    for (const Value &argument : inner.arguments)
      for (ObjectId object : argument.values)
        objects_.publish(object);
    for (ObjectId object : inner.self)
      objects_.publish(object);
    for (BodyId body : program_.bodiesOf(callable.function)) {
      EntryId entry = frames_.startEntry(how, keyFor(body, inner, callable.closure));
      FrameId frame = frames_.entries_[entry].frame;
      if (frame == kNone)
        continue;
      passByValue(frame, inner);
      ObjectId thread = objects_.root(ObjectKind::Thread, entry, kNone, kNone);
      for (ObjectId at : into)
        objects_.store(at, {thread});
      ThreadEffect effect{ThreadEffect::Starts, id_, entry, into.size() == 1 ? into[0] : kNone};
      if (op.after && op.after->value.root == Operand::Result && op.after->value.steps.empty() && op.after->text.empty())
        effect.success = {op.after->relation, op.after->constant};
      frames_.addEffect(frame_, effect);
    }
  }
}

void CallWalk::cancel(const Op &op, const Site &site) {
  for (ObjectId value : evaluate(op.operands[0], site).values)
    if (objects_[value].kind == ObjectKind::Thread)
      frames_.addEffect(frame_, {ThreadEffect::Cancels, id_, objects_[value].id});
}

void CallWalk::endThread(const Op &op, const Site &site) {
  Value handle = evaluate(op.operands[0], site);
  bool detaches = op.verb == Verb::Detach;
  bool any = false;
  for (ObjectId value : handle.values) {
    if (objects_[value].kind != ObjectKind::Thread)
      continue;
    any = true;
    frames_.addEffect(frame_, {detaches ? ThreadEffect::Detaches : ThreadEffect::Joins, id_, objects_[value].id,
                               handle.storage.size() == 1 ? handle.storage[0] : kNone});
  }
  bool known = !handle.storage.empty() && !objects_.lost(handle.storage[0]);
  if (!any && !detaches && !known)
    frames_.addEffect(frame_, {ThreadEffect::JoinsUnknown, id_});
}

} // namespace heddle
