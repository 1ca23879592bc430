#include "program/DescriptorKinds.h"
#include "program/PathState.h"

namespace heddle {

using namespace facts;

std::optional<bool> holdsAtCall(const Program &program, const Test &test, PlaceId value) {
  std::optional<int64_t> number = value == kNone || !test.text.empty() ? std::nullopt : program.places().asConstant(value);
  if (!number)
    return std::nullopt;
  return holds(*number & test.mask, test.relation, test.constant);
}

DescriptorKinds::DescriptorKinds(const Program &program) : program_(program) {
  for (BodyId body : program.bodies())
    addBody(body);
}

// ---- classes ---------------------------------------------------------------------------------------------------------------

DescriptorKinds::Node DescriptorKinds::node(uint64_t kind, uint32_t owner, uint32_t id) const {
  auto [at, fresh] = nodes_.try_emplace({kind << 32 | owner, id}, Node(parent_.size()));
  if (fresh) {
    parent_.push_back(at->second);
    classes_.emplace_back();
  }
  return at->second;
}

DescriptorKinds::Node DescriptorKinds::find(Node node) const {
  while (parent_[node] != node)
    node = parent_[node] = parent_[parent_[node]];
  return node;
}

void DescriptorKinds::unite(Node a, Node b) {
  if (a == kNone || b == kNone || (a = find(a)) == (b = find(b)))
    return;
  parent_[b] = a;
  Class &to = classes_[a], &from = classes_[b];
  to.file |= from.file, to.socket |= from.socket, to.pipe |= from.pipe, to.other |= from.other;
  to.nonBlocking |= from.nonBlocking;
}

/// An int, a stream, or a pointer to one.
bool DescriptorKinds::mayHold(TypeId type) const {
  const Facts &f = program_.facts();
  for (unsigned depth = 0; type != kNone && depth < 4; ++depth, type = f.types()[type].pointee()) {
    const Type &row = f.types()[type];
    if (row.kind() == TypeKind::Integer)
      return row.size() == 4;
    if (row.kind() == TypeKind::Record) {
      const ClassModel *model = row.record() == kNone ? nullptr : program_.classModel(row.record());
      return model && model->is == "stream";
    }
  }
  return false;
}

/// The class of what a place holds; a pointer to it and an element of it count as itself. kNone: no descriptor, or no name.
DescriptorKinds::Node DescriptorKinds::nodeOf(BodyId body, PlaceId place) const {
  const Places &places = program_.places();
  const Facts &f = program_.facts();
  for (PlaceId id = place; id != kNone; id = places[id].parent()) {
    const Place &p = places[id];
    switch (p.kind()) {
    case PlaceKind::Field:
      return p.id() < f.fields().size() && mayHold(f.fields()[p.id()].type()) ? node(0, 0, p.id()) : kNone;
    case PlaceKind::Global:
      return mayHold(f.variables()[p.id()].type()) ? node(1, 0, p.id()) : kNone;
    case PlaceKind::Local:
      return p.id() < f.body(body).locals.size() && mayHold(f.body(body).locals[p.id()].type()) ? node(2, body, p.id()) : kNone;
    case PlaceKind::Param: {
      FunctionId function = f.bodies()[body].function();
      auto params = f.params(f.functions()[function]);
      return p.id() < params.size() && mayHold(params[p.id()]) ? node(3, function, p.id()) : kNone;
    }
    case PlaceKind::Result:
      return node(4, body, p.id());
    case PlaceKind::Capture:
      return p.id() < f.body(body).captures.size() && mayHold(f.body(body).captures[p.id()].type()) ? node(5, body, p.id())
                                                                                                    : kNone;
    case PlaceKind::AddressOf:
    case PlaceKind::Deref:
    case PlaceKind::Element:
      continue;
    default:
      return kNone;
    }
  }
  return kNone;
}

// ---- flow ------------------------------------------------------------------------------------------------------------------

void DescriptorKinds::addBody(BodyId id) {
  BodyView body = program_.facts().body(id);
  const Places &places = program_.places();
  for (EventId event = 0; event < body.events.size(); ++event) {
    const Event &row = body.events[event];
    std::span<const PlaceId> operands = body.operands(row);
    switch (row.kind()) {
    case EventKind::Write:
      if (!operands.empty())
        unite(nodeOf(id, places.canonical(row.place())), nodeOf(id, places.canonical(operands[0])));
      break;
    case EventKind::Return:
      if (!operands.empty() && mayHold(program_.facts().functions()[body.function()].result()))
        unite(node(6, 0, body.function()), nodeOf(id, places.canonical(operands[0])));
      break;
    case EventKind::Call:
    case EventKind::Construct:
      addCall(body, event);
      break;
    case EventKind::Closure:
      if (row.callee() != kNone)
        for (BodyId inner : program_.bodiesOf(row.callee()))
          for (uint32_t i = 0; i < operands.size() && i < program_.facts().body(inner).captures.size(); ++i)
            if (mayHold(program_.facts().body(inner).captures[i].type()))
              unite(node(5, inner, i), nodeOf(id, places.canonical(operands[i])));
      break;
    default:
      break;
    }
  }
}

void DescriptorKinds::addCall(const BodyView &body, EventId event) {
  for (const Invocation &invocation : program_.calls().invocations(body, event)) {
    if (const FunctionModel *model = program_.model(invocation.function)) {
      if (invocation.function == body.events[event].callee())
        addModel(*model, body, event);
      continue;
    }
    for (BodyId callee : program_.bodiesOf(invocation.function)) {
      auto params = program_.facts().params(program_.facts().functions()[invocation.function]);
      for (uint32_t i = 0; i < invocation.arguments.size() && i < params.size(); ++i)
        if (mayHold(params[i]))
          unite(nodeOf(callee, program_.places().make(PlaceKind::Param, i)), nodeOf(body.id, invocation.arguments[i]));
      if (mayHold(program_.facts().functions()[invocation.function].result()))
        unite(node(6, 0, invocation.function), node(4, body.id, event));
    }
  }
}

void DescriptorKinds::addModel(const FunctionModel &model, const BodyView &body, EventId event) {
  for (const Op &op : model.ops) {
    if (op.operands.empty())
      continue;
    if (op.before && holdsAtCall(program_, *op.before, program_.value(op.before->value, body, event)) == std::optional(false))
      continue;
    Node at = nodeOf(body.id, program_.value(op.operands[0], body, event));
    if (at == kNone)
      continue;
    Class &kind = classes_[find(at)];
    llvm::StringRef note = op.note;
    if (op.verb == Verb::Open) {
      bool &which = note == "file" || note == "append" ? kind.file
                    : note == "socket"                 ? kind.socket
                    : note == "pipe"                   ? kind.pipe
                                                       : kind.other;
      which = true;
    } else if (op.verb == Verb::Duplicate && op.operands.size() > 1) {
      unite(at, nodeOf(body.id, program_.value(op.operands[1], body, event)));
    } else if (op.verb == Verb::Access && note == "nonblocking") {
      kind.nonBlocking = true;
    }
  }
}

// ---- questions -------------------------------------------------------------------------------------------------------------

DescriptorKinds::Kind DescriptorKinds::kindOf(BodyId body, PlaceId place) const {
  Node at = nodeOf(body, program_.places().canonical(place));
  if (at == kNone)
    return Unknown;
  const Class &kind = classes_[find(at)];
  if (kind.file + kind.socket + kind.pipe + kind.other != 1)
    return Unknown;
  return kind.file ? File : kind.socket ? Socket : kind.pipe ? Pipe : Unknown;
}

bool DescriptorKinds::same(BodyId a, PlaceId x, BodyId b, PlaceId y) const {
  Node first = nodeOf(a, program_.places().canonical(x));
  if (first == kNone)
    return false;
  Node second = nodeOf(b, program_.places().canonical(y));
  return second != kNone && find(first) == find(second);
}

bool DescriptorKinds::nonBlocking(BodyId body, PlaceId place) const {
  Node at = nodeOf(body, program_.places().canonical(place));
  return at != kNone && classes_[find(at)].nonBlocking;
}

} // namespace heddle
