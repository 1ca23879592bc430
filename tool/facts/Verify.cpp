// What FlatBuffers can't check: that every id names a row, every range lies in its table, and every enum has a known value.
// A facts file may come from anywhere; after this, readers index without looking.
#include "facts/Facts.h"

namespace heddle::facts {
namespace {

class Verification {
public:
  explicit Verification(const Facts &facts) : f_(facts) {}
  llvm::Error run() {
    strings_ = f_.stringCount();
    checkNames();
    checkEntities();
    checkPlaces();
    if (!bad_)
      checkInitials();
    for (BodyId id = 0; id < f_.bodies().size() && !bad_; ++id)
      checkBody(f_.bodies()[id]);
    checkUnits();
    return bad_ ? llvm::createStringError("damaged facts: " + llvm::StringRef(bad_)) : llvm::Error::success();
  }

private:
  void need(bool good, const char *what) {
    if (!good && !bad_)
      bad_ = what;
  }
  void id(uint32_t id, size_t count, const char *what) { need(id < count, what); }
  void idOrNone(uint32_t id, size_t count, const char *what) { need(id == kNone || id < count, what); }
  void range(uint64_t first, uint64_t count, size_t size, const char *what) { need(first + count <= size, what); }
  template <class Enum> void known(Enum value, Enum last, const char *what) { need(value <= last, what); }
  void list(uint32_t first, uint32_t count, size_t rows, const char *what) {
    range(first, count, f_.lists().size(), what);
    if (!bad_)
      for (uint32_t entry : f_.list(first, count))
        idOrNone(entry, rows, what);
  }

  void checkNames() {
    for (const File &r : f_.files())
      id(r.path(), strings_, "file path");
    for (const Location &r : f_.locations())
      id(r.file(), f_.files().size(), "location file");
    for (const Type &r : f_.types()) {
      id(r.name(), strings_, "type name");
      idOrNone(r.pointee(), f_.types().size(), "type pointee");
      idOrNone(r.record(), f_.records().size(), "type record");
      known(r.kind(), TypeKind::Other, "type kind");
    }
  }

  void checkEntities() {
    for (const Record &r : f_.records()) {
      id(r.entity(), strings_, "record entity");
      idOrNone(r.name(), strings_, "record name"), idOrNone(r.pattern(), strings_, "record pattern");
      list(r.args(), r.arg_count(), f_.types().size(), "record arguments");
      idOrNone(r.destructor(), f_.functions().size(), "record destructor");
      idOrNone(r.location(), f_.locations().size(), "record location");
    }
    for (const Field &r : f_.fields()) {
      id(r.record(), f_.records().size(), "field record");
      idOrNone(r.name(), strings_, "field name"), idOrNone(r.type(), f_.types().size(), "field type");
      idOrNone(r.location(), f_.locations().size(), "field location");
    }
    for (const Base &r : f_.bases())
      id(r.record(), f_.records().size(), "base record"), id(r.base(), f_.records().size(), "base");
    for (const Variable &r : f_.variables()) {
      id(r.entity(), strings_, "variable entity");
      idOrNone(r.name(), strings_, "variable name"), idOrNone(r.type(), f_.types().size(), "variable type");
      idOrNone(r.location(), f_.locations().size(), "variable location");
      idOrNone(r.owner(), f_.functions().size(), "variable owner");
      idOrNone(r.initializer(), f_.places().size(), "variable initializer");
    }
    for (const Function &r : f_.functions()) {
      id(r.entity(), strings_, "function entity");
      idOrNone(r.name(), strings_, "function name"), idOrNone(r.display(), strings_, "function display");
      idOrNone(r.record(), f_.records().size(), "function record"), idOrNone(r.result(), f_.types().size(), "function result");
      list(r.params(), r.param_count(), f_.types().size(), "function parameters");
      list(r.args(), r.arg_count(), f_.types().size(), "function template arguments");
      idOrNone(r.pattern(), strings_, "function pattern"), idOrNone(r.location(), f_.locations().size(), "function location");
    }
    for (const Override &r : f_.overrides())
      id(r.overridden(), f_.functions().size(), "override"), id(r.function(), f_.functions().size(), "override");
    for (const Attribute &r : f_.attributes()) {
      known(r.kind(), AttributeKind::NonBlocking, "attribute kind"),
          known(r.owner_kind(), OwnerKind::Variable, "attribute owner kind");
      size_t owners = r.owner_kind() == OwnerKind::Function ? f_.functions().size()
                      : r.owner_kind() == OwnerKind::Record ? f_.records().size()
                      : r.owner_kind() == OwnerKind::Field  ? f_.fields().size()
                                                            : f_.variables().size();
      id(r.owner(), owners, "attribute owner");
      list(r.args(), r.arg_count(), f_.places().size(), "attribute arguments");
    }
  }

  void checkPlaces() {
    std::span<const Place> places = f_.places();
    for (uint32_t i = 0; i < places.size(); ++i) {
      const Place &p = places[i];
      known(p.kind(), PlaceKind::Expr, "place kind"), known(p.op(), ExprOp::Pair, "place operation");
      idOrNone(p.type(), f_.types().size(), "place type");
      // Parents come first: places are a forest, and walks up it end.
      bool step = p.kind() >= PlaceKind::Field;
      need(step ? p.parent() < i || (p.kind() == PlaceKind::Expr && p.parent() == kNone) : p.parent() == kNone, "place parent");
      switch (p.kind()) {
      case PlaceKind::Global:
        id(p.id(), f_.variables().size(), "place variable");
        break;
      case PlaceKind::Function:
        id(p.id(), f_.functions().size(), "place function");
        break;
      case PlaceKind::Constant:
        id(p.id(), f_.constantCount(), "place constant");
        break;
      case PlaceKind::String:
        id(p.id(), strings_, "place string");
        break;
      case PlaceKind::Field:
        id(p.id(), f_.fields().size(), "place field");
        break;
      case PlaceKind::Element:
        need(p.id() == kNone || p.id() < i, "place index");
        break;
      case PlaceKind::Expr:
        if (p.op() == ExprOp::Opaque)
          id(p.id(), f_.constantCount(), "place hash");
        else
          need(p.id() == kNone || p.id() < i, "place operand");
        break;
      default:
        break;
      }
    }
  }

