// RUN: %check %s
// A global lock beside one global table says nothing of another table of the same class.
#include <mutex>

template <typename T> class Table {
public:
  void clear() { size_ = 0; }
  void erase() {
    if (size_ > 0)
      --size_;
  }
  void insert(T value) { slots_[size_++ % 8] = value; }
  unsigned size() const { return size_; }
  unsigned count() const { return size_; }

private:
  T slots_[8];
  unsigned size_ = 0;
};

static std::mutex jobs_mutex;
static Table<int> jobs, names;

void add_job(int job) {
  std::lock_guard<std::mutex> lock(jobs_mutex);
  jobs.insert(job);
}
void drop_job() {
  std::lock_guard<std::mutex> lock(jobs_mutex);
  jobs.erase();
}
void drop_jobs() {
  std::lock_guard<std::mutex> lock(jobs_mutex);
  jobs.clear();
}
bool busy() {
  std::lock_guard<std::mutex> lock(jobs_mutex);
  return jobs.size() > 0;
}

unsigned names_known() { return names.count(); }
