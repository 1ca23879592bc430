// RUN: %check %s
// Qt: lockers in two orders, a recursive mutex, read-write lockers; and lockers that unlock in time.
#include <atomic>

class QMutex {
public:
  void lock() noexcept;
  void unlock() noexcept;
  bool tryLock(int timeout) noexcept;
};
class QRecursiveMutex {
public:
  void lock() noexcept;
  void unlock() noexcept;
};
template <class Mutex> class QMutexLocker {
public:
  explicit QMutexLocker(Mutex *) noexcept;
  ~QMutexLocker();
  void unlock() noexcept;
  void relock() noexcept;
};
class QReadWriteLock {
public:
  void lockForRead();
  void lockForWrite();
  bool tryLockForWrite();
  void unlock();
};
class QReadLocker {
public:
  QReadLocker(QReadWriteLock *);
  ~QReadLocker();
};
class QWriteLocker {
public:
  QWriteLocker(QReadWriteLock *);
  ~QWriteLocker();
};
class QWaitCondition {
public:
  bool wait(QMutex *, unsigned long);
  void wakeOne();
};

class Model {
public:
  void insert(int row) {
    QMutexLocker<QMutex> rows(&rows_);
    QMutexLocker<QMutex> view(&view_);
    // CHECK: [[@LINE-1]]:26: warning: 'Model::view_' of '*this' is locked while 'Model::rows_' of '*this' is held;
    // 'Model::repaint' locks them in the opposite order [heddle-lock-order-cycle]
    last_ = row;
  }
  void repaint() {
    view_.lock();
    rows_.lock();
    ++painted_;
    rows_.unlock();
    view_.unlock();
  }

private:
  QMutex rows_, view_;
  int last_ = 0, painted_ = 0;
};

// A recursive mutex taken again is no wait; the other lock's order is the same in both.
QRecursiveMutex tree;
QMutex selection;
int depth;

void expand() {
  QMutexLocker<QRecursiveMutex> outer(&tree);
  QMutexLocker<QRecursiveMutex> inner(&tree);
  QMutexLocker<QMutex> s(&selection);
  ++depth;
}

void collapse() {
  QMutexLocker<QRecursiveMutex> outer(&tree);
  QMutexLocker<QMutex> s(&selection);
  s.unlock();
  QMutexLocker<QRecursiveMutex> again(&tree);
  --depth;
}

// Readers of each that wait for a writer of the other.
QReadWriteLock fonts, colours;
std::atomic<int> used;

int measure() {
  QReadLocker f(&fonts);
  QReadLocker c(&colours);
  // CHECK: [[@LINE-1]]:15: error: 'colours' is locked while 'fonts' is held; 'theme' locks them in the opposite order
  // [heddle-lock-order-cycle]
  return used;
}

void theme() {
  QWriteLocker c(&colours);
  fonts.lockForWrite();
  ++used;
  fonts.unlock();
}

// Readers alone don't wait for each other, a try doesn't wait, and a wait on a condition lets go.
QReadWriteLock pens, brushes;

int both() {
  QReadLocker p(&pens);
  QReadLocker b(&brushes);
  return used;
}

int otherwise() {
  QReadLocker b(&brushes);
  QReadLocker p(&pens);
  return used;
}

QMutex jobs, results;
QWaitCondition ready;

void take() {
  QMutexLocker<QMutex> j(&jobs);
  ready.wait(&jobs, 100);
  j.unlock();
  QMutexLocker<QMutex> r(&results);
  ++used;
}

void give() {
  QMutexLocker<QMutex> r(&results);
  QMutexLocker<QMutex> j(&jobs);
  ready.wakeOne();
}

void offer() {
  QMutexLocker<QMutex> j(&jobs);
  if (results.tryLock(0)) {
    ++used;
    results.unlock();
  }
}
