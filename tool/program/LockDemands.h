// What each event of a body demands of the locks, by attributes of what it touches.
//
// Computes, from the names in the body alone: reading or writing what GUARDED_BY names a lock for, or what a PT_GUARDED_BY
// pointer points at; passing it by reference; calling what REQUIRES or EXCLUDES a lock. LockFlow judges each demand in every
// state that reaches its event (LockFlow::judge), so that the lock's name and the held ones go through one environment.
//
// Silent on: functions that turn the analysis off, a constructor's or destructor's own members, arguments of functions that turn
// it off. Gets wrong: what is reached through a pointer that was stored elsewhere isn't known to be guarded.
#pragma once

#include "program/LockAttributes.h"

namespace heddle {

class Program;

struct Demand {
  enum Kind : uint8_t { Read, Write, ReadPointee, WritePointee, Reference, PointeeReference, Call, Exclude, Assert };
  /// What was found where the event was reached, on some path each.
  enum Met : uint8_t {
    Held = 1,
    Shared = 2,    // held, but shared where exclusive is asked for
    Maybe = 4,     // held on some of the paths that a state stands for
    Free = 8,      // not taken here; callers may hold it
    Released = 16, // released here
    Unknown = 32   // the lock or a held one has no name
  };
  facts::EventId event = kNone;
  Kind kind = Read;
  Mode mode = Mode::Exclusive;
  PlaceId lock = kNone;     // in the body's frame; kNone: any lock at all (GUARDED_VAR)
  PlaceId place = kNone;    // what is touched; kNone for calls
  uint32_t subject = kNone; // field, variable or function
  facts::OwnerKind owner = facts::OwnerKind::Field;
  uint8_t met = 0;
  PlaceId missed = kNone; // the lock's name in the first state that didn't hold it as asked
};

/// In order of event.
std::vector<Demand> demandsOf(const Program &program, const LockAttributes &attributes, const facts::BodyView &body);

} // namespace heddle
