#include "link/Link.h"

#include "facts/Builder.h"

namespace heddle {

llvm::Expected<facts::Facts> link(std::span<const facts::Facts *const> parts) {
  facts::Builder builder;
  for (const facts::Facts *part : parts)
    builder.merge(*part);
  return facts::Facts::open(builder.freeze());
}

} // namespace heddle
