// One defect is one finding: of several checks that claim it, the most specific is reported and the others become its `also`.
//
// A claim is an object and the sites at which it is used. A general finding is covered by a specific one when both speak of the
// same object (the specific one may name several, or a part or the whole of it) and a site of the general one is a site of the
// specific one: an unguarded access is one defect, whichever of the accesses that it races with each check chose to tell it by.
// So two data races on the two fields of a torn update are covered by it, and a third race elsewhere on one of the fields is not.
// Sites are compared by line: two checks may point at different columns of one access.
#pragma once

#include "finding/Finding.h"

#include "llvm/ADT/StringRef.h"

#include <vector>

namespace heddle {

/// Whether `specific` says more than `general` of the same defect, by the table in Arbitration.cpp.
bool outranks(llvm::StringRef specific, llvm::StringRef general);

/// Removes covered findings and notes them in `also` of what covers them. Keeps the order of what is left.
void arbitrate(std::vector<Finding> &findings);

} // namespace heddle
