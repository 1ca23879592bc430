// The rule of the skip policy: facts with and without it are the same bytes. Each program here makes system headers instantiate
// something of the project's that nothing else instantiates, and names the body that must be there.
#include "Folder.h"
#include "extract/Extract.h"
#include "facts/Facts.h"

#include <gtest/gtest.h>

#include <ostream>
#include <set>

using namespace heddle;
using heddle::test::Folder;

namespace {

struct Program {
  const char *name;
  const char *text;
  std::vector<const char *> bodies; // qualified names of functions that must have one
};

void PrintTo(const Program &program, std::ostream *out) { *out << program.name; }

const Program kPrograms[] = {
    {"functor_given_to_thread",
     R"(
#include <mutex>
#include <thread>
std::mutex mu;
int total;
struct Worker { int n; void operator()() const { std::lock_guard<std::mutex> lock(mu); total += n; } };
int main() { std::thread t(Worker{3}); t.join(); }
)",
     {"Worker::operator()"}},
    {"make_unique_of_a_guard",
     R"(
#include <memory>
#include <mutex>
template <class M> struct Guard { M &m; explicit Guard(M &m) : m(m) { m.lock(); } ~Guard() { m.unlock(); } };
std::mutex mu;
int main() { auto guard = std::make_unique<Guard<std::mutex>>(mu); }
)",
     {"Guard::Guard", "Guard::~Guard"}},
    {"generic_lambda_given_to_async",
     R"(
#include <future>
#include <mutex>
std::mutex mu;
template <class T> T twice(T x) { std::lock_guard<std::mutex> lock(mu); return x + x; }
int main() { auto f = std::async(std::launch::async, [](auto x) { return twice(x); }, 5); return f.get(); }
)",
     {"twice"}},
    {"allocator",
     R"(
#include <memory>
#include <mutex>
#include <vector>
std::mutex mu;
template <class T> struct Arena {
  using value_type = T;
  Arena() = default;
  template <class U> Arena(const Arena<U> &) {}
  T *allocate(size_t n) { std::lock_guard<std::mutex> lock(mu); return std::allocator<T>().allocate(n); }
  void deallocate(T *p, size_t n) { std::allocator<T>().deallocate(p, n); }
  template <class U> bool operator==(const Arena<U> &) const { return true; }
  template <class U> bool operator!=(const Arena<U> &) const { return false; }
};
int main() { std::vector<int, Arena<int>> v; v.push_back(1); }
)",
     {"Arena::allocate", "Arena::deallocate"}},
    {"templates_called_by_algorithms_only",
     R"(
#include <algorithm>
#include <numeric>
#include <vector>
int seen;
struct Key { int k; };
template <class T> struct Less { bool operator()(const T &a, const T &b) const { ++seen; return a.k < b.k; } };
struct Visitor { template <class T> void operator()(const T &) const { ++seen; } };
template <class T> bool operator==(const T &a, const Key &b) { return a.k == b.k; }
int main() {
  std::vector<Key> v(3);
  std::sort(v.begin(), v.end(), Less<Key>());
  std::for_each(v.begin(), v.end(), Visitor());
  return std::count(v.begin(), v.end(), Key{1});
}
)",
     {"Less::operator()", "Visitor::operator()", "operator=="}},
    {"overrides_in_class_templates",
     R"(
#include <memory>
int seen;
template <class T> struct Task { virtual ~Task() {} virtual void run() { ++seen; } };
template <class T> struct Quick : Task<T> { void run() override { helper(); } void helper() { --seen; } };
int main() { std::shared_ptr<Task<int>> task = std::make_shared<Quick<int>>(); task->run(); }
)",
     {"Quick::run", "Quick::helper", "Task::run"}},
    {"hash_comparison_and_deleter",
     R"(
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
std::mutex mu;
struct Key { int k; friend bool operator<(const Key &a, const Key &b) { return a.k < b.k; } bool operator==(const Key &o) const { return k == o.k; } };
namespace std { template <> struct hash<Key> { size_t operator()(const Key &key) const { return key.k; } }; }
template <class T> struct Closer { void operator()(T *p) const { std::lock_guard<std::mutex> lock(mu); delete p; } };
struct Owner { std::map<Key, std::unique_ptr<Key, Closer<Key>>> all; std::unordered_map<Key, int> counts; };
int main() { Owner a; Owner b = std::move(a); b.all[Key{1}] = nullptr; return b.counts[Key{1}]; }
)",
     {"Closer::operator()", "operator<"}},
    // A system template over system types only reaches these: the policy must notice that it can.
    {"overload_in_a_namespace_of_the_system",
     R"(
#include <iostream>
#include <iterator>
#include <algorithm>
#include <string>
#include <vector>
int printed;
template <class T> void note(const T &) { ++printed; }
namespace std {
template <class T> ostream &operator<<(ostream &out, const vector<T> &v) { note(v); return out; }
}
int main() {
  std::vector<std::vector<int>> all;
  std::copy(all.begin(), all.end(), std::ostream_iterator<std::vector<int>>(std::cout));
}
)",
     {"note"}},
    {"specialization_for_types_of_the_system",
     R"(
#include <optional>
#include <unordered_set>
#include <vector>
int hashed;
namespace std { template <class T> struct hash<vector<T>> { size_t operator()(const vector<T> &v) const { return ++hashed; } }; }
int main() { std::unordered_set<std::optional<std::vector<int>>> set; set.insert(std::nullopt); }
)",
     {"std::hash::operator()"}},
    {"template_in_the_global_namespace",
     R"(
#include <algorithm>
#include <time.h>
#include <vector>
int compared;
template <class T> bool operator<(const T &a, const T &b) { ++compared; return a.tv_sec < b.tv_sec; }
int main() { std::vector<timespec> v(3); std::sort(v.begin(), v.end()); }
)",
     {"operator<"}},
    {"values_of_many_kinds",
     R"(
#include <any>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <tuple>
#include <variant>
std::mutex mu;
int state;
struct Key { Key() { ++state; } Key(const Key &) { ++state; } ~Key() { --state; } };
struct Visitor { template <class T> void operator()(const T &) const { ++state; } };
int main() {
  std::variant<int, Key> v;
  std::visit(Visitor(), v);
  std::any a = Key();
  std::optional<Key> o;
  o.emplace();
  std::function<void(Key)> f = [](Key k) { Visitor()(k); };
  f(Key());
  std::unique_lock<std::mutex> lock(mu);
  std::condition_variable ready;
  ready.wait(lock, [] { return state > 0; });
  std::apply([](auto... x) { (Visitor()(x), ...); }, std::make_tuple(1, Key()));
}
)",
     {"Key::Key", "Key::~Key", "Visitor::operator()"}},
};

