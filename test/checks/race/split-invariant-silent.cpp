// RUN: %check %s
// Read or written in two sections, and in order: used apart, told, bound to nothing, or under another lock all the time.
#include <cstdio>
#include <mutex>
#include <thread>

class Climate {
public:
  void measured(double temperature, double humidity) {
    std::lock_guard<std::mutex> lock(mutex_);
    temperature_ = temperature;
    humidity_ = humidity;
  }
  double temperature() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return temperature_;
  }
  double humidity() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return humidity_;
  }
  // Both in one section.
  double product() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return temperature_ * humidity_;
  }

private:
  mutable std::mutex mutex_;
  double temperature_ = 0, humidity_ = 0;
};

void heat(double);
void spray(double);

// The values are used apart.
void control(const Climate &climate) {
  heat(20 - climate.temperature());
  spray(0.6 - climate.humidity());
}

// They are told, side by side.
void print(const Climate &climate) { std::printf("%f %f\n", climate.temperature(), climate.humidity()); }

// Two objects.
double difference(const Climate &inside, const Climate &outside) { return inside.temperature() - outside.humidity(); }

// What may be set alone means something alone.
class Range {
public:
  void set(int from, int to) {
    std::lock_guard<std::mutex> lock(mutex_);
    from_ = from;
    to_ = to;
  }
  void setFrom(int from) {
    std::lock_guard<std::mutex> lock(mutex_);
    from_ = from;
  }
  int from() {
    std::lock_guard<std::mutex> lock(mutex_);
    return from_;
  }
  int to() {
    std::lock_guard<std::mutex> lock(mutex_);
    return to_;
  }

private:
  std::mutex mutex_;
  int from_ = 0, to_ = 0;
};

int span(Range &range) { return range.to() - range.from(); }

// Counters.
class Statistics {
public:
  void add(int bytes) {
    std::lock_guard<std::mutex> lock(mutex_);
    ++packets_;
    bytes_ += bytes;
  }
  long packets() {
    std::lock_guard<std::mutex> lock(mutex_);
    return packets_;
  }
  long bytes() {
    std::lock_guard<std::mutex> lock(mutex_);
    return bytes_;
  }

private:
  std::mutex mutex_;
  long packets_ = 0, bytes_ = 0;
};

long mean(Statistics &statistics) { return statistics.bytes() / statistics.packets(); }

// Who changes it holds another lock too, and so does who reads it.
class Route {
public:
  void set(int from, int to) {
    std::scoped_lock lock(turn_, mutex_);
    from_ = from;
    to_ = to;
  }
  int length() {
    std::lock_guard<std::mutex> turn(turn_);
    int from;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      from = from_;
    }
    std::lock_guard<std::mutex> lock(mutex_);
    return to_ - from;
  }

private:
  std::mutex turn_, mutex_;
  int from_ = 0, to_ = 0;
};
