// The lecture's file, opened and read before fork and then read by both, with descriptors.
// RUN: %check %s
// RUN: %clang %s -o %t.exe
// RUN: %t.exe %t.records | sort | %FileCheck --check-prefix=OUT %s
//
// Both processes want the second record; one of them gets the third.
// OUT: got record 2
// OUT: got record 3

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { recordSize = 9 };

static void writeRecords(const char *path) {
  const char records[] = "record 1\nrecord 2\nrecord 3\n";
  int out = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (out < 0 || write(out, records, strlen(records)) < 0)
    exit(1);
  close(out);
}

static void show(const char *record) {
  char line[32];
  int length = snprintf(line, sizeof line, "got %.*s", recordSize, record);
  if (write(STDOUT_FILENO, line, (size_t)length) < 0)
    _exit(1);
}

int main(int argc, char **argv) {
  if (argc < 2)
    return 2;
  writeRecords(argv[1]);
  char record[recordSize];
  int records = open(argv[1], O_RDONLY);
  // CHECK: [[@LINE-1]]:17: warning: 'records' is opened here before fork and read by both the parent and the child: they share one offset [heddle-fork-shared-file]
  // CHECK: [[@LINE-2]]:17: note: parent: opens 'records'
  // CHECK: note: parent: forks
  // CHECK: note: parent: reads 'records'
  // CHECK: note: child: starts here
  // CHECK: note: child: reads 'records'
  if (records < 0 || read(records, record, recordSize) != recordSize)
    return 1;

  pid_t child = fork();
  if (child < 0)
    return 1;
  if (child == 0) {
    if (read(records, record, recordSize) == recordSize)
      show(record);
    _exit(0);
  }
  if (read(records, record, recordSize) == recordSize)
    show(record);
  close(records);
  return waitpid(child, NULL, 0) == child ? 0 : 1;
}
