// RUN: %check %s
// Before others can see an object, and when nobody else may any more, it needs no lock; the ways of C, and those of C++.
#include <mutex>
#include <pthread.h>
#include <stdlib.h>
#include <thread>
#include <unistd.h>
#include <utility>

extern "C" {

// What frees an object on every way on is its destructor, and what it calls for that.
struct session {
  pthread_mutex_t lock;
  int references;
  int state;
  int pending;
  char *input;
};

static void session_clear(struct session *session) {
  session->pending = 0;
  free(session->input);
  free(session);
}

static void session_end(struct session *session) {
  if (session->input)
    session->state = 0;
  session->pending = 0;
  session_clear(session);
}

void session_release(struct session *session) {
  pthread_mutex_lock(&session->lock);
  int left = --session->references;
  pthread_mutex_unlock(&session->lock);
  if (left == 0)
    session_end(session);
}

void session_send(struct session *session, int bytes) {
  pthread_mutex_lock(&session->lock);
  session->pending += bytes;
  session->state = 2;
  pthread_mutex_unlock(&session->lock);
}

void session_sent(struct session *session, int bytes) {
  pthread_mutex_lock(&session->lock);
  session->pending -= bytes;
  session->state = 1;
  pthread_mutex_unlock(&session->lock);
}

int session_pending(struct session *session) {
  pthread_mutex_lock(&session->lock);
  int result = session->pending + session->state;
  pthread_mutex_unlock(&session->lock);
  return result;
}

// On one way it is freed, on the other it lives on.
void session_drop(struct session *session, int forever) {
  session->pending = 0;
  // CHECK: [[@LINE-1]]:3: warning: 'pending' is written here without 'lock', which 3 of 4 accesses hold, in 'session_send' to write it [heddle-inconsistent-guard]
  if (forever)
    free(session);
}

// Nor is what only sometimes frees it a destructor for its caller.
static void session_maybe(struct session *session, int last) {
  if (last)
    free(session);
}

void session_rest(struct session *session, int last) {
  session->state = 0;
  // CHECK: [[@LINE-1]]:3: warning: 'state' is written here without 'lock', which 3 of 4 accesses hold, in 'session_send' to write it [heddle-inconsistent-guard]
  session_maybe(session, last);
}

// A library that is set up and torn down by functions for it: what makes or frees its memory, and takes no lock.
static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static void **table;
static int table_size, table_room;

int table_init(int room) {
  table = (void **)calloc(room, sizeof *table);
  if (!table)
    return -1;
  table_room = room;
  table_size = 0;
  return 0;
}

void table_shutdown(void) {
  free(table);
  table = 0;
  table_size = 0;
}

int table_add(void *row) {
  pthread_mutex_lock(&table_lock);
  int result = -1;
  if (table_size < table_room) {
    table[table_size++] = row;
    result = 0;
  }
  pthread_mutex_unlock(&table_lock);
  return result;
}

void *table_take(void) {
  pthread_mutex_lock(&table_lock);
  void *result = table_size > 0 ? table[--table_size] : 0;
  pthread_mutex_unlock(&table_lock);
  return result;
}

int table_count(void) {
  pthread_mutex_lock(&table_lock);
  int result = table_size;
  pthread_mutex_unlock(&table_lock);
  return result;
}

int table_empty(void) {
  pthread_mutex_lock(&table_lock);
  int result = table_size == 0;
  pthread_mutex_unlock(&table_lock);
  return result;
}

void table_forget(void) {
  table_size = 0;
  // CHECK: [[@LINE-1]]:3: warning: 'table_size' is written here without 'table_lock', which 6 of 7 accesses hold, in 'table_add' to write it [heddle-inconsistent-guard]
}
}

// Who moves an object has it to himself, and so has who gives it a new value by moving.
class Box {
public:
  Box() = default;
  Box(Box &&other) : value_(other.value_) { other.value_ = 0; }
  Box &operator=(Box &&other) {
    value_ = other.value_;
    other.value_ = 0;
    return *this;
  }
  void up() {
    std::lock_guard<std::mutex> hold(mutex_);
    ++value_;
  }
  void down() {
    std::lock_guard<std::mutex> hold(mutex_);
    --value_;
  }
  int value() {
    std::lock_guard<std::mutex> hold(mutex_);
    return value_;
  }
  void clear() { value_ = 0; }
  // CHECK: [[@LINE-1]]:18: warning: 'value_' is written here without 'mutex_', which 3 of 4 accesses hold, in 'Box::up' to write it [heddle-inconsistent-guard]

private:
  std::mutex mutex_;
  int value_ = 0;
};

// One thread is the only one to write: to read it needs no lock.
class Ticker {
public:
  Ticker() : thread_([this] { run(); }) {}
  ~Ticker() { thread_.join(); }
  int ticks() {
    std::lock_guard<std::mutex> hold(mutex_);
    return ticks_;
  }
  int twice() {
    std::lock_guard<std::mutex> hold(mutex_);
    return 2 * ticks_;
  }

private:
  void run() {
    while (ticks_ < 100) {
      std::lock_guard<std::mutex> hold(mutex_);
      ++ticks_;
    }
  }
  std::mutex mutex_;
  int ticks_ = 0;
  std::thread thread_;
};
Ticker ticker;
