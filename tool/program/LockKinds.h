// What kind a lock is for good: whether its holder may take it again, whether it works between processes, whether it is robust.
//
// Its class says so, or what made it: the attribute object or the constant that an initialiser was given, or a static initial
// value. Models say which calls do that, by the pseudo-fields that last (Model.h): `set arg0.recursive = arg1.recursive`.
//
// Computes, by a forward dataflow over each body that calls such functions, what lasting fields attribute objects have where a
// lock is initialised, and for initialisers of what the caller gave a summary that its callers apply. What is known of one lock
// is kept by the name that all functions have for it: a variable, a field of a class, or what a pointer in one of these refers
// to. Several initialisations that differ make it unknown.
//
// Gets wrong: two objects of a class whose locks are made differently are both unknown, except where one of them is made.
#pragma once

#include "program/Program.h"

#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace heddle {

class LockKinds {
public:
  explicit LockKinds(const Program &program);

  /// Whether the holder of `lock`, a place of `body`, may take it again; nullopt when that isn't known.
  std::optional<bool> recursive(PlaceId lock, facts::BodyId body) const;
  /// Whether `lock` was made to be used by several processes; nullopt when nothing says so or the contrary.
  std::optional<bool> processShared(PlaceId lock) const;
  /// A lock, semaphore, condition or barrier that a call makes, for several processes or for one; nullopt: not known.
  struct Made {
    PlaceId object = kNone; // in the frame of the body that has the call
    std::optional<bool> shared;
  };
  std::vector<Made> madeAt(facts::BodyId body, facts::EventId event) const;
  /// The value of a pseudo-field that lasts, of whatever object; 0 when nothing sets it or its value isn't known. nullopt for
  /// other places.
  std::optional<int64_t> lasting(PlaceId field) const;

  /// Whether a model's operand is one of the pseudo-fields that last: what an initialiser sets in it is the lock's for good.
  static bool isLasting(const Operand &operand);

private:
  enum class Name : uint8_t { Variable, Field, VariableTarget, FieldTarget };
  using Key = std::pair<Name, uint32_t>;
  struct Setting { // object.field = value, in the frame of the body that sets it
    PlaceId object, value;
    unsigned field; // index of kFields
    friend auto operator<=>(const Setting &, const Setting &) = default;
  };
  struct Site {
    facts::BlockId block;
    facts::EventId event;
    Setting setting;
  };
  using State = std::map<std::pair<PlaceId, unsigned>, PlaceId>; // of objects: the value of a lasting field, kNone unknown

  std::optional<Key> keyOf(PlaceId object) const;
  std::optional<unsigned> fieldOf(PlaceId place) const;
  bool initialises(facts::FunctionId function) const;
  bool findRelevant(facts::BodyId body);
  void staticValues();
  void walk(facts::BodyId body);
  void through(const facts::BodyView &body, facts::BlockId block, State &state);
  void step(const facts::BodyView &body, facts::EventId event, State &state);
  void apply(const facts::BodyView &body, facts::EventId event, const Op &op, State &state);
  bool overwritten(const facts::BodyView &body, const Site &site) const;
  PlaceId valueOf(const Operand &operand, const facts::BodyView &body, facts::EventId event, const State &state) const;
  std::optional<bool> holdsBefore(const Op &op, const facts::BodyView &body, facts::EventId event) const;
  bool isVariable(PlaceId object) const;
  void set(const facts::BodyView &body, facts::EventId event, const Setting &setting);
  void escape(const facts::BodyView &body, facts::EventId event, State &state) const;
  void note(facts::EventId event, State &state, const Setting &setting);
  void keep(Key key, unsigned field, PlaceId value);
  std::optional<std::optional<int64_t>> kept(PlaceId object, unsigned field) const;

  static constexpr llvm::StringRef kLasting[] = {"recursive", "shared", "robust", "mutex"}; // the pseudo-fields that last
  static constexpr unsigned kRecursive = 0, kShared = 1;

  using Kept = std::map<std::pair<Key, unsigned>, std::optional<int64_t>>;
  const Program &program_;
  Kept kept_;                                                                             // nullopt: several values, or not known
  std::map<std::tuple<facts::BodyId, PlaceId, unsigned>, std::optional<int64_t>> locals_; // the same, of a body's own variables
  Kept before_;                                                                           // of the pass before
  facts::BlockId block_ = facts::kNone;                                                   // being walked
  std::vector<Site> sites_;                                                               // of the body being walked
  std::map<std::pair<facts::BodyId, facts::EventId>, std::vector<Made>> made_;
  std::set<unsigned> elsewhere_;                         // fields set, to something, in objects without a key
  std::vector<bool> relevant_;                           // by body
  std::map<facts::BodyId, std::set<Setting>> summaries_; // of what the caller gave
};

} // namespace heddle
