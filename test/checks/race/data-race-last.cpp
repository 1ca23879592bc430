// RUN: %check %s
// A count of users that doesn't help what is used after one has counted itself out. What is done before, the last one doesn't meet.
#include <atomic>
#include <thread>

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

int main() {
  Buffer *buffer = new Buffer;
  std::thread producer(produce, buffer), consumer(consume, buffer);
  producer.join();
  consumer.join();
}
