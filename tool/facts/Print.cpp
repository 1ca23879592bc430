// `heddle facts`: facts as JSON for people and tests. Bodies are printed as text, an event a line.
#include "facts/Facts.h"
#include "facts/Text.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace heddle::facts {
namespace {

class Printer {
public:
  Printer(const Facts &facts, llvm::raw_ostream &out) : f_(facts), json_(out, 1) {}

  void run() {
    json_.object([&] {
      json_.attribute("version", kVersion);
      json_.attribute("bytes", static_cast<int64_t>(f_.bytes().size()));
      json_.attributeArray("units", [&] {
        for (const Unit &u : f_.units())
          json_.object([&] {
            json_.attribute("file", f_.string(f_.files()[u.file()].path()));
            json_.attribute("functions", u.functions());
            if (u.detail() != kNone)
              json_.attribute("error", f_.string(u.detail()));
          });
      });
      json_.attributeArray("records", [&] {
        for (const Record &r : f_.records())
          record(r);
      });
      json_.attributeArray("variables", [&] {
        for (const Variable &v : f_.variables())
          json_.object([&] {
            json_.attribute("entity", f_.string(v.entity()));
            json_.attribute("type", type(v.type()));
            json_.attribute("flags", names(v.flags(), EnumValuesVariableFlag()));
          });
      });
      json_.attributeArray("initials", [&] {
        for (const Initial &i : f_.initials())
          json_.value(text(f_, i.part()) + " = " + text(f_, i.value()));
      });
      json_.attributeArray("functions", [&] {
        for (const Function &f : f_.functions())
          json_.object([&] {
            json_.attribute("entity", f_.string(f.entity()));
            json_.attribute("name", f_.string(f.name()));
            json_.attribute("display", f_.string(f.display()));
            json_.attribute("flags", names(f.flags(), EnumValuesFunctionFlag()));
          });
      });
      json_.attributeArray("attributes", [&] {
        for (const Attribute &a : f_.attributes())
          attribute(a);
      });
      json_.attributeArray("bodies", [&] {
        for (BodyId id = 0; id < f_.bodies().size(); ++id)
          body(f_.body(id));
      });
    });
  }

private:
  llvm::StringRef type(TypeId id) const { return id == kNone ? "" : f_.string(f_.types()[id].name()); }
  std::string where(LocationId id) const {
    if (id == kNone)
      return "";
    const Location &l = f_.location(id);
    return (f_.path(id) + ":" + llvm::Twine(l.line()) + ":" + llvm::Twine(l.column())).str();
  }

  template <class Flag, class Values> std::string names(Flag flags, const Values &values) const {
    std::string text;
    for (Flag flag : values)
      if (has(flags, flag))
        text += (text.empty() ? "" : " ") + nameOf(flag);
    return text;
  }
  static std::string nameOf(VariableFlag f) { return EnumNameVariableFlag(f); }
  static std::string nameOf(FunctionFlag f) { return EnumNameFunctionFlag(f); }
  static std::string nameOf(EventFlag f) { return EnumNameEventFlag(f); }
  static std::string nameOf(RecordFlag f) { return EnumNameRecordFlag(f); }
  static std::string nameOf(BlockFlag f) { return EnumNameBlockFlag(f); }
  static std::string nameOf(LocalFlag f) { return EnumNameLocalFlag(f); }

  void record(const Record &r) {
    RecordId id = static_cast<RecordId>(&r - f_.records().data());
    json_.object([&] {
      json_.attribute("entity", f_.string(r.entity()));
      json_.attribute("pattern", f_.string(r.pattern()));
      json_.attribute("flags", names(r.flags(), EnumValuesRecordFlag()));
      json_.attributeArray("args", [&] {
        for (TypeId t : f_.args(r))
          json_.value(type(t));
      });
      json_.attributeArray("fields", [&] {
        for (const Field &field : f_.fields())
          if (field.record() == id)
            json_.value((f_.string(field.name()) + ": " + type(field.type())).str());
      });
    });
  }

