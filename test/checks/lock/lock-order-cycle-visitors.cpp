// RUN: %check %s
// Two uses of one visitor don't mix, whether it takes a std::function or any callable; what each passes is run where it is passed.
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

class Registry {
public:
  void forEach(const std::function<void(int &)> &visit) {
    std::lock_guard<std::mutex> lock(mutex_);
    for (int &item : items_)
      visit(item);
  }
  template <class Visitor> void forAny(Visitor visit) {
    std::lock_guard<std::mutex> lock(mutex_);
    for (int &item : items_)
      if (item > 0) {
        visit(item);
        return;
      }
  }
  void add(int item) {
    std::lock_guard<std::mutex> lock(mutex_);
    // CHECK: [[@LINE-1]]:33: error: 'Registry::mutex_' of '*this' is locked while 'audit' is held; 'auditAll()::lambda' locks them in the opposite order [heddle-lock-order-cycle]
    // CHECK: note: thread 2: calls 'Registry::forEach'
    // CHECK: note: thread 2: calls 'auditAll()::lambda'
    items_.push_back(item);
  }
  void set(size_t index, int item) {
    std::lock_guard<std::mutex> lock(mutex_);
    // CHECK: [[@LINE-1]]:33: error: 'Registry::mutex_' of '*this' is locked while 'metrics' is held; 'measureAny()::lambda' locks them in the opposite order [heddle-lock-order-cycle]
    items_[index] = item;
  }

private:
  std::mutex mutex_;
  std::vector<int> items_;
};

static Registry registry;
static std::mutex audit, metrics, totals;
static int audited, measured, total;

static void auditAll() {
  registry.forEach([](int &item) {
    std::lock_guard<std::mutex> lock(audit);
    audited += item;
  });
}

static void import() {
  std::lock_guard<std::mutex> lock(audit);
  registry.add(audited);
}

// This visit takes 'totals', and nobody takes the registry's lock with that one held.
static void sum() {
  registry.forEach([](int &item) {
    std::lock_guard<std::mutex> lock(totals);
    total += item;
  });
}

static void measureAny() {
  registry.forAny([](int &item) {
    std::lock_guard<std::mutex> lock(metrics);
    measured += item;
  });
}

static void restore() {
  std::lock_guard<std::mutex> lock(metrics);
  registry.set(0, measured);
}

int main() {
  std::vector<std::thread> threads;
  threads.emplace_back(auditAll);
  threads.emplace_back(import);
  threads.emplace_back(sum);
  threads.emplace_back(measureAny);
  threads.emplace_back(restore);
  for (std::thread &thread : threads)
    thread.join();
}
