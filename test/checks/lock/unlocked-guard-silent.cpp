// RUN: %check %s
// Guards that take their lock later, elsewhere or together, and those that are asked.
#include <condition_variable>
#include <mutex>
#include <utility>

std::mutex one, two;
int count, total, last_result;

void later(bool busy) {
  std::unique_lock<std::mutex> lock(one, std::defer_lock);
  int next = busy ? 1 : 2;
  lock.lock();
  count = next;
}

void together() {
  std::unique_lock<std::mutex> a(one, std::defer_lock), b(two, std::defer_lock);
  std::lock(a, b);
  ++count;
  ++total;
}

void take(std::unique_lock<std::mutex> &lock) { lock.lock(); }

void passed_on() {
  std::unique_lock<std::mutex> lock(one, std::defer_lock);
  take(lock);
  ++count;
}

void by_lambda() {
  std::unique_lock<std::mutex> lock(one, std::defer_lock);
  auto enter = [&] { lock.lock(); };
  enter();
  ++count;
}

void only_when_threaded(bool threaded) {
  std::unique_lock<std::mutex> lock(one, std::defer_lock);
  if (threaded)
    lock.lock();
  ++count;
}

bool asked() {
  std::unique_lock<std::mutex> lock(one, std::try_to_lock);
  if (!lock)
    return false;
  ++count;
  return true;
}

bool owned() {
  std::unique_lock<std::mutex> lock(one, std::try_to_lock);
  if (lock.owns_lock())
    ++count;
  return lock.owns_lock();
}

void tried_then_locked() {
  std::unique_lock<std::mutex> lock(one, std::try_to_lock);
  if (!lock.owns_lock())
    lock.lock();
  ++count;
}

bool handed_out(std::unique_lock<std::mutex> &to) {
  std::unique_lock<std::mutex> lock(one, std::try_to_lock);
  to = std::move(lock);
  ++total;
  return true;
}

// Nothing of anybody else's is used: a step of something that asks later, or a test of the guard itself.
void unused() {
  std::unique_lock<std::mutex> lock(one, std::defer_lock);
  int mine = 0;
  ++mine;
}

// Moved on, and the new owner holds it to the end; locked again after the move; the data is not the section's.
void moved_to_the_end() {
  std::unique_lock<std::mutex> lock(one);
  count = 1;
  std::unique_lock<std::mutex> heir = std::move(lock);
  count = 2;
}

void locked_again() {
  std::unique_lock<std::mutex> lock(one);
  count = 1;
  {
    std::unique_lock<std::mutex> inner = std::move(lock);
    total = 1;
  }
  lock = std::unique_lock<std::mutex>(one);
  count = 2;
}

void early_release(int result) {
  std::unique_lock<std::mutex> lock(one);
  count = 1;
  { std::unique_lock<std::mutex> inner = std::move(lock); }
  last_result = result;
}

std::unique_lock<std::mutex> returned() {
  std::unique_lock<std::mutex> lock(one);
  count = 1;
  return lock;
}
