// What a check says: a finding, its story in lanes of steps, and the sink that takes it.
//
// A finding is host-neutral. Paths are as facts have them (relative to the source root, or absolute outside it); whoever renders
// resolves them. Every place that belongs to a finding is a step of a lane.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace heddle {

enum class Severity : uint8_t { Advice, Warning, Error };
enum class World : uint8_t { Open, Closed };

/// A range of source text; lines and columns count from 1, end_column is one past the last character.
struct SourceRange {
  std::string file;
  uint32_t line = 0, column = 0, end_line = 0, end_column = 0;
  uint32_t offset = 0, length = 0; // bytes
  friend auto operator<=>(const SourceRange &, const SourceRange &) = default;
};

/// One thing that happens in a lane, in order.
struct Step {
  SourceRange place;
  std::string function; // display name of the function it happens in
  std::string message;  // "locks 'this->mu_'"
  std::string event;    // "acquire", "release", "call", "start", "join", "fork", "read", "write", "open", "close", …
  uint32_t depth = 0;   // calls below the lane's entry
  std::vector<std::string> held;
  bool own = false; // a place of the finding itself (an acquisition of the cycle, an access of the race): NOLINT counts here
};

/// The steps of one thread or process.
struct Lane {
  std::string name; // "thread 1", "child"
  std::vector<Step> steps;
};

struct Edit {
  SourceRange place; // text that is replaced; its offset and length count
  std::string text;
};

struct Fix {
  std::string message; // "std::scoped_lock lock(mu_, other.mu_)"
  bool safe = false;   // may be applied without review
  std::vector<Edit> edits;
};

struct Finding {
  std::string check; // "lock-order-cycle"
  Severity severity = Severity::Warning;
  std::string message; // lower case, no full stop, names the object and both places
  SourceRange place;
  std::string function;              // display name of the function that encloses `place`
  std::vector<std::string> entities; // what it is about, by qualified name: "db::A::mu_"
  std::vector<Lane> lanes;
  std::vector<std::string> reasons; // why the lanes can run at the same time, …
  std::vector<Fix> fixes;
  std::vector<std::string> considered; // views and vetoes that were tried, for --explain-finding

  // Filled in after the check ran (tool/report).
  std::string fingerprint;
  std::vector<std::string> also;    // other checks whose claim this one covers
  std::vector<std::string> targets; // link targets that show it
  uint32_t seenIn = 0;              // how many
  bool suppressed = false;
};

/// Takes findings from checks, one check at a time.
class Sink {
public:
  virtual ~Sink() = default;
  virtual void report(Finding finding) = 0;
};

} // namespace heddle
