// RUN: %check %s
// Qt: functions and runnables that run in a pool's threads, from when they are started until they are waited for.
#include <cstdio>
#include <functional>
#include <mutex>
#include <vector>

template <class T> class QFuture {
public:
  QFuture();
  QFuture(const QFuture &);
  ~QFuture();
  void waitForFinished();
};
class QRunnable {
public:
  virtual ~QRunnable();
  virtual void run() = 0;
};
class QThreadPool {
public:
  static QThreadPool *globalInstance();
  QThreadPool();
  ~QThreadPool();
  void start(QRunnable *, int priority = 0);
  void start(std::function<void()>, int priority = 0);
  bool waitForDone(int milliseconds = -1);
  void setMaxThreadCount(int);
};
namespace QtConcurrent {
template <class Function> QFuture<void> run(Function &&) {
  return {};
}
template <class Sequence, class Function> void blockingMap(Sequence &, Function) {}
} // namespace QtConcurrent

struct Document {
  std::vector<int> pages;
  int words = 0;
  int images = 0; // guarded by mutex
  std::mutex mutex;
};

class Counter : public QRunnable {
public:
  explicit Counter(Document &document) : document_(document) {}
  void run() override {
    document_.words += 10; // CHECK: [[@LINE]]:5: error: 'document.words' is written here with no lock while another thread writes it [heddle-data-race]
    std::lock_guard<std::mutex> lock(document_.mutex);
    ++document_.images;
  }

private:
  Document &document_;
};

static void countAll(Document &document) {
  for (int i = 0; i < 8; ++i)
    QThreadPool::globalInstance()->start(new Counter(document));
  QThreadPool::globalInstance()->waitForDone();
  std::printf("%d words\n", document.words);
}

static void inTurn() {
  int lines = 0;
  QThreadPool writer;
  writer.setMaxThreadCount(1);
  for (int i = 0; i < 8; ++i)
    writer.start([&lines] { ++lines; });
  writer.waitForDone();
  std::printf("%d lines\n", lines);
}

static int layout(Document &document) {
  int height = 0, width = 0;
  QFuture<void> later = QtConcurrent::run([&] {
    for (int page : document.pages)
      height += page; // CHECK: [[@LINE]]:7: error: 'height' is written here with no lock while 'layout' reads it [heddle-data-race]
    width = 80;
  });
  int soFar = height;
  later.waitForFinished();
  return soFar + height + width;
}

static long sum(Document &document) {
  long sum = 0, largest = 0;
  std::mutex mutex;
  QtConcurrent::blockingMap(document.pages, [&](int &page) {
    page += 1;
    sum += page; // CHECK: [[@LINE]]:5: error: 'sum' is written here with no lock while another thread writes it [heddle-data-race]
    std::lock_guard<std::mutex> lock(mutex);
    if (page > largest)
      largest = page;
  });
  return sum + largest;
}

int main() {
  Document document;
  document.pages.assign(100, 40);
  countAll(document);
  inTurn();
  std::printf("%d %ld\n", layout(document), sum(document));
}
