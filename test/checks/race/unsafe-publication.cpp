// RUN: %check %s
// Others can reach it before it is made: made by whoever finds none, and by a constructor that starts a thread or registers itself
// and goes on.
#include <list>
#include <mutex>
#include <string>
#include <thread>

struct Config {
  std::string path;
};

static Config *config;

static Config *theConfig() {
  if (!config)
    config = new Config;
  // CHECK: [[@LINE-1]]:5: error: 'config' is made here when there is none yet, with no lock, while {{.*}} it{{.*}}[heddle-unsafe-publication]
  return config;
}

class Poller {
public:
  Poller() {
    thread_ = std::thread(&Poller::run, this);
    interval_ = 50;
    // CHECK: [[@LINE-1]]:5: error: {{.*}}interval_' is set here in a constructor after 'Poller::run', which reads it, was started on the object [heddle-unsafe-publication]
  }
  ~Poller() { thread_.join(); }

private:
  void run() {
    for (int i = 0; i < interval_; ++i)
      theConfig();
  }
  std::thread thread_;
  int interval_ = 0;
};

class Session;
static std::mutex sessionsMutex;
static std::list<Session *> sessions;

class Session {
public:
  explicit Session(int id) {
    {
      std::lock_guard<std::mutex> lock(sessionsMutex);
      sessions.push_back(this);
    }
    id_ = id;
    // CHECK: [[@LINE-1]]:5: warning: 'id_' is set here after the object was put into 'sessions', where other threads find it; they can use it before it is made [heddle-unsafe-publication]
  }
  int id() const { return id_; }

private:
  int id_ = 0;
};

static int sumOfIds() {
  std::lock_guard<std::mutex> lock(sessionsMutex);
  int sum = 0;
  for (Session *session : sessions)
    sum += session->id();
  return sum;
}

int main() {
  Poller poller;
  std::thread summer(sumOfIds);
  Session session(3);
  theConfig();
  summer.join();
}
