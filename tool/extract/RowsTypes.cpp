// Rows of types, records and fields.
#include "extract/Attributes.h"
#include "extract/Rows.h"

#include "clang/AST/RecordLayout.h"
#include "clang/Sema/Sema.h"

namespace heddle::extract {

using namespace clang;
using namespace facts;

static TypeKind kindOf(QualType type) {
  if (type->isVoidType())
    return TypeKind::Void;
  if (type->isBooleanType())
    return TypeKind::Bool;
  if (type->isEnumeralType())
    return TypeKind::Enum;
  if (type->isIntegerType())
    return TypeKind::Integer;
  if (type->isRealFloatingType())
    return TypeKind::Floating;
  if (type->isPointerType() || type->isNullPtrType())
    return TypeKind::Pointer;
  if (type->isLValueReferenceType())
    return TypeKind::Reference;
  if (type->isRValueReferenceType())
    return TypeKind::RvalueReference;
  if (type->isArrayType())
    return TypeKind::Array;
  if (type->isRecordType())
    return TypeKind::Record;
  if (type->isFunctionType())
    return TypeKind::Function;
  if (type->isMemberPointerType())
    return TypeKind::MemberPointer;
  return TypeKind::Other;
}

TypeId Rows::type(QualType given) {
  if (given.isNull())
    return kNone;
  QualType type = given.getCanonicalType();
  auto [it, fresh] = types_.try_emplace(type.getAsOpaquePtr(), kNone);
  if (!fresh && it->second != kNone)
    return it->second;
  TypeId id = builder.type(describe(type));
  return types_[type.getAsOpaquePtr()] = id;
}

TypeDraft Rows::describe(QualType type) {
  TypeDraft draft;
  draft.name = string(naming.unique(type));
  auto qualifiers = [&](QualType from) {
    if (from.isConstQualified())
      draft.flags |= TypeFlag::Const;
    if (from.isVolatileQualified())
      draft.flags |= TypeFlag::Volatile;
  };
  qualifiers(type);
  if (const auto *atomic = type->getAs<AtomicType>()) {
    draft.flags |= TypeFlag::Atomic;
    draft.pointee = this->type(atomic->getValueType());
    draft.kind = kindOf(atomic->getValueType());
    type = atomic->getValueType().getCanonicalType();
  } else {
    draft.kind = kindOf(type);
  }
  if (type->isSignedIntegerOrEnumerationType())
    draft.flags |= TypeFlag::Signed;
  if (const auto *pointer = type->getAs<PointerType>())
    draft.pointee = this->type(pointer->getPointeeType());
  else if (const auto *reference = type->getAs<ReferenceType>())
    draft.pointee = this->type(reference->getPointeeType());
  else if (const auto *array = type->getAsArrayTypeUnsafe())
    draft.pointee = this->type(array->getElementType());
  else if (const auto *record = type->getAsRecordDecl())
    draft.record = this->record(*record);
  if (const auto *array = dyn_cast<ConstantArrayType>(type.getTypePtr()))
    draft.size = static_cast<uint32_t>(array->getZExtSize());
  else if (!type->isArrayType() && !type->isDependentType() && !type->isIncompleteType() && !type->isFunctionType() &&
           !type->isUndeducedType() && type->isScalarType())
    draft.size = static_cast<uint32_t>(context.getTypeSizeInChars(type).getQuantity());
  return draft;
}

const CXXDestructorDecl *Rows::destructor(QualType type) {
  const CXXRecordDecl *record = type.isNull() ? nullptr : type->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
  if (!record || !record->hasDefinition() || record->isInvalidDecl() || record->hasTrivialDestructor())
    return nullptr;
  return record->getDestructor();
}

std::vector<TypeId> Rows::arguments(ArrayRef<TemplateArgument> list) {
  std::vector<TypeId> ids;
  for (const TemplateArgument &argument : list) {
    if (argument.getKind() == TemplateArgument::Type)
      ids.push_back(type(argument.getAsType()));
    else if (argument.getKind() == TemplateArgument::Pack)
      for (const TemplateArgument &part : argument.pack_elements())
        if (part.getKind() == TemplateArgument::Type)
          ids.push_back(type(part.getAsType()));
  }
  return ids;
}

RecordId Rows::record(const RecordDecl &given) {
  const Decl *key = given.getCanonicalDecl();
  auto [it, fresh] = ids_.try_emplace(key, kNone);
  if (!fresh)
    return it->second;
  RecordDraft draft;
  draft.entity = string(naming.entity(given));
  draft.name = string(naming.display(given));
  draft.pattern = string(naming.qualified(given));
  RecordId id = builder.record(draft);
  ids_[key] = id;
  pending_.push_back(key);
  return id;
}

static RecordFlag flagsOf(const RecordDecl &record, bool project, bool cplusplus) {
  RecordFlag flags = project ? RecordFlag::NONE : RecordFlag::System;
  auto set = [&](bool on, RecordFlag flag) { flags |= on ? flag : RecordFlag::NONE; };
  set(record.isUnion(), RecordFlag::Union);
  set(record.getDeclContext()->isFunctionOrMethod(), RecordFlag::Local);
  set(!cplusplus, RecordFlag::C);
  const auto *cxx = dyn_cast<CXXRecordDecl>(&record);
  set(cxx && cxx->isLambda(), RecordFlag::Closure);
  set(isa<ClassTemplateSpecializationDecl>(record), RecordFlag::Instantiation);
  if (!record.isCompleteDefinition())
    return flags;
  set(true, RecordFlag::Defined);
  if (!cxx) {
    flags |= RecordFlag::TrivialDestructor | RecordFlag::TrivialCopy;
    return flags;
  }
  set(cxx->isPolymorphic(), RecordFlag::Polymorphic);
  set(cxx->isAbstract(), RecordFlag::Abstract);
  set(cxx->isEffectivelyFinal(), RecordFlag::Final);
  set(cxx->hasTrivialDestructor(), RecordFlag::TrivialDestructor);
  set(cxx->hasTrivialCopyConstructor(), RecordFlag::TrivialCopy);
  return flags;
}

/// A class that the project only mentions, as an argument of another class mostly, is made complete by the body that first needs
/// it. If that is a system body, which may have been left out (SkipPolicy.h), it is made so here. Of a class whose arguments
/// reach the project no such body is left out. What it instantiates in turn has no body for us; its errors would be no use.
void Rows::instantiate(const RecordDecl &record) {
  const auto *special = dyn_cast<ClassTemplateSpecializationDecl>(&record);
  if (!sema_ || !special || special->hasDefinition() || isProject(record) || reach_.reaches(special))
    return;
  DiagnosticsEngine &diagnostics = context.getDiagnostics();
  bool silent = diagnostics.getSuppressAllDiagnostics();
  diagnostics.setSuppressAllDiagnostics(true);
  sema_->isCompleteType(record.getLocation(), context.getRecordType(&record));
  diagnostics.setSuppressAllDiagnostics(silent);
}

void Rows::complete(const RecordDecl &given, RecordId id) {
  instantiate(given);
  const RecordDecl *definition = given.getDefinition();
  const RecordDecl &record = definition ? *definition : given;
  bool project = isProject(record);
  const auto *cxx = dyn_cast<CXXRecordDecl>(&record);
  RecordDraft draft = builder.recordAt(id);
  draft.flags = flagsOf(record, project, context.getLangOpts().CPlusPlus);
  if (project)
    draft.location = location(record.getLocation());
  if (const auto *special = dyn_cast<ClassTemplateSpecializationDecl>(&record))
    draft.args = arguments(special->getTemplateArgs().asArray());
  bool usable = definition && !record.isInvalidDecl() && !record.isDependentContext();
  if (usable && cxx)
    if (const CXXDestructorDecl *destructor = cxx->getDestructor())
      // Implicit ones are declared when something needs them; in a system class that may be a body that wasn't read.
      if (project || !destructor->isImplicit())
        draft.destructor = function(*destructor);
  builder.record(draft);
  if (!usable)
    return;
  if (cxx) {
    uint16_t index = 0;
    for (const CXXBaseSpecifier &base : cxx->bases())
      if (const CXXRecordDecl *type = base.getType()->getAsCXXRecordDecl())
        builder.base(id, this->record(*type), index++, base.isVirtual());
  }
  if (!project)
    return;
  for (const FieldDecl *member : record.fields())
    field(*member);
  if (cxx)
    for (const CXXMethodDecl *method : cxx->methods())
      if (method->isVirtual())
        function(*method);
  Attributes(*this).write(record, id);
}

FieldId Rows::field(const FieldDecl &given) {
  const auto &member = *cast<FieldDecl>(given.getCanonicalDecl());
  auto [it, fresh] = ids_.try_emplace(&member, kNone);
  if (!fresh)
    return it->second;
  FieldDraft draft;
  draft.record = record(*member.getParent());
  const auto *closure = dyn_cast<CXXRecordDecl>(member.getParent());
  draft.name = string(closure && closure->isLambda() ? "" : member.getName());
  draft.type = type(member.getType());
  draft.index = static_cast<uint16_t>(std::min(member.getFieldIndex(), 0xffffu));
  if (isProject(member))
    draft.location = location(member.getLocation());
  auto set = [&](bool on, FieldFlag flag) { draft.flags |= on ? flag : FieldFlag::NONE; };
  set(member.isMutable(), FieldFlag::Mutable);
  set(member.isBitField(), FieldFlag::Bitfield);
  set(member.getType().isConstQualified(), FieldFlag::Const);
  set(member.getName().empty(), FieldFlag::Unnamed);
  FieldId id = builder.field(draft);
  ids_[&member] = id;
  pending_.push_back(&member);
  return id;
}

void Rows::drain() {
  while (!pending_.empty()) {
    const Decl *decl = pending_.front();
    pending_.pop_front();
    uint32_t id = ids_.lookup(decl);
    if (const auto *record = dyn_cast<RecordDecl>(decl))
      complete(*record, id);
    else if (const auto *function = dyn_cast<FunctionDecl>(decl))
      complete(*function, id);
    else if (const auto *member = dyn_cast<FieldDecl>(decl))
      Attributes(*this).write(*member, id);
    else if (const auto *variable = dyn_cast<VarDecl>(decl))
      Attributes(*this).write(*variable, id);
  }
}

} // namespace heddle::extract
