#include "driver/Progress.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

#include <string>

namespace heddle {

Progress::Progress(size_t total, bool quiet)
    : total_(total), quiet_(quiet), terminal_(llvm::sys::Process::StandardErrIsDisplayed()), start_(Clock::now()), last_(start_) {
}

void Progress::step() {
  ++done_;
  if (quiet_)
    return;
  Clock::time_point now = Clock::now();
  if (now - last_ < (terminal_ ? std::chrono::milliseconds(100) : std::chrono::seconds(10)))
    return;
  last_ = now;
  draw(now);
}

void Progress::draw(Clock::time_point now) {
  if (!terminal_) {
    llvm::errs() << llvm::formatv("heddle: {0} of {1} units\n", done_, total_);
    return;
  }
  constexpr size_t kWidth = 30;
  size_t filled = kWidth * done_ / total_;
  auto left = std::chrono::duration_cast<std::chrono::seconds>((now - start_) / done_ * (total_ - done_)).count();
  llvm::errs() << "\r[" << std::string(filled, '#') << std::string(kWidth - filled, ' ')
               << llvm::format("] %zu/%zu, %d:%02d left\x1b[K", done_, total_, static_cast<int>(left / 60),
                               static_cast<int>(left % 60));
  drawn_ = true;
}

void Progress::end() {
  if (drawn_)
    llvm::errs() << "\r\x1b[K";
  drawn_ = false;
}

} // namespace heddle