Extraction extracted(const Folder &folder, const char *standard, bool skipBodies) {
  CompileCommand command{folder.path(), "unit.cc", {"g++", standard, "-c", "unit.cc"}, ""};
  ExtractOptions options;
  options.sourceRoot = options.buildRoot = folder.path();
  options.skipBodies = skipBodies;
  llvm::Expected<Extraction> result = extractUnit(command, options);
  if (!result) {
    ADD_FAILURE() << llvm::toString(result.takeError());
    return {};
  }
  return std::move(*result);
}

std::set<std::string> bodiesOf(const Extraction &extraction) {
  llvm::Expected<facts::Facts> facts = facts::Facts::open(extraction.facts);
  std::set<std::string> names;
  if (!facts) {
    ADD_FAILURE() << llvm::toString(facts.takeError());
    return names;
  }
  for (const facts::Body &body : facts->bodies())
    names.insert(facts->string(facts->functions()[body.function()].name()).str());
  return names;
}

class Skip : public testing::TestWithParam<std::tuple<Program, const char *>> {};

} // namespace

TEST_P(Skip, FactsAreTheSameBytes) {
  auto [program, standard] = GetParam();
  Folder folder;
  folder.write("unit.cc", program.text);
  Extraction with = extracted(folder, standard, true), without = extracted(folder, standard, false);
  EXPECT_EQ(with.firstError, "");
  EXPECT_TRUE(with.facts == without.facts);
  std::set<std::string> bodies = bodiesOf(with);
  for (const char *name : program.bodies)
    EXPECT_TRUE(bodies.count(name)) << name;
}

INSTANTIATE_TEST_SUITE_P(, Skip, testing::Combine(testing::ValuesIn(kPrograms), testing::Values("-std=c++17", "-std=c++20")),
                         [](const auto &info) {
                           std::string name = std::get<0>(info.param).name;
                           return name + (std::string(std::get<1>(info.param)) == "-std=c++20" ? "_20" : "_17");
                         });
