// Why a cycle in the lock order is no deadlock. Each veto is one function; a cycle stands when none applies.
#pragma once

#include "program/LockOrder.h"

namespace heddle {

/// Both hold a lock around their two: only one at a time gets there.
bool gateLock(const Program &program, const OrderEdge &a, const OrderEdge &b);
/// As far as the threads of the program are known, the two are never at their acquisitions at the same time.
bool notParallel(const Program &program, const OrderEdge &a, const OrderEdge &b);
/// A cycle of n waits needs n threads at the same time; the program is known to start fewer that get there.
bool tooFewThreads(const Program &program, llvm::ArrayRef<const OrderEdge *> cycle);
/// The lock is taken by both in a mode that they can share.
bool modesAgree(const OrderEdge &waiting, const OrderEdge &holding);
/// The lock that one waits for and the one that the other holds are surely two objects.
bool distinctObjects(const Program &program, const OrderEdge &waiting, const OrderEdge &holding);
/// One of the two objects is reached from the other: a parent and its child, walked one way.
bool derivedObjects(const Program &program, const OrderEdge &edge);
/// The function, or one on the way to the acquisition, compares the two objects before it locks them.
bool ordered(const Program &program, const OrderEdge &edge);

/// The places of the two objects that hold the locks: what is left of the member.
PlaceId ownerOf(const Places &places, PlaceId lock);
/// Whether a place names one object for good in every frame: a global, or a member of one.
bool exact(const Places &places, PlaceId place);

} // namespace heddle
