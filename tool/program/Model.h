// What functions do that have no body here, as data: the meaning of models/*.yaml and of a project's .heddle.yaml.
//
// A model is a tiny body: a list of operations on places in the callee's frame. The views interpret it as they interpret a
// skeleton, so a wrapper around std::mutex and std::mutex itself go through one analysis.
//
//   functions:
//   - name: std::unique_lock::unique_lock          # qualified, without template arguments; or a list of names
//     params: [_, std::defer_lock_t]               # optional: patterns of parameter types, `_` is any, `ns::_` any class of a
//                                                  # namespace, `A | B` one of two, `...` the rest
//     does:
//     - set this.lock = arg0                       # pseudo-fields: any name after a dot; `set PLACE = VALUE`
//     - set this.owned = 0
//   - name: std::unique_lock::~unique_lock
//     does:
//     - release *this.lock if this.owned != 0      # `if`: a test before
//   - name: pthread_mutex_trylock
//     nothrow: true                                # optional: can't throw; at the top of a file: none of its functions can
//     instead: true                                # optional: also where the function's body is seen; of a file: all of its rows
//     cancellation: true                           # optional: a thread can be cancelled in it (POSIX.1-2017, 2.9.5.2)
//     signal-safe: true                            # optional: a signal handler may call it (POSIX.1-2017, 2.4.3)
//     static-state: time                           # optional: state of its own, shared by all threads and rows of that name
//     reads-static-state: environment              # the same, which it only reads
//     reentrant: localtime_r                       # optional: the function that has no such state
//     spurious: true                               # optional: may fail for no reason, and is to be tried again
//     does:
//     - acquire *arg0 try when result == 0         # `when`: a test of the outcome
//   classes:
//   - name: std::recursive_mutex
//     is: lock            # lock, semaphore, barrier, guard, condition, atomic, thread, stream, callable, pointer, container,
//                         # reference, iterator
//     recursive: true                              # optional; or a test of its static initial value: this.__data.__kind == 1
//     private: true                                # optional, of a lock: it can't be shared between processes
//     holds: lock                                  # optional: the pseudo-field that matters, such as a smart pointer's pointer
//     reads: [begin, end]                          # optional: member functions that only read, though they aren't const
//     adds: [push_back]                            # optional, of a container: member functions that always add an element
//     removes: [pop_back]                          # the same: that take one away, and need one to be there
//     stores: [store]                              # optional, of an atomic: member functions that replace its value unseen
//     raises: [fetch_add]                          # the same: that only add to it
//     swaps: [exchange]                            # the same: whose answer says who did it
//     together: std::scoped_lock                   # optional, of a guard: what takes several locks at once in its place
//   assertions: [AssertHeld]                       # how names begin that say that a lock is held, of member functions of lock
//                                                  # classes that have no row: a build without assertions leaves only the name
//
// A built-in row stands for a function that has no body in the program, so that a user's own spin_lock is what it does. Rows that
// are marked `instead`, for libraries whose names are theirs alone, and all rows of a project win over bodies, which nobody looks
// into then.
//
// Operands: this, arg0…, result, global.name (a variable of the library's own), thread (the handle of the one that calls), targ0…
// (types given as template arguments; of a member: its class's), rest1 (all arguments from 1 on), integers; then `.name`, and
// `*`, `&` or `forward` in front, which apply last: `*this.lock` is *(this->lock).
//
// * In C++ `this` and reference parameters are pointers, as in facts: `acquire *this`. `p.name` is p->name where p is a pointer
//   or reference, and the object's own member where it is a class passed or returned by value: `result.ptr`.
// * Locks and conditions are objects: their operand is the object's place (`*this`, `*arg0`). Thread handles, descriptors and
//   streams are values: `start … into PLACE` and `open PLACE` store one in PLACE, `join VALUE` and `close VALUE` use it. A FILE *
//   is the pointer's value, an fstream's is in its pseudo-field. A callable is its object: `*arg0` when taken by reference.
// * `set` of a class copies what it holds, pseudo-fields included.
// * Arguments (`run F(A, B)`) are expressions: where the callee takes a reference it gets their address. `forward arg0` is the
//   argument as the caller wrote it: `*arg0` if the parameter is a reference, else `arg0`.
// * `fence` orders what stands before and after the call. `cancel VALUE`: the thread of that handle ends at its next cancellation
//   point, unless a `shield` is up there that no `unshield` has taken down: cancellation is off, or a clean-up handler waits.
// * Several locks of one acquire are taken together, in an order that can't deadlock: no order among them.
// * `by NAME`: where the object's class isn't a lock, its member function NAME does it (a user's mutex in a std::lock_guard). Of
//   a `start`: what runs is the member function NAME of the object, as its own class defines it (`start *arg0 by run`).
// * A semaphore is acquired and released like a lock, always with `try`: it guards where each acquire has its release, and is a
//   signal where they are in different threads, whose order says nothing.
// * `if` is tested before the call. A test whose value isn't known may hold or not.
// * `when` is tested afterwards. With `try` the effect is open until the test is known; without, it is taken to have happened
//   until a branch proves the opposite. A `when` on a pseudo-field stores the outcome there.
// * `recursive`, `shared` (between processes) and `robust` are pseudo-fields that last: what a lock's initialiser sets in them is
//   the lock's kind for good (LockKinds.h); 1 is yes. An attribute object carries the same names. With `if` of one, the
//   outcome of `when` is one that only such locks have.
// * `run … often`: what the library was given before, any number of times, none included, in any order with what else the call
//   runs: an event loop. `start … often`: several at once. Where a pseudo-field is run often, one object's is as good as
//   another's to a view that doesn't tell objects apart.
// * `run P.name often after task`: the threads in P.task, where P keeps the callable, have ended by then. `start … into P.task
//   after task`: so has the one that was started before and had the same P.
// * `run … often singly`: two of what it runs aren't taken to run at the same time, though several threads may run them: one may
//   lead to the other, as a read that is begun when the last is done, or a strand keeps them apart.
// * Threads that one call starts by several ops run beside each other; a join after a start, in one row, joins them before the
//   call returns.
// * `block as WORD` takes a word of blockWords(), `open`, `advance`, `access`, `notify` and `fork` take those that ModelOps.cpp
//   lists.
// * A name with `[]` has one member for each argument of the op's rest, or for each template argument of the class: see expand().
#pragma once

