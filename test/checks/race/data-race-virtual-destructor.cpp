// RUN: %check %s
// A destructor that waits for the other thread, in the derived part, before the object's memory is freed.
#include <condition_variable>
#include <mutex>
#include <thread>

class Task {
public:
  virtual ~Task() = default;
  virtual void step() {}
  void done() {
    std::lock_guard<std::mutex> guard(mutex_);
    finished_ = true;
    ready_.notify_one();
  }

protected:
  std::mutex mutex_;
  std::condition_variable ready_;
  bool finished_ = false;
};

class WaitingTask : public Task {
public:
  ~WaitingTask() override {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!finished_)
      ready_.wait(lock);
  }
  void step() override {}
};

static Task *task = new WaitingTask;

static void run() {
  task->step();
  task->done();
}

static void stop() { delete task; }

// The derived part joins the thread that uses the object.
class Job {
public:
  virtual ~Job() = default;
  int steps = 0;
};

class OwnedJob : public Job {
public:
  void start() { thread_ = std::thread([this] { ++steps; }); }
  ~OwnedJob() override { thread_.join(); }

private:
  std::thread thread_;
};

static void work() {
  auto *job = new OwnedJob;
  job->start();
  Job *base = job;
  delete base;
}

// This one waits for nobody.
class Count {
public:
  virtual ~Count() = default;
  int value = 0;
};

class NamedCount : public Count {
public:
  ~NamedCount() override { name = nullptr; }
  const char *name = "count";
};

static Count *count = new NamedCount;

static void increment() {
  ++count->value; // CHECK: :[[@LINE]]:3: warning: 'count->value' is written here with no lock while 'drop' frees it [heddle-data-race]
}

static void drop() { delete count; }

int main() {
  std::thread runner(run), stopper(stop);
  work();
  std::thread first(increment), second(drop);
  first.join();
  second.join();
  runner.join();
  stopper.join();
}
