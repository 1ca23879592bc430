#include "link/Link.h"

#include "facts/Builder.h"

namespace heddle {

llvm::Expected<facts::Facts> link(std::span<const facts::Facts *const> parts) {
  facts::Builder builder;
  for (const facts::Facts *part : parts)
    builder.merge(*part);
  return facts::Facts::open(builder.freeze());
}

llvm::Expected<facts::Facts> link(std::span<const facts::Facts> parts) {
  std::vector<const facts::Facts *> pointers;
  for (const facts::Facts &part : parts)
    pointers.push_back(&part);
  return link(pointers);
}

} // namespace heddle