#include "facts/Facts.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>
#include <vector>

namespace heddle {

enum class Verb : uint8_t {
  Set,       // operand 0 = operand 1
  Acquire,   // operand 0: the lock; mode, attempt
  Release,   // operand 0: the lock
  Construct, // operand 0: where; operand 1: the type (targN); then arguments
  Destroy,   // operand 0: what; operand 1: the type (targN)
  Copy,      // operand 0: an object that gets the bytes of operand 1, whatever is in them: a write and a read
  End,       // operand 0: an object that may not be used any more: a write of all of it
  Run,       // operand 0: a callable, runs before the call returns; then its arguments; `into`: gets its result; often
  Start,     // operand 0: a callable, runs in a new thread; then its arguments; `into`: gets the handle; often
  Join,      // operand 0: the handle: its thread has ended afterwards
  Detach,    // operand 0: the handle
  Store,     // operand 0: a callable, kept for later; operand 1: where; then arguments that are bound to it
  Fork,      // 0 in the child, positive in the parent, -1 on failure
  Wait,      // for a child; operand 0, if any: its pid
  Exec,
  Exit,      // replaces / ends the process; Exit runs atexit handlers and flushes when `flushing`
  Open,      // operand 0: the descriptor or stream made; note: "file", "append", "socket", "pipe", "memory", "other"
  Duplicate, // operand 0 = descriptor that shares the description of operand 1
  Close,     // operand 0
  Advance,   // operand 0: read, written or sought through the shared offset; note: "read", "write", "seek"
  Access,    // operand 0: used at an explicit offset or without one; note: "read", "write", "map", "listen", "accept", …
  Flush,     // operand 0: a stream's buffer is written out
  Block,     // may wait; note: why
  Notify,
  Await,  // condition variables: operand 0: the condition; operand 1 of Await: the lock
  Order,  // operands: an order between them is established by the caller (std::less, address order)
  Spawn,  // a child process that runs another program; operand 0: gets its pid
  Assert, // operand 0…: locks: held by this thread, or the program ends
  Deny,   // operand 0…: locks: not held by this thread, or the program ends
  Read,   // operand 0: an object whose memory the function reads for its caller
  Write,  // operand 0: an object that it writes
  Fence,  // orders what memory operations stand before and after it
  Cancel, // operand 0: the handle: its thread ends at its next cancellation point
  Shield, // from here on the thread isn't cancelled, or what a cancelled one has to do is done for it
  Unshield
};
constexpr unsigned kVerbs = static_cast<unsigned>(Verb::Unshield) + 1;

/// What a `block` waits for, coarsely: another thread of the program; what takes long whoever runs (time, network, children,
/// people); the disk; or whatever its descriptor is.
enum class BlockKind : uint8_t { Thread, Slow, File, Descriptor };

/// A word that `block as` takes, and how a trace says it: "waits for a child".
struct BlockWord {
  llvm::StringRef word;
  BlockKind kind;
  llvm::StringRef phrase;
};
llvm::ArrayRef<BlockWord> blockWords();
/// The row of a `block`'s note.
const BlockWord &blockWord(llvm::StringRef note);

enum class Mode : uint8_t { Exclusive, Shared, Any /* of a release: whichever is held */ };

struct Operand {
  enum Root : uint8_t { This, Arg, Result, Global, Thread, TypeArg, Rest, Number } root = Number;
  int64_t number = 0; // index of Arg, TypeArg, Rest; the value of a Number
  /// In order of application: "*this.lock" is Member lock, then Deref.
  struct Step {
    enum Kind : uint8_t { Deref, AddressOf, Member, Forward, Element } kind;
    std::string name;     // of Member
    bool indexed = false; // of Member: `name[]`; gone after expand()
    int index = -1;       // of Element: the argument (forwarded) that is the index; -1: some index
  };
  llvm::SmallVector<Step, 2> steps;
};

/// `value relation constant`, `value & mask relation constant`, or, with `text`, whether a string literal contains it: then the
/// value is 1 or 0.
struct Test {
  Operand value;
  facts::Relation relation = facts::Relation::Ne;
  int64_t constant = 0;
  int64_t mask = -1;
  std::string text;
};

struct Op {
  Verb verb = Verb::Set;
  Mode mode = Mode::Exclusive;
  bool attempt = false; // `try`: gives no order edge
  bool flushing = false;
  bool often = false;  // of a run or a start
  bool singly = false; // of a run
  llvm::SmallVector<Operand, 3> operands;
  std::optional<Operand> into;
  std::optional<Test> before; // `if`
  std::optional<Test> after;  // `when`
  std::string ended;          // `after`: pseudo-field with threads that have ended by then
  std::string by;             // member function that does it for classes that aren't locks themselves
  std::string note;           // `as`
};

/// The op with `rest` and `[]` written out for a call with that many arguments to a member of a class with that many template
/// arguments: `rest` becomes several operands, an op with `[]` becomes several ops whose member is "name0", "name1", ….
llvm::SmallVector<Op, 1> expand(const Op &op, unsigned arguments, unsigned classArguments);

struct FunctionModel {
  std::vector<std::string> params; // patterns, without the final `...`; see matches() in Model.cpp
  bool anyParams = true;           // `params` is only how they start: `...`, or no `params` at all
  bool noThrow = false;
  bool instead = false;      // stands for the function's body too
  bool cancellation = false; // a cancellation point
  bool signalSafe = false;   // async-signal-safe
  bool spurious = false;     // may fail for no reason
  bool keepsState = false;   // changes `staticState`, not only reads it
  std::string staticState;   // state that it shares with others; may be empty
  std::string reentrant;     // what to call instead; may be empty
  std::vector<Op> ops;
  std::string origin; // "posix.yaml:12", for messages
};

struct ClassModel {
  std::string is;
  bool recursive = false;
  std::optional<Test> recursiveWhen; // of the members of a static initial value: then it is
  bool processPrivate = false;
  std::string holds;                // pseudo-field with the pointer, callable, lock, handle, stream or value; may be empty
  std::vector<std::string> reads;   // member functions that aren't const and yet change nothing
  std::vector<std::string> adds;    // member functions that always add an element
  std::vector<std::string> removes; // that take an element away, which has to be there
  std::vector<std::string> stores;  // member functions that replace the value without looking at it
  std::vector<std::string> raises;  // that only add to it
  std::vector<std::string> swaps;   // whose answer says who did it
  std::string together;             // of a guard: the class that takes several locks at once in its place; for fixes
  std::string origin;
};

/// All rows in force: the built-in files, then a project's, whose rows come first when a name is in both.
class Models {
public:
  /// The rows compiled into the program from models/*.yaml.
  static llvm::Expected<Models> builtIn();
  /// Adds the rows of a project's YAML text, which win over bodies; `name` is its path for messages. An error gives line, column
  /// and a suggestion; nothing is added then. Keys of the text that are somebody else's (a configuration's) stand in `otherKeys`
  /// and are passed over.
  llvm::Error add(llvm::StringRef yaml, llvm::StringRef name, llvm::ArrayRef<llvm::StringRef> otherKeys = {});

  /// The model of a function, by its qualified name and parameter types; null if there is none.
  const FunctionModel *function(const facts::Facts &facts, facts::FunctionId id) const;
  const ClassModel *classOf(const facts::Facts &facts, facts::RecordId id) const;
  /// Whether a name says that the lock whose member function it names is held: it begins with one of the `assertions`, whatever
  /// the case and underscores of both.
  bool asserts(llvm::StringRef qualifiedName) const;
  const llvm::StringMap<std::vector<FunctionModel>> &functions() const { return functions_; }
  const llvm::StringMap<ClassModel> &classes() const { return classes_; }

private:
  llvm::Error add(llvm::StringRef yaml, llvm::StringRef name, llvm::ArrayRef<llvm::StringRef> otherKeys, bool project);
  llvm::StringMap<std::vector<FunctionModel>> functions_;
  llvm::StringMap<ClassModel> classes_;
  std::vector<std::string> assertions_;
};

} // namespace heddle
