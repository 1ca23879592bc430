#include "link/LinkGraph.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace heddle {

// LLVM's own build.ninja has 60 MB.
constexpr uint64_t kMaxBytes = 256u << 20;

std::unique_ptr<MemoryBuffer> readBounded(StringRef path) {
  sys::fs::file_status status;
  if (sys::fs::status(path, status) || !sys::fs::is_regular_file(status) || status.getSize() > kMaxBytes)
    return nullptr;
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/true, /*IsVolatile=*/true);
  return buffer ? std::move(*buffer) : nullptr;
}

std::string absolutePath(StringRef folder, StringRef path) {
  SmallString<256> result;
  if (!sys::path::is_absolute(path))
    result = folder;
  sys::path::append(result, path);
  sys::path::remove_dots(result, /*remove_dot_dot=*/true);
  return result.str().str();
}

bool isInside(StringRef folder, StringRef path) {
  while (folder.consume_back("/"))
    ;
  return path.consume_front(folder) && path.starts_with("/");
}

bool isObjectName(StringRef path) {
  StringRef extension = sys::path::extension(path);
  return extension == ".o" || extension == ".obj" || extension == ".lo";
}

bool isLibraryName(StringRef path) {
  StringRef name = sys::path::filename(path), extension = sys::path::extension(path);
  return extension == ".a" || extension == ".so" || extension == ".lib" || extension == ".dylib" || extension == ".dll" ||
         name.contains(".so.");
}

bool isSourceName(StringRef path) {
  return StringSwitch<bool>(sys::path::extension(path))
      .Cases(".c", ".i", ".cc", ".cpp", ".cxx", ".c++", true)
      .Cases(".C", ".CC", ".CPP", ".cp", ".ii", ".cppm", ".ixx", true)
      .Default(false);
}

bool isAssemblerName(StringRef path) {
  return StringSwitch<bool>(sys::path::extension(path)).Cases(".s", ".S", ".asm", ".sx", true).Default(false);
}

} // namespace heddle
