// NOLINT counts in both hosts, at the finding's place and at each step that is the finding's own; elsewhere it doesn't.
// RUN: %check %s
#include <mutex>

static std::mutex a, b, c, d, e, f;

void ab() {
  std::lock_guard<std::mutex> first(a);
  std::lock_guard<std::mutex> second(b); // NOLINT(heddle-lock-order-cycle)
}
void ba() {
  std::lock_guard<std::mutex> first(b);
  std::lock_guard<std::mutex> second(a);
}

void cd() {
  std::lock_guard<std::mutex> first(c);
  // NOLINTNEXTLINE(heddle-*)
  std::lock_guard<std::mutex> second(d);
}
void dc() {
  std::lock_guard<std::mutex> first(d);
  std::lock_guard<std::mutex> second(c);
}

void ef() {
  std::lock_guard<std::mutex> first(e);
  std::lock_guard<std::mutex> second(f); // NOLINT(heddle-torn-update)
  // CHECK: [[@LINE-1]]:31: error: 'f' is locked while 'e' is held; {{.*}}[heddle-lock-order-cycle]
}
void fe() {
  std::lock_guard<std::mutex> first(f);
  std::lock_guard<std::mutex> second(e);
}
