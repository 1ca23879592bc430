// RUN: %check %s
// Locks that nobody suffers from, and waits without a lock: all of these are silent.
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <thread>

static void nap() { std::this_thread::sleep_for(std::chrono::seconds(1)); }

// Guards that hold nothing at the wait: deferred, moved from, released, unlocked around it.
class Counter {
public:
  void deferred() {
    std::unique_lock<std::mutex> lock(mutex_, std::defer_lock);
    nap();
    lock.lock();
    ++count_;
  }
  std::unique_lock<std::mutex> taken() { return std::unique_lock<std::mutex>(mutex_); }
  void moved() {
    std::unique_lock<std::mutex> lock(mutex_);
    {
      std::unique_lock<std::mutex> inner(std::move(lock));
      ++count_;
    }
    nap();
  }
  void around() {
    std::unique_lock<std::mutex> lock(mutex_);
    ++count_;
    lock.unlock();
    nap();
    lock.lock();
    ++count_;
  }
  void byCallee() {
    std::unique_lock<std::mutex> lock(mutex_);
    letGo(lock);
    ++count_;
  }
  void byCalleeOfLock() {
    mutex_.lock();
    letGoAndTake();
    ++count_;
    mutex_.unlock();
  }
  int count() {
    std::lock_guard<std::mutex> guard(mutex_);
    return count_;
  }

private:
  static void letGo(std::unique_lock<std::mutex> &lock) {
    lock.unlock();
    nap();
    lock.lock();
  }
  void letGoAndTake() {
    mutex_.unlock();
    nap();
    mutex_.lock();
  }
  std::mutex mutex_;
  int count_ = 0;
};

// A wait on a condition lets go of its own lock.
std::mutex queueLock;
std::condition_variable filled;
int jobs;
void take() {
  std::unique_lock<std::mutex> lock(queueLock);
  filled.wait(lock, [] { return jobs > 0; });
  --jobs;
}
void put() {
  std::lock_guard<std::mutex> guard(queueLock);
  ++jobs;
  filled.notify_one();
}

// Descriptors that don't block, and calls that are told not to.
std::mutex sessionLock;
int listener, client, datagrams, sessions;
void listenOn() {
  listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  datagrams = socket(AF_INET, SOCK_DGRAM, 0);
}
void acceptOne() {
  std::lock_guard<std::mutex> guard(sessionLock);
  client = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
  ++sessions;
}
void made(int fd) {
  int flags = fcntl(fd, F_GETFL, 0);
  fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}
int other;
void dial() {
  other = socket(AF_INET, SOCK_STREAM, 0);
  made(other);
}
void serve(char *buffer, size_t size) {
  std::lock_guard<std::mutex> guard(sessionLock);
  read(client, buffer, size);
  recv(other, buffer, size, 0);
  recv(datagrams, buffer, size, MSG_DONTWAIT);
  pollfd ready{client, POLLIN, 0};
  poll(&ready, 1, 0);
  ++sessions;
}
int serving() {
  std::lock_guard<std::mutex> guard(sessionLock);
  return sessions;
}
// Where a descriptor comes from isn't known: nor is whether it blocks.
void serveGiven(int given, char *buffer, size_t size) {
  std::lock_guard<std::mutex> guard(sessionLock);
  read(given, buffer, size);
  ++sessions;
}

// A lock that is there to serialise the writing: whoever takes it writes, or has to do with the descriptor.
class Journal {
public:
  explicit Journal(const char *path) : fd_(open(path, O_WRONLY)) {}
  void append(const char *text, size_t size) {
    std::lock_guard<std::mutex> guard(mutex_);
    write(fd_, text, size);
    fsync(fd_);
  }
  void reopen(const char *path) {
    std::lock_guard<std::mutex> guard(mutex_);
    close(fd_);
    fd_ = open(path, O_WRONLY);
  }
  int descriptor() {
    std::lock_guard<std::mutex> guard(mutex_);
    return fd_;
  }

private:
  std::mutex mutex_;
  int fd_;
};

// One place alone takes the lock: another thread there waits for its own turn to do the same.
std::mutex pace;
void paced() {
  std::lock_guard<std::mutex> guard(pace);
  nap();
}

// Shared by readers: nobody waits for the other.
#include <shared_mutex>
std::shared_mutex table;
int rows;
int slowRead() {
  std::shared_lock<std::shared_mutex> lock(table);
  nap();
  return rows;
}
int fastRead() {
  std::shared_lock<std::shared_mutex> lock(table);
  return rows;
}

// Buffered output is no wait.
std::mutex logLock;
int level;
void log(const char *text) {
  std::lock_guard<std::mutex> guard(logLock);
  std::fprintf(stderr, "%s\n", text);
}
void setLevel(int to) {
  std::lock_guard<std::mutex> guard(logLock);
  level = to;
}

// What is opened on first use is opened once.
class Store {
public:
  void put(int value) {
    std::lock_guard<std::mutex> guard(mutex_);
    if (file_ == nullptr)
      file_ = std::fopen("store", "w");
    values_ += value;
  }
  int values() {
    std::lock_guard<std::mutex> guard(mutex_);
    return values_;
  }

private:
  std::mutex mutex_;
  std::FILE *file_ = nullptr;
  int values_ = 0;
};
