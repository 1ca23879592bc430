// Opening, forking and using stand in four units; a struct carries the descriptor.
// RUN: %check-units %s

//--- store.h
#include <stddef.h>
#include <sys/types.h>

struct store {
  int fd;
  size_t used;
};

struct store *storeOpen(const char *path);
void storeClose(struct store *store);
int storeNext(struct store *store, char *record, size_t size);
pid_t startProcess(void);
int work(struct store *store);

//--- store.c
#include "store.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct store *storeOpen(const char *path) {
  struct store *store = malloc(sizeof *store);
  if (!store)
    return NULL;
  store->used = 0;
  store->fd = open(path, O_RDONLY);
  // CHECK: [[@LINE-1]]:15: warning: 'store->fd' is opened here before fork and read by both the parent and the child: they share one offset [heddle-fork-shared-file]
  // CHECK: note: parent: calls 'storeOpen'
  // CHECK: note: parent: opens 'store->fd'
  // CHECK: note: parent: calls 'startProcess'
  // CHECK: note: parent: forks
  // CHECK: note: parent: calls 'work'
  // CHECK: note: parent: calls 'storeNext'
  // CHECK: note: parent: reads 'store->fd'
  // CHECK: note: child: calls 'startProcess'
  // CHECK: note: child: starts here
  // CHECK: note: child: calls 'work'
  // CHECK: note: child: calls 'storeNext'
  // CHECK: note: child: reads 'store->fd'
  if (store->fd < 0) {
    free(store);
    return NULL;
  }
  return store;
}

void storeClose(struct store *store) {
  close(store->fd);
  free(store);
}

int storeNext(struct store *store, char *record, size_t size) {
  ssize_t got = read(store->fd, record, size);
  if (got > 0)
    store->used += (size_t)got;
  return got > 0;
}

//--- process.c
#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

pid_t startProcess(void) {
  pid_t pid = fork();
  if (pid == -1) {
    perror("cannot start a process");
    exit(1);
  }
  return pid;
}

//--- work.c
#include "store.h"

int work(struct store *store) {
  char record[64];
  int records = 0;
  while (storeNext(store, record, sizeof record))
    ++records;
  return records;
}

//--- main.c
#include "store.h"

#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
  struct store *store = storeOpen(argc > 1 ? argv[1] : "records");
  if (!store)
    return 1;
  pid_t child = startProcess();
  if (child == 0)
    _exit(work(store) > 0);
  work(store);
  storeClose(store);
  return waitpid(child, NULL, 0) != child;
}
