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
  // A closure is found both as the object and as what it holds.
  std::vector<Callable> once;
  for (Callable &callable : result)
    if (std::none_of(once.begin(), once.end(), [&](const Callable &c) {
          return c.function == callable.function && c.closure == callable.closure && c.self == callable.self;
        }))
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

} // namespace heddle
