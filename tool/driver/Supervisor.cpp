#include "driver/Supervisor.h"

#include "driver/WorkerProcess.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Threading.h"

#include <algorithm>
#include <csignal>
#include <ctime>
#include <deque>
#include <optional>
#include <poll.h>

namespace heddle {
namespace {

volatile std::sig_atomic_t caughtSignal = 0;

/// While it lives SIGINT and SIGTERM are noted, and seen only inside wait(); a second one ends the process as usual.
class SignalWatch {
public:
  SignalWatch() {
    sigemptyset(&watched_);
    for (int signal : {SIGINT, SIGTERM})
      sigaddset(&watched_, signal);
    sigprocmask(SIG_BLOCK, &watched_, &before_);
    struct sigaction action = {};
    action.sa_handler = [](int signal) { caughtSignal = signal; };
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigaction(SIGINT, &action, &beforeInt_);
    sigaction(SIGTERM, &action, &beforeTerm_);
    struct sigaction ignore = {};
    ignore.sa_handler = SIG_IGN; // a worker that is gone is seen at its other pipe
    sigaction(SIGPIPE, &ignore, &beforePipe_);
  }
  ~SignalWatch() {
    sigaction(SIGPIPE, &beforePipe_, nullptr);
    sigaction(SIGINT, &beforeInt_, nullptr);
    sigaction(SIGTERM, &beforeTerm_, nullptr);
    sigprocmask(SIG_SETMASK, &before_, nullptr);
  }

  /// Waits for input, at most a second. True when the second passed without any.
  bool wait(std::vector<pollfd> &fds) {
    timespec second = {1, 0};
    return ppoll(fds.data(), fds.size(), &second, &before_) == 0;
  }

private:
  sigset_t watched_, before_;
  struct sigaction beforeInt_, beforeTerm_, beforePipe_;
};

class Supervisor {
public:
  Supervisor(const std::vector<CompileCommand> &units, const ExtractOptions &options, const WorkerLimits &limits,
             llvm::function_ref<void(size_t, const UnitOutcome &)> finished)
      : units_(units), options_(options), limits_(limits), finished_(finished) {
    result_.outcomes.resize(units.size());
    for (size_t unit = 0; unit < units.size(); ++unit)
      waiting_.push_back({unit, false});
  }

  llvm::Expected<Supervision> run() {
    SignalWatch watch;
    caughtSignal = 0;
    slots_.resize(std::min<size_t>(std::max(1u, limits_.workers), units_.size()));
    while (!caughtSignal) {
      for (Slot &slot : slots_)
        if (llvm::Error error = assign(slot))
          return std::move(error);
      if (llvm::none_of(slots_, [](const Slot &slot) { return slot.job.has_value(); }))
        break;
      await(watch);
    }
    result_.interruptedBy = caughtSignal;
    slots_.clear();
    return std::move(result_);
  }

private:
  struct Job {
    size_t unit;
    bool again; // in a fresh worker, after it failed in a used one
  };
  struct Slot {
    std::optional<WorkerProcess> worker;
    std::optional<Job> job;
    size_t unitsTaken = 0;
    uint64_t cpuTicks = 0;
    unsigned idleSeconds = 0; // seconds that the supervisor waited while the worker used no CPU
    bool stuck = false;
  };

  /// A unit that is to be tried again waits for a slot of its own worker: the old one is gone by then.
  llvm::Error assign(Slot &slot) {
    while (!slot.job && !waiting_.empty()) {
      if (slot.worker && waiting_.front().again)
        slot.worker.reset();
      if (!slot.worker) {
        llvm::Expected<WorkerProcess> worker = WorkerProcess::start(limits_.showErrors);
        if (!worker)
          return worker.takeError();
        slot.worker.emplace(std::move(*worker));
        slot.unitsTaken = 0;
        slot.worker->send(toMessage(options_, limits_.cpuSeconds, limits_.megabytes));
      }
      slot.job = waiting_.front();
      waiting_.pop_front();
      ++slot.unitsTaken;
      slot.cpuTicks = 0;
      slot.idleSeconds = 0;
      slot.stuck = false;
      slot.worker->send(toMessage(units_[slot.job->unit])); // if it is gone, reading tells why
    }
    return llvm::Error::success();
  }

