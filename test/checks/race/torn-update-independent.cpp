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
  // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'statistics.started' is written here with no lock while 'main' reads it [heddle-data-race]
  statistics.finished = false;
  // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'statistics.finished' is written here with no lock while 'main' reads it [heddle-data-race]
  for (int i = 0; i < n; ++i) {
    ++statistics.requests;
    // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'statistics.requests' is written here with no lock while 'main' reads it [heddle-data-race]
    statistics.bytes += i;
    // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'statistics.bytes' is written here with no lock while 'main' reads it [heddle-data-race]
    if (i % 7 == 0)
      ++statistics.errors;
      // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'statistics.errors' is written here with no lock while 'main' reads it [heddle-data-race]
    statistics.last_user = i; // written together, never read together
    // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'statistics.last_user' is written here with no lock while 'showUser' reads it [heddle-data-race]
    statistics.last_code = i % 3;
    // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'statistics.last_code' is written here with no lock while 'showCode' reads it [heddle-data-race]
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
