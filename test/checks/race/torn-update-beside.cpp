// RUN: %check %s
// One function that several threads run: each writes both fields, and one value of each can be left.
#include <thread>
#include <vector>

struct Best {
  int score = 0;
  int owner = -1;
};

static Best best;

static void search(int id) {
  for (int i = 0; i < 1000; ++i) {
    int score = (i * 7919 + id) % 1009;
    if (score > best.score) {
      best.score = score;
      // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'score' and 'owner' of 'best' are written here with no lock while another thread writes both; one value of each can be left [heddle-torn-update]
      best.owner = id;
    }
  }
}

int main() {
  std::vector<std::thread> threads;
  for (int id = 0; id < 4; ++id)
    threads.emplace_back(search, id);
  for (std::thread &thread : threads)
    thread.join();
  return best.owner < 0;
}
