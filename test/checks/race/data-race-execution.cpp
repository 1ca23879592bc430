// RUN: %check %s
// Algorithms with an execution policy: par runs the function in several threads, seq in the caller's; all have ended when they return.
#include <algorithm>
#include <cstdio>
#include <execution>
#include <mutex>
#include <vector>

static int negative(const std::vector<int> &values) {
  int found = 0;
  std::for_each(std::execution::par, values.begin(), values.end(), [&](int value) {
    if (value < 0)
      ++found; // CHECK: [[@LINE]]:7: error: 'found' is written here with no lock while another thread writes it [heddle-data-race]
  });
  return found;
}

static int positive(const std::vector<int> &values) {
  int found = 0;
  std::for_each(std::execution::seq, values.begin(), values.end(), [&](int value) {
    if (value > 0)
      ++found;
  });
  return found;
}

static int zeros(const std::vector<int> &values) {
  int found = 0;
  std::mutex mutex;
  std::for_each(std::execution::par, values.begin(), values.end(), [&](int value) {
    if (value == 0) {
      std::lock_guard<std::mutex> lock(mutex);
      ++found;
    }
  });
  return found;
}

static void doubled(std::vector<int> &values) {
  std::for_each(std::execution::par_unseq, values.begin(), values.end(), [](int &value) { value *= 2; }); // each its own
}

int main() {
  std::vector<int> values(1000, -1);
  doubled(values);
  std::printf("%d %d %d\n", negative(values), positive(values), zeros(values));
}
