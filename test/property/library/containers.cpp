// The standard library's containers over types of the library and of the project.
#include <algorithm>
#include <array>
#include <deque>
#include <forward_list>
#include <list>
#include <map>
#include <numeric>
#include <optional>
#include <queue>
#include <set>
#include <stack>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

struct Point {
  int x = 0, y = 0;
  std::string label;
  bool operator<(const Point &other) const { return x < other.x; }
  bool operator==(const Point &other) const { return x == other.x && y == other.y; }
};

struct PointHash {
  size_t operator()(const Point &point) const { return std::hash<int>()(point.x); }
};

static std::map<std::string, int> counts;
static std::unordered_map<std::string, std::vector<int>> places;
static std::unordered_map<Point, std::string, PointHash> labels;
static std::multimap<int, std::pair<std::string, double>> ranks;
static const std::map<std::string_view, int> keywords = {{"begin", 1}, {"end", 2}};

int count(const char *word) { return ++counts[word]; }

void note(const std::string &word, int place) {
  places[word].push_back(place);
  auto [at, fresh] = counts.try_emplace(word, 1);
  if (!fresh)
    ++at->second;
  counts.insert_or_assign(word, place);
  ranks.emplace(place, std::make_pair(word, 0.5));
}

size_t forget(const std::string &word) {
  counts.erase(word);
  if (auto found = places.find(word); found != places.end())
    places.erase(found);
  return places.size() + keywords.count(word);
}

std::set<std::string> words() {
  std::set<std::string> result;
  for (const auto &[word, times] : counts)
    if (times > 1)
      result.insert(word);
  return result;
}

std::vector<Point> sorted(std::vector<Point> points) {
  std::sort(points.begin(), points.end());
  std::stable_sort(points.begin(), points.end(), [](const Point &a, const Point &b) { return a.y < b.y; });
  points.erase(std::unique(points.begin(), points.end()), points.end());
  return points;
}

std::string label(const Point &point) {
  auto [at, fresh] = labels.insert({point, point.label});
  return fresh ? at->second : std::string("again ") + at->second + std::to_string(point.x);
}

std::optional<std::string> first(const std::unordered_set<std::string> &all) {
  if (all.empty())
    return std::nullopt;
  return *all.begin();
}

struct Measure {
  int operator()(int number) const { return number; }
  int operator()(const std::string &text) const { return static_cast<int>(text.size()); }
  int operator()(const Point &point) const { return point.x; }
};

int measure(const std::variant<int, std::string, Point> &value) {
  if (std::holds_alternative<std::string>(value) && std::get<std::string>(value).empty())
    return 0;
  return std::visit(Measure(), value);
}

using Row = std::tuple<int, std::string, std::vector<double>>;

double total(const std::deque<Row> &rows) {
  std::list<double> sums;
  for (const auto &[number, name, values] : rows)
    sums.push_back(std::accumulate(values.begin(), values.end(), double(number)));
  std::forward_list<std::string> names;
  for (const Row &row : rows)
    names.push_front(std::get<1>(row));
  return sums.empty() ? 0 : sums.back();
}

int drain(std::queue<std::string> &queue, std::priority_queue<std::pair<int, std::string>> &urgent, std::stack<Point> &points) {
  std::array<std::string, 3> taken;
  while (!queue.empty()) {
    taken[queue.size() % taken.size()] = std::move(queue.front());
    queue.pop();
  }
  while (!urgent.empty() && urgent.top().second.empty())
    urgent.pop();
  if (!points.empty())
    points.pop();
  return static_cast<int>(taken[0].size());
}
