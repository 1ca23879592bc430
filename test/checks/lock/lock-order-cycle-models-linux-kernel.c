// RUN: %check %s
// Locks in the style of Linux: inline functions and macros over what is declared, mutexes, semaphores; and what lets go in time.
typedef struct raw_spinlock {
  int word;
} raw_spinlock_t;
typedef struct spinlock {
  raw_spinlock_t rlock;
} spinlock_t;
struct mutex {
  long owner;
};
struct rw_semaphore {
  long count;
};
void _raw_spin_lock(raw_spinlock_t *lock);
void _raw_spin_unlock(raw_spinlock_t *lock);
unsigned long _raw_spin_lock_irqsave(raw_spinlock_t *lock);
void _raw_spin_unlock_irqrestore(raw_spinlock_t *lock, unsigned long flags);
static inline void spin_lock(spinlock_t *lock) { _raw_spin_lock(&lock->rlock); }
static inline void spin_unlock(spinlock_t *lock) { _raw_spin_unlock(&lock->rlock); }
#define spin_lock_irqsave(lock, flags) ((flags) = _raw_spin_lock_irqsave(&(lock)->rlock))
#define spin_unlock_irqrestore(lock, flags) _raw_spin_unlock_irqrestore(&(lock)->rlock, flags)
void mutex_lock(struct mutex *lock);
int mutex_lock_interruptible(struct mutex *lock);
int mutex_trylock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
void down_read(struct rw_semaphore *semaphore);
void up_read(struct rw_semaphore *semaphore);
void down_write(struct rw_semaphore *semaphore);
void up_write(struct rw_semaphore *semaphore);

static spinlock_t ring;
static struct mutex setup;
static _Atomic int head, users;

int send(void) {
  unsigned long flags;
  if (mutex_lock_interruptible(&setup))
    return -1;
  spin_lock_irqsave(&ring, flags);
  // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: {{.*}}'ring' is locked while 'setup' is held; 'reset' locks them in the opposite order
  // [heddle-lock-order-cycle]
  ++head;
  spin_unlock_irqrestore(&ring, flags);
  mutex_unlock(&setup);
  return 0;
}

void reset(void) {
  spin_lock(&ring);
  mutex_lock(&setup);
  head = 0;
  mutex_unlock(&setup);
  spin_unlock(&ring);
}

static struct rw_semaphore pages;
static struct mutex map;

void fault(void) {
  down_read(&pages);
  mutex_lock(&map);
  // CHECK: [[@LINE-1]]:3: error: 'map' is locked while 'pages' is held; 'unmap' locks them in the opposite order
  // [heddle-lock-order-cycle]
  ++users;
  mutex_unlock(&map);
  up_read(&pages);
}

void unmap(void) {
  mutex_lock(&map);
  down_write(&pages);
  --users;
  up_write(&pages);
  mutex_unlock(&map);
}

// An interrupted wait holds nothing, a try doesn't wait.
static struct mutex list, item;

int add(void) {
  mutex_lock(&list);
  mutex_lock(&item);
  ++users;
  mutex_unlock(&item);
  mutex_unlock(&list);
  return 0;
}

int drop(void) {
  if (mutex_lock_interruptible(&item) == 0) {
    --users;
    mutex_unlock(&item);
  }
  mutex_lock(&list);
  mutex_unlock(&list);
  mutex_lock(&item);
  if (mutex_trylock(&list)) {
    --users;
    mutex_unlock(&list);
  }
  mutex_unlock(&item);
  return 0;
}
