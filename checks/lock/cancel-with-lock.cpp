// A thread that another one cancels, at a point where it may end and has a lock: nobody will ever release it. Where that is, and
// what keeps it from happening, is in program/Cancellation.h; what is held, in LockState.h.
#include "checks/Check.h"
#include "program/Blocking.h"
#include "program/Cancellation.h"
#include "program/RaceStory.h"
#include "program/Sharing.h"
#include "program/Story.h"
#include "program/Uses.h"

#include <set>

namespace heddle {
namespace {

using namespace facts;

class CancelWithLock {
public:
  CancelWithLock(const Program &program, Sink &sink) : program_(program), sink_(sink) {}

  void run() {
    if (program_.entries().all().size() < 2)
      return;
    for (const CancellationPoint &point : Cancellation(program_).points()) {
      // Who ends the process next needs no lock any more.
      if (program_.sharing().phases().endsBehind(point.cancelled, kNone))
        continue;
      std::vector<Point> steps = program_.sharing().phases().chain(point.at);
      steps.push_back(point.at);
      for (Point step : steps) // outermost first: who takes it is who has to clean up
        if (const Held *held = heldAt(step)) {
          report(point, step, *held);
          break;
        }
    }
  }

private:
  const Frames &frames() const { return program_.sharing().frames(); }

  /// A lock that the thread surely has, that no destructor or handler gives back as it ends, and that others want.
  const Held *heldAt(Point point) const {
    BodyId id = frames()[point.frame].body;
    BodyView body = program_.facts().body(id);
    for (CleanupId cleanup = body.events[point.event].cleanup(); cleanup != kNone; cleanup = body.cleanups[cleanup].next())
      if (body.cleanups[cleanup].kind() == CleanupKind::Handler)
        return nullptr;
    for (const Held &held : program_.locks().at(id, point.event)) {
      const Acquisition &taken = program_.locks().acquisition(held.acquisition);
      const Event &event = program_.facts().body(taken.body).events[taken.event];
      bool guard = event.kind() == EventKind::Construct ||
                   (event.place() != kNone &&
                    kindAt(program_, program_.facts().body(taken.body), program_.places().canonical(event.place()), "guard"));
      if (!held.maybe && !guard && wanted(program_.lockOrder().node(program_.locks().lockObject(held.lock), id), point.frame))
        return &held;
    }
    return nullptr;
  }

  /// Whether a function that another thread runs takes the lock, too.
  bool wanted(const LockNode &node, FrameId frame) const {
    EntryId mine = frames()[frame].entry;
    for (const Section &section : program_.blocking().sections())
      if (section.node == node)
        for (FrameId other : frames().reached())
          if (frames()[other].body == section.body && (frames()[other].entry != mine || program_.sharing().phases().beside(mine)))
            return true;
    return false;
  }

  void report(const CancellationPoint &point, Point holder, const Held &held) {
    BodyId id = frames()[holder.frame].body;
    if (!told_.insert({id, held.lock}).second)
      return;
    RaceStory story(program_.sharing());
    BodyView body = program_.facts().body(id), ends = frames().body(point.at.frame);
    std::string lock = lockText(program_, held.lock, id);
    std::string call = program_.nameOf(ends.events[point.at.event].callee()).str();
    Finding finding;
    finding.check = "cancel-with-lock";
    finding.severity = Severity::Warning;
    finding.message = lock + " is held where '" + call + "' may end the thread, which is cancelled: nobody will release it";
    finding.entities = {lockName(program_, held.lock, id)};
    Lane thread = story.lane("thread", point.at, point.cancelled);
    std::vector<Step> taken = acquisitionSteps(program_, held.acquisition, "locks");
    thread.steps.insert(thread.steps.end(), taken.begin(), taken.end());
    Step end = stepAt(program_, frames()[point.at.frame].body, point.at.event, "end", "may end here, with " + lock + " held");
    end.own = true;
    finding.place = stepAt(program_, id, holder.event, "", "").place;
    finding.function = program_.displayOf(body.function()).str();
    thread.steps.push_back(std::move(end));
    Step cancel = stepAt(program_, frames()[point.cancelled.frame].body, point.cancelled.event, "cancel", "cancels the thread");
    cancel.own = true;
    finding.lanes = {std::move(thread), {"who cancels it", {std::move(cancel)}}};
    finding.reasons.push_back("no clean-up handler is pushed and cancellation is not disabled there");
    sink_.report(std::move(finding));
  }

  const Program &program_;
  Sink &sink_;
  std::set<std::pair<BodyId, PlaceId>> told_;
};

void run(const Program &program, Sink &sink) { CancelWithLock(program, sink).run(); }

} // namespace

extern const Check cancelWithLock{"cancel-with-lock", "lock",      "a thread cancelled at a point where it has a lock",
                                  Severity::Warning,  World::Open, run};

} // namespace heddle
