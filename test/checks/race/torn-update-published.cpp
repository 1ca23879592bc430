// RUN: %check %s
// Handed over: one side says that it is done, and the other waits for that.
#include <atomic>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <queue>
#include <thread>

struct Answer {
  int value = 0, precision = 0;
  Answer() { set(1, 2); } // not shared while it is made
  void set(int v, int p) {
    value = v;
    precision = p;
  }
  int scaled() const { return value * precision; }
};

static Answer answer;
static std::atomic<bool> ready{false};

static void compute() {
  answer.set(42, 3);
  ready.store(true, std::memory_order_release);
}

static Answer slot;
static std::mutex mutex;
static std::condition_variable changed;
static bool filled;

static void fill() {
  slot.set(7, 1);
  {
    std::lock_guard<std::mutex> lock(mutex);
    filled = true;
  }
  changed.notify_one();
}

static std::queue<Answer *> queue;

static void consume(int *sum) {
  for (;;) {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [] { return !queue.empty(); });
    Answer *next = queue.front();
    queue.pop();
    lock.unlock();
    if (!next)
      return;
    *sum += next->scaled(); // its alone by now
    next->set(0, 0);
    delete next;
  }
}

int main() {
  int sum = 0;
  std::thread producer(compute);
  while (!ready.load(std::memory_order_acquire))
    std::this_thread::yield();
  sum += answer.scaled();
  producer.join();

  std::thread filler(fill);
  {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [] { return filled; });
  }
  sum += slot.scaled();
  filler.join();

  std::thread consumer(consume, &sum);
  auto *one = new Answer; // made after the start, and given through the queue
  one->set(5, 6);
  {
    std::lock_guard<std::mutex> lock(mutex);
    queue.push(one);
    queue.push(nullptr);
  }
  changed.notify_one();
  consumer.join();
  return sum;
}
