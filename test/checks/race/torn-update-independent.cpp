// RUN: %check %s
// Counters and flags that happen to stand together: each is a race of its own, but there is nothing between them to be torn.
#include <cstdio>
#include <thread>

struct Statistics {
  long requests = 0, errors = 0, bytes = 0;
  bool started = false, finished = false;
  int last_user = 0, last_code = 0;
};

static Statistics statistics;

static void serve(int n) {
  statistics.started = true;
  statistics.finished = false;
  for (int i = 0; i < n; ++i) {
    ++statistics.requests;
    statistics.bytes += i;
    if (i % 7 == 0)
      ++statistics.errors;
    statistics.last_user = i; // written together, never read together
    statistics.last_code = i % 3;
  }
  statistics.started = false;
  statistics.finished = true;
}

static void showUser() { std::printf("%d\n", statistics.last_user); }
static void showCode() { std::printf("%d\n", statistics.last_code); }

int main() {
  std::thread thread(serve, 1000);
  std::printf("%ld %ld %ld %d %d\n", statistics.requests, statistics.errors, statistics.bytes, statistics.started, statistics.finished);
  showUser();
  showCode();
  thread.join();
}
