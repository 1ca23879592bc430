// One description, but each process says where it reads.
// RUN: %check %s
// RUN: %clang %s -o %t.exe
// RUN: %t.exe %t.records | %FileCheck --check-prefix=OUT %s
//
// OUT: got record 2
// OUT: got record 2

#define _XOPEN_SOURCE 700
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { recordSize = 9 };

static void showSecond(int records) {
  char record[recordSize], line[32];
  if (pread(records, record, recordSize, recordSize) != recordSize)
    _exit(1);
  int length = snprintf(line, sizeof line, "got %.*s", recordSize, record);
  if (write(STDOUT_FILENO, line, (size_t)length) < 0)
    _exit(1);
}

int main(int argc, char **argv) {
  const char text[] = "record 1\nrecord 2\nrecord 3\n";
  int records = argc < 2 ? -1 : open(argv[1], O_RDWR | O_CREAT | O_TRUNC, 0600);
  if (records < 0 || pwrite(records, text, strlen(text), 0) < 0)
    return 1;
  pid_t child = fork();
  if (child < 0)
    return 1;
  if (child == 0) {
    showSecond(records);
    _exit(0);
  }
  showSecond(records);
  close(records);
  return waitpid(child, NULL, 0) == child ? 0 : 1;
}
