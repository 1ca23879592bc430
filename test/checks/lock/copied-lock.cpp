// RUN: %check %s
// In C++ the compiler writes the copy. A standard mutex can't be copied; a POSIX one can.
#include <pthread.h>

struct Queue {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  int length = 0;
};

int drain(const Queue &queue) {
  Queue copy = queue;
  // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: the lock 'queue.mutex' is copied to 'copy.mutex', and the copy is taken; a copy of a lock is no lock [heddle-copied-lock]
  // CHECK: note: this thread: copies
  // CHECK: note: this thread: takes 'copy.mutex'
  pthread_mutex_lock(&copy.mutex);
  int length = copy.length;
  pthread_mutex_unlock(&copy.mutex);
  return length;
}

// By a copy constructor of its own, that leaves the lock out.
struct Table {
  Table() = default;
  Table(const Table &other) : size(other.size) {}
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  int size = 0;
};

int count(const Table &table) {
  Table copy = table;
  pthread_mutex_lock(&copy.mutex);
  int size = copy.size;
  pthread_mutex_unlock(&copy.mutex);
  return size;
}
