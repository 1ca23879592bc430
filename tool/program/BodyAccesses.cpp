#include "program/BodyAccesses.h"

#include "llvm/ADT/STLExtras.h"

namespace heddle {

using namespace facts;

namespace {

class EventAccesses {
public:
  EventAccesses(const Program &program, const BodyView &body, EventId event)
      : program_(program), facts_(program.facts()), body_(body), event_(event), row_(body.events[event]) {}

  llvm::SmallVector<PlaceAccess, 2> all() {
    if (row_.kind() == EventKind::Read || row_.kind() == EventKind::Write)
      access();
    else if ((row_.kind() == EventKind::Call || row_.kind() == EventKind::Construct) && row_.callee() != kNone &&
             program_.bodiesOf(row_.callee()).empty())
      call();
    else if (row_.kind() == EventKind::Destroy && has(row_.flags(), EventFlag::Heap))
      frees(row_.place());
    return std::move(all_);
  }

private:
  void add(PlaceId place, AccessKind kind) {
    if (place != kNone)
      all_.push_back({kind, place});
  }

  void frees(PlaceId object) {
    AccessKind kind;
    kind.write = kind.frees = true;
    add(object, kind);
  }

  void access() {
    AccessKind kind;
    kind.atomic = has(row_.flags(), EventFlag::Atomic);
    kind.isVolatile = has(row_.flags(), EventFlag::Volatile);
    kind.update = has(row_.flags(), EventFlag::Update);
    kind.initial = has(row_.flags(), EventFlag::Initial);
    kind.write = row_.kind() == EventKind::Write;
    if (kind.write && row_.operand_count() > 0) {
      PlaceKind value = program_.places()[body_.operands(row_)[0]].kind();
      kind.constant = value == PlaceKind::Constant || value == PlaceKind::String;
    }
    add(row_.place(), kind);
  }

  void call() {
    const Function &function = facts_.functions()[row_.callee()];
    arguments(function);
    if (const FunctionModel *model = program_.model(row_.callee()); model && row_.kind() == EventKind::Call)
      memory(*model);
    if (row_.kind() == EventKind::Call && ofLibrary())
      return;
    // A copy that has no body of its own: the compiler's, or a library's.
    bool assigns = has(function.flags(), FunctionFlag::AssignmentOperator);
    const ClassModel *owner = program_.classModel(function.record());
    if (program_.model(row_.callee()) || (owner && owner->is == "atomic") || row_.operand_count() != 1 ||
        (!assigns && !has(function.flags(), FunctionFlag::CopyConstructor | FunctionFlag::MoveConstructor)))
      return;
    AccessKind kind;
    kind.write = assigns;
    if (assigns)
      add(row_.place(), kind);
    kind.write = false;
    add(program_.places().deref(body_.operands(row_)[0]), kind);
  }

  void memory(const FunctionModel &model) {
    AccessKind read, write;
    write.write = true;
    for (const Op &op : model.ops) {
      auto object = [&](size_t operand) { return program_.value(op.operands[operand], body_, event_); };
      if (op.verb == Verb::End)
        frees(object(0));
      if (op.verb == Verb::Write || op.verb == Verb::Copy)
        add(object(0), write);
      if (op.verb == Verb::Read || op.verb == Verb::Copy)
        add(object(op.verb == Verb::Copy), read);
      if (op.verb == Verb::Open || op.verb == Verb::Advance || op.verb == Verb::Flush || op.verb == Verb::Close)
        add(streamOf(object(0)), write);
    }
  }

  /// The stream whose pseudo-field for what is below it a place is: of a class, which has a buffer and a state. C's streams have
  /// locks of their own (C17, 7.21.2).
  PlaceId streamOf(PlaceId place) const {
    if (place == kNone || program_.places()[place].kind() != PlaceKind::Field)
      return kNone;
    PlaceId object = program_.places()[place].parent();
    return program_.places()[place].id() < facts_.fields().size() ? kNone : object;
  }

  /// A library's function that takes a scalar by reference to const, as std::pair's constructor and std::max do, reads it. So
  /// does one of C that takes a pointer to const scalars: a string, numbers. Of `const void *` it may want the address alone.
  void arguments(const Function &function) {
    auto params = facts_.params(function);
    auto operands = body_.operands(row_);
    bool pointers = row_.kind() == EventKind::Call && has(function.flags(), FunctionFlag::System) &&
                    has(function.flags(), FunctionFlag::C) && !modelReads();
    for (size_t i = 0; i < operands.size() && i < params.size(); ++i) {
      const Type &param = facts_.types()[params[i]];
      if (!program_.isReference(params[i]) && !(pointers && param.kind() == TypeKind::Pointer))
        continue;
      const Type &to = facts_.types()[param.pointee()];
      bool readable = to.kind() != TypeKind::Record && (param.kind() != TypeKind::Pointer || isScalar(to.kind()));
      if (has(to.flags(), TypeFlag::Const) && readable)
        add(program_.places().deref(operands[i]), {});
    }
  }

  static bool isScalar(TypeKind kind) {
    return kind == TypeKind::Bool || kind == TypeKind::Integer || kind == TypeKind::Floating || kind == TypeKind::Enum;
  }

  /// Whether a function's model says itself what it reads.
  bool modelReads() const {
    const FunctionModel *model = program_.model(row_.callee());
    return model && llvm::any_of(model->ops, [](const Op &op) { return op.verb == Verb::Read || op.verb == Verb::Copy; });
  }

  bool ofLibrary() {
    MemberCall call = memberCallOf(program_, row_);
    if (!call.model || row_.place() == kNone ||
        (call.model->is != "container" && call.model->is != "pointer" && call.model->is != "callable" &&
         call.model->is != "thread"))
      return false;
    const Function &function = facts_.functions()[row_.callee()];
    AccessKind kind;
    // Many libraries let any thread wait for a thread; another one in its place is a write wherever there is one.
    kind.write = call.model->is == "thread" ? has(function.flags(), FunctionFlag::AssignmentOperator) : !call.reads;
    kind.update = kind.write;
    add(row_.place(), kind);
    // A copy reads the other one.
    auto params = facts_.params(function);
    if (has(function.flags(), FunctionFlag::AssignmentOperator | FunctionFlag::CopyConstructor) && row_.operand_count() == 1 &&
        params.size() == 1 && facts_.types()[params[0]].kind() == TypeKind::Reference)
      add(program_.places().deref(body_.operands(row_)[0]), {});
    return true;
  }

  const Program &program_;
  const Facts &facts_;
  const BodyView &body_;
  EventId event_;
  const Event &row_;
  llvm::SmallVector<PlaceAccess, 2> all_;
};

} // namespace

MemberCall memberCallOf(const Program &program, const Event &event) {
  MemberCall call;
  if (event.callee() == kNone)
    return call;
  const Function &function = program.facts().functions()[event.callee()];
  call.model = program.classModel(function.record());
  if (!call.model)
    return call;
  llvm::StringRef name = program.facts().string(function.name()).rsplit("::").second;
  call.reads = has(function.flags(), FunctionFlag::Const) || llvm::is_contained(call.model->reads, name);
  call.adds = llvm::is_contained(call.model->adds, name);
  call.removes = llvm::is_contained(call.model->removes, name);
  return call;
}

llvm::SmallVector<PlaceAccess, 2> accessesOf(const Program &program, const BodyView &body, EventId event) {
  return EventAccesses(program, body, event).all();
}

} // namespace heddle
