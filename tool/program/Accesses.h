// Accesses: every read and write of an object, by the frame that does it and with the locks held there.
//
// Computes. Each access of each event (BodyAccesses.h) of each frame, on the objects that its place may be; of a whole object,
// all its fields. Field-sensitive: the object of an access is the field. Indexed by object, before any pair is formed. Objects
// that no second entry touches are dropped at once. Gets wrong: a place that may be more than kObjects objects gives none.
#pragma once

#include "program/BodyAccesses.h"
#include "program/Entries.h"
#include "program/Phases.h"

namespace heddle {

struct Access : AccessKind {
  Point point;
  ObjectId object;
  bool several = false; // the place may also be another object
};

class Accesses {
public:
  static constexpr size_t kObjects = 2;
  static constexpr size_t kFields = 32;
  static constexpr unsigned kDepth = 3; // of fields in fields

  Accesses(const Program &program, const Entries &entries);

  const std::vector<Access> &all() const { return all_; }
  const Access &operator[](uint32_t id) const { return all_[id]; }
  /// Accesses to an object, in order of frames.
  llvm::ArrayRef<uint32_t> of(ObjectId object) const;
  /// Objects with accesses, in order of their first one.
  llvm::ArrayRef<ObjectId> objects() const { return objects_; }

private:
  void collect(FrameId frame);
  void add(Point point, PlaceId place, Access proto);
  void addObject(ObjectId object, const Access &proto, unsigned depth = 0);
  void spreadOverParts();
  void dropUnshared();

  const Program &program_;
  const Entries &entries_;
  Frames &frames_;
  std::vector<Access> all_;
  std::vector<ObjectId> objects_;
  llvm::DenseMap<ObjectId, std::vector<uint32_t>> byObject_;
};

} // namespace heddle
