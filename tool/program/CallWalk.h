// What one event of a frame does to objects: stores, calls, and the operations of models (Frames.h).
#pragma once

#include "program/Frames.h"

#include "llvm/ADT/ArrayRef.h"

#include <optional>

namespace heddle {

class CallWalk {
public:
  CallWalk(Frames &frames, const Program &program, FrameId frame, facts::EventId event, unsigned depth);
  void run();

private:
  /// A value in flight: where it is stored, what it points at, and its type where known.
  struct Value {
    ObjectSet storage, values;
    facts::TypeId type = kNone;
    std::optional<int64_t> constant;
  };
  /// One call as its callee's model or body sees it.
  struct Site {
    ObjectSet self;
    std::vector<Value> arguments;
    facts::FunctionId callee = kNone;
    facts::RecordId record = kNone; // class whose template arguments targN means
    bool outer = true;              // the event's own call: its result is the event's
    std::vector<EntryId> ended;     // entries whose threads have ended by then
  };
  struct Callable {
    facts::FunctionId function;
    ObjectSet self;
    ObjectId closure = kNone;
    std::vector<Value> bound; // arguments kept with it
  };

  void write();
  void moveAlong();
  void makeClosure();
  void giveBack();
  void call();
  void placeAt(const ObjectSet &storage, facts::RecordId record);

  void invoke(facts::FunctionId function, const Site &site, unsigned nesting);
  void enterBodies(facts::FunctionId function, const Site &site, ObjectId closure);
  Frames::Key keyFor(facts::BodyId body, const Site &site, ObjectId closure);
  void passByValue(FrameId callee, const Site &site);
  void takeResult(FrameId callee);
  void runGivenTo(const Site &site);
  void opaque(facts::FunctionId function, const Site &site);
  void opaqueResult(facts::FunctionId function, const Site &site);
  void destroyParts(facts::RecordId record, ObjectId object, unsigned nesting);
  void callValue(const Value &callable, std::vector<Value> arguments, unsigned nesting);

  void interpret(const FunctionModel &model, const Site &site, unsigned nesting);
  void interpret(const Op &op, const Site &site, unsigned nesting);
  std::optional<bool> holds(const Op &op, const Site &site);
  void start(const Op &op, const Site &site);
  void runOp(const Op &op, const Site &site, unsigned nesting);
  void runAll(const Value &target, const std::vector<Value> &arguments, llvm::ArrayRef<EntryId> ended, unsigned nesting);
  void construct(const Op &op, const Site &site, unsigned nesting);
  void keep(const Op &op, const Site &site);
  void passAtomically(facts::FunctionId function, llvm::StringRef holds, const Site &site);
  void cancel(const Op &op, const Site &site);
  void endThread(const Op &op, const Site &site);
  Value evaluate(const Operand &operand, const Site &site);
  facts::TypeId typeArgument(const Operand &operand, const Site &site) const;
  ObjectSet receiver(const Value &object, bool decays);
  /// The argument as a callee's parameter of type `type` takes it; `decays`: it was copied by a thread on the way.
  Value fit(const Value &argument, facts::TypeId type, bool decays);

  std::vector<Callable> callables(const Value &value);
  /// The member function `name` of each object, as its own class or the nearest base defines it.
  std::vector<Callable> methods(const Value &objects, llvm::StringRef name);
  void callablesAt(ObjectId object, unsigned depth, std::vector<Value> bound, std::vector<Callable> &out);

  facts::FieldId pseudoField(llvm::StringRef name) const;
  Value valueOf(PlaceId place);
  ObjectSet resultStorage();
  facts::RecordId recordOfObject(ObjectId object) const;
  facts::TypeKind kindOf(facts::TypeId type) const;

  Frames &frames_;
  Objects &objects_;
  const Program &program_;
  const facts::Facts &facts_;
  FrameId frame_;
  facts::EventId id_;
  unsigned depth_;
  uint32_t op_ = 0;     // of the model that is interpreted
  bool giving_ = false; // to a library that may run it
  facts::BodyView body_;
  const facts::Event &event_;
};

} // namespace heddle
