// RUN: %check %s
// What is read on first use is waited for once; what a flag says to be going on is waited for each time.
#include <fcntl.h>
#include <mutex>
#include <unistd.h>

class Generator {
public:
  int create() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!known_) {
      readNode();
      known_ = true;
    }
    return node_[0] + ++count_;
  }
  int refresh() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!refreshing_) {
      refreshing_ = true;
      readNode();
      // CHECK: [[@LINE-1]]:{{[0-9]+}}: warning: 'Generator::mutex_' of '*this' is held while 'Generator::readNode' reads or writes a file{{.*}} [heddle-blocking-under-lock]
      refreshing_ = false;
    }
    return node_[0];
  }
  void seed(int n) {
    std::lock_guard<std::mutex> lock(mutex_);
    count_ = n;
  }

private:
  void readNode() {
    int fd = open("/sys/class/net/eth0/address", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
      return;
    (void)!read(fd, node_, sizeof node_);
    close(fd);
  }
  std::mutex mutex_;
  bool known_ = false, refreshing_ = false;
  char node_[6] = {};
  int count_ = 0;
};

int make(Generator &generator) { return generator.create() + generator.refresh(); }
void reseed(Generator &generator) { generator.seed(1); }
