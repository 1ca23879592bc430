// RUN: %check %s
// What is read on the way to the end of the process, however many blocks that takes, isn't told as a race; what is read before the
// thread alone ends is.
#include <cstdio>
#include <cstdlib>
#include <pthread.h>
#include <thread>

static int served, failed;

static void report(int &value) { std::printf("%d\n", value); }

static void check(int code) {
  if (code != 0) {
    report(served);
    if (code > 1)
      std::puts("bad");
    else
      std::puts("worse");
    std::abort();
  }
}

static void leave(int code) {
  if (code > 3) {
    report(failed);
    pthread_exit(nullptr);
  }
}

static void serve(int code) {
  ++served;
  ++failed;
  // CHECK: [[@LINE-1]]:3: error: 'failed' is written here with no lock while 'report' reads it [heddle-data-race]
  leave(code);
}

int main(int argc, char **) {
  std::thread worker(serve, argc);
  check(argc - 1);
  leave(argc);
  worker.join();
}
