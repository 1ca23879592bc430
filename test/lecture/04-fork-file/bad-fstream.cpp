// The lecture's file as a C++ stream.
// RUN: %check %s
// RUN: %clangxx -std=c++17 %s -o %t.exe
// RUN: %t.exe %t.lines | %FileCheck --check-prefix=OUT %s
//
// OUT: lost lines

#include <fstream>
#include <iostream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

constexpr int lineCount = 20000;

static void writeLines(const char *path) {
  std::ofstream out(path);
  for (int i = 0; i < lineCount; ++i)
    out << "line " << i << '\n';
}

static void countRest(std::ifstream &lines, const char *who) {
  std::string line;
  int count = 1;
  while (std::getline(lines, line))
    ++count;
  if (count < lineCount)
    std::cout << who << " lost lines" << std::endl;
}

int main(int argc, char **argv) {
  if (argc < 2)
    return 2;
  writeLines(argv[1]);
  std::ifstream lines(argv[1]);
  // CHECK: [[@LINE-1]]:17: warning: 'lines' is opened here before fork and read by both the parent and the child: they share one offset [heddle-fork-shared-file]
  // CHECK: note: parent: opens 'lines'
  // CHECK: note: parent: forks
  // CHECK: note: parent: calls 'countRest'
  // CHECK: note: parent: reads 'lines'
  // CHECK: note: child: starts here
  // CHECK: note: child: calls 'countRest'
  // CHECK: note: child: reads 'lines'
  std::string first;
  if (!std::getline(lines, first))
    return 1;

  if (pid_t child = fork(); child == 0) {
    countRest(lines, "child");
    _exit(0);
  } else if (child > 0) {
    countRest(lines, "parent");
    return waitpid(child, nullptr, 0) == child ? 0 : 1;
  }
  return 1;
}
