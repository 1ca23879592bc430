// RUN: %check %s
// The lock is in what the field points at: who wants it has to read the field first.
#include <mutex>

class Node {
public:
  void lock() { mutex_.lock(); }
  void unlock() { mutex_.unlock(); }

  // Of a node that the caller has locked: its heavier child, locked, is cut off and given to the caller.
  Node *cut() {
    Node *child = nullptr;
    if (left_ && left_->weight_ > 2) {
      left_->lock();
      child = left_;
      left_ = child->right_;
      child->right_ = nullptr;
    } else if (right_ && right_->weight_ > 2) {
      right_->lock();
      child = right_;
      right_ = child->left_;
      child->left_ = nullptr;
    }
    return child;
  }

private:
  std::mutex mutex_;
  Node *left_ = nullptr, *right_ = nullptr;
  int weight_ = 1;
};
