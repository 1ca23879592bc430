// Threads, locks and futures of the standard library.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <map>
#include <mutex>
#include <queue>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

class Pool {
public:
  explicit Pool(unsigned count) {
    for (unsigned i = 0; i < count; ++i)
      threads_.emplace_back(&Pool::run, this);
  }
  ~Pool() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      stopped_ = true;
    }
    ready_.notify_all();
    for (std::thread &thread : threads_)
      thread.join();
  }
  template <typename F> auto submit(F task) -> std::future<decltype(task())> {
    auto packaged = std::make_shared<std::packaged_task<decltype(task())()>>(std::move(task));
    std::future<decltype(task())> result = packaged->get_future();
    std::scoped_lock lock(mutex_);
    tasks_.emplace([packaged] { (*packaged)(); });
    ready_.notify_one();
    return result;
  }

private:
  void run() {
    while (true) {
      std::function<void()> task;
      {
        std::unique_lock<std::mutex> lock(mutex_);
        ready_.wait(lock, [this] { return stopped_ || !tasks_.empty(); });
        if (tasks_.empty())
          return;
        task = std::move(tasks_.front());
        tasks_.pop();
      }
      task();
    }
  }

  std::mutex mutex_;
  std::condition_variable ready_;
  std::queue<std::function<void()>> tasks_;
  std::vector<std::thread> threads_;
  bool stopped_ = false;
};

static std::shared_mutex namesLock;
static std::map<int, std::string> names;
static std::atomic<long> lookups{0};

std::string name(int number) {
  std::shared_lock<std::shared_mutex> lock(namesLock);
  lookups.fetch_add(1, std::memory_order_relaxed);
  auto found = names.find(number);
  return found == names.end() ? std::string() : found->second;
}

static void fill(std::map<int, std::string> &target, int from, int to) {
  for (int i = from; i < to; ++i)
    target[i] = std::to_string(i);
}

int start() {
  Pool pool(std::thread::hardware_concurrency());
  std::future<std::string> found = pool.submit([] { return name(1); });
  std::thread filler(fill, std::ref(names), 0, 10);
  std::future<int> later = std::async(std::launch::async, [] { return 1; });
  std::promise<std::string> promise;
  std::shared_future<std::string> shared = promise.get_future().share();
  promise.set_value("done");
  std::once_flag once;
  std::call_once(once, fill, std::ref(names), 10, 20);
  std::this_thread::sleep_for(std::chrono::milliseconds(1));
  filler.join();
  return later.get() + static_cast<int>(shared.get().size() + found.get().size());
}
