// RUN: %check %s
// What a container's functions do to it: those that aren't const write it, as far as the standard doesn't say otherwise.
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

static std::vector<int> results;
static std::map<std::string, int> names;
static std::vector<int> squares(100);

static void collect(int from) {
  for (int i = 0; i < 100; ++i)
    if (i % 2)
      results.push_back(from + i);
  // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'results' is written here with no lock while 'main' reads it [heddle-data-race]
}

static int lookUp(const std::string &name) {
  auto found = names.find(name); // all only read it
  return found == names.end() ? 0 : found->second;
}

static void fill(int from) {
  for (int i = from; i < from + 50; ++i)
    squares[i] = i * i; // distinct elements
}

int main() {
  names["one"] = 1;
  std::thread collector(collect, 7);
  bool any = !results.empty();
  collector.join();

  std::thread reader(lookUp, "one"), other(lookUp, "two");
  any = any && lookUp("one");
  reader.join();
  other.join();

  std::thread low(fill, 0), high(fill, 50);
  low.join();
  high.join();
  return any + squares[3];
}
