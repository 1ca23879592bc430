// The words that an op's `as` takes.
#include "program/ModelParser.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace heddle {

static constexpr BlockWord kBlockWords[] = {
    // another thread of the program
    {"lock", BlockKind::Thread, "waits for a lock"},
    {"semaphore", BlockKind::Thread, "waits for a semaphore"},
    {"barrier", BlockKind::Thread, "waits at a barrier"},
    {"latch", BlockKind::Thread, "waits for a latch"},
    {"event", BlockKind::Thread, "waits for an event"},
    {"atomic", BlockKind::Thread, "waits for an atomic to change"},
    {"join", BlockKind::Thread, "waits for a thread to end"},
    {"future", BlockKind::Thread, "waits for the result of a task"},
    // time, processes, the network, people
    {"sleep", BlockKind::Slow, "sleeps"},
    {"signal", BlockKind::Slow, "waits for a signal"},
    {"child", BlockKind::Slow, "waits for a child process"},
    {"message", BlockKind::Slow, "waits for another process"},
    {"poll", BlockKind::Slow, "waits for a descriptor to be ready"},
    {"accept", BlockKind::Slow, "waits for a connection"},
    {"connect", BlockKind::Slow, "waits for a peer to accept"},
    {"network", BlockKind::Slow, "waits for the network"},
    {"name", BlockKind::Slow, "looks up a name over the network"},
    {"terminal", BlockKind::Slow, "waits for input from a person"},
    // the disk
    {"file", BlockKind::File, "reads or writes a file"},
    {"sync", BlockKind::File, "waits for the disk"},
    // a descriptor, of whatever it is
    {"input", BlockKind::Descriptor, "reads from a descriptor"},
    {"output", BlockKind::Descriptor, "writes to a descriptor"},
};

ArrayRef<BlockWord> blockWords() { return kBlockWords; }

const BlockWord &blockWord(StringRef note) {
  const BlockWord *row = find_if(kBlockWords, [&](const BlockWord &word) { return word.word == note; });
  assert(row != std::end(kBlockWords) && "the parser takes no other");
  return *row;
}

ArrayRef<StringRef> noteWords(Verb verb) {
  static constexpr StringRef open[] = {"file", "append", "socket", "pipe", "memory", "terminal", "other"};
  static constexpr StringRef advance[] = {"read", "write", "seek"};
  static constexpr StringRef access[] = {"read", "write",  "map",    "listen", "accept",     "connect",
                                         "tell", "status", "buffer", "sync",   "nonblocking"};
  static constexpr StringRef notify[] = {"one", "all"};
  static constexpr StringRef fork[] = {"vfork"};
  static const std::vector<StringRef> block = [] {
    std::vector<StringRef> words;
    for (const BlockWord &row : kBlockWords)
      words.push_back(row.word);
    return words;
  }();
  switch (verb) {
  case Verb::Open:
    return open;
  case Verb::Advance:
    return advance;
  case Verb::Access:
    return access;
  case Verb::Notify:
    return notify;
  case Verb::Fork:
    return fork;
  case Verb::Block:
    return block;
  default:
    return {};
  }
}

} // namespace heddle
