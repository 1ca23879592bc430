// RUN: %check %s
// Of several that may stand for a method each has objects of its own class: one that takes the lock again is enough. One whose
// class overrides the caller, too, is never run by it.
#include <mutex>

class Sink {
public:
  virtual ~Sink() = default;
  virtual void log(int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    put(value); // CHECK: [[@LINE]]:5: warning: 'Sink::mutex_' of '*this' is locked again while it is held; it is not recursive [heddle-self-deadlock]
  }

protected:
  virtual void put(int value) = 0;
  std::mutex mutex_;
};

class File final : public Sink {
public:
  int name() {
    std::lock_guard<std::mutex> lock(mutex_);
    return name_;
  }

protected:
  void put(int value) override {
    name_ = value;
    if (value > 5)
      rotate();
  }

private:
  void rotate() { name_ = name() + 1; }
  int name_ = 0;
};

class Memory final : public Sink {
protected:
  void put(int value) override { sum_ += value; }

private:
  int sum_ = 0;
};

class Queue {
public:
  virtual ~Queue() = default;
  virtual void push(int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    store(value);
  }

protected:
  virtual void store(int value) { last_ = value; }
  std::mutex mutex_;
  int last_ = 0;
};

class Own final : public Queue {
public:
  void push(int value) override { store(value); }

protected:
  void store(int value) override {
    std::lock_guard<std::mutex> lock(mutex_);
    last_ = value + 1;
  }
};
