// RUN: %check %s
// TBB: what an algorithm runs, it runs in several threads and is done when it returns; so is what a group ran, once it was waited for.
#include <cstddef>
#include <cstdio>
#include <mutex>
#include <vector>

namespace tbb {
template <class T> class blocked_range {
public:
  blocked_range(T begin, T end);
  T begin() const;
  T end() const;
};
namespace detail {
namespace d1 {
template <class Range, class Body> void parallel_for(const Range &, const Body &) {}
template <class Index, class Function> void parallel_for(Index, Index, const Function &) {}
template <class... Functions> void parallel_invoke(Functions &&...) {}
class task_group_base {
public:
  int wait();
};
class task_group : public task_group_base {
public:
  task_group();
  ~task_group();
  template <class Function> void run(Function &&) {}
};
} // namespace d1
} // namespace detail
using detail::d1::parallel_for;
using detail::d1::parallel_invoke;
using detail::d1::task_group;
} // namespace tbb

struct Matrix {
  std::vector<double> cells;
  std::size_t rows = 0, columns = 0;
};

static std::size_t zeros(const Matrix &matrix) {
  std::size_t found = 0;
  tbb::parallel_for(tbb::blocked_range<std::size_t>(0, matrix.rows), [&](const tbb::blocked_range<std::size_t> &part) {
    for (std::size_t row = part.begin(); row != part.end(); ++row)
      if (matrix.cells[row * matrix.columns] == 0)
        ++found; // CHECK: [[@LINE]]:9: error: 'found' is written here with no lock while another thread writes it [heddle-data-race]
  });
  return found;
}

static std::size_t ones(const Matrix &matrix) {
  std::size_t found = 0;
  std::mutex mutex;
  tbb::parallel_for(std::size_t(0), matrix.rows, [&](std::size_t row) {
    if (matrix.cells[row * matrix.columns] == 1) {
      std::lock_guard<std::mutex> lock(mutex);
      ++found;
    }
  });
  return found;
}

static void scale(Matrix &matrix, double by) {
  tbb::parallel_for(std::size_t(0), matrix.rows, [&](std::size_t row) { matrix.cells[row] *= by; }); // each its own
}

struct Totals {
  double sum = 0, largest = 0;
  int done = 0;
};

static Totals totals(const Matrix &matrix) {
  Totals totals;
  tbb::parallel_invoke(
      [&] {
        for (double cell : matrix.cells)
          totals.sum += cell;
        ++totals.done; // CHECK: [[@LINE]]:9: error: 'totals.done' is written here with no lock while a lambda in 'totals' writes it [heddle-data-race]
      },
      [&] {
        for (double cell : matrix.cells)
          if (cell > totals.largest)
            totals.largest = cell;
        ++totals.done;
      });
  return totals;
}

static double group(const Matrix &matrix) {
  double first = 0, last = 0;
  tbb::task_group tasks;
  tasks.run([&] { first = matrix.cells.front(); });
  tasks.run([&] { last = matrix.cells.back(); });
  tasks.wait();
  return first + last;
}

static double early(const Matrix &matrix) {
  double first = 0;
  tbb::task_group tasks;
  tasks.run([&] { first = matrix.cells.front(); }); // CHECK: [[@LINE]]:19: error: 'first' is written here with no lock while 'early' reads it [heddle-data-race]
  double seen = first;
  tasks.wait();
  return seen;
}

int main() {
  Matrix matrix;
  matrix.rows = matrix.columns = 64;
  matrix.cells.resize(64 * 64);
  scale(matrix, 2);
  Totals all = totals(matrix);
  std::printf("%zu %zu %f %d\n", zeros(matrix), ones(matrix), all.sum + all.largest, all.done);
  std::printf("%f %f\n", group(matrix), early(matrix));
}
