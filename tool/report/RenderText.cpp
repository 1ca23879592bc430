#include "report/Render.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

namespace heddle {
namespace {

using Color = llvm::raw_ostream::Colors;

Color colorOf(Severity severity) {
  switch (severity) {
  case Severity::Error:
    return Color::RED;
  case Severity::Warning:
    return Color::MAGENTA;
  case Severity::Advice:
    return Color::CYAN;
  }
  return Color::SAVEDCOLOR;
}

class TextWriter {
public:
  TextWriter(const TextStyle &style, SourceText &sources, llvm::raw_ostream &out) : style_(style), sources_(sources), out_(out) {}

  void write(const Finding &finding) {
    head(finding.place, name(finding.severity), colorOf(finding.severity), finding.message + " [heddle-" + finding.check + "]");
    snippet(finding.place);
    for (const Lane &lane : finding.lanes)
      for (const Step &step : lane.steps)
        write(lane, step);
    for (const std::string &reason : finding.reasons)
      note(finding.place, reason);
    for (const Fix &fix : finding.fixes)
      note(fix.edits.empty() ? finding.place : fix.edits.front().place, "fix: " + fix.message);
    if (!finding.also.empty())
      note(finding.place, "this is also what heddle-" + llvm::join(finding.also, ", heddle-") + " would report");
    if (style_.verbose)
      note(finding.place, "fingerprint " + finding.fingerprint + ", seen in " + llvm::join(finding.targets, ", "));
  }

private:
  void write(const Lane &lane, const Step &step) {
    std::string text = lane.name.empty() ? step.message : lane.name + ": " + step.message;
    if (style_.verbose && !step.function.empty())
      text += " in '" + step.function + "'";
    if (style_.verbose && !step.held.empty())
      text += ", holding " + llvm::join(step.held, ", ");
    note(step.place, text);
  }

  void note(const SourceRange &place, const std::string &text) { head(place, "note", Color::BLACK, text); }

  void head(const SourceRange &place, llvm::StringRef word, Color color, const std::string &text) {
    paint(Color::SAVEDCOLOR, true);
    if (place.file.empty())
      out_ << "heddle: ";
    else
      out_ << place.file << ':' << place.line << ':' << place.column << ": ";
    paint(color, true);
    out_ << word << ": ";
    if (style_.color)
      out_.resetColor();
    out_ << text << '\n';
  }

  void paint(Color color, bool bold) {
    if (style_.color)
      out_.changeColor(color, bold);
  }

  /// Nothing when the source can't be read, or isn't long enough any more. Tabs stay tabs, so the caret stands where the reader
  /// sees it.
  void snippet(const SourceRange &place) {
    std::optional<llvm::StringRef> line = sources_.line(place.file, place.line);
    if (!line || place.column == 0 || place.column > line->size() + 1)
      return;
    out_ << llvm::formatv("{0,5} | ", place.line);
    for (char c : *line)
      out_ << (llvm::isPrint(c) || c == '\t' || (c & 0x80) ? c : ' ');
    out_ << "\n      | ";
    for (char c : line->take_front(place.column - 1))
      if ((c & 0xc0) != 0x80) // one column for a character of several bytes
        out_ << (c == '\t' ? '\t' : ' ');
    paint(Color::GREEN, true);
    out_ << '^';
    if (style_.color)
      out_.resetColor();
    out_ << '\n';
  }

  const TextStyle &style_;
  SourceText &sources_;
  llvm::raw_ostream &out_;
};

} // namespace

bool isShown(const Finding &finding, Severity severity) { return !finding.suppressed && finding.severity >= severity; }

void renderText(const Report &report, const TextStyle &style, SourceText &sources, llvm::raw_ostream &out) {
  TextWriter writer(style, sources, out);
  for (const Finding &finding : report.findings)
    if (isShown(finding, style.severity))
      writer.write(finding);
}

} // namespace heddle
