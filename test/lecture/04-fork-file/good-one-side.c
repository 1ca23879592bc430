// The parent closes what only the child reads, and they talk through a pipe that is used one way.
// RUN: %check %s
// RUN: %clang %s -o %t.exe
// RUN: %t.exe %t.lines | %FileCheck --check-prefix=OUT %s
//
// OUT: the child has read 1000 lines

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { lineCount = 1000 };

static void writeLines(const char *path) {
  FILE *out = fopen(path, "w");
  if (!out)
    exit(1);
  for (int i = 0; i < lineCount; ++i)
    fprintf(out, "line %d\n", i);
  fclose(out);
}

int main(int argc, char **argv) {
  if (argc < 2)
    return 2;
  writeLines(argv[1]);
  int ends[2];
  FILE *lines = fopen(argv[1], "r");
  if (!lines || pipe(ends) != 0)
    return 1;
  pid_t child = fork();
  if (child < 0)
    return 1;
  if (child == 0) {
    close(ends[0]);
    char line[64];
    int count = 0;
    while (fgets(line, sizeof line, lines))
      ++count;
    _exit(write(ends[1], &count, sizeof count) == sizeof count ? 0 : 1);
  }
  fclose(lines);
  close(ends[1]);
  int count = 0;
  if (read(ends[0], &count, sizeof count) == sizeof count)
    printf("the child has read %d lines\n", count);
  return waitpid(child, NULL, 0) == child ? 0 : 1;
}
