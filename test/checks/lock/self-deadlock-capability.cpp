// RUN: %check %s
// A class that declares itself a capability, without bodies: what its attributes say is that it can't be taken twice.
class __attribute__((capability("mutex"))) Mutex {
public:
  void Lock() __attribute__((acquire_capability()));
  void Unlock() __attribute__((release_capability()));
};

static Mutex mutex;
bool more();

void twice() {
  mutex.Lock();
  mutex.Lock(); // CHECK: [[@LINE]]:3: error: 'mutex' is locked again while it is held; it is not recursive [heddle-self-deadlock]
  mutex.Unlock();
}

void rounds() {
  while (more())
    mutex.Lock(); // CHECK: [[@LINE]]:5: error: 'mutex' is locked again while it is held; it is not recursive [heddle-self-deadlock]
}
