#include "report/Render.h"

#include "llvm/Support/JSON.h"

namespace heddle {
namespace {

class JsonWriter {
public:
  explicit JsonWriter(llvm::raw_ostream &out) : json_(out, /*IndentSize=*/1) {}

  void write(const Report &report, Severity severity) {
    json_.object([&] {
      json_.attribute("schema", 1);
      json_.attributeObject("tool", [&] {
        json_.attribute("name", "heddle");
        json_.attribute("version", HEDDLE_VERSION);
      });
      strings("checks", report.checks);
      json_.attribute("gate", report.gate);
      json_.attributeObject("units", [&] { units(report); });
      list("targets", report.targets, [&](const TargetSummary &target) {
        string("name", target.name);
        json_.attribute("world", target.closed ? "closed" : "open");
        json_.attribute("units", static_cast<int64_t>(target.units));
      });
      json_.attributeObject("cut", [&] {
        json_.attribute("functions", report.cutFunctions);
        json_.attribute("paths", report.cutPaths);
      });
      json_.attributeArray("findings", [&] {
        for (const Finding &finding : report.findings)
          if (finding.severity >= severity)
            json_.object([&] { write(finding); });
      });
    });
  }

private:
  /// Names and texts come from sources, in whatever encoding those have.
  void string(llvm::StringRef key, llvm::StringRef value) { json_.attribute(key, llvm::json::fixUTF8(value)); }

  void strings(llvm::StringRef key, const std::vector<std::string> &values) {
    json_.attributeArray(key, [&] {
      for (const std::string &value : values)
        json_.value(llvm::json::fixUTF8(value));
    });
  }

  template <class Row, class Write> void list(llvm::StringRef key, const std::vector<Row> &rows, Write write) {
    json_.attributeArray(key, [&] {
      for (const Row &row : rows)
        json_.object([&] { write(row); });
    });
  }

  void units(const Report &report) {
    json_.attribute("total", static_cast<int64_t>(report.total));
    json_.attribute("analysed", static_cast<int64_t>(report.analysed()));
    auto problem = [&](const UnitProblem &unit) {
      string("file", unit.file);
      string("reason", unit.reason);
      string("detail", unit.detail);
    };
    list("partial", report.partial, problem);
    list("failed", report.failed, problem);
  }

  void write(const Finding &finding) {
    string("check", finding.check);
    string("severity", name(finding.severity));
    string("message", finding.message);
    string("fingerprint", finding.fingerprint);
    strings("also", finding.also);
    string("file", finding.place.file);
    json_.attribute("line", finding.place.line);
    json_.attribute("column", finding.place.column);
    json_.attribute("end_line", finding.place.end_line);
    json_.attribute("end_column", finding.place.end_column);
    string("function", finding.function);
    strings("entities", finding.entities);
    traces(finding);
    strings("reasons", finding.reasons);
    list("fixes", finding.fixes, [&](const Fix &fix) { write(fix); });
    json_.attribute("seen_in", finding.seenIn);
    strings("targets", finding.targets);
    json_.attribute("suppressed", finding.suppressed);
  }

  void traces(const Finding &finding) {
    int64_t order = 0;
    list("traces", finding.lanes, [&](const Lane &lane) {
      string("lane", lane.name);
      list("steps", lane.steps, [&](const Step &step) { write(step, ++order); });
    });
  }

  void write(const Step &step, int64_t order) {
    string("file", step.place.file);
    json_.attribute("line", step.place.line);
    json_.attribute("column", step.place.column);
    string("function", step.function);
    string("message", step.message);
    string("event", step.event);
    json_.attribute("order", order);
    json_.attribute("depth", step.depth);
    strings("held", step.held);
  }

  void write(const Fix &fix) {
    string("message", fix.message);
    json_.attribute("safe", fix.safe);
    list("edits", fix.edits, [&](const Edit &edit) {
      string("file", edit.place.file);
      json_.attribute("offset", edit.place.offset);
      json_.attribute("length", edit.place.length);
      string("text", edit.text);
    });
  }

  llvm::json::OStream json_;
};

} // namespace

void renderJson(const Report &report, Severity severity, llvm::raw_ostream &out) {
  JsonWriter(out).write(report, severity);
  out << '\n';
}

} // namespace heddle
