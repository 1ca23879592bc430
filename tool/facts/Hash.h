// Content hashes of facts: xxh3 over what a row says, never over ids.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/xxhash.h"

#include <initializer_list>
#include <vector>

namespace heddle::facts {

/// Collects words and gives one hash of them, in order.
class Mix {
public:
  Mix() = default;
  Mix(std::initializer_list<uint64_t> words) : words_(words) {}
  Mix &operator<<(uint64_t word) { return words_.push_back(word), *this; }
  template <class Enum>
    requires std::is_enum_v<Enum>
  Mix &operator<<(Enum value) {
    return *this << static_cast<uint64_t>(value);
  }
  uint64_t hash() const {
    return llvm::xxh3_64bits(llvm::ArrayRef(reinterpret_cast<const uint8_t *>(words_.data()), words_.size() * sizeof(uint64_t)));
  }

private:
  std::vector<uint64_t> words_;
};

} // namespace heddle::facts
