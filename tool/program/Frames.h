// Frames: every function as each entry calls it, with what it was given.
//
// Computes. From main, and in a program without one from every function that nobody calls and that leads to a start of a thread,
// the calls are walked down. A frame is a body together with the entry whose thread runs it, the objects that `this`, parameters
// and captures stand for, and the locks that its callers hold; equal ones are one frame, so the walk ends. Each start of a thread
// adds an entry, with what it was given substituted through helpers on the way, and is walked likewise. What pointers may point
// at (Objects) grows meanwhile; the walk is repeated until it stands still, each time over those events alone that read something
// that grew. A frame that one call alone leads to grows with what that call gives it; another frame takes its place only where
// others share it. Frames, their call edges and the starts and joins in them are what Entries, Phases, Accesses and Sharing are
// made of. A program that starts no thread has none.
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
#include <optional>
#include <set>
#include <unordered_map>

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
  bool maybe = false;     // the start has a condition that isn't known
  bool many = false;      // several at once
  uint32_t op = 0;        // of the model that starts it
  ObjectId alone = kNone; // where its handle is kept, if the one before has ended when the next is started
};

/// What an event does to threads.
struct ThreadEffect {
  enum Kind : uint8_t { Starts, Joins, JoinsUnknown, Detaches, Cancels } kind;
  facts::EventId event;
  EntryId entry = kNone;   // Starts, Joins, Detaches, Cancels
  ObjectId handle = kNone; // where the handle is kept, if known
  /// Of the call's result: holds where a thread was started.
  std::optional<std::pair<facts::Relation, int64_t>> success = std::nullopt;
};

struct Frame {
  facts::BodyId body = kNone;
  EntryId entry = kNone;
  ObjectSet self;
  ObjectId closure = kNone;
  std::vector<ObjectSet> arguments; // what parameters point at; of one passed by value, the object
  ObjectSet held;                   // locks of callers
  bool heldUnknown = false;         // callers hold a lock that has no name
  bool general = false;             // stands for many callers' views: nothing is known of what it was given
  struct Edge {
    FrameId caller;
    facts::EventId event;
    friend auto operator<=>(const Edge &, const Edge &) = default;
  };
  std::vector<Edge> callers; // the first is the one that messages tell
  struct Call {
    facts::EventId event;
    FrameId callee;
    llvm::SmallVector<EntryId, 0> ended; // entries whose threads have ended by then
    bool given = false;                  // a library was given it, to run it now or at any other time
  };
  std::vector<Call> calls;           // in order of events
  std::vector<ThreadEffect> effects; // in order of events
  // Of the walk: by event, whether it has to be looked at again; whether any has; the last round; calls and starts that lead
  // here.
  std::vector<bool> stale;
  bool anyStale = false;
  uint32_t round = 0;
  uint32_t uses = 0;
};

class Frames {
public:
  static constexpr uint32_t kFramesPerFunction = 12;
  static constexpr uint32_t kFrames = 200000;
  static constexpr unsigned kNested = 2; // threads that start such as themselves
  static constexpr uint32_t kRounds = 8;
  static constexpr unsigned kDepth = 120;

  explicit Frames(const Program &program);

  const Frame &operator[](FrameId id) const { return frames_[id]; }
  /// Those reached, in order of their first visit.
  llvm::ArrayRef<FrameId> reached() const { return reached_; }
  llvm::ArrayRef<Entry> entries() const { return entries_; }
  const Objects &objects() const { return objects_; }
  /// What stands for all that a function keeps for itself.
  ObjectId stateOf(facts::FunctionId function) { return objects_.root(ObjectKind::Function, function, kNone, kNone); }
  facts::BodyView body(FrameId id) const { return program_.facts().body(frames_[id].body); }

  /// A member of an object; a class's call operators and constructors.
  ObjectId partOf(ObjectId object, facts::FieldId field) { return objects_.field(object, field); }
  ObjectId elementOf(ObjectId array) { return objects_.element(array, facts::kNone); }
  llvm::ArrayRef<facts::FunctionId> callOperatorsOf(facts::RecordId record) const { return callOperators_[record]; }
  /// A class as a type; kNone if no place has it.
  facts::TypeId typeOf(facts::RecordId record) const { return recordTypes_[record]; }
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
    friend bool operator==(const Key &a, const Key &b) { return a.tie() == b.tie(); }
  };
  struct KeyHash {
    size_t operator()(const Key &key) const;
  };

  void indexClasses();
  void findLists();
  void storeInitialValues();
  ObjectId partOfGlobal(PlaceId place);
  bool givesFunction(PlaceId operand) const;
  bool startsThread() const;
  bool startsThread(facts::BodyId body) const;
  bool constructsThread(const Op &op, const facts::BodyView &body, facts::EventId event) const;
  std::vector<facts::BodyId> uncalledStarters() const;
  void addRoots();
  void walkAll();
  void walkRound();
  void walk(FrameId frame, unsigned depth);
  void walkCalls(FrameId frame, facts::EventId event, unsigned depth);
  void evaluate(FrameId frame, facts::EventId event, unsigned depth);
  llvm::ArrayRef<facts::EventId> acting(facts::BodyId body);
  bool acts(const facts::BodyView &body, const facts::Event &event) const;
  void markStale(llvm::ArrayRef<Objects::Reader> readers);
  void collect();
  void collect(FrameId top, std::vector<FrameId> &later);

  // How calls lead to frames (FrameKeys.cpp).
  FrameId enter(Key key, FrameId previous);
  FrameId enterCallee(FrameId caller, facts::EventId event, Key key, llvm::ArrayRef<EntryId> ended = {}, bool given = false);
  EntryId nestedIn(const Entry &start, const Key &key) const;
  EntryId startEntry(const Entry &start, const Key &key);
  void setKey(FrameId frame, const Key &key);
  Key keyOf(FrameId frame) const;
  void addEffect(FrameId frame, const ThreadEffect &effect);
  void use(FrameId frame);
  void release(FrameId frame);

  ObjectSet contentsOf(ObjectId storage);
  bool carriesPointer(PlaceId value) const;
  bool mayHave(ObjectId object, facts::FieldId field) const;
  ObjectId globalIn(FrameId frame, facts::VariableId variable);
  PlaceId canonical(PlaceId place) const { return program_.places().canonical(place); }

  const Program &program_;
  Objects objects_;
  std::vector<Frame> frames_;
  std::unordered_map<Key, FrameId, KeyHash> ids_;
  llvm::DenseMap<std::pair<EntryId, facts::BodyId>, uint32_t> perFunction_; // those in use
  std::vector<FrameId> reached_;
  std::vector<FrameId> later_; // too deep to be walked at once
  std::vector<Entry> entries_;
  std::map<std::tuple<FrameId, facts::EventId, uint32_t, facts::BodyId, ObjectSet, ObjectId>, EntryId> entryIds_;
  std::vector<llvm::SmallVector<facts::FunctionId, 0>> callOperators_, constructors_;
  std::vector<facts::TypeId> recordTypes_;                         // by record
  std::vector<std::optional<std::vector<facts::EventId>>> acting_; // by body: events that may do something to objects
  llvm::SmallVector<FrameId, 4> replaced_;                         // where the event that is looked at led before
  std::vector<Objects::Reader> unresolved_;                        // who read a pointer that nobody was seen to set
  uint32_t pointerSize_ = 0;
  uint32_t round_ = 0;
  uint64_t evaluated_ = 0;
  bool symbolic_ = false;              // unknown pointers have an object of their own
  std::set<facts::VariableId> tables_; // with functions in their initial values
};

} // namespace heddle
