// RUN: %check %s
// A library's functions with the linkage of C are for others to call, whoever calls them inside.
#include <mutex>

class Context {
public:
  void set(int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    most_ = value;
  }
  int get() { return most_; } // CHECK: [[@LINE]]:22: warning: 'most_' is read here without 'mutex_', which 2 of 3 accesses hold
  int start() {
    std::lock_guard<std::mutex> lock(mutex_);
    return most_ * 2;
  }

private:
  std::mutex mutex_;
  int most_ = 1;
};

extern "C" {
void *context_new() { return new Context; }
int context_set(void *context, int value) {
  static_cast<Context *>(context)->set(value);
  return 0;
}
int context_get(void *context) { return static_cast<Context *>(context)->get(); }
int context_start(void *context) { return static_cast<Context *>(context)->start(); }
void *context_init(int value) { // has it to itself
  void *context = context_new();
  context_set(context, value);
  return context;
}
}
