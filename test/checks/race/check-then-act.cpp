// RUN: %check %s
// What is tested in one section, or in none, and changed in another. No thread starts here: a class that locks is meant for several.
#include <deque>
#include <mutex>
#include <queue>
#include <string>

class Account {
public:
  bool hasFunds(int amount) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return balance_ >= amount;
  }
  void take(int amount) {
    std::lock_guard<std::mutex> lock(mutex_);
    balance_ -= amount;
  }
  void put(int amount) {
    std::lock_guard<std::mutex> lock(mutex_);
    balance_ += amount;
  }
  bool withdraw(int amount) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (balance_ < amount)
        // CHECK: [[@LINE-1]]:11: warning: 'balance_' is tested here holding 'mutex_' and changed in another section, and not tested again; another thread can change it in between [heddle-check-then-act]
        return false;
    }
    std::lock_guard<std::mutex> lock(mutex_);
    balance_ -= amount;
    return true;
  }
  // What is computed from an old value overwrites what came meanwhile.
  void addInterest() {
    mutex_.lock();
    int old = balance_;
    // CHECK: [[@LINE-1]]:15: warning: 'balance_' is read here holding 'mutex_', and what was computed from it is written in a later section; what another thread writes in between is lost [heddle-check-then-act]
    mutex_.unlock();
    int next = old + old / 10;
    mutex_.lock();
    balance_ = next;
    mutex_.unlock();
  }

private:
  mutable std::mutex mutex_;
  int balance_ = 0;
};

// Both sections are in the class, the gap between them here.
void transfer(Account &from, Account &to, int amount) {
  if (from.hasFunds(amount)) {
    // CHECK: [[@LINE-1]]:7: warning: 'balance_' is tested here holding 'mutex_' and changed in 'Account::take' in another section{{.*}}[heddle-check-then-act]
    from.take(amount);
    to.put(amount);
  }
}

class Jobs {
public:
  void push(int job) {
    std::lock_guard<std::mutex> lock(mutex_);
    jobs_.push(job);
  }
  bool empty() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return jobs_.empty();
  }
  int pop() {
    std::lock_guard<std::mutex> lock(mutex_);
    int job = jobs_.front();
    jobs_.pop();
    return job;
  }

private:
  mutable std::mutex mutex_;
  std::queue<int> jobs_;
};

int drain(Jobs &jobs) {
  int sum = 0;
  while (!jobs.empty())
    // CHECK: [[@LINE-1]]:11: warning: 'jobs_' is tested here holding 'mutex_' and changed in 'Jobs::pop'{{.*}}[heddle-check-then-act]
    sum += jobs.pop();
  return sum;
}

// The test comes before the lock, and none inside.
static std::mutex pendingMutex;
static std::deque<std::string> pending;

void post(const std::string &line) {
  std::lock_guard<std::mutex> lock(pendingMutex);
  pending.push_back(line);
}

bool fetch(std::string &line) {
  if (pending.empty())
    // CHECK: [[@LINE-1]]:7: warning: 'pending' is tested here without 'pendingMutex' and changed holding it, and not tested again{{.*}}[heddle-check-then-act]
    return false;
  std::lock_guard<std::mutex> lock(pendingMutex);
  line = pending.front();
  pending.pop_front();
  return true;
}

// Made by every thread that finds none.
class Registry {
public:
  void load() {
    if (loaded_)
      // CHECK: [[@LINE-1]]:9: warning: 'loaded_' is tested here without 'mutex_' and changed holding it, and not tested again{{.*}}[heddle-check-then-act]
      return;
    std::lock_guard<std::mutex> lock(mutex_);
    names_.push_back("root");
    loaded_ = true;
  }
  size_t size() {
    std::lock_guard<std::mutex> lock(mutex_);
    return loaded_ ? names_.size() : 0;
  }

private:
  std::mutex mutex_;
  bool loaded_ = false;
  std::deque<std::string> names_;
};
