// A folder of files that exists as long as a test.
#pragma once

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <string>

namespace heddle::test {

class Folder {
public:
  Folder() {
    llvm::SmallString<128> path;
    llvm::sys::fs::createUniqueDirectory("heddle-test", path);
    llvm::SmallString<128> real;
    path_ = llvm::sys::fs::real_path(path, real) ? std::string(path) : std::string(real);
  }
  ~Folder() { llvm::sys::fs::remove_directories(path_); }
  Folder(const Folder &) = delete;

  const std::string &path() const { return path_; }
  std::string path(llvm::StringRef name) const {
    llvm::SmallString<128> whole(path_);
    llvm::sys::path::append(whole, name);
    return std::string(whole);
  }
  void write(llvm::StringRef name, llvm::StringRef text) const {
    llvm::sys::fs::create_directories(llvm::sys::path::parent_path(path(name)));
    std::error_code error;
    llvm::raw_fd_ostream(path(name), error) << text;
  }

private:
  std::string path_;
};

} // namespace heddle::test
