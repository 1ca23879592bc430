// RUN: %check %s
// Captured by reference, directly and through another lambda.
#include <thread>

struct Size {
  int width, height;
};

static int area(const Size &size) { return size.width * size.height; }

int main() {
  Size window{1, 1};
  auto resize = [&](int n) {
    window.width = n;
    // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'width' and 'height' of 'window' are written here with no lock while 'area' reads both; it can see one new and one old [heddle-torn-update]
    window.height = n;
  };
  std::thread resizer([&] {
    for (int n = 0; n < 100; ++n)
      resize(n);
  });
  int total = 0;
  for (int i = 0; i < 100; ++i)
    total += area(window);
  resizer.join();
  return total == 0;
}
