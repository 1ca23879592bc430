#include "driver/WorkerProcess.h"

#include "driver/Worker.h"

#include "llvm/Support/MemoryBuffer.h"

#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

namespace heddle {
namespace {

llvm::Error systemError(const char *what, int code) {
  return llvm::createStringError(llvm::Twine(what) + ": " + std::strerror(code));
}

/// The supervisor blocks signals that it waits for; a worker starts with none blocked.
int spawn(pid_t &pid, int in, int out, bool showErrors) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  if (!showErrors)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, defaults;
  sigemptyset(&none);
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  char name[] = "heddle";
  std::string word = kWorkerWord;
  char *arguments[] = {name, word.data(), nullptr};
  int code = posix_spawn(&pid, "/proc/self/exe", &actions, &attributes, arguments, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return code;
}

std::string signalText(int signal) {
  const char *name = sigabbrev_np(signal);
  return name ? "SIG" + std::string(name) : "signal " + std::to_string(signal);
}

} // namespace

llvm::Expected<WorkerProcess> WorkerProcess::start(bool showErrors) {
  int in[2], out[2];
  if (pipe2(in, O_CLOEXEC))
    return systemError("can't make a pipe", errno);
  if (pipe2(out, O_CLOEXEC)) {
    int code = errno;
    close(in[0]);
    close(in[1]);
    return systemError("can't make a pipe", code);
  }
  pid_t pid = -1;
  int code = spawn(pid, in[0], out[1], showErrors);
  close(in[0]);
  close(out[1]);
  WorkerProcess worker(pid, in[1], out[0]);
  if (code) {
    worker.pid_ = -1;
    return systemError("can't start a worker", code);
  }
  fcntl(worker.output_, F_SETFL, fcntl(worker.output_, F_GETFL) | O_NONBLOCK);
  return worker;
}

WorkerProcess::WorkerProcess(WorkerProcess &&other) noexcept
    : pid_(std::exchange(other.pid_, -1)), input_(std::exchange(other.input_, -1)), output_(std::exchange(other.output_, -1)),
      decoder_(std::move(other.decoder_)) {}

WorkerProcess::~WorkerProcess() {
  closePipes();
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
}

void WorkerProcess::closePipes() {
  for (int *fd : {&input_, &output_})
    if (*fd >= 0)
      close(std::exchange(*fd, -1));
}

bool WorkerProcess::send(const Message &message) {
  std::string encoded = encode(message);
  llvm::StringRef bytes = encoded;
  while (!bytes.empty()) {
    ssize_t count = write(input_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return false;
    bytes = bytes.drop_front(static_cast<size_t>(count));
  }
  return true;
}

bool WorkerProcess::receive() {
  char buffer[1 << 16];
  while (true) {
    ssize_t count = read(output_, buffer, sizeof buffer);
    if (count > 0) {
      decoder_.add({buffer, static_cast<size_t>(count)});
      continue;
    }
    return count < 0 && (errno == EAGAIN || errno == EINTR);
  }
}

uint64_t WorkerProcess::cpuTicks() const {
  auto stat = llvm::MemoryBuffer::getFileAsStream("/proc/" + llvm::Twine(pid_) + "/stat");
  if (!stat)
    return 0;
  // "pid (name) state ppid …": utime and stime are fields 14 and 15, the name may hold anything.
  llvm::StringRef text = (*stat)->getBuffer();
  llvm::SmallVector<llvm::StringRef> fields;
  text.substr(text.rfind(')') + 1).split(fields, ' ', -1, /*KeepEmpty=*/false);
  uint64_t user = 0, system = 0;
  if (fields.size() < 13 || fields[11].getAsInteger(10, user) || fields[12].getAsInteger(10, system))
    return 0;
  return user + system;
}

void WorkerProcess::kill() { ::kill(pid_, SIGKILL); }

UnitOutcome WorkerProcess::bury(const WorkerLimits &limits) {
  closePipes();
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  if (WIFEXITED(status) && WEXITSTATUS(status) == kOutOfMemory)
    return {UnitOutcome::Failed, "memory", "needs more than " + std::to_string(limits.megabytes) + " MB; see --memory", {}};
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
    return {UnitOutcome::Failed,
            "timeout",
            "needs more than " + std::to_string(limits.cpuSeconds) + " s of CPU time; see --timeout",
            {}};
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
    return {UnitOutcome::Failed, "memory", "its worker was killed from outside; the machine may be out of memory, see -j", {}};
  if (WIFSIGNALED(status))
    return {UnitOutcome::Failed, "crash", "the analysis of this unit crashed (" + signalText(WTERMSIG(status)) + ")", {}};
  return {UnitOutcome::Failed, "crash", "its worker left with exit code " + std::to_string(WEXITSTATUS(status)), {}};
}

} // namespace heddle
