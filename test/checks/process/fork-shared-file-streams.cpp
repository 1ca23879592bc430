// C++ streams: as locals, members, by reference, moved, and owned by an object.
// RUN: %check %s

#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace {

void local(const char *path) {
  std::ifstream data(path);
  // CHECK: [[@LINE-1]]:17: warning: 'data' is opened here before fork and read by both the parent and the child: they share one offset [heddle-fork-shared-file]
  std::string word;
  pid_t pid = fork();
  if (pid == 0) {
    data >> word;
    _exit(0);
  }
  if (pid > 0)
    data >> word;
}

void openedLater(const char *path) {
  std::fstream data;
  data.open(path, std::ios::in);
  // CHECK: [[@LINE-1]]:3: warning: 'data' is opened here before fork and read by the child and written by the parent: they share one offset
  std::string line;
  if (pid_t pid = fork(); pid == 0) {
    std::getline(data, line);
    _exit(0);
  } else if (pid > 0) {
    data << line << std::endl;
  }
}

// The mode is computed by a function, so it isn't known that it doesn't say "append".
void combinedMode(const char *path) {
  std::fstream data(path, std::ios::in | std::ios::out); // FIXME-FN: the child reads where the parent writes
  std::string line;
  if (pid_t pid = fork(); pid == 0) {
    std::getline(data, line);
    _exit(0);
  } else if (pid > 0) {
    data << line << std::endl;
  }
}

class Journal {
public:
  explicit Journal(const char *path) : out_(path) {}
  // CHECK: [[@LINE-1]]:40: warning: 'this->out_' is opened here before fork and written by both

  void add(const std::string &text) { out_ << text << '\n'; }

private:
  std::ofstream out_;
};

int member(const char *path) {
  Journal journal(path);
  pid_t pid = fork();
  if (pid == 0) {
    journal.add("child");
    _exit(0);
  }
  journal.add("parent");
  return 0;
}

// ---- silent ----

class Snapshot {
public:
  explicit Snapshot(const char *path) : path_(path) {}

  pid_t save() {
    pid_t pid = fork();
    if (pid == 0) {
      std::ofstream out(path_);
      out << "state";
      out.close();
      _exit(0);
    }
    return pid;
  }

private:
  const char *path_;
};

int openedInChild(const char *path) {
  Snapshot snapshot(path);
  snapshot.save();
  std::ofstream out("parent");
  out << "state";
  return 0;
}

int appended(const char *path) {
  std::ofstream log(path, std::ios::app);
  pid_t pid = fork();
  if (pid == 0) {
    log << "child" << std::endl;
    _exit(0);
  }
  log << "parent" << std::endl;
  return 0;
}

int closedBefore(const char *path) {
  std::ofstream out(path);
  out << "header";
  out.close();
  pid_t pid = fork();
  out.open(path);
  if (pid == 0) {
    out << "child";
    out.close();
    _exit(0);
  }
  out << "parent";
  return 0;
}

} // namespace

int main(int argc, char **argv) {
  local(argv[1]);
  openedLater(argv[1]);
  combinedMode(argv[1]);
  return member(argv[1]) + openedInChild(argv[1]) + appended(argv[1]) + closedBefore(argv[1]);
}
