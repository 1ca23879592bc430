// Which members a call may change.
//
// Computes, for every body, the fields that it or its callees write, bottom-up over the call graph (the "mod"
// half of Banning's side-effect sets, POPL 1979, by field instead of by variable). A name such as `q->head->lock` means the same
// lock before and after a call only if the call can't write `head`. Constructors of the field's own class give it its first
// value and change no name. A callee without body or model may write whatever any body of the target writes.
// Gets wrong: writes through a pointer to the field (`Node **`) and by memcpy aren't seen.
#pragma once

#include "program/Program.h"

#include "llvm/ADT/SparseBitVector.h"

#include <vector>

namespace heddle {

class FieldWrites {
public:
  using Fields = llvm::SparseBitVector<>;

  explicit FieldWrites(const Program &program);

  const Fields &by(facts::BodyId body) const { return *byBody_[body]; }
  const Fields &byAnyBody() const { return all_; }

private:
  std::vector<std::shared_ptr<const Fields>> byBody_; // bodies that write the same share it
  Fields all_;
};

} // namespace heddle
