// How accesses under a guard, or without it, are told; and whether the threads of the program, where they are known, keep them
// apart.
#pragma once

#include "finding/Finding.h"
#include "program/Guards.h"
#include "program/Sharing.h"

namespace heddle {

class GuardStory {
public:
  explicit GuardStory(const Program &program);

  /// Whether any other thread may run beside the access. Without a main, or where a body is reached in no way that is known, one
  /// may.
  bool mayBeBeside(const GuardedAccess &access) const;
  /// Whether the two may happen at the same time, as far as the entries of the program are known. What runs by something that
  /// isn't seen may run in main's thread, but for `elsewhere`.
  bool mayBeParallel(const GuardedAccess &a, const GuardedAccess &b, bool elsewhere = false) const;
  /// The same, and to one object: threads that have an object each don't meet, nor does one thread meet itself.
  bool mayMeet(const GuardedAccess &a, const GuardedAccess &b, bool elsewhere = false) const;
  /// In a program that is seen from main on: whether anybody can run the access, if only by a pointer or an overridden method.
  bool isCalled(const GuardedAccess &access) const;
  /// Whether it is known how the program comes to the access.
  bool seen(const GuardedAccess &access) const { return frames_.count(access.body); }
  /// Whether its function, or one on the way, lets go of the lock before it and takes it again afterwards: a window opened on
  /// purpose, by somebody who knows what may be used in it.
  bool inWindow(const GuardedAccess &access, const GuardLock &lock) const;
  /// Whether the function that makes it holds the lock elsewhere, and starts no thread after it: who takes the lock knows of it,
  /// and this place was left outside.
  bool besideSection(const GuardedAccess &access, const GuardLock &lock) const;
  /// Whether main alone makes the access, where a flag that it then sets is found unset: once, to set something up.
  bool setsUp(const GuardedAccess &access) const;
  /// Whether a read comes after a load of an atomic that the function stores after its write: the data was handed over.
  bool handedOver(const GuardedAccess &read, const GuardedAccess &write) const;
  SourceRange placeOf(const GuardedAccess &access) const;
  /// "in 'Account::deposit'".
  std::string functionOf(const GuardedAccess &access) const;
  /// Shorter ways, writes, other functions first, then what stands first in the source.
  std::tuple<bool, bool, size_t, SourceRange, SourceRange> rank(const GuardedAccess &a, const GuardedAccess &b) const;
  /// The calls that lead to it, then the access, as one of the finding's own places.
  Lane lane(std::string name, const GuardedAccess &access, const std::string &subject) const;
  /// Further places, those of `but` left out.
  Lane elsewhere(llvm::ArrayRef<const GuardedAccess *> accesses, const GuardedAccess &but, const std::string &subject,
                 size_t atMost) const;
  std::vector<std::string> reasons(const GuardedAccess &a, const GuardedAccess &b) const;

private:
  bool inWindow(facts::BodyId body, facts::EventId event, const GuardLock &lock) const;
  bool runByOthers(const GuardedAccess &access) const;
  bool onlyInMain(const GuardedAccess &access) const;
  std::vector<FrameId> framesOf(const GuardedAccess &access) const;
  bool mayBeOneObject(const GuardedAccess &a, Point at, const GuardedAccess &b, Point bt) const;
  bool mayBeOne(ObjectId a, ObjectId b) const;
  bool givenToEach(ObjectId object, EntryId entry) const;
  void findStarted();
  facts::BodyId loneThread(const GuardedAccess &access) const;
  Step step(const GuardedAccess &access, const std::string &subject, uint32_t depth) const;
  std::optional<std::pair<Point, Point>> parallelPoints(const GuardedAccess &a, const GuardedAccess &b, bool oneObject) const;

  const Program &program_;
  bool threadsKnown_ = false;
  std::map<facts::BodyId, std::vector<FrameId>> frames_; // in which a body is reached
  std::map<facts::BodyId, bool> started_;                // bodies that threads are started with: whether by one start, once
  std::set<facts::FunctionId> handedOut_;                // functions whose address is somebody's
};

} // namespace heddle
