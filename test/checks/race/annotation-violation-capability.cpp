// RUN: %check %s
// A mutex and scopes of which only the annotated declarations are seen: what they declare is what they do.
#define CAPABILITY(x) __attribute__((capability(x)))
#define SCOPED_CAPABILITY __attribute__((scoped_lockable))
#define GUARDED_BY(x) __attribute__((guarded_by(x)))
#define GUARDED_VAR __attribute__((guarded_var))
#define ACQUIRE(...) __attribute__((acquire_capability(__VA_ARGS__)))
#define ACQUIRE_SHARED(...) __attribute__((acquire_shared_capability(__VA_ARGS__)))
#define TRY_ACQUIRE(...) __attribute__((try_acquire_capability(__VA_ARGS__)))
#define RELEASE(...) __attribute__((release_capability(__VA_ARGS__)))
#define RELEASE_SHARED(...) __attribute__((release_shared_capability(__VA_ARGS__)))
#define RELEASE_GENERIC(...) __attribute__((release_generic_capability(__VA_ARGS__)))
#define REQUIRES(...) __attribute__((requires_capability(__VA_ARGS__)))
#define EXCLUDES(...) __attribute__((locks_excluded(__VA_ARGS__)))
#define ASSERT_CAPABILITY(...) __attribute__((assert_capability(__VA_ARGS__)))
#define RETURN_CAPABILITY(x) __attribute__((lock_returned(x)))

class CAPABILITY("mutex") Mutex {
public:
  void lock() ACQUIRE();
  void lock_shared() ACQUIRE_SHARED();
  bool try_lock() TRY_ACQUIRE(true);
  int enter() TRY_ACQUIRE(0);
  void unlock() RELEASE();
  void unlock_shared() RELEASE_SHARED();
  void assert_held() ASSERT_CAPABILITY();
  void promote() RELEASE_SHARED() ACQUIRE();
};

struct Adopt {};
struct Defer {};

class SCOPED_CAPABILITY Scope {
public:
  explicit Scope(Mutex &mutex) ACQUIRE(mutex);
  Scope(Mutex &mutex, Adopt) REQUIRES(mutex);
  Scope(Mutex &mutex, Defer) EXCLUDES(mutex);
  void lock() ACQUIRE();
  bool try_lock() TRY_ACQUIRE(true);
  void unlock() RELEASE();
  ~Scope() RELEASE();
};

class SCOPED_CAPABILITY ReaderScope {
public:
  explicit ReaderScope(Mutex *mutex) ACQUIRE_SHARED(mutex);
  ~ReaderScope() RELEASE_GENERIC();
};

class SCOPED_CAPABILITY Unlocked {
public:
  explicit Unlocked(Mutex &mutex) RELEASE(mutex);
  ~Unlocked() ACQUIRE();
};

void work();

class Queue {
public:
  Mutex &mutex() RETURN_CAPABILITY(mutex_);
  void tried() {
    if (mutex_.try_lock()) {
      size_ = 1;
      mutex_.unlock();
    }
    if (mutex_.enter() != 0)
      size_ = 2; // CHECK: [[@LINE]]:7: error: 'size_' is written here without 'this->mutex_', but is declared to be guarded by it [heddle-annotation-violation]
    else
      mutex_.unlock();
  }
  void scoped() {
    {
      Scope scope(mutex_);
      size_ = 1;
      scope.unlock();
      work();
      scope.lock();
      size_ = 2;
    }
    work();
    size_ = 3; // CHECK: [[@LINE]]:5: error: 'size_' is written here without 'this->mutex_', but is declared to be guarded by it [heddle-annotation-violation]
  }
  void adopted() {
    mutex_.lock();
    Scope scope(mutex_, Adopt());
    size_ = 1;
  }
  void deferred(bool wait) {
    Scope scope(mutex_, Defer());
    if (wait)
      scope.lock();
    else if (!scope.try_lock())
      return;
    size_ = 1;
  }
  void deferredForGood() {
    Scope scope(mutex_, Defer());
    size_ = 1; // CHECK: [[@LINE]]:5: error: 'size_' is written here without 'this->mutex_', but is declared to be guarded by it [heddle-annotation-violation]
  }
  int shared() {
    ReaderScope scope(&mutex_);
    size_ = 4; // CHECK: [[@LINE]]:5: error: 'this->size_' is written here with 'this->mutex_' held only as shared; 'Queue::given' holds it exclusively to write [heddle-write-under-shared-lock]
    return size_;
  }
  void promoted() {
    mutex_.lock_shared();
    if (size_ == 0) {
      mutex_.promote();
      size_ = 1;
      mutex_.unlock();
      return;
    }
    mutex_.unlock_shared();
  }
  void reversed() REQUIRES(mutex_) {
    {
      Unlocked unlocked(mutex_);
      work();
      size_ = 1; // CHECK: [[@LINE]]:7: error: 'size_' is written here after 'this->mutex_' was released, but is declared to be guarded by it [heddle-annotation-violation]
    }
    last_ = 2;
  }
  void asserted() {
    mutex_.assert_held();
    size_ = 5;
  }
  void given() {
    mutex().lock();
    size_ = 6;
    mutex().unlock();
    last_ = 0; // CHECK: [[@LINE]]:5: error: 'last_' is written here without 'this->mutex_', but is declared to be guarded by it [heddle-annotation-violation]
  }

private:
  Mutex mutex_;
  int size_ GUARDED_BY(mutex_);
  int last_ GUARDED_BY(mutex());
};

static Mutex first, second;
static int any GUARDED_VAR;
static int counter GUARDED_BY(first);

void globals() {
  second.lock();
  any = 1;
  counter = 1; // CHECK: [[@LINE]]:3: error: 'counter' is written here without 'first', but is declared to be guarded by it [heddle-annotation-violation]
  second.unlock();
  any = 2; // CHECK: [[@LINE]]:3: error: 'any' is written here without a lock, but is declared to be guarded by it [heddle-annotation-violation]
}

void lambdas() {
  auto count = [] { ++counter; };
  first.lock();
  count();
  first.unlock();
  auto declared = []() REQUIRES(first) { ++counter; };
  declared(); // CHECK: [[@LINE]]:3: error: 'lambdas()::lambda' is called here without 'first', but is declared to require it [heddle-annotation-violation]
}
