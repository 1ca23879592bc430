// RUN: %check %s
// The threads are known: one looks at what it was lent while the other adds; nobody adds any more when the second one is asked.
#include <mutex>
#include <string>
#include <thread>
#include <vector>

class Roster {
public:
  void add(const std::string &name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_.push_back(name);
  }
  const std::vector<std::string> &names() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return names_;
    // CHECK: [[@LINE-1]]:5: {{warning|error}}: 'names_' leaves the section of 'mutex_' here by reference; 'Roster::add' changes 'names_' under it meanwhile [heddle-escaped-guarded-data]
  }

private:
  mutable std::mutex mutex_;
  std::vector<std::string> names_;
};

class Log {
public:
  void add(const std::string &line) {
    std::lock_guard<std::mutex> lock(mutex_);
    lines_.push_back(line);
  }
  const std::vector<std::string> &lines() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return lines_;
  }

private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

static Roster roster;
static Log lines;

static void enrol() {
  for (int i = 0; i < 100; ++i) {
    roster.add("name");
    lines.add("enrolled");
  }
}

int main() {
  std::thread clerk(enrol);
  size_t letters = 0;
  for (const std::string &name : roster.names())
    letters += name.size();
  clerk.join();
  for (const std::string &line : lines.lines())
    letters += line.size();
  return letters > 0;
}
