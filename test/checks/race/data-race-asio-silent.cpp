// RUN: %check %s
// Handlers of one thread's context never run at the same time; those of several threads' context may be kept apart by a strand, or by
// one beginning the next, and nothing is said of two of them. A pool that is joined has ended, and a pool of one thread does one thing
// at a time.
#include <chrono>
#include <cstdio>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace boost {
namespace system {
class error_code {
public:
  explicit operator bool() const;
};
} // namespace system
namespace asio {
class io_context {
public:
  class executor_type {
  public:
    io_context &context() const;
  };
  io_context();
  ~io_context();
  std::size_t run();
  std::size_t poll();
  void stop();
  executor_type get_executor();
};
class thread_pool {
public:
  explicit thread_pool(std::size_t threads);
  ~thread_pool();
  void join();
};
template <class Executor> class strand {
public:
  explicit strand(const Executor &);
  strand(const strand &);
};
strand<io_context::executor_type> make_strand(io_context &);
template <class Context, class Token> void post(Context &, Token &&) {}
template <class Executor, class Token> void post(const Executor &, Token &&) {}
template <class Clock> class basic_waitable_timer {
public:
  basic_waitable_timer(io_context &, const typename Clock::duration &);
  std::size_t expires_after(const typename Clock::duration &);
  template <class Token> void async_wait(Token &&) {}
};
typedef basic_waitable_timer<std::chrono::steady_clock> steady_timer;
} // namespace asio
} // namespace boost

namespace asio = boost::asio;

class Poller {
public:
  explicit Poller(asio::io_context &context)
      : context_(context), strand_(asio::make_strand(context)), timer_(context, std::chrono::seconds(1)) {}

  void begin() { wait(); }
  void report(int value) {
    asio::post(strand_, [this, value] {
      ++reports_;
      sum_ += value;
    });
  }
  int polls() const { return polls_; }
  long sum() const { return sum_ + reports_; }

private:
  void wait() {
    timer_.expires_after(std::chrono::seconds(1));
    timer_.async_wait([this](const boost::system::error_code &failed) {
      if (failed)
        return;
      ++polls_; // one wait after the other, in whichever thread
      if (polls_ == 100)
        context_.stop();
      else
        wait();
    });
  }

  asio::io_context &context_;
  asio::strand<asio::io_context::executor_type> strand_;
  asio::steady_timer timer_;
  int polls_ = 0;
  int reports_ = 0; // the strand's
  long sum_ = 0;    // the strand's
};

struct Tally {
  long found = 0;
  std::mutex mutex;
};

int main() {
  asio::io_context context;
  Poller poller(context);
  poller.begin();
  std::vector<std::thread> runners;
  for (int i = 0; i < 4; ++i)
    runners.emplace_back([&context] { context.run(); });
  for (int i = 0; i < 100; ++i)
    poller.report(i);
  for (std::thread &runner : runners)
    runner.join();
  std::printf("%d polls, %ld\n", poller.polls(), poller.sum());

  Tally tally;
  asio::thread_pool pool(4);
  for (int i = 0; i < 8; ++i)
    asio::post(pool, [&tally, i] {
      std::lock_guard<std::mutex> lock(tally.mutex);
      tally.found += i;
    });
  pool.join();
  std::printf("%ld\n", tally.found);

  long lines = 0;
  asio::thread_pool writer(1);
  for (int i = 0; i < 8; ++i)
    asio::post(writer, [&lines, i] {
      lines += i;
      std::puts("line");
    });
  writer.join();
  std::printf("%ld\n", lines);
}
