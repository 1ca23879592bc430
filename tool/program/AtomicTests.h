// Tests of an atomic, and acts on it in a second step.
//
// Computes, for each body, a load of an atomic that decides a branch, and a store or update of the same one that this branch
// alone leads to, where a second thread that does the same between the two steps breaks what was meant: a bound that is tested
// before the number is changed, a flag that is set when it wasn't and given back afterwards, an object that is made because there
// was none, the greatest value so far that is replaced by a greater one.
//
// Left out: what looks again (an update whose result is used, such as an exchange or a compare-and-swap, of the same atomic after
// the test); a flag that is only set, for it may be set twice; a value that is computed from the load (AtomicAccesses.h).
#pragma once

#include "program/AtomicAccesses.h"

namespace heddle {

struct AtomicTest {
  facts::BodyId body = kNone;
  facts::EventId test = kNone, act = kNone;
  PlaceId place = kNone;
};

std::vector<AtomicTest> atomicTestsOf(const Program &program, facts::BodyId body);

} // namespace heddle
