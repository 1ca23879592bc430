#include "report/Render.h"

#include "findings.h"

#include "llvm/Support/JSON.h"

#include <gtest/gtest.h>

namespace heddle {
namespace {

using test::at;
using test::finding;

Report reportWith(std::vector<Finding> findings) {
  Report report;
  report.checks = {"data-race"};
  report.total = 3;
  report.partial = {{"b.cc", "errors", "b.cc:1: no such type"}};
  report.failed = {{"c.cc", "timeout", "needs more"}};
  report.targets = {{"app", true, 2}};
  report.findings = std::move(findings);
  return report;
}

std::string textOf(const Report &report) {
  std::string text;
  llvm::raw_string_ostream out(text);
  SourceText sources("/nowhere");
  renderText(report, {}, sources, out);
  return text;
}

llvm::json::Object jsonOf(const Report &report) {
  std::string text;
  llvm::raw_string_ostream out(text);
  renderJson(report, Severity::Warning, out);
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(text);
  if (!value)
    ADD_FAILURE() << llvm::toString(value.takeError());
  return value ? *value->getAsObject() : llvm::json::Object();
}

TEST(RenderText, FallsBackWithoutSource) {
  EXPECT_EQ(textOf(reportWith({finding("data-race", "x", {at("a.cc", 4, 2)})})),
            "a.cc:4:2: error: 'x' is in danger [heddle-data-race]\n"
            "a.cc:4:2: note: thread 1: writes it\n");
}

TEST(RenderText, LeavesOutSuppressedAndMinor) {
  Finding suppressed = finding("data-race", "x", {at("a.cc", 4)});
  suppressed.suppressed = true;
  Finding advice = finding("data-race", "x", {at("a.cc", 5)});
  advice.severity = Severity::Advice;
  EXPECT_EQ(textOf(reportWith({suppressed, advice})), "");
}

TEST(RenderJson, HasEveryKeyOfTheContract) {
  Finding race = finding("data-race", "x", {at("a.cc", 4, 2)});
  race.fixes = {{"lock it", true, {{at("a.cc", 4), "lock"}}}};
  llvm::json::Object report = jsonOf(reportWith({race}));
  EXPECT_EQ(report.getInteger("schema"), 1);
  for (const char *key : {"tool", "checks", "gate", "units", "targets", "cut", "findings"})
    EXPECT_TRUE(report.get(key)) << key;
  llvm::json::Object &units = *report.getObject("units");
  EXPECT_EQ(units.getInteger("total"), 3);
  EXPECT_EQ(units.getInteger("analysed"), 1);
  EXPECT_EQ((*units.getArray("failed"))[0].getAsObject()->getString("reason"), "timeout");
  llvm::json::Object &only = *(*report.getArray("findings"))[0].getAsObject();
  for (const char *key : {"check", "severity", "message", "fingerprint", "also", "file", "line", "column", "end_line",
                          "end_column", "function", "entities", "traces", "reasons", "fixes", "seen_in", "targets", "suppressed"})
    EXPECT_TRUE(only.get(key)) << key;
  llvm::json::Object &lane = *(*only.getArray("traces"))[0].getAsObject();
  llvm::json::Object &step = *(*lane.getArray("steps"))[0].getAsObject();
  for (const char *key : {"file", "line", "column", "function", "message", "event", "order", "depth", "held"})
    EXPECT_TRUE(step.get(key)) << key;
  llvm::json::Object &edit = *(*(*(*only.getArray("fixes"))[0].getAsObject()).getArray("edits"))[0].getAsObject();
  for (const char *key : {"file", "offset", "length", "text"})
    EXPECT_TRUE(edit.get(key)) << key;
}

TEST(RenderJson, MendsTextThatIsNoUtf8) {
  Finding race = finding("data-race", "x", {at("a.cc", 4, 2)});
  race.message = "caf\xe9";
  llvm::json::Object report = jsonOf(reportWith({race}));
  EXPECT_EQ((*report.getArray("findings"))[0].getAsObject()->getString("message"), "caf\xEF\xBF\xBD");
}

} // namespace
} // namespace heddle
