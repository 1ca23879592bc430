#include "extract/Frame.h"

namespace heddle::extract {

using namespace clang;
using namespace facts;

Frame::Frame(Rows &rows, const BodyScan &scan, const FunctionDecl *function) : function(function), scan(scan), rows_(rows) {
  if (!function)
    return;
  for (const ParmVarDecl *param : function->parameters()) {
    LocalDraft draft;
    draft.name = rows.string(param->getName());
    draft.type = rows.type(param->getType());
    draft.location = rows.location(param->getLocation());
    const Usage &usage = scan.usage(*param);
    auto set = [&](bool on, LocalFlag flag) { draft.flags |= on ? flag : LocalFlag::NONE; };
    set(param->getType()->isReferenceType(), LocalFlag::Reference);
    set(usage.addressTaken, LocalFlag::AddressTaken);
    set(usage.captured, LocalFlag::CapturedByReference);
    set(param->getType().isConstQualified(), LocalFlag::Const);
    params.push_back(draft);
  }
  if (const auto *method = dyn_cast<CXXMethodDecl>(function); method && method->getParent()->isLambda())
    addCaptures(*method);
}

void Frame::addCaptures(const CXXMethodDecl &method) {
  const CXXRecordDecl &closure = *method.getParent();
  constClosure_ = method.isConst() || method.isStatic();
  auto field = closure.field_begin();
  for (const LambdaCapture &capture : closure.captures()) {
    CaptureDraft draft;
    uint32_t index = captures.size();
    if (field != closure.field_end())
      draft.type = rows_.type((*field++)->getType());
    if (capture.capturesThis()) {
      draft.name = rows_.string("this");
      draft.flags = CaptureFlag::This;
      if (capture.getCaptureKind() == LCK_This)
        draft.flags |= CaptureFlag::ByReference;
      thisCapture_ = index;
    } else if (capture.capturesVariable()) {
      const ValueDecl *variable = capture.getCapturedVar();
      draft.name = rows_.string(variable->getName());
      if (capture.getCaptureKind() == LCK_ByRef)
        draft.flags |= CaptureFlag::ByReference;
      if (const auto *var = dyn_cast<VarDecl>(variable); var && var->isInitCapture())
        draft.flags |= CaptureFlag::Init;
      captureIds_[variable] = index;
    }
    captures.push_back(draft);
  }
}

std::optional<uint32_t> Frame::capture(const ValueDecl &variable) const {
  auto it = captureIds_.find(&variable);
  return it == captureIds_.end() ? std::nullopt : std::optional(it->second);
}

bool Frame::isLocal(const VarDecl &variable) const {
  if (!variable.hasLocalStorage() || isa<ParmVarDecl>(variable))
    return false;
  const DeclContext *context = variable.getDeclContext();
  return function ? context == function || context->Encloses(function) == false : true;
}

uint32_t Frame::local(const VarDecl &variable) {
  auto [it, fresh] = localIds_.try_emplace(&variable, locals.size());
  if (!fresh)
    return it->second;
  uint32_t id = it->second;
  LocalDraft draft;
  draft.name = rows_.string(variable.getName());
  draft.type = rows_.type(variable.getType());
  draft.location = rows_.location(variable.getLocation());
  const Usage &usage = scan.usage(variable);
  auto set = [&](bool on, LocalFlag flag) { draft.flags |= on ? flag : LocalFlag::NONE; };
  set(variable.getType()->isReferenceType(), LocalFlag::Reference);
  set(usage.addressTaken, LocalFlag::AddressTaken);
  set(usage.captured, LocalFlag::CapturedByReference);
  set(usage.returned, LocalFlag::Returned);
  set(variable.getType().isConstQualified(), LocalFlag::Const);
  locals.push_back(draft);
  localVariables_.push_back(&variable);
  return id;
}

uint32_t Frame::unnamed(const Expr &expr, QualType type) {
  auto [it, fresh] = unnamedIds_.try_emplace(&expr, locals.size());
  if (!fresh)
    return it->second;
  uint32_t id = it->second;
  LocalDraft draft;
  draft.name = rows_.string("");
  draft.type = rows_.type(type);
  draft.location = rows_.location(expr.getSourceRange());
  locals.push_back(draft);
  localVariables_.push_back(nullptr);
  return id;
}

bool Frame::isUnchanged(const VarDecl &variable) const {
  if (variable.getType()->isReferenceType())
    return true;
  const Usage &usage = scan.usage(variable);
  return usage.writes == 0 && !usage.addressTaken && !usage.captured && !variable.getType().isVolatileQualified();
}

bool Frame::isUnchangedLocal(uint32_t index) const { return !localVariables_[index] || isUnchanged(*localVariables_[index]); }

bool Frame::isUnchangedParam(uint32_t index) const {
  return function && index < function->getNumParams() && isUnchanged(*function->getParamDecl(index));
}

BodyDraft Frame::draft() const {
  BodyDraft draft;
  draft.locals = locals;
  draft.params = params;
  draft.captures = captures;
  return draft;
}

} // namespace heddle::extract
