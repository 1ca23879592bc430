#include "extract/FrontendFiles.h"

namespace heddle::extract {

llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>> RegularFiles::openFileForRead(const llvm::Twine &path) {
  // Asked before it is opened: opening a pipe waits for its writer. Missing files are most of what Clang tries.
  llvm::ErrorOr<llvm::vfs::Status> status = getUnderlyingFS().status(path);
  if (!status)
    return status.getError();
  if (status->isDirectory()) // what Clang looks for may stand in a later folder: `memory/` beside <memory>
    return std::make_error_code(std::errc::is_a_directory);
  if (!status->isRegularFile())
    return std::make_error_code(std::errc::operation_not_permitted);
  return ProxyFileSystem::openFileForRead(path);
}

} // namespace heddle::extract
