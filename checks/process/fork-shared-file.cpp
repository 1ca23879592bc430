// A file opened before fork and used after it by both processes: they share one offset. The theory is in program/Descriptors.h.
#include "checks/Check.h"
#include "program/Descriptors.h"
#include "program/Story.h"

namespace heddle {
namespace {

std::string_view participle(Advance how) {
  switch (how) {
  case Advance::Read:
    return "read";
  case Advance::Write:
    return "written";
  case Advance::Seek:
    return "repositioned";
  }
  return "used";
}

/// The variable that was given what an event of the body made; the event's result itself when there is none.
PlaceId variableOf(const Program &program, PlaceId result, const facts::BodyView &body) {
  Places &places = program.places();
  if (places[result].kind() != PlaceKind::Result)
    return result;
  for (const facts::Event &event : body.events)
    if (event.kind() == facts::EventKind::Write && has(event.flags(), facts::EventFlag::Initial) && event.operand_count() == 1 &&
        places.canonical(body.operands(event)[0]) == result)
      return places.canonical(event.place());
  return result;
}

std::string textOf(const Program &program, PlaceId place, facts::BodyId body) {
  facts::BodyView view = program.facts().body(body);
  PlaceId named = program.places().substitute(place, [&](PlaceId root) { return variableOf(program, root, view); });
  return program.places().text(named, &view);
}

/// What a reader would call the file: the variable that holds it, else what the first use calls it.
std::string nameOf(const Program &program, const SharedDescription &shared) {
  const Places &places = program.places();
  PlaceId named = shared.name;
  facts::BodyId body = shared.nameBody;
  if (named == kNone) {
    named = shared.child.place;
    body = shared.child.chain.back().body;
  }
  // The descriptor that a model keeps inside of a stream means the stream.
  while (places[named].kind() == PlaceKind::Field && !places.pseudoField(places[named].id()).empty())
    named = places[named].parent();
  return textOf(program, named, body);
}

/// A call for each frame on the way, then the event itself.
void append(const Program &program, Lane &lane, const Chain &chain, const std::string &event, const std::string &message,
            bool own) {
  for (size_t i = 0; i < chain.size(); ++i) {
    bool last = i + 1 == chain.size();
    std::string text = message;
    if (!last)
      text = "calls '" + program.nameOf(program.facts().bodies()[chain[i + 1].body].function()).str() + "'";
    Step step = stepAt(program, chain[i].body, chain[i].event, last ? event : "call", text);
    step.depth = i;
    step.own = own && last;
    lane.steps.push_back(std::move(step));
  }
}

std::string verb(Advance how) { return how == Advance::Read ? "reads" : how == Advance::Write ? "writes" : "repositions"; }

void appendUse(const Program &program, Lane &lane, const DescriptorUse &use, const std::string &name) {
  std::string event = use.how == Advance::Read ? "read" : use.how == Advance::Write ? "write" : "seek";
  append(program, lane, use.chain, event, verb(use.how) + " '" + name + "'", true);
}

std::string messageOf(const SharedDescription &shared, const std::string &name) {
  std::string start = "'" + name + "' is opened here before fork and ";
  std::string child(participle(shared.child.how));
  if (!shared.parent)
    return start + child + " by each child that the loop forks: they share one offset";
  std::string parent(participle(shared.parent->how));
  return child == parent ? start + child + " by both the parent and the child: they share one offset"
                         : start + child + " by the child and " + parent + " by the parent: they share one offset";
}

void report(const Program &program, const SharedDescription &shared, Sink &sink) {
  std::string name = nameOf(program, shared);
  Finding finding;
  finding.check = "fork-shared-file";
  finding.severity = Severity::Warning;
  finding.message = messageOf(shared, name);
  Step opened = stepAt(program, shared.opened.back().body, shared.opened.back().event, "", "");
  finding.place = opened.place;
  finding.function = opened.function;
  finding.entities = {opened.function + "::" + name};

  Lane parent{"parent", {}}, child{"child", {}};
  append(program, parent, shared.opened, "open", "opens '" + name + "'", true);
  append(program, parent, shared.forked, "fork", "forks: the child gets a copy of the descriptor and shares its offset", false);
  if (shared.parent)
    appendUse(program, parent, *shared.parent, name);
  append(program, child, shared.forked, "fork", "starts here with the same open file", false);
  appendUse(program, child, shared.child, name);
  finding.lanes = {std::move(parent), std::move(child)};
  finding.reasons = {"the file is open at the fork, and neither side has closed or opened it again where it is used"};
  finding.reasons.push_back(shared.parent ? "the parent hasn't waited for the child before its use"
                                          : "the parent hasn't waited for a child before it forks the next");
  finding.considered = {"side of the fork known on both paths", "explicit offset", "appending writes",
                        "no offset (pipe, socket, device)",     "ordered by wait", "replaced by exec"};
  sink.report(std::move(finding));
}

void run(const Program &program, Sink &sink) {
  for (const SharedDescription &shared : program.descriptors().shared())
    report(program, shared, sink);
}

} // namespace

extern const Check forkSharedFile{
    "fork-shared-file", "process",   "a file opened before fork and used through its offset by both processes",
    Severity::Warning,  World::Open, run};

} // namespace heddle
