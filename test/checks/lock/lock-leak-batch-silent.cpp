// RUN: %check %s
// One function is both halves: the first call of a batch takes the lock, the last one gives it back. And a lock that goes to the caller
// with what was found under it.
#include <mutex>
#include <vector>

class Prepared {
public:
  void add(int entry, unsigned index, unsigned total) {
    const bool first = index == 0;
    const bool last = index + 1 == total;
    if (first)
      mutex_.lock();
    entries_.push_back(entry);
    if (last)
      mutex_.unlock();
  }

private:
  std::mutex mutex_;
  std::vector<int> entries_;
};

void write(Prepared &prepared, const std::vector<int> &batch) {
  for (unsigned i = 0; i < batch.size(); ++i)
    prepared.add(batch[i], i, batch.size());
}

// What an object only points at doesn't end with it.
struct Registry {
  std::mutex mutex;
  int entries = 0;
};
struct Entry {
  Registry *registry;
};
void leave(Entry *entry) {
  Registry *registry = entry->registry;
  std::lock_guard<std::mutex> hold(registry->mutex);
  --registry->entries;
  delete entry;
}
