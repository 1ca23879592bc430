#include "facts/Text.h"

namespace heddle::facts {
namespace {

const char *sign(ExprOp op) {
  switch (op) {
  case ExprOp::Eq:
    return " == ";
  case ExprOp::Ne:
    return " != ";
  case ExprOp::Lt:
    return " < ";
  case ExprOp::Le:
    return " <= ";
  case ExprOp::Gt:
    return " > ";
  case ExprOp::Ge:
    return " >= ";
  case ExprOp::Add:
    return " + ";
  case ExprOp::Sub:
    return " - ";
  case ExprOp::And:
    return " & ";
  case ExprOp::Or:
    return " | ";
  default:
    return ", ";
  }
}

bool isReference(const Facts &facts, TypeId type) {
  return type != kNone &&
         (facts.types()[type].kind() == TypeKind::Reference || facts.types()[type].kind() == TypeKind::RvalueReference);
}

} // namespace

std::string PlaceText::name(const Local &local, std::string fallback) const {
  llvm::StringRef text = facts.string(local.name());
  return text.empty() ? fallback : text.str();
}

std::string PlaceText::object(PlaceId id) const {
  const Place &p = row(id);
  if (p.kind() != PlaceKind::Deref)
    return (*this)(id) + ".";
  const Place &pointer = row(p.parent());
  bool reference = (pointer.kind() == PlaceKind::Param && body && pointer.id() < body->params.size() &&
                    isReference(facts, body->params[pointer.id()].type())) ||
                   (pointer.kind() == PlaceKind::Local && body && pointer.id() < body->locals.size() &&
                    has(body->locals[pointer.id()].flags(), LocalFlag::Reference)) ||
                   (pointer.kind() == PlaceKind::Capture && body && pointer.id() < body->captures.size() &&
                    has(body->captures[pointer.id()].flags(), CaptureFlag::ByReference));
  return (*this)(p.parent()) + (reference ? "." : "->");
}

std::string PlaceText::result(EventId event) const {
  std::string number = "result" + std::to_string(event);
  if (!namesResults || !body || event >= body->events.size())
    return number;
  for (const Event &write : body->events) {
    if (write.kind() != EventKind::Write || write.operand_count() != 1 || write.place() == kNone)
      continue;
    const Place &value = row(body->operands(write)[0]), &to = row(write.place());
    if (value.kind() == PlaceKind::Result && value.id() == event && to.kind() == PlaceKind::Local &&
        to.id() < body->locals.size())
      return name(body->locals[to.id()], number);
  }
  const Event &call = body->events[event];
  if (call.kind() != EventKind::Call || call.callee() == kNone)
    return number;
  llvm::StringRef callee = facts.string(facts.functions()[call.callee()].name());
  return (callee.substr(callee.rfind(':') + 1) + "()").str();
}

std::string PlaceText::operator()(PlaceId id) const {
  if (id == kNone)
    return "?";
  const Place &p = row(id);
  switch (p.kind()) {
  case PlaceKind::This:
    return "this";
  case PlaceKind::Param:
    return body && p.id() < body->params.size() ? name(body->params[p.id()], "arg" + std::to_string(p.id()))
                                                : "arg" + std::to_string(p.id());
  case PlaceKind::Local:
    return body && p.id() < body->locals.size() ? name(body->locals[p.id()], "local" + std::to_string(p.id()))
                                                : "local" + std::to_string(p.id());
  case PlaceKind::Capture: {
    if (!body || p.id() >= body->captures.size())
      return "capture" + std::to_string(p.id());
    const Capture &c = body->captures[p.id()];
    return has(c.flags(), CaptureFlag::This) ? "this" : facts.string(c.name()).str();
  }
  case PlaceKind::Global:
    return facts.string(facts.variables()[p.id()].name()).str();
  case PlaceKind::Result:
    return result(p.id());
  case PlaceKind::ReturnSlot:
    return "return value";
  case PlaceKind::Function:
    return facts.string(facts.functions()[p.id()].name()).str();
  case PlaceKind::Constant:
    return std::to_string(constant(p.id()));
  case PlaceKind::String:
    return "\"" + facts.string(p.id()).str() + "\"";
  case PlaceKind::Unknown:
    return "?";
  case PlaceKind::Field:
    return object(p.parent()) + fieldName(p.id());
  case PlaceKind::Deref: {
    std::string dotted = object(id); // a reference is written by its name alone
    return llvm::StringRef(dotted).ends_with("->") ? "*" + (*this)(p.parent()) : dotted.substr(0, dotted.size() - 1);
  }
  case PlaceKind::AddressOf:
    return "&" + (*this)(p.parent());
  case PlaceKind::Element:
    return (*this)(p.parent()) + "[" + (p.id() == kNone ? "?" : (*this)(p.id())) + "]";
  case PlaceKind::Expr:
    if (p.op() == ExprOp::Opaque)
      return "expression(" + (p.parent() == kNone ? "" : (*this)(p.parent())) + ")";
    if (p.op() == ExprOp::Not)
      return "!" + (*this)(p.parent());
    return (p.parent() == kNone ? "" : (*this)(p.parent())) + (p.id() == kNone ? "" : sign(p.op()) + (*this)(p.id()));
  }
  return "?";
}

std::string text(const Facts &facts, PlaceId id, const BodyView *body) {
  auto row = [&](PlaceId p) -> const Place & { return facts.places()[p]; };
  auto field = [&](FieldId f) { return facts.string(facts.fields()[f].name()).str(); };
  auto constant = [&](ConstantId c) { return facts.constant(c); };
  return PlaceText{facts, row, field, constant, body}(id);
}

} // namespace heddle::facts
