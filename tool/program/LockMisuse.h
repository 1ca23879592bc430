// Locks used against their rules: taken again by their holder, released by who doesn't hold them, still held where a function
// leaves though its other ways out release them, taken for nobody who releases them.
//
// LockFlow writes down what it sees on each path; this view keeps what no other reading explains. The vetoes:
// * a leak is none when a caller releases the lock (an acquire-wrapper), when a guard or an object that the caller gets holds it,
//   or when the caller can tell by the result that it holds the lock and the result says success;
// * a second acquisition is none for recursive kinds and try-locks, or when a pointer in the lock's name may have been written in
//   between;
// * a release is none of ours when a caller, or a callee whose body isn't seen, may have taken the lock.
//
// A function that takes a lock and never gives it back is an acquire-wrapper only if somebody gives it back: where no function of
// the program releases that lock for another, it is a leak too. Dually, nobody has taken a lock for an entry (main, a thread):
// what it releases and never took is not held.
//
// A function that takes a lock as its own on one way, and on another way releases it and never took it, has nobody who holds it
// for it: who calls it with the lock held would wait for himself on the first way. Unless a number that the caller passes says
// which way it will be.
//
// What only some paths do, and the flow no longer tells apart ("maybe"), is never a misuse.
// Gets wrong: a lock that other code reaches through an alias with another name.
#pragma once

#include "program/LockState.h"

#include <set>
#include <tuple>

namespace heddle {

class LockMisuses {
public:
  explicit LockMisuses(const Program &program);

  /// In order of body and event.
  std::span<const LockMisuse> all() const { return misuses_; }

private:
  void addReacquired(const LockMisuse &claim);
  void addLeaked(const LockMisuse &claim);
  void findMembersReleases();
  bool addressGiven(facts::BodyId body, PlaceId lock) const;
  bool memberUnpaired(const Held &held) const;
  void addHeldAtEnd(LockMisuse::Kind kind, facts::BodyId body, const Held &held);
  void addUnpaired();
  void addEntries();
  void addSkipped();
  bool releasesAlways(const LockMisuse &claim) const;
  bool toldBelow(facts::BodyId body, facts::EventId event, PlaceId lock, unsigned depth) const;
  bool skipped(const LockMisuse &claim) const;
  bool takenForOthers(const LockMisuse &claim) const;
  bool callerMayHold(facts::BodyId body, PlaceId lock) const;
  bool takesFirst(facts::BodyId body, PlaceId lock, const Assumptions &when) const;
  /// Whether a guard or an object of the caller has the lock now.
  bool handedOn(const Outcome &outcome, PlaceId lock) const;
  bool callerReleases(const LockMisuse &claim) const;
  bool callerCanTell(const LockMisuse &claim) const;

  const Program &program_;
  std::vector<LockMisuse> misuses_, skipped_;
  using Ways = std::set<std::vector<facts::FieldId>>;    // to a lock: its fields from the last pointer on
  Ways wayReleased_, wayReleasedAnywhere_, wayBalanced_; // for callers; of any such object, maybe; taken and given back
  using End = std::pair<facts::BodyId, facts::EventId>;
  std::set<std::tuple<PlaceId, End, End>> passed_; // reacquired by what was passed: the lock, where it is held and wanted
  std::vector<PlaceId> takenForOthers_;            // left with
  bool takenKnown_ = false;
};

} // namespace heddle
