// RUN: %check %s
// Atomic; locked on both sides; set before the start; a loop that sets its own flag; a signal handler in a program of one thread.
#include <atomic>
#include <csignal>
#include <mutex>
#include <thread>

static std::atomic<bool> quit{false};
static std::mutex mutex;
static bool stopped;
static bool verbose;
static volatile std::sig_atomic_t interrupted;

static void interrupt(int) { interrupted = 1; }

static bool isStopped() {
  std::lock_guard<std::mutex> lock(mutex);
  return stopped;
}

static void work() {
  bool more = true;
  while (more && !quit && !isStopped()) {
    if (verbose)
      more = false;
  }
}

int main(int count, char **) {
  std::signal(SIGINT, interrupt);
  while (!interrupted && count > 1)
    --count;
  verbose = count > 0;
  std::thread worker(work);
  quit = true;
  {
    std::lock_guard<std::mutex> lock(mutex);
    stopped = true;
  }
  worker.join();
  return 0;
}
