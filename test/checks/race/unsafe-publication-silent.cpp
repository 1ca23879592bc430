// RUN: %check %s
// Made by one alone: a static local, a once-flag, before the threads start; and registered or started last.
#include <list>
#include <mutex>
#include <string>
#include <thread>

struct Config {
  std::string path;
};

static Config *theConfig() {
  static Config config; // the language makes it once
  return &config;
}

static Config *made;
static std::once_flag once;

static Config *onceConfig() {
  std::call_once(once, [] { made = new Config; });
  return made;
}

static std::mutex tableMutex;
static int *table;

static int *theTable() {
  std::lock_guard<std::mutex> lock(tableMutex);
  if (!table)
    table = new int[16];
  return table;
}

static Config *early;

static void setUp() {
  if (!early)
    early = new Config;
}

class Session;
static std::mutex sessionsMutex;
static std::list<Session *> sessions;

class Session {
public:
  explicit Session(int id) {
    id_ = id;
    std::lock_guard<std::mutex> lock(sessionsMutex);
    sessions.push_back(this);  // last
    index_ = sessions.size();  // but for what the lock covers, too
  }
  size_t index() const { return index_; }
  int id() const { return id_; }

private:
  int id_ = 0;
  size_t index_ = 0;
};

class Poller {
public:
  Poller() {
    interval_ = 50;
    thread_ = std::thread(&Poller::run, this);
  }
  ~Poller() { thread_.join(); }

private:
  void run() {
    for (int i = 0; i < interval_; ++i) {
      theConfig();
      onceConfig();
      theTable();
    }
  }
  int interval_ = 0;
  std::thread thread_;
};

static int sumOfIds() {
  std::lock_guard<std::mutex> lock(sessionsMutex);
  int sum = static_cast<int>(early->path.size());
  for (Session *session : sessions)
    sum += session->id() + static_cast<int>(session->index());
  return sum;
}

int main() {
  setUp(); // no second thread yet
  Poller poller;
  std::thread summer(sumOfIds);
  Session session(3);
  theConfig();
  onceConfig();
  theTable();
  summer.join();
}
