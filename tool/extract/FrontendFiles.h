// The files of the machine, for reading what an untrusted unit includes: folders and regular files only. A device, a pipe or
// this process's own standard input would block the analysis or feed it something else than source text.
#pragma once

#include "llvm/Support/VirtualFileSystem.h"

namespace heddle::extract {

class RegularFiles : public llvm::vfs::ProxyFileSystem {
public:
  RegularFiles() : ProxyFileSystem(llvm::vfs::createPhysicalFileSystem()) {}

  llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>> openFileForRead(const llvm::Twine &path) override;
};

} // namespace heddle::extract
