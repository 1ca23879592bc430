// What a writer of facts hands to the Builder: the rows of facts.fbs as plain aggregates, with nested vectors in place of ranges.
#pragma once

#include "facts/Facts.h"

namespace heddle::facts {

struct LocationDraft {
  FileId file = kNone;
  uint32_t line = 0, end_line = 0;
  uint16_t column = 0, end_column = 0;
  uint32_t offset = 0, length = 0;
  friend auto operator<=>(const LocationDraft &, const LocationDraft &) = default;
};

struct TypeDraft {
  TypeKind kind = TypeKind::Other;
  StringId name = kNone;
  TypeId pointee = kNone;
  RecordId record = kNone;
  uint32_t size = 0;
  TypeFlag flags = TypeFlag::NONE;
};

struct RecordDraft {
  StringId entity = kNone, name = kNone, pattern = kNone;
  std::vector<TypeId> args;
  FunctionId destructor = kNone;
  LocationId location = kNone;
  RecordFlag flags = RecordFlag::NONE;
};

struct FieldDraft {
  RecordId record = kNone;
  StringId name = kNone;
  TypeId type = kNone;
  LocationId location = kNone;
  uint16_t index = 0;
  FieldFlag flags = FieldFlag::NONE;
};

struct VariableDraft {
  StringId entity = kNone, name = kNone;
  TypeId type = kNone;
  LocationId location = kNone;
  FunctionId owner = kNone;
  PlaceId initializer = kNone;
  VariableFlag flags = VariableFlag::NONE;
};

struct FunctionDraft {
  StringId entity = kNone, name = kNone, display = kNone;
  RecordId record = kNone;
  TypeId result = kNone;
  std::vector<TypeId> params, args;
  StringId pattern = kNone;
  LocationId location = kNone;
  FunctionFlag flags = FunctionFlag::NONE;
};

struct AttributeDraft {
  OwnerKind owner_kind = OwnerKind::Function;
  uint32_t owner = kNone;
  AttributeKind kind = AttributeKind::Capability;
  std::vector<PlaceId> args;
  int8_t success = 0;
};

struct EventDraft {
  EventKind kind = EventKind::Call;
  EventFlag flags = EventFlag::NONE;
  PlaceId place = kNone;
  FunctionId callee = kNone;
  PlaceId result = kNone;
  std::vector<PlaceId> operands;
  LocationId location = kNone;
  CleanupId cleanup = kNone;
};

struct EdgeDraft {
  BlockId to = kNone;
  Relation relation = Relation::Always;
  PlaceId value = kNone;
  int64_t constant = 0;
};

struct BlockDraft {
  EventId first = 0; // its events are first … first + count of BodyDraft::events
  uint32_t count = 0;
  std::vector<EdgeDraft> edges;
  BlockFlag flags = BlockFlag::NONE;
};

struct CleanupDraft {
  CleanupKind kind = CleanupKind::Destroy;
  CleanupId next = kNone; // an earlier cleanup of the body: tails of chains are added first
  PlaceId place = kNone;
  FunctionId callee = kNone;
  BlockId block = kNone;
};

struct LocalDraft {
  StringId name = kNone;
  TypeId type = kNone;
  LocationId location = kNone;
  LocalFlag flags = LocalFlag::NONE;
};

struct CaptureDraft {
  StringId name = kNone;
  TypeId type = kNone;
  CaptureFlag flags = CaptureFlag::NONE;
};

struct ShapeDraft {
  ShapeKind kind = ShapeKind::AdjacentObjects;
  EventId event = kNone, other = kNone;
  StringId edit = kNone;
  LocationId location = kNone;
};

struct BodyDraft {
  FunctionId function = kNone;
  LocationId location = kNone;
  BodyFlag flags = BodyFlag::NONE;
  std::vector<BlockDraft> blocks; // blocks[0] is the entry
  std::vector<EventDraft> events; // in block order
  std::vector<LocalDraft> locals, params;
  std::vector<CaptureDraft> captures;
  std::vector<CleanupDraft> cleanups;
  std::vector<ShapeDraft> shapes;
};

struct UnitDraft {
  FileId file = kNone;
  StringId command = kNone, detail = kNone;
  uint32_t functions = 0;
  UnitFlag flags = UnitFlag::NONE;
};

} // namespace heddle::facts
