// One worker as its supervisor sees it: a child process and two pipes.
#pragma once

#include "driver/Protocol.h"
#include "driver/Supervisor.h"

#include <optional>
#include <sys/types.h>

namespace heddle {

class WorkerProcess {
public:
  static llvm::Expected<WorkerProcess> start(bool showErrors);
  WorkerProcess(WorkerProcess &&other) noexcept;
  WorkerProcess &operator=(WorkerProcess &&) = delete;
  /// Kills the process if it still runs.
  ~WorkerProcess();

  /// False when the worker is gone.
  bool send(const Message &message);
  /// Reads what is there. False at the end of the stream.
  bool receive();
  std::optional<Message> message() { return decoder_.next(); }
  bool broken() const { return decoder_.broken(); }

  int output() const { return output_; }
  /// CPU time used so far, in clock ticks.
  uint64_t cpuTicks() const;
  void kill();
  /// Waits for the end and says as a failed outcome why it came.
  UnitOutcome bury(const WorkerLimits &limits);

private:
  WorkerProcess(pid_t pid, int input, int output) : pid_(pid), input_(input), output_(output) {}
  void closePipes();

  pid_t pid_ = -1;
  int input_ = -1, output_ = -1; // its standard input and output
  Decoder decoder_;
};

} // namespace heddle
