// RUN: %check %s
// The last user frees: a count in one step, in a function that says whether it was the last, under a lock, in an intrusive pointer; and
// the last of several workers gathers what all of them have done.
#include <atomic>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <vector>

class Buffer {
public:
  void retain() { users_.fetch_add(1, std::memory_order_relaxed); }
  void release() {
    if (users_.fetch_sub(1, std::memory_order_acq_rel) == 1)
      delete this;
  }
  int length = 0;
  char *text = nullptr;

private:
  ~Buffer() { std::free(text); }
  std::atomic<int> users_{1};
};

struct Channel {
  std::atomic<int> ends{2};
  int sent = 0;
  int received = 0;
  bool leave() { return --ends == 0; }
};
static void send(Channel *channel) {
  channel->sent = 1;
  if (channel->leave())
    delete channel;
}

struct Session {
  std::mutex mutex;
  int users = 2;
  int *log = nullptr;
};
static void leave(Session *session) {
  session->mutex.lock();
  int left = --session->users;
  session->mutex.unlock();
  if (left > 0)
    return;
  delete[] session->log;
  delete session;
}
static void serve(Session *session) {
  session->log[0] = 1;
  leave(session);
}

template <class T> class Handle {
public:
  explicit Handle(T *object) : object_(object) {}
  Handle(const Handle &other) : object_(other.object_) { ++object_->count; }
  ~Handle() {
    if (--object_->count == 0)
      delete object_;
  }
  T *operator->() const { return object_; }

private:
  T *object_;
};
struct Picture {
  std::atomic<int> count{1};
  int width = 0;
};

class Sum {
public:
  void add(int index, int value) {
    parts_[index] = value;
    std::unique_lock<std::mutex> hold(mutex_);
    bool last = ++done_ == 2;
    hold.unlock();
    if (last)
      total = parts_[0] + parts_[1];
  }
  int total = 0;

private:
  std::mutex mutex_;
  int done_ = 0;
  int parts_[2] = {};
};

int main() {
  std::vector<std::thread> threads;

  Buffer *buffer = new Buffer;
  buffer->text = static_cast<char *>(std::malloc(10));
  buffer->retain();
  threads.emplace_back([buffer] {
    buffer->text[0] = 'a';
    buffer->release();
  });
  int length = buffer->length;
  buffer->release();

  Channel *channel = new Channel;
  threads.emplace_back(send, channel);
  channel->received = 2;
  if (channel->leave())
    delete channel;

  Session *session = new Session;
  session->log = new int[10];
  threads.emplace_back(serve, session);
  length += session->log[1];
  leave(session);

  {
    Handle<Picture> picture(new Picture);
    threads.emplace_back([picture] { picture->width; });
    length += picture->width;
  }

  Sum sum;
  std::thread first(&Sum::add, &sum, 0, 1), second(&Sum::add, &sum, 1, 2);
  first.join();
  second.join();
  for (std::thread &thread : threads)
    thread.join();
  return length + sum.total;
}
