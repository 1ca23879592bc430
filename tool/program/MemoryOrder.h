// What the memory order of an atomic operation orders besides itself.
//
// An order that isn't a constant, or that isn't said, orders all: memory_order_seq_cst is the default. memory_order_consume
// counts as acquire, as compilers have it. Source: C++ standard, [atomics.order]; C11, 7.17.3.
#pragma once

#include "program/Program.h"

namespace heddle {

struct MemoryOrder {
  bool releases = true; // what was written before is there for who acquires from it
  bool acquires = true;
};

/// Of an atomic operation of the language, or a call of a member function of an atomic class.
MemoryOrder memoryOrderOf(const Program &program, const facts::BodyView &body, const facts::Event &event);

} // namespace heddle
