// RUN: %check %s
// What an assertion reads decides nothing; a lock that all hold guards, whatever a node's own lock is for.
#undef NDEBUG
#include <cassert>
#include <mutex>

class Request {
public:
  void run() {
    assert(!done_); // by the one that sets it
    std::lock_guard<std::mutex> lock(mutex_);
    done_ = true;
    ++rounds_;
  }
  bool done() {
    std::lock_guard<std::mutex> lock(mutex_);
    ++rounds_;
    return done_;
  }
  void reset() {
    std::lock_guard<std::mutex> lock(mutex_);
    done_ = false;
    ++rounds_;
  }
  bool often() const {
    if (rounds_ > 3)
      return true;
    // CHECK: [[@LINE-2]]:{{[0-9]+}}: warning: 'rounds_' is read here without 'mutex_', which 3 of 4 accesses hold{{.*}} [heddle-inconsistent-guard]
    return false;
  }

private:
  std::mutex mutex_;
  bool done_ = false;
  int rounds_ = 0;
};

struct Part {
  std::mutex lock;
  Part *next = nullptr;
  int offset = 0;
};
struct Broker {
  std::mutex lock;
  Part *parts = nullptr;
};
void join(Broker *broker, Part *part) {
  std::lock_guard<std::mutex> own(part->lock);
  part->offset = 0;
  std::lock_guard<std::mutex> lock(broker->lock);
  part->next = broker->parts;
  broker->parts = part;
}
void leave(Broker *broker, Part *part) {
  std::lock_guard<std::mutex> own(part->lock);
  part->offset = -1;
  std::lock_guard<std::mutex> lock(broker->lock);
  part->next = nullptr;
}
int count(Broker *broker) {
  std::lock_guard<std::mutex> lock(broker->lock);
  int n = 0;
  for (Part *part = broker->parts; part; part = part->next)
    ++n;
  return n;
}

int use(Request &request, Broker &broker, Part &part) {
  request.run();
  request.reset();
  join(&broker, &part);
  leave(&broker, &part);
  return count(&broker) + request.done() + request.often();
}
