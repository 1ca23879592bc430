// RUN: %check %s
// Win32: critical sections and slim locks in two orders, from threads that the API starts; and waits that let go.
typedef void *HANDLE;
typedef unsigned long DWORD;
typedef int BOOL;
typedef struct _RTL_CRITICAL_SECTION {
  long count;
  void *owner;
} CRITICAL_SECTION;
typedef struct _RTL_SRWLOCK {
  void *word;
} SRWLOCK;
typedef struct _RTL_CONDITION_VARIABLE {
  void *word;
} CONDITION_VARIABLE;
typedef DWORD (*LPTHREAD_START_ROUTINE)(void *);
#define INFINITE 0xFFFFFFFF
void EnterCriticalSection(CRITICAL_SECTION *section);
BOOL TryEnterCriticalSection(CRITICAL_SECTION *section);
void LeaveCriticalSection(CRITICAL_SECTION *section);
void AcquireSRWLockExclusive(SRWLOCK *lock);
void AcquireSRWLockShared(SRWLOCK *lock);
void ReleaseSRWLockExclusive(SRWLOCK *lock);
void ReleaseSRWLockShared(SRWLOCK *lock);
BOOL SleepConditionVariableCS(CONDITION_VARIABLE *condition, CRITICAL_SECTION *section, DWORD milliseconds);
void WakeConditionVariable(CONDITION_VARIABLE *condition);
HANDLE CreateThread(void *security, unsigned long long stack, LPTHREAD_START_ROUTINE start, void *argument, DWORD flags,
                    DWORD *id);
DWORD WaitForSingleObject(HANDLE handle, DWORD milliseconds);
BOOL CloseHandle(HANDLE handle);

static CRITICAL_SECTION windows, messages;
static _Atomic int shown, posted;

static DWORD paint(void *unused) {
  EnterCriticalSection(&windows);
  EnterCriticalSection(&messages);
  // CHECK: [[@LINE-1]]:3: error: 'messages' is locked while 'windows' is held; 'post' locks them in the opposite order
  // [heddle-lock-order-cycle]
  ++shown;
  LeaveCriticalSection(&messages);
  LeaveCriticalSection(&windows);
  return 0;
}

static DWORD post(void *unused) {
  EnterCriticalSection(&messages);
  EnterCriticalSection(&messages); // may be taken again
  ++posted;
  EnterCriticalSection(&windows);
  LeaveCriticalSection(&windows);
  LeaveCriticalSection(&messages);
  LeaveCriticalSection(&messages);
  return 0;
}

static SRWLOCK keys, values;

static DWORD lookUp(void *unused) {
  AcquireSRWLockShared(&keys);
  AcquireSRWLockShared(&values);
  // CHECK: [[@LINE-1]]:3: error: 'values' is locked while 'keys' is held; 'insert' locks them in the opposite order
  // [heddle-lock-order-cycle]
  ReleaseSRWLockShared(&values);
  ReleaseSRWLockShared(&keys);
  return 0;
}

static DWORD insert(void *unused) {
  AcquireSRWLockExclusive(&values);
  AcquireSRWLockExclusive(&keys);
  ReleaseSRWLockExclusive(&keys);
  ReleaseSRWLockExclusive(&values);
  return 0;
}

// The section is left while the thread sleeps, and tried where both are wanted the other way round.
static CRITICAL_SECTION queue, totals;
static CONDITION_VARIABLE filled;

static DWORD consume(void *unused) {
  EnterCriticalSection(&queue);
  while (posted == 0)
    SleepConditionVariableCS(&filled, &queue, INFINITE);
  --posted;
  LeaveCriticalSection(&queue);
  EnterCriticalSection(&totals);
  ++shown;
  LeaveCriticalSection(&totals);
  return 0;
}

static DWORD sum(void *unused) {
  EnterCriticalSection(&totals);
  EnterCriticalSection(&queue);
  shown += posted;
  LeaveCriticalSection(&queue);
  LeaveCriticalSection(&totals);
  EnterCriticalSection(&queue);
  if (TryEnterCriticalSection(&totals)) {
    ++shown;
    LeaveCriticalSection(&totals);
  }
  LeaveCriticalSection(&queue);
  WakeConditionVariable(&filled);
  return 0;
}

int main(void) {
  HANDLE a = CreateThread(0, 0, paint, 0, 0, 0), b = CreateThread(0, 0, post, 0, 0, 0);
  HANDLE c = CreateThread(0, 0, lookUp, 0, 0, 0), d = CreateThread(0, 0, insert, 0, 0, 0);
  HANDLE e = CreateThread(0, 0, consume, 0, 0, 0), f = CreateThread(0, 0, sum, 0, 0, 0);
  WaitForSingleObject(a, INFINITE);
  WaitForSingleObject(b, INFINITE);
  WaitForSingleObject(c, INFINITE);
  WaitForSingleObject(d, INFINITE);
  WaitForSingleObject(e, INFINITE);
  WaitForSingleObject(f, INFINITE);
  CloseHandle(a);
  return 0;
}
