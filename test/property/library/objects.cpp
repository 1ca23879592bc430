// Owners, callables and text of the standard library.
#include <any>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

class Node : public std::enable_shared_from_this<Node> {
public:
  explicit Node(std::string name) : name_(std::move(name)) {}
  virtual ~Node() = default;
  std::shared_ptr<Node> grow(std::string name) {
    auto child = std::make_shared<Node>(std::move(name));
    child->parent_ = weak_from_this();
    children_.push_back(child);
    return child;
  }
  const std::string &name() const { return name_; }

private:
  std::string name_;
  std::weak_ptr<Node> parent_;
  std::vector<std::shared_ptr<Node>> children_;
};

using Handler = std::function<int(const std::string &)>;
static std::map<std::string, Handler> handlers;

void handle(const std::string &name, Handler handler) { handlers[name] = std::move(handler); }

int call(const std::string &name, const std::string &text) {
  auto found = handlers.find(name);
  return found != handlers.end() && found->second ? found->second(text) : -1;
}

static int add(int a, int b) { return a + b; }

int bound() {
  auto increment = std::bind(add, std::placeholders::_1, 1);
  std::function<int(int)> twice = [increment](int number) { return increment(increment(number)); };
  handle("length", [](const std::string &text) { return static_cast<int>(text.size()); });
  return twice(std::invoke(add, 1, 2));
}

std::shared_ptr<std::vector<int>> numbers() { return std::make_shared<std::vector<int>>(3, 1); }

std::unique_ptr<Node> root(const char *name) {
  std::unique_ptr<FILE, int (*)(FILE *)> file(std::fopen(name, "r"), &std::fclose);
  return file ? std::make_unique<Node>(name) : nullptr;
}

std::string shown(const std::any &value) {
  std::ostringstream out;
  if (const auto *text = std::any_cast<std::string>(&value))
    out << *text;
  else if (const int *number = std::any_cast<int>(&value))
    out << *number << std::endl;
  return out.str();
}

std::vector<std::string> lines(const std::string &path) {
  std::ifstream in(path);
  std::vector<std::string> result;
  for (std::string line; std::getline(in, line);)
    if (std::regex_match(line, std::regex("[a-z]+")))
      result.push_back(line);
  std::cerr << result.size() << '\n';
  return result;
}
