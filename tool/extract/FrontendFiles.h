// The files of the machine, for reading what an untrusted unit includes: folders and regular files only. A device, a pipe or
// this process's own standard input would block the analysis or feed it something else than source text.
//
// Units of one project read the same headers and look for them in the same folders. What one has read or not found, the next
// needn't ask the system for: a twentieth of the CPU time of extracting C. A file is what it was when it was first read, so all
// units that share a cache see one state of it.
#pragma once

#include "extract/Extract.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/VirtualFileSystem.h"

#include <optional>

namespace heddle::extract {

/// By absolute path as it was asked for.
class FileCache {
public:
  struct Contents {
    std::string realName; // links resolved
    std::unique_ptr<llvm::MemoryBuffer> buffer;
  };
  struct Known {
    std::optional<llvm::ErrorOr<llvm::vfs::Status>> status;
    std::optional<Contents> contents;
  };

  /// Null when there is room for no more.
  Known *find(llvm::StringRef path);
  bool hasRoomFor(uint64_t bytes) const;
  void keep(Known &file, Contents contents);

private:
  llvm::StringMap<Known> files_;
  uint64_t bytes_ = 0;
};

class RegularFiles : public llvm::vfs::ProxyFileSystem {
public:
  explicit RegularFiles(SharedFiles cache) : ProxyFileSystem(llvm::vfs::createPhysicalFileSystem()), cache_(std::move(cache)) {}

  llvm::ErrorOr<llvm::vfs::Status> status(const llvm::Twine &path) override;
  bool exists(const llvm::Twine &path) override { return bool(status(path)); }
  llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>> openFileForRead(const llvm::Twine &path) override;
  std::error_code setCurrentWorkingDirectory(const llvm::Twine &path) override;

private:
  FileCache::Known *known(llvm::StringRef path);
  llvm::ErrorOr<llvm::vfs::Status> status(llvm::StringRef path, FileCache::Known *known);

  SharedFiles cache_;
  std::string folder_; // what relative paths are meant from
};

} // namespace heddle::extract