  void await(SignalWatch &watch) {
    std::vector<pollfd> fds;
    std::vector<Slot *> polled;
    for (Slot &slot : slots_)
      if (slot.job) {
        fds.push_back({slot.worker->output(), POLLIN, 0});
        polled.push_back(&slot);
      }
    bool secondPassed = watch.wait(fds);
    for (size_t i = 0; i < fds.size(); ++i)
      if (fds[i].revents && !caughtSignal)
        read(*polled[i]);
    if (secondPassed || secondTicked())
      for (Slot *slot : polled)
        endIfStuck(*slot);
  }

  /// Other workers' answers may keep the supervisor from ever waiting a whole second.
  bool secondTicked() {
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return std::exchange(lastSecond_, now.tv_sec) != now.tv_sec;
  }

  void read(Slot &slot) {
    bool open = slot.worker->receive();
    if (std::optional<Message> message = slot.worker->message()) {
      if (std::optional<Answer> answer = answerOf(std::move(*message)))
        return finish(slot, outcomeOf(std::move(*answer)));
      slot.worker->kill();
      open = false;
    }
    if (!open || slot.worker->broken())
      bury(slot);
  }

  static UnitOutcome outcomeOf(Answer answer) {
    if (!answer.extracted)
      return {UnitOutcome::Failed, "input", std::move(answer.detail), {}};
    return {UnitOutcome::Extracted, {}, {}, {answer.facts.begin(), answer.facts.end()}};
  }

  void bury(Slot &slot) {
    if (slot.worker->broken())
      slot.worker->kill();
    UnitOutcome outcome = slot.worker->bury(limits_);
    if (slot.stuck)
      outcome = {UnitOutcome::Failed, "timeout", "made no progress for " + std::to_string(patience()) + " s", {}};
    slot.worker.reset();
    if (slot.unitsTaken > 1 && !slot.job->again && outcome.reason != "timeout") {
      waiting_.push_front({slot.job->unit, true});
      slot.job.reset();
      return;
    }
    finish(slot, std::move(outcome));
  }

  void finish(Slot &slot, UnitOutcome outcome) {
    size_t unit = slot.job->unit;
    slot.job.reset();
    result_.outcomes[unit] = std::move(outcome);
    finished_(unit, result_.outcomes[unit]);
  }

  unsigned patience() const { return std::clamp(limits_.cpuSeconds, 2u, 60u); }

  void endIfStuck(Slot &slot) {
    if (!slot.job)
      return;
    uint64_t ticks = slot.worker->cpuTicks();
    slot.idleSeconds = ticks == std::exchange(slot.cpuTicks, ticks) ? slot.idleSeconds + 1 : 0;
    if (slot.idleSeconds < patience())
      return;
    slot.stuck = true;
    slot.worker->kill();
  }

  const std::vector<CompileCommand> &units_;
  const ExtractOptions &options_;
  const WorkerLimits &limits_;
  llvm::function_ref<void(size_t, const UnitOutcome &)> finished_;
  Supervision result_;
  std::deque<Job> waiting_;
  std::vector<Slot> slots_;
  time_t lastSecond_ = 0;
};

/// In MB; what the kernel thinks can be used without swapping.
uint64_t availableMemory() {
  auto file = llvm::MemoryBuffer::getFileAsStream("/proc/meminfo");
  uint64_t kilobytes = 0;
  if (file) {
    llvm::StringRef rest = (*file)->getBuffer();
    rest = rest.substr(rest.find("MemAvailable:")).drop_front(std::min<size_t>(rest.size(), 13)).ltrim();
    rest.take_while(llvm::isDigit).getAsInteger(10, kilobytes);
  }
  return kilobytes >> 10;
}

} // namespace

llvm::Expected<Supervision> supervise(const std::vector<CompileCommand> &units, const ExtractOptions &options,
                                      const WorkerLimits &limits,
                                      llvm::function_ref<void(size_t, const UnitOutcome &)> finished) {
  return Supervisor(units, options, limits, finished).run();
}

unsigned defaultWorkers() {
  constexpr uint64_t kMegabytesEach = 1024; // of a large C++ unit, mostly far less
  uint64_t byMemory = availableMemory() / kMegabytesEach;
  unsigned byCores = llvm::hardware_concurrency().compute_thread_count();
  return static_cast<unsigned>(std::clamp<uint64_t>(byMemory ? byMemory : byCores, 1, byCores));
}

} // namespace heddle
