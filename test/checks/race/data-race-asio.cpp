// RUN: %check %s
// Asio: what is posted to a context runs in the thread that runs it, and what is posted to a pool in several at once.
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

class Catalogue {
public:
  explicit Catalogue(asio::io_context &context) : context_(context), timer_(context, std::chrono::seconds(1)) {}

  void add(const std::string &title, int pages) {
    asio::post(context_, [this, title, pages] { store(title, pages); });
  }
  void tick() {
    timer_.async_wait([this](const boost::system::error_code &failed) {
      if (failed)
        return;
      ++ticks_;
      tick();
    });
  }
  int ticks() const { return ticks_; }
  int largest() const { return largest_; }
  std::size_t size() {
    std::lock_guard<std::mutex> lock(mutex_);
    return titles_.size();
  }

private:
  void store(const std::string &title, int pages) {
    if (pages > largest_)
      largest_ = pages; // CHECK: [[@LINE]]:7: error: 'catalogue.largest_' is written here with no lock while 'Catalogue::largest' reads it [heddle-data-race]
    std::lock_guard<std::mutex> lock(mutex_);
    titles_[title] = pages;
  }

  asio::io_context &context_;
  asio::steady_timer timer_;
  std::mutex mutex_;
  std::map<std::string, int> titles_; // guarded by mutex_
  int largest_ = 0;
  int ticks_ = 0;
};

static long words; // of all files
static long letters;
static std::mutex lettersMutex;

static void count(const std::string &text) {
  for (char c : text)
    words += c == ' '; // CHECK: [[@LINE]]:5: error: 'words' is written here with no lock while another thread writes it [heddle-data-race]
  std::lock_guard<std::mutex> lock(lettersMutex);
  letters += text.size();
}

int main() {
  asio::io_context context;
  Catalogue catalogue(context);
  catalogue.tick();
  std::thread runner([&context] { context.run(); });
  for (int i = 0; i < 100; ++i)
    catalogue.add("book " + std::to_string(i), i);
  while (catalogue.size() < 100)
    std::this_thread::yield();
  std::printf("largest so far %d\n", catalogue.largest());
  context.stop();
  runner.join();
  std::printf("%d ticks\n", catalogue.ticks());

  asio::thread_pool pool(4);
  std::vector<std::string> texts{"a b", "c d e", "f"};
  for (const std::string &text : texts)
    asio::post(pool, [&text] { count(text); });
  pool.join();
  std::printf("%ld words, %ld letters\n", words, letters);
}