  void checkInitials() {
    std::span<const Place> places = f_.places();
    for (const Initial &r : f_.initials()) {
      id(r.variable(), f_.variables().size(), "initial variable"), id(r.part(), places.size(), "initial part");
      id(r.value(), places.size(), "initial value");
      if (bad_)
        return;
      PlaceId root = r.part();
      while (places[root].kind() == PlaceKind::Field || places[root].kind() == PlaceKind::Element)
        root = places[root].parent();
      need(places[root].kind() == PlaceKind::Global && places[root].id() == r.variable(), "initial part of another variable");
    }
  }

  void checkBody(const Body &b) {
    id(b.function(), f_.functions().size(), "body function"), idOrNone(b.location(), f_.locations().size(), "body location");
    range(b.blocks(), b.block_count(), f_.blocks().size(), "body blocks"),
        range(b.events(), b.event_count(), f_.events().size(), "body events");
    range(b.locals(), b.local_count(), f_.locals().size(), "body locals"),
        range(b.params(), b.param_count(), f_.locals().size(), "body parameters");
    range(b.captures(), b.capture_count(), f_.captures().size(), "body captures");
    range(b.cleanups(), b.cleanup_count(), f_.cleanups().size(), "body cleanups"),
        range(b.shapes(), b.shape_count(), f_.shapes().size(), "body shapes");
    if (bad_)
      return;
    BodyView view = f_.body(static_cast<BodyId>(&b - f_.bodies().data()));
    size_t strings = strings_, places = f_.places().size(), functions = f_.functions().size();
    for (const Block &block : view.blocks) {
      range(block.events(), block.event_count(), view.events.size(), "block events");
      range(block.edges(), block.edge_count(), f_.edges().size(), "block edges");
      if (bad_)
        return;
      for (const Edge &edge : view.edgesOf(block)) {
        id(edge.to(), view.blocks.size(), "edge target"), idOrNone(edge.value(), places, "edge value");
        known(edge.relation(), Relation::Default, "edge relation");
      }
    }
    for (const Event &event : view.events) {
      known(event.kind(), EventKind::Suspend, "event kind");
      idOrNone(event.place(), places, "event place"), idOrNone(event.result(), places, "event result");
      idOrNone(event.callee(), functions, "event callee"), idOrNone(event.location(), f_.locations().size(), "event location");
      idOrNone(event.cleanup(), view.cleanups.size(), "event cleanup");
      range(event.operands(), event.operand_count(), f_.operandTable().size(), "event operands");
      if (bad_)
        return;
      for (PlaceId operand : view.operands(event))
        idOrNone(operand, places, "event operand");
    }
    for (uint32_t i = 0; i < view.cleanups.size(); ++i) {
      const Cleanup &c = view.cleanups[i];
      known(c.kind(), CleanupKind::Terminate, "cleanup kind"), idOrNone(c.place(), places, "cleanup place");
      idOrNone(c.callee(), functions, "cleanup destructor"), idOrNone(c.block(), view.blocks.size(), "cleanup handler");
      need(c.next() == kNone || c.next() < i, "cleanup chain"); // tails come first, so chains end
    }
    auto local = [&](const Local &l) {
      idOrNone(l.name(), strings, "local name"), idOrNone(l.type(), f_.types().size(), "local type");
      idOrNone(l.location(), f_.locations().size(), "local location");
    };
    for (const Local &l : view.locals)
      local(l);
    for (const Local &l : view.params)
      local(l);
    for (const Capture &c : view.captures)
      idOrNone(c.name(), strings, "capture name"), idOrNone(c.type(), f_.types().size(), "capture type");
    for (const Shape &s : view.shapes) {
      known(s.kind(), ShapeKind::HidingDeclaration, "shape kind"), idOrNone(s.event(), view.events.size(), "shape event");
      idOrNone(s.other(), view.events.size(), "shape event"), idOrNone(s.edit(), strings, "shape edit");
      idOrNone(s.location(), f_.locations().size(), "shape location");
    }
  }

  void checkUnits() {
    for (const Unit &r : f_.units()) {
      id(r.file(), f_.files().size(), "unit file");
      idOrNone(r.command(), strings_, "unit command"), idOrNone(r.detail(), strings_, "unit detail");
    }
    for (const UnitBody &r : f_.unit_bodies())
      id(r.unit(), f_.units().size(), "unit"), id(r.body(), f_.bodies().size(), "unit body");
    for (const UnitVariable &r : f_.unit_variables())
      id(r.unit(), f_.units().size(), "unit"), id(r.variable(), f_.variables().size(), "unit variable");
    for (const UnitFile &r : f_.unit_files())
      id(r.unit(), f_.units().size(), "unit"), id(r.file(), f_.files().size(), "unit file");
    for (const Nolint &r : f_.nolints()) {
      id(r.location(), f_.locations().size(), "nolint location"), idOrNone(r.checks(), strings_, "nolint checks");
      known(r.kind(), NolintKind::End, "nolint kind");
    }
  }

  const Facts &f_;
  size_t strings_ = 0;
  const char *bad_ = nullptr;
};

} // namespace

llvm::Error verify(const Facts &facts) { return Verification(facts).run(); }

} // namespace heddle::facts
