// Files that are open at a fork and used by both processes: every way from the open to the uses that a small C program has.
// RUN: %check %s

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static char buffer[512];

// ---- how the sides are told apart ----

int branches(const char *path) {
  int data = open(path, O_RDONLY);
  // CHECK: [[@LINE-1]]:14: warning: 'data' is opened here before fork and read by both the parent and the child: they share one offset [heddle-fork-shared-file]
  if (data < 0)
    return -1;
  pid_t pid;
  if ((pid = fork()) == 0) {
    read(data, buffer, sizeof buffer);
    _exit(0);
  } else if (pid > 0) {
    read(data, buffer, sizeof buffer);
  }
  close(data);
  return 0;
}

int cases(const char *path) {
  int log = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  // CHECK: [[@LINE-1]]:13: warning: 'log' is opened here before fork and written by both the parent and the child: they share one offset
  switch (fork()) {
  case -1: return -1;
  case 0: write(log, "child\n", 6); _exit(0);
  default: write(log, "parent\n", 7); break;
  }
  return close(log);
}

int earlyReturn(const char *path) {
  FILE *data = fopen(path, "r");
  // CHECK: [[@LINE-1]]:16: warning: 'data' is opened here before fork and repositioned by the child and read by the parent: they share one offset
  if (!data)
    return -1;
  pid_t pid = fork();
  if (pid == -1)
    goto out;
  if (!pid) {
    fseek(data, 100, SEEK_SET);
    _exit(0);
  }
  fgets(buffer, sizeof buffer, data);
out:
  fclose(data);
  return 0;
}

int flag(const char *path) {
  int data = open(path, O_RDONLY);
  // CHECK: [[@LINE-1]]:14: warning: 'data' is opened here before fork and read by both
  pid_t pid = fork();
  if (pid < 0)
    return -1;
  int isChild = 0;
  if (pid == 0)
    isChild = 1;
  if (isChild) {
    read(data, buffer, 1);
    _exit(0);
  }
  read(data, buffer, 1);
  return close(data);
}

// The child runs on into what the parent does.
int fallsThrough(const char *path) {
  int data = open(path, O_RDONLY);
  // CHECK: [[@LINE-1]]:14: warning: 'data' is opened here before fork and read by both
  if (fork() == 0)
    setenv("ROLE", "child", 1);
  read(data, buffer, 1);
  return close(data);
}

// ---- through functions ----

static pid_t forkOrDie(void) {
  pid_t pid = fork();
  if (pid < 0) {
    perror("fork");
    exit(1);
  }
  return pid;
}

static int openData(const char *path) {
  int fd = open(path, O_RDONLY);
  // CHECK: [[@LINE-1]]:12: warning: 'data' is opened here before fork and read by both
  if (fd < 0)
    exit(1);
  return fd;
}

static void fill(int fd) { read(fd, buffer, sizeof buffer); }

static void childMain(int input) {
  fill(input);
  _exit(0);
}

int throughFunctions(const char *path) {
  int data = openData(path);
  pid_t pid = forkOrDie();
  if (pid == 0)
    childMain(data);
  fill(data);
  return close(data);
}

// The whole fork is below; the child never comes back from it.
static pid_t startWorker(int fd) {
  pid_t pid = fork();
  if (pid == 0) {
    read(fd, buffer, 1);
    _exit(0);
  }
  return pid;
}

int forkBelow(const char *path) {
  int data = open(path, O_RDONLY);
  // CHECK: [[@LINE-1]]:14: warning: 'data' is opened here before fork and read by both the parent and the child: they share one offset [heddle-fork-shared-file]
  // CHECK-NEXT: open(path, O_RDONLY)
  // CHECK-NEXT: ^
  // CHECK-NEXT: note: parent: opens 'data'
  // CHECK-NEXT: note: parent: calls 'startWorker'
  // CHECK-NEXT: note: parent: forks
  // CHECK-NEXT: note: parent: calls 'fill'
  // CHECK-NEXT: note: parent: reads 'data'
  // CHECK-NEXT: note: child: calls 'startWorker'
  // CHECK-NEXT: note: child: starts here
  // CHECK-NEXT: note: child: calls 'startWorker'
  // CHECK-NEXT: note: child: reads 'data'
  startWorker(data);
  fill(data);
  return close(data);
}

// ---- through memory ----

struct source {
  const char *path;
  int fd;
};

static int sourceOpen(struct source *source) {
  source->fd = open(source->path, O_RDONLY);
  // CHECK: [[@LINE-1]]:16: warning: 'source->fd' is opened here before fork and read by both
  return source->fd >= 0;
}

static void sourceNext(struct source *source) { read(source->fd, buffer, sizeof buffer); }

int inStruct(const char *path) {
  struct source source = {path, -1};
  if (!sourceOpen(&source))
    return -1;
  pid_t pid = fork();
  if (pid == 0) {
    sourceNext(&source);
    _exit(0);
  }
  if (pid > 0)
    sourceNext(&source);
  return close(source.fd);
}

static FILE *journal;

static void openJournal(const char *path) {
  journal = fopen(path, "w");
  // CHECK: [[@LINE-1]]:13: warning: 'journal' is opened here before fork and written by both
}

static void note(const char *text) { fprintf(journal, "%s\n", text); }

int inGlobal(const char *path) {
  openJournal(path);
  pid_t pid = fork();
  if (pid == 0) {
    note("child");
    _exit(0);
  }
  if (pid > 0)
    note("parent");
  return 0;
}

int duplicated(const char *path) {
  int data = open(path, O_RDONLY);
  // CHECK: [[@LINE-1]]:14: warning: 'data' is opened here before fork and read by both
  int copy = dup(data);
  FILE *stream = fdopen(data, "r");
  pid_t pid = fork();
  if (pid == 0) {
    read(copy, buffer, 1);
    _exit(0);
  }
  if (pid > 0)
    fgetc(stream);
  return 0;
}

// ---- children of one loop ----

int workers(const char *path, int count) {
  int data = open(path, O_RDONLY);
  // CHECK: [[@LINE-1]]:14: warning: 'data' is opened here before fork and read by each child that the loop forks: they share one offset
  for (int i = 0; i < count; ++i) {
    pid_t pid = fork();
    if (pid < 0)
      break;
    if (pid == 0) {
      read(data, buffer, sizeof buffer);
      _exit(0);
    }
  }
  while (wait(NULL) > 0)
    ;
  return close(data);
}
