// The lecture's file with C streams: the offset is shared, and what was buffered before fork is in both processes.
// RUN: %check %s
// RUN: %clang %s -o %t.exe
// RUN: %t.exe %t.lines | %FileCheck --check-prefix=OUT %s
//
// Each process wants all lines from the second on. What one takes from the file the other doesn't get.
// OUT: lost lines

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { lineCount = 20000 };

static void writeLines(const char *path) {
  FILE *out = fopen(path, "w");
  if (!out)
    exit(1);
  for (int i = 0; i < lineCount; ++i)
    fprintf(out, "line %d\n", i);
  fclose(out);
}

static void countRest(FILE *lines, const char *who) {
  char line[64];
  int count = 1;
  while (fgets(line, sizeof line, lines))
    ++count;
  if (count < lineCount)
    printf("%s lost lines\n", who);
}

int main(int argc, char **argv) {
  if (argc < 2)
    return 2;
  writeLines(argv[1]);
  char first[64];
  FILE *lines = fopen(argv[1], "r");
  // CHECK: [[@LINE-1]]:17: warning: 'lines' is opened here before fork and read by both the parent and the child: they share one offset [heddle-fork-shared-file]
  // CHECK: note: parent: opens 'lines'
  // CHECK: note: parent: forks
  // CHECK: note: parent: calls 'countRest'
  // CHECK: note: parent: reads 'lines'
  // CHECK: note: child: starts here
  // CHECK: note: child: calls 'countRest'
  // CHECK: note: child: reads 'lines'
  if (!lines || !fgets(first, sizeof first, lines))
    return 1;

  pid_t child = fork();
  switch (child) {
  case -1: return 1;
  case 0:
    countRest(lines, "child");
    fflush(stdout);
    _exit(0);
  default: countRest(lines, "parent");
  }
  fclose(lines);
  return waitpid(child, NULL, 0) == child ? 0 : 1;
}
