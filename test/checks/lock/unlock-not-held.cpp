// RUN: %check %s
// A lock released by who surely doesn't hold it.
#include <mutex>
#include <shared_mutex>
#include <thread>

std::mutex mutex;
std::timed_mutex timed;
std::shared_mutex table;
int count;

void twice(bool early) {
  mutex.lock();
  ++count;
  if (early)
    mutex.unlock();
  else
    --count;
  mutex.unlock(); // CHECK: [[@LINE]]:3: error: 'mutex' is released while it is not held; it was released already [heddle-unlock-not-held]
}

// The lecture's finally: the release of an acquisition that failed.
void patient() {
  using namespace std::chrono_literals;
  if (timed.try_lock_for(10ms))
    ++count;
  timed.unlock(); // CHECK: [[@LINE]]:3: error: 'timed' is released while it is not held; taking it has failed [heddle-unlock-not-held]
}

// The guard releases once more.
void guarded() {
  std::lock_guard<std::mutex> guard(mutex);
  ++count;
  mutex.unlock();
} // CHECK: [[@LINE]]:1: error: {{.*}}[heddle-unlock-not-held]

void wrongMode() {
  table.lock_shared();
  ++count;
  table.unlock(); // CHECK: [[@LINE]]:3: error: 'table' is held in shared mode and released in exclusive mode [heddle-unlock-not-held]
}

// Through a callee.
void give() { mutex.unlock(); }
void calls() {
  mutex.lock();
  ++count;
  give();
  give(); // CHECK: [[@LINE]]:3: error: {{.*}}[heddle-unlock-not-held]
}

// Nobody has taken it for a thread.
std::mutex handed;
void worker() {
  ++count;
  handed.unlock(); // CHECK: [[@LINE]]:3: error: 'handed' is released while it is not held; nobody has taken it for 'worker' [heddle-unlock-not-held]
}

int main() {
  handed.lock();
  std::thread thread(worker);
  thread.join();
  twice(true);
  patient();
  guarded();
  wrongMode();
  calls();
}
