// RUN: %check %s
// TBB: scoped locks made with a mutex or given one later, for reading or writing; and released in time.
#include <atomic>

namespace tbb {
namespace detail {
namespace d1 {
template <class Mutex> class unique_scoped_lock {
public:
  constexpr unique_scoped_lock() noexcept {}
  unique_scoped_lock(Mutex &);
  ~unique_scoped_lock();
  void acquire(Mutex &);
  bool try_acquire(Mutex &);
  void release();
};
template <class Mutex> class rw_scoped_lock {
public:
  constexpr rw_scoped_lock() noexcept {}
  rw_scoped_lock(Mutex &, bool write = true);
  ~rw_scoped_lock();
  void acquire(Mutex &, bool write = true);
  bool try_acquire(Mutex &, bool write = true);
  void release();
};
class spin_mutex {
public:
  using scoped_lock = unique_scoped_lock<spin_mutex>;
  void lock();
  void unlock();
};
class spin_rw_mutex {
public:
  using scoped_lock = rw_scoped_lock<spin_rw_mutex>;
};
class queuing_mutex {
public:
  class scoped_lock {
  public:
    scoped_lock();
    scoped_lock(queuing_mutex &);
    ~scoped_lock();
    void acquire(queuing_mutex &);
    void release();
  };
};
} // namespace d1
} // namespace detail
inline namespace v1 {
using detail::d1::queuing_mutex;
using detail::d1::spin_mutex;
using detail::d1::spin_rw_mutex;
} // namespace v1
} // namespace tbb

tbb::spin_mutex particles;
tbb::queuing_mutex cells;
std::atomic<int> moved, counted;

void step() {
  tbb::spin_mutex::scoped_lock p(particles);
  tbb::queuing_mutex::scoped_lock c;
  c.acquire(cells);
  // CHECK: [[@LINE-1]]:3: error: 'cells' is locked while 'particles' is held; 'count' locks them in the opposite order
  // [heddle-lock-order-cycle]
  ++moved;
}

void count() {
  tbb::queuing_mutex::scoped_lock c(cells);
  tbb::spin_mutex::scoped_lock p;
  p.acquire(particles);
  ++counted;
}

tbb::spin_rw_mutex mesh, field;

int sample() {
  tbb::spin_rw_mutex::scoped_lock m(mesh, false);
  tbb::spin_rw_mutex::scoped_lock f(field, false);
  // CHECK: [[@LINE-1]]:35: error: 'field' is locked while 'mesh' is held; 'refine' locks them in the opposite order
  // [heddle-lock-order-cycle]
  return moved;
}

void refine() {
  tbb::spin_rw_mutex::scoped_lock f(field);
  tbb::spin_rw_mutex::scoped_lock m;
  m.acquire(mesh);
  ++moved;
}

// Readers only, released in time, or tried.
tbb::spin_rw_mutex input, output;
tbb::spin_mutex first, second;

int forwards() {
  tbb::spin_rw_mutex::scoped_lock i(input, false);
  tbb::spin_rw_mutex::scoped_lock o(output, false);
  return moved;
}

int backwards() {
  tbb::spin_rw_mutex::scoped_lock o(output, false);
  tbb::spin_rw_mutex::scoped_lock i(input, false);
  return moved;
}

void inOrder() {
  tbb::spin_mutex::scoped_lock f(first);
  tbb::spin_mutex::scoped_lock s(second);
  ++moved;
}

void released() {
  tbb::spin_mutex::scoped_lock s(second);
  ++moved;
  s.release();
  tbb::spin_mutex::scoped_lock f(first);
  --moved;
}

void tried() {
  tbb::spin_mutex::scoped_lock s(second);
  tbb::spin_mutex::scoped_lock f;
  if (f.try_acquire(first))
    --moved;
}
