// Each process opens the file for itself: two descriptions, two offsets, two buffers.
// RUN: %check %s
// RUN: %clangxx -std=c++17 %s -o %t.exe
// RUN: %t.exe %t.lines | %count 2

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

static void countAll(const char *path, const char *who) {
  std::ifstream lines(path);
  std::string line;
  int count = 0;
  while (std::getline(lines, line))
    ++count;
  if (count == lineCount)
    std::cout << who << " has all lines" << std::endl;
}

int main(int argc, char **argv) {
  if (argc < 2)
    return 2;
  writeLines(argv[1]);
  pid_t child = fork();
  if (child == 0) {
    countAll(argv[1], "child");
    _exit(0);
  }
  if (child < 0)
    return 1;
  countAll(argv[1], "parent");
  return waitpid(child, nullptr, 0) == child ? 0 : 1;
}
