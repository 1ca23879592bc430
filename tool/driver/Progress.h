// Tells on standard error how far a run is: a bar with the time left on a terminal, a line every ten seconds elsewhere.
#pragma once

#include <chrono>
#include <cstddef>

namespace heddle {

class Progress {
public:
  Progress(size_t total, bool quiet);
  void step();
  /// Wipes the bar.
  void end();

private:
  using Clock = std::chrono::steady_clock;
  void draw(Clock::time_point now);

  size_t total_, done_ = 0;
  bool quiet_, terminal_, drawn_ = false;
  Clock::time_point start_, last_;
};

} // namespace heddle
