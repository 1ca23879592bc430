// RUN: %check %s
// One writer; updates in one step; a compare-and-swap loop; under one lock; another atomic's value.
#include <atomic>
#include <mutex>
#include <thread>

static std::atomic<int> progress{0}, peak{0}, total{0}, copy{0};
static std::mutex mutex;

static void work() {
  for (int i = 0; i < 100; ++i)
    progress = progress + 1; // nobody else writes it
}

static void note(int size) {
  int seen = peak.load();
  while (seen < size && !peak.compare_exchange_weak(seen, size)) {
  }
  total += size;
  total.fetch_add(1);
  std::lock_guard<std::mutex> guard(mutex);
  copy = copy + size;
}

int main() {
  std::thread worker([] {
    work();
    note(3);
  });
  note(progress.load());
  peak.store(total.load() + 1);
  worker.join();
  progress = progress * 2;
  return copy;
}
