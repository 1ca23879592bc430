// RUN: %check %s
// GLib: its locks by hand and by lockers that a cleanup attribute frees; a recursive one; threads and conditions.
typedef void *gpointer;
typedef int gboolean;
typedef union _GMutex {
  gpointer p;
  unsigned i[2];
} GMutex;
typedef struct _GRecMutex {
  gpointer p;
  unsigned i[2];
} GRecMutex;
typedef struct _GRWLock {
  gpointer p;
  unsigned i[2];
} GRWLock;
typedef struct _GCond {
  gpointer p;
  unsigned i[2];
} GCond;
typedef void GMutexLocker;
void g_mutex_lock(GMutex *mutex);
void g_mutex_unlock(GMutex *mutex);
gboolean g_mutex_trylock(GMutex *mutex);
void g_rec_mutex_lock(GRecMutex *mutex);
void g_rec_mutex_unlock(GRecMutex *mutex);
void g_rw_lock_reader_lock(GRWLock *lock);
void g_rw_lock_reader_unlock(GRWLock *lock);
void g_rw_lock_writer_lock(GRWLock *lock);
void g_rw_lock_writer_unlock(GRWLock *lock);
void g_cond_wait(GCond *cond, GMutex *mutex);
void g_cond_signal(GCond *cond);
static inline GMutexLocker *g_mutex_locker_new(GMutex *mutex) {
  g_mutex_lock(mutex);
  return (GMutexLocker *)mutex;
}
static inline void g_mutex_locker_free(GMutexLocker *locker) { g_mutex_unlock((GMutex *)locker); }
static inline void glib_autoptr_cleanup_GMutexLocker(GMutexLocker **locker) {
  if (*locker)
    g_mutex_locker_free(*locker);
}
#define AUTO_LOCKER __attribute__((cleanup(glib_autoptr_cleanup_GMutexLocker), unused)) GMutexLocker *

static GMutex devices, events;
static _Atomic int plugged, queued;

void plug(void) {
  AUTO_LOCKER d = g_mutex_locker_new(&devices);
  g_mutex_lock(&events);
  // CHECK: [[@LINE-1]]:3: error: 'events' is locked while 'devices' is held; 'dispatch' locks them in the opposite order
  // [heddle-lock-order-cycle]
  ++plugged;
  g_mutex_unlock(&events);
}

void dispatch(void) {
  g_mutex_lock(&events);
  AUTO_LOCKER d = g_mutex_locker_new(&devices);
  --queued;
  g_mutex_unlock(&events);
}

static GRWLock settings, listeners;

int get(void) {
  g_rw_lock_reader_lock(&settings);
  g_rw_lock_reader_lock(&listeners);
  // CHECK: [[@LINE-1]]:3: error: 'listeners' is locked while 'settings' is held; 'set' locks them in the opposite order
  // [heddle-lock-order-cycle]
  int value = plugged;
  g_rw_lock_reader_unlock(&listeners);
  g_rw_lock_reader_unlock(&settings);
  return value;
}

void set(void) {
  g_rw_lock_writer_lock(&listeners);
  g_rw_lock_writer_lock(&settings);
  ++plugged;
  g_rw_lock_writer_unlock(&settings);
  g_rw_lock_writer_unlock(&listeners);
}

// The locker's scope ends before the other lock is taken; a recursive lock is taken again; a wait lets go.
static GMutex jobs, results;
static GRecMutex tree;
static GCond filled;

void work(void) {
  {
    AUTO_LOCKER j = g_mutex_locker_new(&jobs);
    g_cond_wait(&filled, &jobs);
    --queued;
  }
  g_mutex_lock(&results);
  ++plugged;
  g_mutex_unlock(&results);
}

void feed(void) {
  AUTO_LOCKER r = g_mutex_locker_new(&results);
  AUTO_LOCKER j = g_mutex_locker_new(&jobs);
  g_cond_signal(&filled);
}

void peek(void) {
  g_mutex_lock(&jobs);
  if (g_mutex_trylock(&results)) {
    ++plugged;
    g_mutex_unlock(&results);
  }
  g_mutex_unlock(&jobs);
}

void walk(int level) {
  g_rec_mutex_lock(&tree);
  if (level)
    walk(level - 1);
  g_rec_mutex_unlock(&tree);
}
