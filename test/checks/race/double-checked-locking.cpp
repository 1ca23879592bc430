// RUN: %check %s
// The first test is a plain read: of a static pointer, of a member, of a flag, with the slow path in a function of its own.
#include <mutex>
#include <string>
#include <vector>

struct Config {
  std::string name;
};

static std::mutex configMutex;
static Config *config;

Config *getConfig() {
  if (!config) { // CHECK: [[@LINE]]:8: error: 'config' is tested here without 'configMutex', under which it is tested again and set; a thread that sees it set need not see what was written before [heddle-double-checked-locking]
    std::lock_guard<std::mutex> guard(configMutex);
    if (!config)
      config = new Config;
  }
  return config;
}

class Table {
public:
  int at(int i) {
    if (!loaded_) // CHECK: [[@LINE]]:10: error: 'loaded_' is tested here without 'mutex_', under which it is tested again and set; a thread that sees it set need not see what was written before [heddle-double-checked-locking]
      load();
    return rows_[i]; // CHECK: [[@LINE]]:12: warning: 'rows_' is read here without 'mutex_', which 1 of 2 accesses hold, in 'Table::load' to write it [heddle-inconsistent-guard]
  }

private:
  void load() {
    std::unique_lock<std::mutex> lock(mutex_);
    if (loaded_)
      return;
    rows_ = {1, 2, 3};
    loaded_ = true;
  }
  std::mutex mutex_;
  std::vector<int> rows_;
  bool loaded_ = false;
};

int use(Table &table) { return table.at(1) + static_cast<int>(getConfig()->name.size()); }
