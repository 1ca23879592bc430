// RUN: %check %s
// A client that keeps its statistics and its connection behind one lock: who only wants the numbers waits for the network.
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

class Client {
public:
  bool reconnect(const char *host) {
    std::lock_guard<std::mutex> guard(mutex_);
    ++attempts_;
    return dial(host);
    // CHECK: [[@LINE-1]]:12: warning: 'Client::mutex_' of '*this' is held while 'Client::dial' looks up a name over the network; 'Client::attempts' has to wait for it as long [heddle-blocking-under-lock]
    // CHECK: [[@LINE-4]]:{{[0-9]+}}: note: holder: locks 'this->mutex_'
    // CHECK: [[@LINE-3]]:12: note: holder: calls 'Client::dial'
    // CHECK: [[@LINE+21]]:12: note: holder: calls 'Client::resolve'
    // CHECK: [[@LINE+24]]:12: note: holder: looks up a name over the network
    // CHECK: [[@LINE+4]]:{{[0-9]+}}: note: waiting: waits for 'this->mutex_'
  }

  int attempts() {
    std::lock_guard<std::mutex> guard(mutex_);
    return attempts_;
  }

  void backOff() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (attempts_ > 3) {
      --attempts_;
      std::this_thread::sleep_for(std::chrono::seconds(1));
      // CHECK: [[@LINE-1]]:7: warning: 'Client::mutex_' of '*this' is held while 'Client::backOff' sleeps; 'Client::attempts' has to wait for it as long [heddle-blocking-under-lock]
    }
  }

private:
  bool dial(const char *host) {
    return resolve(host) == 0;
  }
  int resolve(const char *host) {
    addrinfo *list = nullptr;
    return getaddrinfo(host, "http", nullptr, &list);
  }

  std::mutex mutex_;
  int attempts_ = 0;
};

// Work that is waited for with the lock of the results in hand.
class Results {
public:
  void collect(std::future<int> &task) {
    std::lock_guard<std::mutex> guard(mutex_);
    total_ += task.get();
    // CHECK: [[@LINE-1]]:15: warning: 'Results::mutex_' of '*this' is held while 'Results::collect' waits for the result of a task; 'Results::total' has to wait for it as long [heddle-blocking-under-lock]
  }
  int total() {
    std::lock_guard<std::mutex> guard(mutex_);
    return total_;
  }

private:
  std::mutex mutex_;
  int total_ = 0;
};

// Two locks: the wait lets go of the queue's, not of the registry's.
std::mutex registry, queue;
std::condition_variable filled;
int entries, jobs;

void drain() {
  std::lock_guard<std::mutex> outer(registry);
  std::unique_lock<std::mutex> lock(queue);
  while (jobs == 0)
    filled.wait(lock);
    // CHECK: [[@LINE-1]]:5: warning: 'registry' is held while 'drain' waits for a condition; 'size' has to wait for it as long [heddle-blocking-under-lock]
  --jobs;
  ++entries;
}

int size() {
  std::lock_guard<std::mutex> outer(registry);
  return entries;
}

// A descriptor that blocks, in a helper that retries.
std::mutex session;
int peer = -1, received;

void openSession(const sockaddr *address, socklen_t length) {
  peer = socket(AF_INET, SOCK_STREAM, 0);
  connect(peer, address, length);
}

static void readAll(int from, char *buffer, size_t size) {
  while (size > 0) {
    ssize_t got = read(from, buffer, size);
    if (got <= 0)
      return;
    buffer += got;
    size -= got;
  }
}

void receive(char *buffer, size_t size) {
  std::lock_guard<std::mutex> guard(session);
  readAll(peer, buffer, size);
  // CHECK: [[@LINE-1]]:3: warning: 'session' is held while 'readAll' waits for the network; 'count' has to wait for it as long [heddle-blocking-under-lock]
  ++received;
}

int count() {
  std::lock_guard<std::mutex> guard(session);
  return received;
}
