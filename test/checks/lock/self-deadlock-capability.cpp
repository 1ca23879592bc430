// RUN: %check %s
// A class that declares itself a capability, without bodies: what its attributes say is that it can't be taken twice.
class __attribute__((capability("mutex"))) Mutex {
public:
  void Lock() __attribute__((acquire_capability()));
  void ReaderLock() __attribute__((acquire_shared_capability()));
  void ReaderUnlock() __attribute__((release_shared_capability()));
  void Unlock() __attribute__((release_capability()));
};

static Mutex mutex;
bool more();

void twice() {
  mutex.Lock();
  mutex.Lock(); // CHECK: [[@LINE]]:9: error: 'mutex' is locked again while it is held; it is not recursive [heddle-self-deadlock]
  mutex.Unlock();
}

void rounds() {
  while (more())
    mutex.Lock(); // CHECK: [[@LINE]]:11: error: 'mutex' is locked again while it is held; it is not recursive [heddle-self-deadlock]
}

void readers() {
  mutex.ReaderLock();
  mutex.ReaderLock();
  mutex.ReaderUnlock();
  mutex.ReaderUnlock();
}
