// Creation locks: what it means that a thread is started while its starter holds a lock.
//
// Computes, for two accesses, whether a lock that was held at a start orders them:
// * handshake: the starter still holds the lock, and the thread that it started takes the lock before its own access: that is
// then
//   after the starter has let go of it;
// * cover: the starter holds the lock for as long as the thread runs, so whoever else holds it doesn't run beside the thread.
//
// Gets wrong: a thread that is started again while it runs has no order (both are then a miss). Source: "creation lockset" and
// "descendant lockset" of goblint; Schwarz et al., "Clustered Relational Thread-Modular Abstract Interpretation", SAS 2023.
#pragma once

#include "program/Phases.h"

namespace heddle {

class Sharing;

class CreationLocks {
public:
  explicit CreationLocks(const Sharing &sharing) : sharing_(sharing) {}
  /// Whether a lock orders the two; `through` is told which.
  bool order(Point a, Point b, ObjectId &through) const;

private:
  bool handshake(Point above, Point below, ObjectId &through) const;
  bool covered(Point holder, Point covered, ObjectId &through) const;
  bool takes(Point point, EntryId upTo, ObjectId lock) const;
  bool takesBefore(Point point, ObjectId lock) const;
  ObjectSet keptAt(Point start, Point point) const;
  ObjectSet covers(EntryId entry) const;

  const Sharing &sharing_;
};

} // namespace heddle
