// Vetoes: each one reason why two accesses to one object are no race, as one small function.
//
// A veto answers with its reason, in words, or with nothing. They are independent; --explain-finding shows which were tried.
#pragma once

#include "program/Sharing.h"

#include <optional>

namespace heddle {

/// Two accesses that are weighed against each other.
struct Rivals {
  const Sharing &sharing;
  const Access &a, &b;
};

struct Veto {
  const char *name; // "common lock"
  std::optional<std::string> (*reason)(const Rivals &rivals);
};

/// In the order in which they are tried: cheap ones first.
llvm::ArrayRef<Veto> vetoes();

using Reason = std::optional<std::string> (*)(const Rivals &rivals);

/// The first veto that applies. Where none does, `tried` is told each name. A check leaves out those that it looks at itself.
std::optional<std::string> vetoed(const Rivals &rivals, std::vector<std::string> &tried, llvm::ArrayRef<Reason> but = {});

namespace veto {
std::optional<std::string> atomic(const Rivals &rivals);
std::optional<std::string> declaredVolatile(const Rivals &rivals);
std::optional<std::string> staticLocal(const Rivals &rivals);
std::optional<std::string> construction(const Rivals &rivals);
std::optional<std::string> notShared(const Rivals &rivals);
std::optional<std::string> notParallel(const Rivals &rivals);
std::optional<std::string> locksUnknown(const Rivals &rivals);
std::optional<std::string> commonLock(const Rivals &rivals);
std::optional<std::string> ending(const Rivals &rivals);
std::optional<std::string> oneOfThem(const Rivals &rivals);
std::optional<std::string> lastToArrive(const Rivals &rivals);
std::optional<std::string> creationLock(const Rivals &rivals);
std::optional<std::string> handedOver(const Rivals &rivals);
std::optional<std::string> notAsked(const Rivals &rivals);
std::optional<std::string> farDown(const Rivals &rivals);
} // namespace veto

} // namespace heddle
