// Abstract objects: what the places of many frames have in common.
//
// Computes. An object is a root (a global; a local, temporary or allocation of one *frame*, see Frames.h; a closure; a function;
// the thread that an entry stands for) and a chain of parts: field, element, by-value capture, and, where nobody was seen to
// store a pointer, the unknown object it points at. Beside each object stands what pointers stored in it may point at, gathered
// without regard to order (Andersen's inclusion, field-sensitive, one set a part).
//
// Gets wrong. Objects of one frame that runs many times are one object here (whether two accesses meet in one instance is asked
// of Sharing). Elements with an index that isn't constant are one element. Casts between record types keep the parts of the first
// one. A set that grows beyond kValues is given up and reads as unknown; what a library keeps a list of may hold kListed.
//
// Whoever reads contents is written down while a reader is set, so that a store can tell who has to look again: the walk that
// fills them (Frames.h) does each event anew only when what it read has grown.
//
// Source: L. Andersen, Program Analysis and Specialization for C, 1994; heap cloning as in Lattner, Lenharth and Adve, PLDI 2007;
// difference propagation as in Fecht and Seidl, Nordic Journal of Computing 1998.
#pragma once

#include "facts/Facts.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace heddle {

using ObjectId = uint32_t;
using FrameId = uint32_t;

enum class ObjectKind : uint8_t {
  Global,   // id: variable
  Local,    // id: local of the frame's body
  Param,    // id: parameter of the frame's function: its own storage
  Receiver, // what `this` points at in a frame whose caller isn't known
  Made,     // id: event of the frame: allocation, temporary, or what an opaque call returned
  Value,    // id: place: a temporary that holds the value of a place
  Returned, // the object a frame returns
  Closure,  // id: event of the frame
  Function, // id: function
  Thread,   // id: entry: the running thread itself, which its handles point at
  // parts
  Capture, // id: capture of the parent, a closure
  Field,   // id: field of the parent; pseudo-fields of models included
  Element, // id: constant index, or kNone for any
  Pointee  // what the parent points at, as nothing is known that was stored there
};

struct Object {
  ObjectKind kind;
  uint32_t id;
  ObjectId parent;
  FrameId frame; // whose activation made it; kNone for what outlives all
  facts::TypeId type;
};

/// A small sorted set of objects; empty means nothing is known.
using ObjectSet = llvm::SmallVector<ObjectId, 2>;

/// Adds the objects of `more`; true when the set grew.
bool unite(ObjectSet &set, llvm::ArrayRef<ObjectId> more);

class Objects {
public:
  static constexpr size_t kValues = 8;
  static constexpr size_t kListed = 64; // of a list
  static constexpr unsigned kPointees = 3;
  static constexpr unsigned kCopyDepth = 4;

  explicit Objects(const facts::Facts &facts) : facts_(facts) {}

  const Object &operator[](ObjectId id) const { return objects_[id]; }
  size_t size() const { return objects_.size(); }

  ObjectId root(ObjectKind kind, uint32_t id, FrameId frame, facts::TypeId type);
  /// `type`: of a pseudo-field, where it is known.
  ObjectId field(ObjectId parent, facts::FieldId id, facts::TypeId type = facts::kNone);
  ObjectId element(ObjectId parent, uint32_t index);
  ObjectId capture(ObjectId closure, uint32_t index, facts::TypeId type);
  /// kNone when the chain of unknown pointers would get too long to mean anything.
  ObjectId pointee(ObjectId pointer);

  ObjectId rootOf(ObjectId id) const;
  bool within(ObjectId part, ObjectId whole) const;

  /// Whether it may have been allocated: not so a variable, or a part of one.
  bool mayBeFreed(ObjectId id) const;

  /// What a pointer in `storage` may point at; empty if unknown.
  llvm::ArrayRef<ObjectId> contents(ObjectId storage) const {
    if (reader_ != kNoReader)
      note(readers_[storage]);
    return rows_[storage].contents;
  }
  /// Whether so much was stored there that it was given up.
  bool lost(ObjectId storage) const { return rows_[storage].givenUp; }
  /// Fields, elements and captures that were named so far.
  llvm::ArrayRef<ObjectId> parts(ObjectId whole) const {
    if (reader_ != kNoReader)
      note(wholeReaders_[whole]);
    return rows_[whole].parts;
  }
  /// A pseudo-field that is a list: all that a library was given to work on.
  void setList(facts::FieldId field) { lists_.push_back(field); }
  bool isList(ObjectId id) const { return objects_[id].kind == ObjectKind::Field && llvm::is_contained(lists_, objects_[id].id); }
  /// Adds to it; true when something was new.
  bool store(ObjectId storage, llvm::ArrayRef<ObjectId> values);
  /// Copies what is known of `from`, parts included, into `to`.
  void copy(ObjectId to, ObjectId from);
  /// The same of its parts alone.
  void copyParts(ObjectId to, ObjectId from);
  /// Copies one allocation into what another name tells apart from it.
  void clone(ObjectId to, ObjectId from) {
    cloning_ = true;
    copy(to, from);
    cloning_ = false;
  }
  /// Storage in which an object of another type is made is that object from then on.
  void become(ObjectId id, facts::TypeId type);
  /// Others than who made it can reach the allocation that `part` belongs to: it is one object, whoever asked for it.
  void publish(ObjectId part);
  /// Whether an allocation was stored where its maker's frame isn't the only one to find it.
  bool published(ObjectId made) const { return rows_[made].published; }
  /// Whoever reads from now on, until the next; kNoReader: nobody who has to be told.
  using Reader = uint64_t;
  static constexpr Reader kNoReader = ~Reader(0);
  void setReader(Reader reader) { reader_ = reader; }
  Reader reader() const { return reader_; }
  /// Those who read what was stored to since they did, in order of the stores; then nobody.
  std::vector<Reader> takeStale() { return std::exchange(stale_, {}); }
  /// From now on nobody has to be told.
  void settle();

private:
  using Readers = llvm::SmallVector<Reader, 0>;
  struct Row {
    ObjectSet contents;
    llvm::SmallVector<ObjectId, 0> parts;
    uint32_t grown = 0; // when its contents or those of a part last grew; 0: never
    bool givenUp = false;
    bool published = false;
  };

  ObjectId make(ObjectKind kind, uint32_t id, ObjectId parent, FrameId frame, facts::TypeId type);
  size_t slotOf(const Object &key) const;
  void growTable();
  void note(Readers &readers) const {
    if (readers.empty() || readers.back() != reader_)
      readers.push_back(reader_);
  }
  void tell(ObjectId storage);
  bool keeps(ObjectId storage, ObjectId value) const;
  void copyParts(ObjectId to, ObjectId from, uint32_t since, unsigned depth);

  const facts::Facts &facts_;
  llvm::SmallVector<facts::FieldId, 8> lists_;
  std::vector<Object> objects_;
  std::vector<Row> rows_;
  mutable std::vector<Readers> readers_, wholeReaders_; // of the contents of one; of those of all its parts
  std::vector<Reader> stale_;
  std::vector<ObjectId> table_;               // open hashing over objects_; a power of two
  llvm::DenseMap<uint64_t, uint32_t> copied_; // by target and source: when
  uint32_t clock_ = 0;                        // counts changes of contents
  Reader reader_ = kNoReader;
  bool settled_ = false;
  bool cloning_ = false;
};

} // namespace heddle
