// Phases: which threads may be running when an event happens in the thread that started them.
//
// Computes, for every frame, by a forward dataflow over its graph with summaries of callees, the entries that were started and
// not surely joined: before the start and after the join is sequential. What callers started is added top-down. From that,
// whether two points of the program may run at the same time (May-Happen-in-Parallel, by the tree of entries):
// * the starter's events run beside the threads that are running there;
// * two threads of one starter run beside each other if one was running when the other started;
// * a thread runs beside itself if it was still running when it was started again, or if one start makes several.
//
// What an event loop runs, it runs after whatever else it ran. Where main comes to loop itself, what it does before then is how
// the program starts: what events call in the threads that it has started is taken to come later, as who makes events is served
// then.
//
// A join in a loop joins what was started before it: programs that join in a loop join all. A join that is
// skipped when there is nothing to join (`if (t.joinable())`) counts on both ways.
//
// Gets wrong: a handle that names several threads in turn is joined as one; a thread that outlives its starter's own end is taken
// to end with it. So is what a timer calls in another thread's loop while main isn't at its own yet. These make the program look
// more sequential than it is: a miss, never a false alarm.
//
// Source: Naumovich, Avrunin and Clarke, "An Efficient Algorithm for Computing MHP Information", FSE 1999; thread ids as in
// goblint.
#pragma once

#include "program/BlockGraph.h"
#include "program/Entries.h"
#include "program/EntrySet.h"

namespace heddle {

/// One event of one frame.
struct Point {
  FrameId frame = kNone;
  facts::EventId event = kNone;
  friend auto operator<=>(const Point &, const Point &) = default;
};

/// What a branch knows of a value: `value relation constant`.
struct ValueTest {
  PlaceId value = kNone;
  facts::Relation relation = facts::Relation::Always;
  int64_t constant = 0;
};

class Phases {
public:
  explicit Phases(const Program &program);

  /// Entries that may be running just before the event, of those that this thread started.
  EntrySet running(Point point) const;
  /// The same, just after it.
  EntrySet runningAfter(Point point) const;
  /// Whether two instances of the entry may run at the same time.
  bool beside(EntryId id) const { return beside_[id]; }
  /// Whether the two may happen at the same time; `why` is told the reason.
  bool parallel(Point a, Point b, std::string *why = nullptr) const;
  const BlockGraph &graph(FrameId frame) const;
  /// Whether the event happens in a loop of its frame, or lets a library run what it calls often.
  bool repeats(Point point) const;
  /// Where an allocation is made, so often that it stands for many: in a loop, or in a function that is called in one.
  bool madeOften(ObjectId object) const;
  /// Whether the calls down to each, while the other goes on, are few. Each call has its conditions; over many, that all of them
  /// hold at once is no longer likely.
  bool near(Point a, Point b) const;
  /// The shortest chain of calls from the entry's own frame down to a point's, outermost first. If `beside` is given, one on
  /// which that entry's thread may be running at every call after its start.
  std::vector<Point> chain(Point point, EntryId beside = facts::kNone) const;
  /// Whether one of the calls of that chain is made on the way to the end of the process.
  bool endsBehind(Point point, EntryId beside) const;
  /// Whether a thread that an event of a frame started may be running at another one, on a way that doesn't come by a third.
  bool runsUntil(facts::EventId event, Point start, EntryId entry, facts::EventId without) const;
  /// The entry, of those that the thread of `a` started, whose running makes the two parallel; kNone if `a` isn't above `b`.
  EntryId startedBetween(Point a, Point b) const;

  /// The thread that `ancestor` started and that is `descendant` or led to it.
  EntryId child(EntryId ancestor, EntryId descendant) const;

private:
  /// What a stretch of a frame does to the set of running threads.
  struct Effect {
    EntrySet started; // and not joined since, on some path
    EntrySet ended;   // surely not running, whoever started them
    bool endsAll = false;
    friend bool operator==(const Effect &, const Effect &) = default;
  };
  static void merge(Effect &into, const Effect &other);
  static void then(Effect &first, const Effect &second);
  static EntrySet after(const EntrySet &running, const Effect &effect);

