#include "driver/Worker.h"

#include "driver/Protocol.h"

#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Process.h"

#include <csignal>
#include <cstdio>
#include <new>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace heddle {
namespace {

constexpr int kIn = 0, kOut = 1;

bool writeAll(llvm::StringRef bytes) {
  while (!bytes.empty()) {
    ssize_t count = ::write(kOut, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return false;
    bytes = bytes.drop_front(static_cast<size_t>(count));
  }
  return true;
}

std::optional<Message> receive(Decoder &decoder) {
  char buffer[1 << 16];
  while (true) {
    if (std::optional<Message> message = decoder.next())
      return message;
    ssize_t count = ::read(kIn, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0 || decoder.broken())
      return std::nullopt;
    decoder.add({buffer, static_cast<size_t>(count)});
  }
}

[[noreturn]] void leaveOutOfMemory() { _exit(kOutOfMemory); }

void setSoftLimit(int resource, rlim_t value) {
  rlimit limit;
  if (getrlimit(resource, &limit))
    return;
  limit.rlim_cur = std::min(value, limit.rlim_max);
  setrlimit(resource, &limit);
}

uint64_t cpuSecondsUsed() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<uint64_t>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         1; // their fractions add up to less than two seconds
}

uint64_t addressSpaceUsed() {
  unsigned long long pages = 0;
  if (FILE *file = std::fopen("/proc/self/statm", "re")) {
    if (std::fscanf(file, "%llu", &pages) != 1)
      pages = 0;
    std::fclose(file);
  }
  return pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

/// Limits are for one unit, so they count from what this process has used so far. Only the soft limits move: a hard one couldn't
/// be raised again.
void limitNextUnit(const WorkerSettings &settings) {
  setSoftLimit(RLIMIT_CPU, cpuSecondsUsed() + settings.cpuSeconds);
  setSoftLimit(RLIMIT_AS, addressSpaceUsed() + (static_cast<uint64_t>(settings.megabytes) << 20));
}

void prepareProcess() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::signal(SIGINT, SIG_IGN); // Ctrl-C is for the supervisor, which then ends its workers
  setSoftLimit(RLIMIT_CORE, 0);
  llvm::sys::Process::PreventCoreFiles();
  std::set_new_handler(leaveOutOfMemory);
  llvm::install_bad_alloc_error_handler([](void *, const char *, bool) { leaveOutOfMemory(); });
}

Answer answer(const CompileCommand &command, const ExtractOptions &options, const SharedFiles &files) {
  llvm::Expected<Extraction> extraction = extractUnit(command, options, files);
  if (!extraction)
    return {false, llvm::toString(extraction.takeError()), {}};
  return {true, {}, std::string(extraction->facts.begin(), extraction->facts.end())};
}

} // namespace

int runWorker() {
  prepareProcess();
  Decoder decoder;
  std::optional<Message> first = receive(decoder);
  std::optional<WorkerSettings> settings = first ? settingsOf(*first) : std::nullopt;
  if (!settings)
    return 1;
  SharedFiles files = shareFiles();
  while (std::optional<Message> message = receive(decoder)) {
    std::optional<CompileCommand> command = commandOf(*message);
    if (!command)
      return 1;
    limitNextUnit(*settings);
    if (!writeAll(encode(toMessage(answer(*command, settings->options, files)))))
      return 1;
  }
  return 0;
}

} // namespace heddle
