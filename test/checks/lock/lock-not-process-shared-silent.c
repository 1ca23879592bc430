// RUN: %check %s
// Locks that are made for several processes, and memory that one process has for itself.
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/mman.h>

struct board {
  pthread_mutex_t mutex;
  sem_t ready;
  int score;
};

struct board *shared_board(void) {
  struct board *board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(&board->mutex, &attributes);
  pthread_mutexattr_destroy(&attributes);
  sem_init(&board->ready, 1, 0);
  return board;
}

// A private mapping, the heap, a static.
struct board *private_board(void) {
  struct board *board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  pthread_mutex_init(&board->mutex, NULL);
  sem_init(&board->ready, 0, 0);
  return board;
}

static struct board own;

void own_board(void) {
  pthread_mutex_init(&own.mutex, NULL);
  sem_init(&own.ready, 0, 0);
}

struct board *heap_board(void) {
  struct board *board = malloc(sizeof *board);
  pthread_mutex_init(&board->mutex, NULL);
  return board;
}

// Either of two: not known.
void either_board(int shared) {
  struct board *board = shared ? mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)
                               : malloc(sizeof *board);
  pthread_mutex_init(&board->mutex, NULL);
}

void flags_board(int flags) {
  struct board *board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, flags, -1, 0);
  pthread_mutex_init(&board->mutex, NULL);
}

// An attribute object that somebody else fills in.
extern void choose(pthread_mutexattr_t *attributes);

void chosen_board(void) {
  struct board *board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  choose(&attributes);
  pthread_mutex_init(&board->mutex, &attributes);
}

// The memory has a pointer to a lock that is this process's own.
struct view {
  pthread_mutex_t *mutex;
  int lines;
};

void pointing(void) {
  struct view *view = mmap(NULL, sizeof *view, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  view->mutex = malloc(sizeof *view->mutex);
  pthread_mutex_init(view->mutex, NULL);
}

// By a function that makes it as its caller says.
static void make_mutex(pthread_mutex_t *mutex, int shared) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, shared);
  pthread_mutex_init(mutex, &attributes);
}

static pthread_mutex_t at_home;

void made_board(void) {
  struct board *board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  make_mutex(&board->mutex, PTHREAD_PROCESS_SHARED);
  make_mutex(&at_home, PTHREAD_PROCESS_PRIVATE);
}
