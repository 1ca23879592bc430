// RUN: %check %s
// Two setters called one after the other are a group as well, but each call is looked at by itself.
#include <functional>
#include <thread>

class Volume {
public:
  void setLeft(int value) { left_ = value; }
  // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'volume.left_' is written here with no lock while 'Volume::balance' reads it [heddle-data-race]
  void setRight(int value) { right_ = value; }
  // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'volume.right_' is written here with no lock while 'Volume::balance' reads it [heddle-data-race]
  int balance() const { return left_ - right_; }

private:
  int left_ = 0, right_ = 0;
};

static void fade(Volume &volume) {
  for (int i = 0; i < 100; ++i) {
    volume.setLeft(i);
    // FIXME-FN: left and right are set together while main reads both
    volume.setRight(i);
  }
}

int main() {
  Volume volume;
  std::thread thread(fade, std::ref(volume));
  int sum = 0;
  for (int i = 0; i < 100; ++i)
    sum += volume.balance();
  thread.join();
  return sum;
}
