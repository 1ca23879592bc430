// RUN: %check %s
// Ways to start a thread: a std::function given to a helper, a functor, a bound call, a task, a member function of a std::ref.
#include <functional>
#include <future>
#include <thread>

struct Span {
  int first = 0, last = 0;
};
struct Color {
  int red = 0, blue = 0;
};
struct Rate {
  int per = 0, second = 0;
};
struct Price {
  int amount = 0, currency = 0;
};
class Clock {
public:
  void tick(int n) {
    hour_ = n / 60;
    // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'hour_' and 'minute_' of 'clock' are written here with no lock while 'Clock::minutes'
    // reads both; it can see one new and one old [heddle-torn-update]
    minute_ = n % 60;
  }
  int minutes() const { return hour_ * 60 + minute_; }

private:
  int hour_ = 0, minute_ = 0;
};

static std::thread launch(std::function<void()> body) { return std::thread(std::move(body)); }

struct Painter {
  Color &color;
  void operator()(int n) const {
    color.red = n;
    // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'red' and 'blue' of 'color' are written here with no lock while 'main' reads both; it
    // can see one new and one old [heddle-torn-update]
    color.blue = -n;
  }
};

static void adjust(Rate *rate, int n) {
  rate->per = n;
  // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'per' and 'second' of 'rate' are written here with no lock while 'main' reads both; it
  // can see one new and one old [heddle-torn-update]
  rate->second = n * 2;
}

int main() {
  Span span;
  std::thread one = launch([&span] {
    for (int i = 0; i < 9; ++i) {
      span.first = i;
      // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'first' and 'last' of 'span' are written here with no lock while 'main' reads both;
      // it can see one new and one old [heddle-torn-update]
      span.last = i + 1;
    }
  });
  Color color;
  std::thread two(Painter{color}, 5);
  Rate rate;
  std::thread three(std::bind(adjust, &rate, 7));
  Price price;
  auto four = std::async(
      std::launch::async,
      [&price](int n) {
        price.amount = n;
        // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'amount' and 'currency' of 'price' are written here with no lock while 'main'
        // reads both; it can see one new and one old [heddle-torn-update]
        price.currency = n % 3;
      },
      4);
  Clock clock;
  std::thread five(&Clock::tick, std::ref(clock), 100);

  int sum = span.first + span.last;
  sum += color.red + color.blue;
  sum += rate.per + rate.second;
  sum += price.amount + price.currency;
  sum += clock.minutes();
  one.join();
  two.join();
  three.join();
  four.get();
  five.join();
  sum += span.first + span.last + color.red + color.blue; // after the joins
  return sum;
}