  void findActive();
  void summarise();
  bool summarise(FrameId frame);
  EntrySet runningWhen(Point call, FrameId callee) const;
  void inherit();
  void addEnded(Effect &effect, EntryId entry) const;
  void findJoined();
  Effect effectOf(FrameId frame, facts::EventId event) const;
  void findJoins(FrameId frame);
  bool joinsInTurn(FrameId frame, const ThreadEffect &join) const;
  Effect skippedJoins(FrameId frame, facts::BlockId test, facts::BlockId skip, unsigned nested = 0) const;
  std::optional<Effect> between(FrameId frame, facts::BlockId test, facts::BlockId first, facts::BlockId skip,
                                unsigned nested) const;
  bool settledBefore(FrameId frame, facts::EventId event, PlaceId value, unsigned depth = 0) const;
  void dropCertain(FrameId frame, facts::BlockId test, facts::BlockId skip, EntrySet &ended) const;
  void findCalledJoins(FrameId frame);
  llvm::SmallVector<facts::BlockId, 4> joinsIn(FrameId frame) const;
  const Effect *wholeOf(const Frame::Call &call) const;
  struct FlagWrite {
    facts::BodyId body;
    std::optional<int64_t> value;
    bool initial;
  };
  const std::vector<FlagWrite> &writesOf(PlaceId flag) const;
  bool setByAlone(facts::BodyId body, PlaceId flag, const facts::Edge &edge) const;
  bool leftBehind(FrameId frame, facts::BlockId test, facts::BlockId skip, facts::BlockId other, PlaceId &handle) const;
  Effect through(FrameId frame, facts::BlockId block) const;
  EntrySet startedOn(FrameId callee, facts::Relation relation, int64_t constant, unsigned depth) const;
  bool keepsResult(FrameId frame, facts::EventId event, PlaceId value, facts::BlockId block) const;
  void dropUnstarted(FrameId frame, facts::BlockId block, ValueTest test, EntrySet &started, unsigned depth) const;
  PlaceId valueAt(FrameId frame, facts::BlockId block, PlaceId local) const;
  void undoFailed(FrameId frame, facts::BlockId block, facts::BlockId next, Effect &effect) const;
  const Effect &at(FrameId frame, facts::EventId event) const;
  bool loops(Point call, bool singly = false) const;
  void findLoops();
  std::vector<bool> below(bool singly) const;
  void findStart(FrameId root);
  bool starting(Point point) const;
  bool apart(Point a, Point b) const;
  bool oneAtATime(EntryId id) const;
  bool startsAlone(FrameId frame, EntryId entry) const;
  bool joinedAbove(Point point, EntryId above) const;
  bool endedBefore(const Frame::Edge &edge, FrameId callee, EntryId entry) const;
  bool startedTogether(EntryId early, EntryId late) const;
  /// By frame of an entry: the call that leads there on the shortest way from the entry's own frame.
  using Callers = llvm::DenseMap<FrameId, Point>;
  const Callers &callersIn(EntryId entry, EntryId beside) const;

  const Program &program_;
  const Entries &entries_;
  Frames &frames_;
  struct State {
    std::vector<Effect> blocks;                 // from the frame's start to each block's
    std::map<facts::BlockId, Effect> early;     // joins that count at a block's start
    llvm::SmallVector<facts::BlockId, 4> joins; // what joinsIn() says
    Effect whole;
    bool reached = false;
  };
  std::vector<bool> active_;                                        // by frame
  std::vector<bool> looped_, single_;                               // by frame: below what a loop runs, and what it runs singly
  std::vector<bool> serving_;                                       // by frame: runs when main has come to its loop
  std::map<FrameId, llvm::SmallVector<facts::EventId, 2>> loopsOf_; // of main's own frame
  std::map<FrameId, State> states_;
  mutable llvm::DenseMap<uint64_t, Effect> effects_; // by frame and event: from the frame's start
  std::vector<EntrySet> inherited_;                  // by frame: running when it is called
  std::vector<bool> beside_;
  mutable std::map<std::pair<FrameId, EntryId>, bool> endsBehind_;
  mutable std::map<std::pair<EntryId, EntryId>, Callers> callers_; // by entry and the one beside it
  llvm::DenseMap<EntryId, EntrySet> joinedBy_;
  mutable llvm::DenseMap<std::pair<FrameId, EntryId>, bool> joinedAbove_; // when a frame is called
  mutable bool flagsKnown_ = false;
  mutable std::map<std::pair<facts::PlaceKind, uint32_t>, std::vector<FlagWrite>> flagWrites_;
};

} // namespace heddle
