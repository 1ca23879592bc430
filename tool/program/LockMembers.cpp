#include "program/LockMembers.h"
#include "program/Uses.h"

namespace heddle {

using namespace facts;

namespace {
constexpr unsigned kDepth = 5;  // members of members
constexpr size_t kMembers = 16; // locks of one object
} // namespace

std::vector<PlaceId> LockMembers::in(PlaceId object, RecordId record, llvm::StringRef kind) const {
  std::vector<PlaceId> locks;
  if (object != kNone)
    collect(object, record, kind, 0, locks);
  return locks;
}

uint64_t LockMembers::bytesOf(TypeId type, unsigned depth) const {
  const Facts &facts = program_.facts();
  if (type == kNone || depth > kDepth)
    return 0;
  const Type &row = facts.types()[type];
  if (row.kind() == TypeKind::Array)
    return row.size() * bytesOf(row.pointee(), depth + 1);
  if (row.kind() != TypeKind::Record || row.record() == kNone)
    return row.size();
  uint64_t together = 0, largest = 0;
  for (FieldId field : program_.fieldsOf(row.record())) {
    uint64_t bytes = bytesOf(facts.fields()[field].type(), depth + 1);
    together += has(facts.fields()[field].flags(), FieldFlag::Bitfield) ? 0 : bytes;
    largest = std::max(largest, bytes);
  }
  return has(facts.records()[row.record()].flags(), RecordFlag::Union) ? largest : together;
}

void LockMembers::collect(PlaceId object, RecordId record, llvm::StringRef kind, unsigned depth,
                          std::vector<PlaceId> &out) const {
  if (record == kNone || depth > kDepth || out.size() >= kMembers)
    return;
  if (const ClassModel *model = program_.classModel(record)) {
    if (model->is == kind)
      out.push_back(object);
    return; // what a library keeps inside is its own affair
  }
  for (FieldId field : program_.fieldsOf(record))
    collect(program_.places().member(object, field), classOf(program_, program_.facts().fields()[field].type()), kind, depth + 1,
            out);
}

} // namespace heddle
