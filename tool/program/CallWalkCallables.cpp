// What a value may run, by the objects that it stands for: functions, closures, functors, and what wrappers of them keep.
#include "program/CallWalk.h"

#include <algorithm>

namespace heddle {

using namespace facts;

std::vector<CallWalk::Callable> CallWalk::methods(const Value &objects, llvm::StringRef name) {
  std::vector<Callable> result;
  std::string suffix = ("::" + name).str();
  for (ObjectId object : objects.storage) {
    std::vector<RecordId> classes;
    if (RecordId record = recordOfObject(object); record != kNone)
      classes.push_back(record);
    bool found = false;
    for (size_t i = 0; i < classes.size() && !found; ++i) {
      for (FunctionId id = 0; id < facts_.functions().size() && !found; ++id)
        if (facts_.functions()[id].record() == classes[i] && !program_.bodiesOf(id).empty() &&
            program_.nameOf(id).ends_with(suffix)) {
          result.push_back({id, {object}, kNone, {}});
          found = true;
        }
      for (const Base &row : facts_.bases())
        if (row.record() == classes[i])
          classes.push_back(row.base());
    }
  }
  return result;
}

std::vector<CallWalk::Callable> CallWalk::callables(const Value &value) {
  std::vector<Callable> result;
  // Where it is kept knows what was bound to it.
  for (ObjectId at : value.storage)
    callablesAt(at, 0, {}, result);
  for (ObjectId at : value.values)
    if (std::find(value.storage.begin(), value.storage.end(), at) == value.storage.end())
      callablesAt(at, 0, {}, result);
  // A closure is found both as the object and as what it holds, a function also without what is bound to it.
  std::vector<Callable> once;
  auto same = [](const Callable &a, const Callable &b) {
    return a.function == b.function && a.closure == b.closure && a.self == b.self &&
           (b.bound.empty() || std::equal(a.bound.begin(), a.bound.end(), b.bound.begin(), b.bound.end(),
                                          [](const Value &x, const Value &y) { return x.storage == y.storage; }));
  };
  for (Callable &callable : result)
    if (std::none_of(once.begin(), once.end(), [&](const Callable &c) { return same(c, callable); }))
      once.push_back(std::move(callable));
  return once;
}

void CallWalk::callablesAt(ObjectId id, unsigned depth, std::vector<Value> bound, std::vector<Callable> &out) {
  if (depth > 4)
    return;
  const Object object = objects_[id];
  if (object.kind == ObjectKind::Function) {
    out.push_back({object.id, {}, kNone, bound});
    return;
  }
  RecordId record = recordOfObject(id);
  if (record != kNone) {
    bool closure = object.kind == ObjectKind::Closure;
    bool holdsClosure = false;
    for (ObjectId held : objects_.contents(id))
      holdsClosure = holdsClosure || objects_[held].kind == ObjectKind::Closure;
    if (closure || !holdsClosure)
      for (FunctionId op : frames_.callOperatorsOf(record))
        if (!program_.bodiesOf(op).empty())
          out.push_back({op, closure ? ObjectSet() : ObjectSet{id}, closure ? id : kNone, bound});
    if (closure)
      return;
    if (const ClassModel *model = program_.classModel(record); model && !model->holds.empty()) {
      ObjectId held = objects_.field(id, pseudoField(model->holds));
      callablesAt(held, depth + 1, bound, out);
    }
  }
  if (object.kind == ObjectKind::Field && objects_.parts(id).size()) {
    std::vector<Value> kept;
    for (size_t i = 0;; ++i) {
      FieldId name = pseudoField("bound" + std::to_string(i));
      bool found = false;
      for (ObjectId part : objects_.parts(id))
        if (objects_[part].kind == ObjectKind::Field && objects_[part].id == name) {
          Value value;
          value.storage = {part};
          value.values = ObjectSet(objects_.contents(part));
          kept.push_back(std::move(value));
          found = true;
        }
      if (!found)
        break;
    }
    if (!kept.empty())
      bound = std::move(kept);
  }
  ObjectSet contents(objects_.contents(id));
  for (ObjectId held : contents)
    callablesAt(held, depth + 1, bound, out);
}

/// What a model's op runs before the call returns.
void CallWalk::runOp(const Op &op, const Site &site, unsigned nesting) {
  std::vector<Value> arguments;
  for (size_t i = 1; i < op.operands.size(); ++i)
    arguments.push_back(evaluate(op.operands[i], site));
  Value target = evaluate(op.operands[0], site);
  if (op.ended.empty())
    return runAll(target, arguments, {}, nesting);
  for (ObjectId at : target.storage) {
    Value kept;
    kept.storage = {at};
    kept.values = ObjectSet(objects_.contents(at));
    std::vector<EntryId> ended;
    for (ObjectId thread : objects_.contents(objects_.field(objects_[at].parent, pseudoField(op.ended))))
      if (objects_[thread].kind == ObjectKind::Thread)
        ended.push_back(objects_[thread].id);
    runAll(kept, arguments, ended, nesting);
  }
}

void CallWalk::runAll(const Value &target, const std::vector<Value> &arguments, llvm::ArrayRef<EntryId> ended, unsigned nesting) {
  for (const Callable &callable : callables(target)) {
    Site inner;
    inner.self = callable.self;
    inner.outer = false;
    inner.ended.assign(ended.begin(), ended.end());
    std::vector<Value> given = callable.bound;
    given.insert(given.end(), arguments.begin(), arguments.end());
    const Function &function = facts_.functions()[callable.function];
    bool member = has(function.flags(), FunctionFlag::Member) && !has(function.flags(), FunctionFlag::StaticMember);
    if (callable.closure == kNone && member && inner.self.empty() && !given.empty()) {
      inner.self = receiver(given.front(), false);
      given.erase(given.begin());
    }
    auto params = facts_.params(function);
    for (size_t i = 0; i < given.size() && i < params.size(); ++i)
      inner.arguments.push_back(fit(given[i], params[i], false));
    if (!program_.bodiesOf(callable.function).empty())
      enterBodies(callable.function, inner, callable.closure);
    else
      invoke(callable.function, inner, nesting + 1);
  }
}

} // namespace heddle
