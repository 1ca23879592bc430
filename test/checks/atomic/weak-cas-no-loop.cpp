// RUN: %check %s
// A weak compare-and-swap that is tried once, and those that are tried again or say so.
#include <atomic>

class Once {
public:
  void enter() {
    int expected = 0;
    if (state_.compare_exchange_weak(expected, 1)) // CHECK: [[@LINE]]:9: error: this weak compare-and-swap may fail though 'this->state_' has the expected value, and nothing tries again; use the strong one, or a loop [heddle-weak-cas-no-loop]
      ++entered_;
  }
  void enterStrong() {
    int expected = 0;
    if (state_.compare_exchange_strong(expected, 1))
      ++entered_;
  }
  void raise(int to) {
    int seen = state_.load();
    while (seen < to && !state_.compare_exchange_weak(seen, to)) {
    }
  }
  bool tryEnter() { // the caller is told
    int expected = 0;
    return state_.compare_exchange_weak(expected, 1);
  }
  bool tryLeave(int &seen) {
    seen = 1;
    bool left = state_.compare_exchange_weak(seen, 0);
    if (left)
      --entered_;
    return left;
  }
  void step() {
    int seen = state_.load();
    state_.compare_exchange_weak(seen, seen + 1);
  }
  void walk() {
    while (state_.load() < 10)
      step();
  }

private:
  std::atomic<int> state_{0}, entered_{0};
};

int use() {
  Once once;
  once.enter();
  once.enterStrong();
  once.raise(3);
  once.walk();
  int seen;
  return once.tryEnter() + once.tryLeave(seen);
}
