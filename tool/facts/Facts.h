// Facts of one unit, or of many merged: a frozen, verified buffer and typed views of its tables.
//
// The tables and their meaning are in facts.fbs; this header only makes them pleasant to read. A Facts is immutable and cheap to
// move. Ids are indices of rows; kNone is "no row".
#pragma once

#include "facts_generated.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace heddle::facts {

constexpr uint32_t kNone = 0xffffffff;
constexpr uint32_t kVersion = 2;

using StringId = uint32_t;
using ConstantId = uint32_t;
using FileId = uint32_t;
using LocationId = uint32_t;
using TypeId = uint32_t;
using RecordId = uint32_t;
using FieldId = uint32_t;
using VariableId = uint32_t;
using FunctionId = uint32_t;
using PlaceId = uint32_t;
using BodyId = uint32_t;
using BlockId = uint32_t;   // index in its body
using EventId = uint32_t;   // index in its body
using CleanupId = uint32_t; // index in its body
using UnitId = uint32_t;

/// Whether `flags` has any bit of `bits`.
template <class Flag> constexpr bool has(Flag flags, Flag bits) { return (flags & bits) != Flag::NONE; }

/// One body with its rows as spans. Block, event and cleanup ids in it are indices of these spans.
struct BodyView {
  const Body *row = nullptr;
  BodyId id = kNone;
  std::span<const Block> blocks;
  std::span<const Event> events;
  std::span<const Local> locals;
  std::span<const Local> params; // names of the parameters
  std::span<const Capture> captures;
  std::span<const Cleanup> cleanups;
  std::span<const Shape> shapes;
  const class Facts *facts = nullptr;

  FunctionId function() const { return row->function(); }
  std::span<const Event> eventsOf(const Block &block) const { return events.subspan(block.events(), block.event_count()); }
  std::span<const Edge> edgesOf(const Block &block) const;
  std::span<const PlaceId> operands(const Event &event) const;
  EventId idOf(const Event &event) const { return static_cast<EventId>(&event - events.data()); }
};

class Facts {
public:
  /// Takes over `buffer` after checking bounds and meaning (Verify.cpp). The error says what is wrong and is fit for a user.
  static llvm::Expected<Facts> open(std::vector<uint8_t> buffer);
  static llvm::Expected<Facts> read(llvm::StringRef path);

  std::span<const uint8_t> bytes() const { return *buffer_; }

  llvm::StringRef string(StringId id) const;
  size_t stringCount() const { return root_->strings()->size(); }
  int64_t constant(ConstantId id) const { return root_->constants()->Get(id); }
  size_t constantCount() const { return root_->constants()->size(); }

#define HEDDLE_TABLE(NAME, ROW)                                                                                                  \
  std::span<const ROW> NAME() const { return rows<ROW>(root_->NAME()); }
  HEDDLE_TABLE(files, File)
  HEDDLE_TABLE(locations, Location)
  HEDDLE_TABLE(types, Type)
  HEDDLE_TABLE(records, Record)
  HEDDLE_TABLE(fields, Field)
  HEDDLE_TABLE(bases, Base)
  HEDDLE_TABLE(variables, Variable)
  HEDDLE_TABLE(initials, Initial)
  HEDDLE_TABLE(functions, Function)
  HEDDLE_TABLE(overrides, Override)
  HEDDLE_TABLE(attributes, Attribute)
  HEDDLE_TABLE(places, Place)
  HEDDLE_TABLE(bodies, Body)
  HEDDLE_TABLE(blocks, Block)
  HEDDLE_TABLE(edges, Edge)
  HEDDLE_TABLE(events, Event)
  HEDDLE_TABLE(cleanups, Cleanup)
  HEDDLE_TABLE(locals, Local)
  HEDDLE_TABLE(captures, Capture)
  HEDDLE_TABLE(shapes, Shape)
  HEDDLE_TABLE(units, Unit)
  HEDDLE_TABLE(unit_bodies, UnitBody)
  HEDDLE_TABLE(unit_files, UnitFile)
  HEDDLE_TABLE(nolints, Nolint)
#undef HEDDLE_TABLE
  std::span<const uint32_t> lists() const { return {root_->lists()->data(), root_->lists()->size()}; }
  std::span<const uint32_t> operandTable() const { return {root_->operands()->data(), root_->operands()->size()}; }

  std::span<const uint32_t> list(uint32_t first, uint32_t count) const { return lists().subspan(first, count); }
  std::span<const TypeId> params(const Function &f) const { return list(f.params(), f.param_count()); }
  std::span<const TypeId> args(const Function &f) const { return list(f.args(), f.arg_count()); }
  std::span<const TypeId> args(const Record &r) const { return list(r.args(), r.arg_count()); }

  BodyView body(BodyId id) const;

  /// Path of the file of `id`, and its line: what messages show.
  llvm::StringRef path(LocationId id) const;
  const Location &location(LocationId id) const { return locations()[id]; }

private:
  Facts() = default;
  template <class Row> static std::span<const Row> rows(const flatbuffers::Vector<const Row *> *vector) {
    // Structs are stored inline; on a little-endian host their vector is an array of them.
    return {reinterpret_cast<const Row *>(vector->Data()), vector->size()};
  }

  std::unique_ptr<std::vector<uint8_t>> buffer_;
  const FactsTable *root_ = nullptr;
};

/// Prints facts as readable JSON: ids resolved to names, bodies as text. For people and tests; no tool reads it back.
void print(const Facts &facts, llvm::raw_ostream &out);

} // namespace heddle::facts
