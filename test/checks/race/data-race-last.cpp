// RUN: %check %s
// A count of users that doesn't help what is used after one has counted itself out. What is done before, the last one doesn't meet. A
// number that is drawn, or a budget, lets more than one in.
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

struct Buffer {
  std::atomic<int> users{2};
  int length = 0;
  int reads = 0;
};

static void produce(Buffer *buffer) {
  buffer->length = 1;
  if (buffer->users.fetch_sub(1) == 1) {
    delete buffer;
    return;
  }
  buffer->reads++;
  // CHECK: [[@LINE-1]]:3: error: 'Buffer.reads' is written here with no lock while 'consume' frees it [heddle-data-race]
}

static void consume(Buffer *buffer) {
  if (buffer->users.fetch_sub(1) == 1)
    delete buffer;
}

class Sum {
public:
  explicit Sum(std::vector<int> items) : items_(std::move(items)) {}
  void work() {
    for (;;) {
      size_t index = next_.fetch_add(1);
      if (index >= items_.size())
        return;
      total += items_[index];
      // CHECK: [[@LINE-1]]:7: error: 'sum.total' is written here with no lock while another thread writes it [heddle-data-race]
    }
  }
  long total = 0;

private:
  std::vector<int> items_;
  std::atomic<size_t> next_{0};
};

struct Budget {
  std::mutex mutex;
  int left = 3;
  int spent = 0;
};
static void spend(Budget *budget) {
  budget->mutex.lock();
  int left = --budget->left;
  budget->mutex.unlock();
  if (left < 0)
    return;
  budget->spent++;
  // CHECK: [[@LINE-1]]:3: error: 'budget.spent' is written here with no lock while another thread writes it [heddle-data-race]
}

int main() {
  Sum sum({1, 2, 3});
  Budget budget;
  std::thread worker(&Sum::work, &sum), other(&Sum::work, &sum);
  std::thread spender(spend, &budget), another(spend, &budget);
  worker.join();
  other.join();
  spender.join();
  another.join();
  Buffer *buffer = new Buffer;
  std::thread producer(produce, buffer), consumer(consume, buffer);
  producer.join();
  consumer.join();
}
