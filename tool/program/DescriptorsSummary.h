// What a function does with descriptors, as its callers need it.
//
// Places in a summary are of the callee's frame and stem from what a caller has a name for; ReturnSlot is what the call gives.
#pragma once

#include "program/Descriptors.h"
#include "program/DescriptorsState.h"

#include <map>

namespace heddle::descriptors {

enum class Kind : uint8_t {
  File,   // has an offset that matters
  Append, // has one, but writes go to the end whoever makes them
  Other,  // sockets, pipes, terminals, devices: nothing to share
  Closed
};

/// An open file description as one function sees it.
struct Description {
  PlaceId entry = kNone; // what this place of the frame stood for on entry; kNone: opened since
  Kind kind = Kind::File;
  Chain opened;
  PlaceId name = kNone; // first variable or field that held it, of the body nameBody
  facts::BodyId nameBody = kNone;
};

/// A use of a caller's description. `ordered`: after a wait for a child that the caller may have forked.
struct EntryUse {
  DescriptorUse use;
  bool ordered = false;
};

/// Uses of descriptions that were open at a fork.
struct Fork {
  Chain chain;
  std::map<DescriptionId, DescriptorUse> child, parent;
  std::map<DescriptionId, DescriptorUse> sibling; // in a later child of the same fork
};

/// What one place holds after the call.
struct Store {
  PlaceId storage = kNone;
  bool content = false;              // it wasn't written: the description behind its value on entry changed
  DescriptionId description = kNone; // it stands for this one now …
  uint32_t after = 0;                // forks of the callee that came before it was opened
  PlaceId value = kNone;             // … or holds this value; kNone: something unknown
  std::optional<Range> number;       // what is known of it
  friend bool operator==(const Store &, const Store &) = default;
};

struct Outcome {
  std::vector<ForkSide> forks; // `result` is a place of the callee that the caller can name, or kNone
  bool waited = false;
  std::vector<Store> stores;
  friend bool operator==(const Outcome &, const Outcome &) = default;
};

struct Summary {
  std::vector<Description> descriptions;
  std::map<PlaceId, std::vector<EntryUse>> uses; // by place on entry: one a way of advancing and order
  std::vector<Fork> forks;
  std::vector<Outcome> outcomes; // empty: doesn't return
  bool trivial() const;          // changes nothing and returns
};

} // namespace heddle::descriptors
