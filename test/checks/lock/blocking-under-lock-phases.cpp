// RUN: %check %s
// Start-up and shutdown: nobody else runs yet, or any more.
#include <chrono>
#include <mutex>
#include <thread>

static void nap() { std::this_thread::sleep_for(std::chrono::seconds(1)); }

std::mutex mutex;
int state;

void worker() {
  for (int i = 0; i < 10; ++i) {
    std::lock_guard<std::mutex> guard(mutex);
    ++state;
  }
}

void load() {
  std::lock_guard<std::mutex> guard(mutex);
  nap();
  state = 1;
}

void flush() {
  std::lock_guard<std::mutex> guard(mutex);
  nap();
  state = 0;
}

void pauseAll() {
  std::lock_guard<std::mutex> guard(mutex);
  nap();
  // CHECK: [[@LINE-1]]:3: warning: 'mutex' is held while 'nap' sleeps; 'worker' has to wait for it as long [heddle-blocking-under-lock]
}

// Nobody has the pool while it is made, or when it ends.
class Pool {
public:
  Pool() {
    std::lock_guard<std::mutex> guard(mutex_);
    nap();
    size_ = 1;
  }
  ~Pool() {
    std::lock_guard<std::mutex> guard(mutex_);
    nap();
  }
  int size() {
    std::lock_guard<std::mutex> guard(mutex_);
    return size_;
  }

private:
  std::mutex mutex_;
  int size_ = 0;
};

int main() {
  load();
  Pool pool;
  std::thread t(worker);
  std::thread u([&] { pool.size(); });
  pauseAll();
  t.join();
  u.join();
  flush();
}
