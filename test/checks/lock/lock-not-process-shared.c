// RUN: %check %s
// Locks in memory that a child shares, made for one process.
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

struct board {
  pthread_mutex_t mutex;
  sem_t ready;
  int score;
};

static void *map(size_t size) {
  void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  // CHECK: [[@LINE+6]]:3: error: 'board->mutex' is in memory that processes share, and is made for one process; it keeps no other process out [heddle-lock-not-process-shared]
  // CHECK: [[@LINE-2]]:18: note: this process: maps memory that other processes share
  return memory == MAP_FAILED ? NULL : memory;
}

static void board_init(struct board *board) {
  pthread_mutex_init(&board->mutex, NULL);
  // CHECK: [[@LINE-1]]:3: note: this process: makes 'board->mutex'
  sem_init(&board->ready, 0, 0);
  // CHECK: [[@LINE-1]]:3: error: 'board->ready' is in memory that processes share, and is made for one process; {{.*}}[heddle-lock-not-process-shared]
  // CHECK: note: this process: maps
  // CHECK: note: this process: makes 'board->ready'
  board->score = 0;
}

// By a function that makes what it is given, in a System V segment.
struct queue {
  pthread_rwlock_t lock;
  int length;
};

static void make_lock(pthread_rwlock_t *lock) { pthread_rwlock_init(lock, NULL); }

struct queue *queue_open(int id) {
  struct queue *queue = shmat(id, NULL, 0);
  make_lock(&queue->lock);
  // CHECK: [[@LINE-1]]:3: error: 'queue->lock' is in memory that processes share, and is made for one process; {{.*}}[heddle-lock-not-process-shared]
  // CHECK: [[@LINE-3]]:25: note: this process: maps
  // CHECK: [[@LINE-3]]:3: note: this process: makes 'queue->lock'
  return queue;
}

int main(void) {
  struct board *board = map(sizeof *board);
  board_init(board);
  if (fork() == 0) {
    pthread_mutex_lock(&board->mutex);
    ++board->score;
    pthread_mutex_unlock(&board->mutex);
    _exit(0);
  }
  wait(NULL);
  return board->score;
}
