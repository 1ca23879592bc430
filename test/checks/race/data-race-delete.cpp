// RUN: %check %s
// `delete` runs the destructor first: where that waits for the thread, nobody is left when the memory goes.
#include <thread>

class Update {
public:
  ~Update() { thread_.join(); }
  void begin(const char *path) {
    path_ = path;
    thread_ = std::thread(&Update::task, this);
  }

private:
  void task() {
    if (path_)
      ++walked_;
  }
  std::thread thread_;
  const char *path_ = nullptr;
  int walked_ = 0;
};

class Loose {
public:
  void begin(const char *path) {
    path_ = path;
    std::thread(&Loose::task, this).detach();
  }

private:
  void task() {
    if (path_)
      ++walked_;
  }
  const char *path_ = nullptr;
  int walked_ = 0;
};

int main(int, char **argv) {
  auto *update = new Update;
  update->begin(argv[0]);
  delete update;
  auto *loose = new Loose;
  loose->begin(argv[0]);
  delete loose;
  // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'Loose.path_' is freed here with no lock while 'Loose::task' reads it [heddle-data-race]
}
