// RUN: %check %s
// Read in two sections when the only other thread has ended.
#include <mutex>
#include <thread>

static std::mutex mutex;
static int first, last;

static void find(int from) {
  std::lock_guard<std::mutex> lock(mutex);
  first = from;
  last = from * 2;
}

static int getFirst() {
  std::lock_guard<std::mutex> lock(mutex);
  return first;
}

static int getLast() {
  std::lock_guard<std::mutex> lock(mutex);
  return last;
}

int main() {
  std::thread finder(find, 3);
  finder.join();
  return getLast() - getFirst();
}
