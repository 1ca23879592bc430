// RUN: %check %s
// Threads that are given an element each, by a pointer or reference that walks along an array: nothing is shared.
#include <thread>
#include <vector>
struct Slot { long sum = 0; };
static Slot slots[4];
static void serve(Slot *slot) { slot->sum += 3; }
static int cells[8];
static void fill(int *cell) { *cell = 3; }
int main() {
  std::vector<std::thread> threads;
  for (Slot &slot : slots) threads.emplace_back(serve, &slot);
  for (int *cell = cells; cell != cells + 8; ++cell) threads.emplace_back(fill, cell);
  for (auto &thread : threads) thread.join();
  std::vector<Slot> more(4);
  std::vector<std::thread> others;
  for (auto &slot : more) others.emplace_back(serve, &slot);
  for (auto &slot : more) others.emplace_back([&slot] { slot.sum++; });
  for (auto &thread : others) thread.join();
}
