// RUN: %check %s
// Temporaries whose full expression is the section, and look-alikes that guard what they are meant to.
#include <condition_variable>
#include <memory>
#include <mutex>
#include <shared_mutex>

struct Session {
  int requests = 0;
  void touch() { ++requests; }
};

// The section is the full expression: the guard lives to its end.
class Locked {
public:
  Locked(std::mutex &mutex, Session &session) : mutex_(mutex), session_(session) { mutex_.lock(); }
  ~Locked() { mutex_.unlock(); }
  Session *operator->() { return &session_; }
  Session &get() { return session_; }

private:
  std::mutex &mutex_;
  Session &session_;
};

std::mutex session_lock;
Session session;

void touch() {
  Locked(session_lock, session)->touch();
  Locked(session_lock, session).get().touch();
  ++Locked(session_lock, session).get().requests;
  std::lock_guard<std::mutex>{session_lock}, session.touch();
}

int requests() { return std::unique_lock<std::mutex>{session_lock}, session.requests; }

void visit(std::unique_lock<std::mutex> held, Session &of) { of.touch(); }

void pass() {
  visit(std::unique_lock<std::mutex>(session_lock), session);
}

// Passing through the section is what they are for: nobody can be inside any more, or between a test and a wait.
std::condition_variable wake;
bool stop;

void drain() { std::lock_guard<std::mutex>{session_lock}; }

void request_stop() {
  {
    std::lock_guard<std::mutex>{session_lock};
  }
  wake.notify_all();
  std::unique_lock<std::mutex>{session_lock};
  wake.notify_all();
}

// A named guard; a guard that gets its lock later; a name in parentheses that hides nothing.
void named() {
  std::lock_guard<std::mutex> guard(session_lock);
  session.touch();
}

void later() {
  std::unique_lock<std::mutex>(session_lock);
  session_lock = std::unique_lock<std::mutex>(::session_lock);
  session.touch();
}

void unhidden() {
  std::unique_lock<std::mutex>(mine);
  mine = std::unique_lock<std::mutex>(session_lock);
  session.touch();
}

// A temporary whose destructor does something else, and one that only looks at its lock.
struct Trace {
  explicit Trace(std::mutex &) {}
  ~Trace() {}
};

void trace() {
  Trace{session_lock};
  session.touch();
}

struct Lockable {
  explicit Lockable(std::mutex &mutex) {
    std::lock_guard<std::mutex> probe(mutex);
    session.touch();
  }
  ~Lockable() {}
};

void probe() {
  Lockable{session_lock};
  stop = true;
}

// A pack of locks that may be empty.
template <class... Locks> void with(Locks &...locks) {
  std::scoped_lock all(locks...);
  stop = false;
}

void none() { with(); }
void some() { with(session_lock); }

// Work that is done by making the object, or by its end: the object's life is the section.
class Entry {
public:
  Entry(std::mutex &mutex, Session &session) : mutex_(mutex) {
    mutex_.lock();
    session.touch();
  }
  ~Entry() { mutex_.unlock(); }

private:
  std::mutex &mutex_;
};

class Last {
public:
  explicit Last(std::mutex &mutex) : mutex_(mutex) { mutex_.lock(); }
  ~Last() {
    session.touch();
    mutex_.unlock();
  }

private:
  std::mutex &mutex_;
};

void record() {
  Entry(session_lock, session);
  Last{session_lock};
  stop = true;
}
