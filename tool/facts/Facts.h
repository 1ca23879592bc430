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
constexpr uint32_t kVersion = 3;

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

#define HEDDLE_TABLES(TABLE)                                                                                                     \
  TABLE(files, File)                                                                                                             \
  TABLE(locations, Location)                                                                                                     \
  TABLE(types, Type)                                                                                                             \
  TABLE(records, Record)                                                                                                         \
  TABLE(fields, Field)                                                                                                           \
  TABLE(bases, Base)                                                                                                             \
  TABLE(variables, Variable)                                                                                                     \
  TABLE(initials, Initial)                                                                                                       \
  TABLE(functions, Function)                                                                                                     \
  TABLE(overrides, Override)                                                                                                     \
  TABLE(attributes, Attribute)                                                                                                   \
  TABLE(places, Place)                                                                                                           \
  TABLE(bodies, Body)                                                                                                            \
  TABLE(blocks, Block)                                                                                                           \
  TABLE(edges, Edge)                                                                                                             \
  TABLE(events, Event)                                                                                                           \
  TABLE(cleanups, Cleanup)                                                                                                       \
  TABLE(locals, Local)                                                                                                           \
  TABLE(captures, Capture)                                                                                                       \
  TABLE(shapes, Shape)                                                                                                           \
  TABLE(units, Unit)                                                                                                             \
  TABLE(unit_bodies, UnitBody)                                                                                                   \
  TABLE(unit_variables, UnitVariable)                                                                                            \
  TABLE(unit_files, UnitFile)                                                                                                    \
  TABLE(nolints, Nolint)

class Facts {
public:
  /// Takes over `buffer` after checking bounds and meaning (Verify.cpp). The error says what is wrong and is fit for a user.
  static llvm::Expected<Facts> open(std::vector<uint8_t> buffer);
  static llvm::Expected<Facts> read(llvm::StringRef path);

  std::span<const uint8_t> bytes() const { return *buffer_; }

  llvm::StringRef string(StringId id) const;
  size_t stringCount() const { return tables_.strings->size(); }
  int64_t constant(ConstantId id) const { return tables_.constants->Get(id); }
  size_t constantCount() const { return tables_.constants->size(); }

#define HEDDLE_TABLE(NAME, ROW)                                                                                                  \
  std::span<const ROW> NAME() const { return tables_.NAME; }
  HEDDLE_TABLES(HEDDLE_TABLE)
#undef HEDDLE_TABLE
  std::span<const uint32_t> lists() const { return tables_.lists; }
  std::span<const uint32_t> operandTable() const { return tables_.operands; }

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
  std::unique_ptr<std::vector<uint8_t>> buffer_;
  /// Where the tables are in the buffer: they are asked for all the time, and FlatBuffers looks each up anew.
  struct Tables {
#define HEDDLE_TABLE(NAME, ROW) std::span<const ROW> NAME;
    HEDDLE_TABLES(HEDDLE_TABLE)
#undef HEDDLE_TABLE
    std::span<const uint32_t> lists, operands;
    const flatbuffers::Vector<flatbuffers::Offset<flatbuffers::String>> *strings = nullptr;
    const flatbuffers::Vector<int64_t> *constants = nullptr;
  };
  static Tables tablesOf(const FactsTable &root);

  Tables tables_;
};

/// Prints facts as readable JSON: ids resolved to names, bodies as text. For people and tests; no tool reads it back.
void print(const Facts &facts, llvm::raw_ostream &out);

} // namespace heddle::facts
