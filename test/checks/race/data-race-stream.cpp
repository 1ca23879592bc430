// RUN: %check %s
// A stream has a buffer and a state; only the standard's own ones may be used by several threads at once. A thread's handle is an
// object like any other: two threads that start it at once race for it.
#include <atomic>
#include <fstream>
#include <iostream>
#include <mutex>
#include <thread>

static std::ofstream journal, guarded, result;
static std::mutex mutex;

static void own(int i) {
  std::ofstream file("own");
  file << i;
}

static void work(int i) {
  journal << "started " << i << std::endl;
  // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'journal' is written here with no lock while another thread writes it [heddle-data-race]
  std::cout << "started " << i << std::endl;
  std::lock_guard<std::mutex> lock(mutex);
  guarded << i;
}

class Service {
public:
  void start() {
    if (running_)
      return;
    running_ = true;
    worker_ = std::thread(own, 3);
    // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'service.worker_' is written here with no lock while another thread writes it [heddle-data-race]
  }
  void stop() {
    if (worker_.joinable())
      worker_.join();
  }

private:
  std::atomic<bool> running_{false};
  std::thread worker_;
};

int main() {
  journal.open("journal");
  guarded.open("guarded");
  Service service;
  std::thread first(work, 1), second(work, 2), third([&] { service.start(); }), fourth([&] { service.start(); });
  first.join();
  second.join();
  third.join();
  fourth.join();
  service.stop();
  result << "done"; // nobody else is left
  journal.close();
}
