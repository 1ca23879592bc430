// RUN: %check %s -- -std=c++20
// The lock of both sides is one lock, however a thread came by it.
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <thread>
#include <vector>

static void add(std::mutex &mutex, int &total) {
  std::lock_guard<std::mutex> guard(mutex);
  ++total;
}

static void addThrough(std::mutex *mutex, int *total) {
  std::lock_guard<std::mutex> guard(*mutex);
  ++*total;
}

static int byReference() {
  std::mutex mutex;
  int total = 0;
  std::thread other(add, std::ref(mutex), std::ref(total));
  {
    std::lock_guard<std::mutex> guard(mutex);
    ++total;
  }
  other.join();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back(add, std::ref(mutex), std::ref(total));
  for (std::thread &thread : threads)
    thread.join();
  return total;
}

static int byFuture() {
  std::mutex mutex;
  int total = 0;
  std::future<void> other = std::async(std::launch::async, add, std::ref(mutex), std::ref(total));
  add(mutex, total);
  other.get();
  return total;
}

static void addUntil(std::stop_token stop, std::mutex &mutex, int &total) {
  while (!stop.stop_requested())
    add(mutex, total);
}

static int byStoppable() {
  std::mutex mutex;
  int total = 0;
  {
    std::jthread first(addUntil, std::ref(mutex), std::ref(total));
    std::jthread second(add, std::ref(mutex), std::ref(total));
    add(mutex, total);
  }
  return total;
}

// The lock is bound, what it guards is handed over at the start.
static int byBind() {
  std::mutex mutex;
  int total = 0;
  std::thread first(std::bind(add, std::ref(mutex), std::ref(total)));
  std::thread second(std::bind_front(add, std::ref(mutex)), std::ref(total));
  std::function<void()> task = std::bind(&add, std::ref(mutex), std::ref(total));
  std::thread third(task);
  add(mutex, total);
  first.join();
  second.join();
  third.join();
  return total;
}

static int byOwner() {
  auto shared = std::make_shared<std::mutex>();
  auto owned = std::make_unique<std::mutex>();
  auto total = std::make_shared<int>(0);
  int other = 0;
  std::thread first(addThrough, shared.get(), total.get());
  std::thread second(addThrough, owned.get(), &other);
  std::thread third(
      [](std::shared_ptr<std::mutex> mutex, std::shared_ptr<int> sum) {
        std::lock_guard<std::mutex> guard(*mutex);
        ++*sum;
      },
      shared, total);
  addThrough(shared.get(), total.get());
  add(*owned, other);
  first.join();
  second.join();
  third.join();
  return *total + other;
}

struct Account {
  void deposit(std::mutex &mutex) {
    std::lock_guard<std::mutex> guard(mutex);
    ++balance;
  }
  int balance = 0;
};

static int byMember() {
  std::mutex mutex;
  Account account;
  std::thread first(&Account::deposit, &account, std::ref(mutex));
  std::thread second(&Account::deposit, std::ref(account), std::ref(mutex));
  std::thread third(std::bind(&Account::deposit, &account, std::ref(mutex)));
  account.deposit(mutex);
  first.join();
  second.join();
  third.join();
  return account.balance;
}

// The same number of a result is another type in another function.
static void *addPthread(void *mutex) {
  static int all;
  pthread_mutex_lock(static_cast<pthread_mutex_t *>(mutex));
  ++all;
  pthread_mutex_unlock(static_cast<pthread_mutex_t *>(mutex));
  return nullptr;
}

static void byAddress() {
  pthread_mutex_t mutex;
  pthread_mutex_init(&mutex, nullptr);
  pthread_t thread;
  pthread_create(&thread, nullptr, addPthread, &mutex);
  addPthread(&mutex);
  pthread_join(thread, nullptr);
  pthread_mutex_destroy(&mutex);
}

// Each has its own lock, which is none.
static void addWrongly(std::mutex &mutex, int &total) {
  std::lock_guard<std::mutex> guard(mutex);
  ++total; // CHECK: :[[@LINE]]:3: error: 'total' is written here holding 'yours' while another thread writes it holding 'mine' [heddle-data-race]
}

static int wrongly() {
  std::mutex mine, yours;
  int total = 0;
  std::thread other(addWrongly, std::ref(mine), std::ref(total));
  addWrongly(yours, total);
  other.join();
  return total;
}

int main() {
  byAddress();
  return byReference() + byFuture() + byStoppable() + byBind() + byOwner() + byMember() + wrongly();
}
