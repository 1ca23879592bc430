// The places of a program: those of its facts and those that views make by substituting a callee's frame into its caller's.
#pragma once

#include "facts/Facts.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace heddle {

using facts::kNone;
using facts::PlaceId;
using facts::PlaceKind;

/// Hash-consed places. Ids below facts.places().size() are the facts' own. Types are not part of identity here: a place has the
/// type it was first made with. Pseudo-fields of models ("owned") have field ids from facts.fields().size() on.
class Places {
public:
  explicit Places(const facts::Facts &facts);

  const facts::Place &operator[](PlaceId id) const { return places_[id]; }
  size_t size() const { return places_.size(); }
  /// The one id of all rows that name this place. Ids from facts go through it before they are compared.
  PlaceId canonical(PlaceId id) const { return id == kNone ? kNone : canonical_[id]; }

  PlaceId make(PlaceKind kind, uint32_t id, PlaceId parent = kNone, facts::ExprOp op = facts::ExprOp::None,
               facts::TypeId type = kNone);
  PlaceId deref(PlaceId pointer) { return make(PlaceKind::Deref, kNone, pointer); }
  PlaceId addressOf(PlaceId object) { return make(PlaceKind::AddressOf, kNone, object); }
  PlaceId member(PlaceId object, facts::FieldId field) { return make(PlaceKind::Field, field, object); }
  PlaceId member(PlaceId object, llvm::StringRef pseudoField);
  PlaceId constant(int64_t value);
  std::optional<int64_t> asConstant(PlaceId id) const;
  /// Something that has no name where it is met: the object that a callback from elsewhere works on, one of what it captured.
  /// Each has a place of its own, by the call that runs the callback, the callback, and the root there. It means the same in all
  /// frames.
  PlaceId elsewhere(facts::BodyId body, facts::EventId event, facts::FunctionId callback, PlaceId root);
  bool isElsewhere(PlaceId root) const {
    return places_[root].kind() == PlaceKind::Unknown && places_[root].id() >> 31 && places_[root].id() < kNone - 8;
  }

  PlaceKind rootKind(PlaceId id) const { return places_[root(id)].kind(); }
  PlaceId root(PlaceId id) const; // follows parents; an Expr is its own root
  /// Whether `part` is `whole` or reached from it by steps.
  bool within(PlaceId part, PlaceId whole) const {
    return part >= whole && made_[part].parts & bit(whole) && follows(part, whole);
  }
  /// Whether `part` is `whole` or a part of it: not what it only points at.
  bool contains(PlaceId whole, PlaceId part) const {
    if (!within(part, whole))
      return false;
    for (; part != whole; part = places_[part].parent())
      if (places_[part].kind() == PlaceKind::Deref)
        return false;
    return true;
  }
  /// Whether `part` occurs anywhere in `id`, indices and operands included.
  bool mentions(PlaceId id, PlaceId part) const {
    // What a place is made from has a lower id.
    return id != kNone && id >= part && made_[id].parts & bit(part) && occurs(id, part);
  }
  uint32_t depth(PlaceId id) const { return made_[id].depth; } // steps from the root
  /// The steps of `part` from `whole` on, taken from `base` instead; `part` must be within `whole`.
  PlaceId rebase(PlaceId part, PlaceId whole, PlaceId base);

  /// Rewrites the root of `id` by `value(root)`; kNone from it gives kNone: the place has no name in the new frame.
  PlaceId substitute(PlaceId id, llvm::function_ref<PlaceId(PlaceId root)> value);

  /// As a reader writes it: "other.mu_", "this->mu_", "accounts[i].lock". Names of parameters and locals come from `body`.
  std::string text(PlaceId id, const facts::BodyView *body = nullptr) const;

  llvm::StringRef pseudoField(facts::FieldId field) const;
  const facts::Facts &facts() const { return facts_; }

private:
  const facts::Facts &facts_;
  /// What a place is made from, as bits of its ids: most questions whether one occurs in another end here.
  struct Made {
    uint64_t parts = 0;
    uint32_t depth = 0;
  };
  static uint64_t bit(PlaceId id) { return uint64_t(1) << (id * 0x9e3779b9u >> 26); }
  static bool indexed(const facts::Place &p) {
    return p.kind() == PlaceKind::Element || (p.kind() == PlaceKind::Expr && p.op() != facts::ExprOp::Opaque);
  }
  Made madeOf(PlaceId id, const facts::Place &place) const;
  bool follows(PlaceId part, PlaceId whole) const;
  bool occurs(PlaceId id, PlaceId part) const;
  size_t slotOf(PlaceKind kind, uint32_t id, PlaceId parent, facts::ExprOp op) const;
  void growTable();
  PlaceId &slotFor(PlaceKind kind, uint32_t id, PlaceId parent, facts::ExprOp op);
  std::vector<facts::Place> places_;
  std::vector<Made> made_;
  std::vector<PlaceId> canonical_;
  std::vector<PlaceId> table_; // open hashing over the canonical ones of places_; a power of two
  size_t canonicals_ = 0;
  std::vector<int64_t> constants_; // beyond the facts'
  std::map<int64_t, uint32_t> constantIds_;
  std::map<std::array<uint32_t, 4>, uint32_t> elsewhere_;
  std::vector<std::string> pseudoFields_;
  llvm::StringMap<facts::FieldId> pseudoFieldIds_;
};

} // namespace heddle
