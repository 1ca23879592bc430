// Frames that an event of another enters (CallWalk.h): what they are given, and what they give back.
#include "program/CallWalk.h"

#include <algorithm>

namespace heddle {

using namespace facts;

Frames::Key CallWalk::keyFor(BodyId callee, const Site &site, ObjectId closure) {
  Frames::Key key{callee, frames_[frame_].entry, site.self, closure, {}, {}, false};
  auto params = facts_.params(facts_.functions()[facts_.bodies()[callee].function()]);
  for (size_t i = 0; i < params.size() && i < site.arguments.size(); ++i) {
    const Value &argument = site.arguments[i];
    bool byValue = kindOf(params[i]) == TypeKind::Record;
    // What only stands for another object may be told apart by it; a struct passed by value is the callee's own.
    bool stands = byValue && program_.classModel(facts_.types()[params[i]].record());
    bool closureObject = byValue && has(facts_.records()[facts_.types()[params[i]].record()].flags(), RecordFlag::Closure);
    key.arguments.push_back(!byValue ? argument.values : stands || closureObject ? argument.storage : ObjectSet());
  }
  if (closure != kNone) {
    // A closure's own `this` is rarely written; the one it captured is what its body means.
    key.self.clear();
    for (uint32_t i = 0; i < facts_.body(callee).captures.size(); ++i)
      if (has(facts_.body(callee).captures[i].flags(), CaptureFlag::This))
        key.self = ObjectSet(objects_.contents(objects_.capture(closure, i, kNone)));
  }
  return key;
}

void CallWalk::enterBodies(FunctionId function, const Site &site, ObjectId closure) {
  for (BodyId callee : program_.bodiesOf(function)) {
    Frames::Key key = keyFor(callee, site, closure);
    key.held = frames_.held(frame_, id_, key.heldUnknown);
    FrameId frame = frames_.enterCallee(frame_, id_, std::move(key), site.ended, giving_);
    if (frame == kNone)
      return;
    passByValue(frame, site);
    frames_.walk(frame, depth_ + 1);
    if (site.outer)
      takeResult(frame);
  }
}

void CallWalk::passByValue(FrameId callee, const Site &site) {
  auto params = facts_.params(facts_.functions()[facts_.bodies()[frames_[callee].body].function()]);
  auto locals = frames_.body(callee).params;
  for (size_t i = 0; i < params.size() && i < site.arguments.size(); ++i) {
    // Who gets its address reads what stands there.
    if (kindOf(params[i]) == TypeKind::Pointer && i < locals.size() &&
        has(locals[i].flags(), LocalFlag::AddressTaken | LocalFlag::CapturedByReference))
      objects_.store(objects_.root(ObjectKind::Param, i, callee, params[i]), site.arguments[i].values);
    if (kindOf(params[i]) != TypeKind::Record || (i < frames_[callee].arguments.size() && !frames_[callee].arguments[i].empty()))
      continue;
    ObjectId own = objects_.root(ObjectKind::Param, i, callee, params[i]);
    for (ObjectId from : site.arguments[i].storage)
      objects_.copy(own, from);
  }
}

ObjectSet CallWalk::resultStorage() {
  if (event_.result() != kNone)
    return frames_.storage(frame_, event_.result());
  PlaceId result = program_.places().make(PlaceKind::Result, id_);
  return {objects_.root(ObjectKind::Value, result, frame_, program_.typeOf(result, body_))};
}

void CallWalk::takeResult(FrameId callee) {
  ObjectId returned = objects_.root(ObjectKind::Returned, 0, callee, kNone);
  ObjectSet values(objects_.contents(returned));
  // What the callee made is told apart by who asked for it: a wrapper of malloc makes many objects. Not so where it has also
  // been given to others, a thread or another object: they and the caller mean the same one.
  for (ObjectId &value : values) {
    const Object made = objects_[value];
    if (made.kind != ObjectKind::Made || made.frame != callee || objects_.published(value))
      continue;
    ObjectId renamed = objects_.root(ObjectKind::Made, id_, frame_, made.type);
    objects_.clone(renamed, value);
    value = renamed;
  }
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  for (ObjectId to : resultStorage()) {
    objects_.copyParts(to, returned);
    objects_.store(to, values);
  }
}

/// A function without body or model.

} // namespace heddle
