#include "extract/FrontendFiles.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

namespace heddle {

SharedFiles shareFiles() { return std::make_shared<extract::FileCache>(); }

} // namespace heddle

namespace heddle::extract {

namespace {

constexpr size_t kMostFiles = 1 << 16;
constexpr uint64_t kMostBytes = 64 << 20;
constexpr uint64_t kLargeFile = 1 << 20; // an unlikely header

/// A file that was read before. The cache outlives it.
class KnownFile : public llvm::vfs::File {
public:
  KnownFile(llvm::vfs::Status status, const FileCache::Contents &contents) : status_(std::move(status)), contents_(contents) {}

  llvm::ErrorOr<llvm::vfs::Status> status() override { return status_; }
  llvm::ErrorOr<std::string> getName() override { return contents_.realName; }
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> getBuffer(const llvm::Twine &name, int64_t, bool, bool) override {
    llvm::SmallString<256> text;
    return llvm::MemoryBuffer::getMemBuffer(contents_.buffer->getBuffer(), name.toStringRef(text));
  }
  std::error_code close() override { return {}; }

private:
  void setPath(const llvm::Twine &path) override { status_ = llvm::vfs::Status::copyWithNewName(status_, path); }

  llvm::vfs::Status status_;
  const FileCache::Contents &contents_;
};

} // namespace

FileCache::Known *FileCache::find(llvm::StringRef path) {
  if (auto it = files_.find(path); it != files_.end())
    return &it->second;
  return files_.size() < kMostFiles ? &files_[path] : nullptr;
}

bool FileCache::hasRoomFor(uint64_t bytes) const { return bytes <= kLargeFile && bytes_ + bytes <= kMostBytes; }

void FileCache::keep(Known &file, Contents contents) {
  bytes_ += contents.buffer->getBufferSize();
  file.contents = std::move(contents);
}

std::error_code RegularFiles::setCurrentWorkingDirectory(const llvm::Twine &path) {
  std::error_code error = ProxyFileSystem::setCurrentWorkingDirectory(path);
  if (!error)
    if (llvm::ErrorOr<std::string> folder = getCurrentWorkingDirectory())
      folder_ = *folder;
  return error;
}

FileCache::Known *RegularFiles::known(llvm::StringRef path) {
  if (!cache_)
    return nullptr;
  if (llvm::sys::path::is_absolute(path))
    return cache_->find(path);
  llvm::SmallString<256> absolute(folder_);
  llvm::sys::path::append(absolute, path);
  return folder_.empty() ? nullptr : cache_->find(absolute);
}

llvm::ErrorOr<llvm::vfs::Status> RegularFiles::status(llvm::StringRef path, FileCache::Known *known) {
  if (!known)
    return ProxyFileSystem::status(path);
  if (!known->status)
    known->status.emplace(ProxyFileSystem::status(path));
  if (!*known->status)
    return known->status->getError();
  return llvm::vfs::Status::copyWithNewName(**known->status, path);
}

llvm::ErrorOr<llvm::vfs::Status> RegularFiles::status(const llvm::Twine &path) {
  llvm::SmallString<256> text;
  llvm::StringRef name = path.toStringRef(text);
  return status(name, known(name));
}

llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>> RegularFiles::openFileForRead(const llvm::Twine &path) {
  llvm::SmallString<256> text;
  llvm::StringRef name = path.toStringRef(text);
  FileCache::Known *known = this->known(name);
  // Asked before it is opened: opening a pipe waits for its writer. Missing files are most of what Clang tries.
  llvm::ErrorOr<llvm::vfs::Status> status = this->status(name, known);
  if (!status)
    return status.getError();
  if (status->isDirectory()) // what Clang looks for may stand in a later folder: `memory/` beside <memory>
    return std::make_error_code(std::errc::is_a_directory);
  if (!status->isRegularFile())
    return std::make_error_code(std::errc::operation_not_permitted);
  if (!known || (!known->contents && !cache_->hasRoomFor(status->getSize())))
    return ProxyFileSystem::openFileForRead(name);
  if (!known->contents) {
    llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>> file = ProxyFileSystem::openFileForRead(name);
    if (!file)
      return file.getError();
    llvm::ErrorOr<llvm::vfs::Status> opened = (*file)->status();
    llvm::ErrorOr<std::string> realName = (*file)->getName();
    if (!opened || !realName)
      return opened ? realName.getError() : opened.getError();
    // Read, not mapped: it is kept for longer than anybody promises not to shorten it.
    auto buffer = (*file)->getBuffer(name, opened->getSize(), /*RequiresNullTerminator=*/true, /*IsVolatile=*/true);
    if (!buffer)
      return buffer.getError();
    status = llvm::vfs::Status::copyWithNewSize(*opened, (*buffer)->getBufferSize());
    known->status.emplace(*status);
    cache_->keep(*known, {std::move(*realName), std::move(*buffer)});
  }
  return std::make_unique<KnownFile>(std::move(*status), *known->contents);
}

} // namespace heddle::extract