  void attribute(const Attribute &a) {
    json_.object([&] {
      json_.attribute("kind", EnumNameAttributeKind(a.kind()));
      switch (a.owner_kind()) {
      case OwnerKind::Function:
        json_.attribute("owner", f_.string(f_.functions()[a.owner()].entity()));
        break;
      case OwnerKind::Record:
        json_.attribute("owner", f_.string(f_.records()[a.owner()].entity()));
        break;
      case OwnerKind::Field:
        json_.attribute("owner", f_.string(f_.fields()[a.owner()].name()));
        break;
      case OwnerKind::Variable:
        json_.attribute("owner", f_.string(f_.variables()[a.owner()].entity()));
        break;
      }
      json_.attributeArray("args", [&] {
        for (PlaceId p : f_.list(a.args(), a.arg_count()))
          json_.value(text(f_, p));
      });
    });
  }

  std::string event(const BodyView &b, const Event &e) const {
    std::string line = std::to_string(b.idOf(e)) + ": " + llvm::StringRef(EnumNameEventKind(e.kind())).lower();
    if (e.callee() != kNone)
      line += " " + f_.string(f_.functions()[e.callee()].name()).str();
    if (e.place() != kNone)
      line += " on " + text(f_, e.place(), &b);
    std::string operands;
    for (PlaceId p : b.operands(e))
      operands += (operands.empty() ? "" : ", ") + text(f_, p, &b);
    if (!operands.empty())
      line += " (" + operands + ")";
    if (e.result() != kNone)
      line += " into " + text(f_, e.result(), &b);
    if (std::string flags = names(e.flags(), EnumValuesEventFlag()); !flags.empty())
      line += " [" + flags + "]";
    if (e.cleanup() != kNone)
      line += " unwinds " + std::to_string(e.cleanup());
    return line + " @ " + where(e.location());
  }

  void body(const BodyView &b) {
    json_.object([&] {
      json_.attribute("function", f_.string(f_.functions()[b.function()].entity()));
      json_.attribute("at", where(b.row->location()));
      json_.attributeArray("locals", [&] {
        for (const Local &l : b.locals)
          json_.value((f_.string(l.name()) + ": " + type(l.type()) + " " + names(l.flags(), EnumValuesLocalFlag())).str());
      });
      json_.attributeArray("blocks", [&] {
        for (const Block &block : b.blocks)
          json_.object([&] {
            if (std::string flags = names(block.flags(), EnumValuesBlockFlag()); !flags.empty())
              json_.attribute("flags", flags);
            json_.attributeArray("events", [&] {
              for (const Event &e : b.eventsOf(block))
                json_.value(event(b, e));
            });
            json_.attributeArray("edges", [&] {
              for (const Edge &e : b.edgesOf(block))
                json_.value(edge(b, e));
            });
          });
      });
      json_.attributeArray("cleanups", [&] {
        for (const Cleanup &c : b.cleanups)
          json_.value(std::string(EnumNameCleanupKind(c.kind())) + (c.place() == kNone ? "" : " " + text(f_, c.place(), &b)) +
                      (c.block() == kNone ? "" : " block " + std::to_string(c.block())) +
                      (c.next() == kNone ? "" : " then " + std::to_string(c.next())));
      });
      json_.attributeArray("shapes", [&] {
        for (const Shape &s : b.shapes)
          json_.value((llvm::Twine(EnumNameShapeKind(s.kind())) + " event " + llvm::Twine(s.event()) + " edit '" +
                       f_.string(s.edit()) + "'")
                          .str());
      });
    });
  }

  std::string edge(const BodyView &b, const Edge &e) const {
    static const char *const signs[] = {"", " == ", " != ", " < ", " <= ", " > ", " >= ", " otherwise"};
    std::string line = "to " + std::to_string(e.to());
    if (e.relation() == Relation::Always)
      return line;
    line += " if " + text(f_, e.value(), &b) + signs[static_cast<size_t>(e.relation())];
    return e.relation() == Relation::Default ? line : line + std::to_string(e.constant());
  }

  const Facts &f_;
  llvm::json::OStream json_;
};

} // namespace

void print(const Facts &facts, llvm::raw_ostream &out) {
  Printer(facts, out).run();
  out << '\n';
}

} // namespace heddle::facts
