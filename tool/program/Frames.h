// Frames: every function as each entry calls it, with what it was given.
//
// Computes. From main, and in a program without one from every function that nobody calls and that leads to a start of a thread,
// the calls are walked down. A frame is a body together with the entry whose thread runs it, the objects that `this`, parameters
// and captures stand for, and the locks that its callers hold; equal ones are one frame, so the walk ends. Each start of a thread
// adds an entry, with what it was given substituted through helpers on the way, and is walked likewise. What pointers may point
// at (Objects) grows meanwhile; the walk is repeated until it stands still. Frames, their call edges and the starts and joins in
// them are what Entries, Phases, Accesses and Sharing are made of.
//
// Gets wrong. The order of stores is not looked at. A function with more than kFramesPerFunction different callers' views in one
// entry gets one more frame, in which nothing is known of its arguments: accesses there have no object, and are counted as cut.
//
// Source: object-sensitive call graphs (Milanova, Rountev, Ryder, TOSEM 2005), with values in place of receivers.
#pragma once

#include "program/CallGraph.h"
#include "program/Objects.h"
#include "program/Program.h"

#include <map>
#include <set>

namespace heddle {

using EntryId = uint32_t;

/// One thread's code: main, a function that outsiders may call, or what a start runs.
struct Entry {
  enum Kind : uint8_t { Main, Open, Started } kind = Main;
  facts::FunctionId function = kNone;
  FrameId frame = kNone; // of the function itself
  // Of a started one: where.
  FrameId starter = kNone;
  facts::EventId start = kNone;
  bool maybe = false; // the start has a condition that isn't known
};

/// What an event does to threads.
struct ThreadEffect {
  enum Kind : uint8_t { Starts, Joins, JoinsUnknown, Detaches } kind;
  facts::EventId event;
  EntryId entry = kNone;   // Starts, Joins, Detaches
  ObjectId handle = kNone; // where the handle is kept, if known
};

struct Frame {
  facts::BodyId body = kNone;
  EntryId entry = kNone;
  ObjectSet self;
  ObjectId closure = kNone;
  std::vector<ObjectSet> arguments; // what parameters point at; of one passed by value, the object
  ObjectSet held;                   // locks of callers
  bool heldUnknown = false;         // callers hold a lock that has no name
  uint32_t round = 0;               // the last that walked it
  uint32_t entered = 0;             // the last that called it
  struct Edge {
    FrameId caller;
    facts::EventId event;
    friend auto operator<=>(const Edge &, const Edge &) = default;
  };
  std::vector<Edge> callers; // the first is the one that messages tell
  struct Call {
    facts::EventId event;
    FrameId callee;
  };
  std::vector<Call> calls; // in order of events
  std::vector<ThreadEffect> effects;
};

class Frames {
public:
  static constexpr uint32_t kFramesPerFunction = 24;
  static constexpr uint32_t kFrames = 200000;
  static constexpr uint32_t kRounds = 4;
  static constexpr unsigned kDepth = 120;

  explicit Frames(const Program &program);

  const Frame &operator[](FrameId id) const { return frames_[id]; }
  /// Those reached, in order of their first visit.
  llvm::ArrayRef<FrameId> reached() const { return reached_; }
  llvm::ArrayRef<Entry> entries() const { return entries_; }
  const Objects &objects() const { return objects_; }
  facts::BodyView body(FrameId id) const { return program_.facts().body(frames_[id].body); }

  /// A class's own members, and one of an object; its call operators and constructors.
  std::pair<const facts::FieldId *, const facts::FieldId *> fieldsOf(facts::RecordId record) const;
  ObjectId partOf(ObjectId object, facts::FieldId field) { return objects_.field(object, field); }
  llvm::ArrayRef<facts::FunctionId> callOperatorsOf(facts::RecordId record) const { return callOperators_[record]; }
  llvm::ArrayRef<facts::FunctionId> constructorsOf(facts::RecordId record) const { return constructors_[record]; }

  /// The objects that a place names, and those that its value points at, in a frame. Empty: not known.
  ObjectSet storage(FrameId frame, PlaceId place);
  ObjectSet values(FrameId frame, PlaceId place);
  /// Locks that may be held before an event: those of callers and of the frame. `unknown`: some that have no object.
  ObjectSet held(FrameId frame, facts::EventId event, bool &unknown);

private:
  friend class CallWalk;
  struct Key {
    facts::BodyId body;
    EntryId entry;
    ObjectSet self;
    ObjectId closure;
    std::vector<ObjectSet> arguments;
    ObjectSet held;
    bool heldUnknown;
    auto tie() const { return std::tie(body, entry, self, closure, arguments, held, heldUnknown); }
    friend bool operator<(const Key &a, const Key &b) { return a.tie() < b.tie(); }
  };

  void indexClasses();
  void addRoots();
  bool startsThread(facts::BodyId body) const;
  void walkRound();
  void walk(FrameId frame, unsigned depth);
  FrameId enter(Key key);
  EntryId startEntry(FrameId starter, facts::EventId event, const Key &key, bool maybe);
  ObjectSet contentsOf(ObjectId storage);
  bool mayHave(ObjectId object, facts::FieldId field) const;
  PlaceId canonical(PlaceId place) const { return program_.places().canonical(place); }

  const Program &program_;
  Objects objects_;
  std::vector<Frame> frames_;
  std::map<Key, FrameId> ids_;
  std::map<std::pair<EntryId, facts::BodyId>, uint32_t> perFunction_;
  std::vector<FrameId> reached_;
  std::vector<FrameId> later_; // too deep to be walked at once
  std::vector<Entry> entries_;
  std::map<std::tuple<FrameId, facts::EventId, facts::BodyId, ObjectSet, ObjectId>, EntryId> entryIds_;
  std::vector<llvm::SmallVector<facts::FieldId, 0>> fields_; // by record
  std::vector<llvm::SmallVector<facts::FunctionId, 0>> callOperators_, constructors_;
  uint32_t round_ = 0;
  bool symbolic_ = false; // unknown pointers have an object of their own
};

} // namespace heddle
