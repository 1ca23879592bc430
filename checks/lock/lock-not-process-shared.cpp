// Locks in memory that processes share, made for one process: each process takes its own idea of them. Which memory is shared,
// and what a lock is made for, are program/SharedMappings.h's and
// program/LockKinds.h's.
#include "checks/Check.h"
#include "program/GuardMaking.h"
#include "program/LockKinds.h"
#include "program/LockOrder.h"
#include "program/SharedMappings.h"
#include "program/Story.h"
#include "program/Uses.h"

#include <set>

namespace heddle {
namespace {

using namespace facts;

void report(const Program &program, const BodyView &body, EventId event, PlaceId lock, SharedMappings::Mapping mapping,
            llvm::StringRef why, llvm::StringRef verb, Sink &sink) {
  lock = program.locks().lockObject(lock);
  std::string name = "'" + program.places().text(lock, &body) + "'";
  Finding finding;
  finding.check = "lock-not-process-shared";
  finding.severity = Severity::Error;
  finding.message = name + " is in memory that processes share, and " + why.str() + "; it keeps no other process out";
  Step mapped = stepAt(program, mapping.body, mapping.event, "map", "maps memory that other processes share");
  Step made = stepAt(program, body.id, event, "lock", (verb + " " + name).str());
  mapped.own = made.own = true;
  finding.place = made.place;
  finding.function = made.function;
  finding.entities = {program.lockOrder().name(program.lockOrder().node(lock, body.id))};
  finding.lanes.push_back({"this process", {std::move(mapped), std::move(made)}});
  sink.report(std::move(finding));
}

void run(const Program &program, Sink &sink) {
  SharedMappings mappings(program);
  std::set<std::string> reported; // one finding for all places that take a lock of a class
  for (BodyId id : program.bodies()) {
    BodyView body = program.facts().body(id);
    for (EventId event = 0; event < body.events.size(); ++event) {
      for (const LockKinds::Made &made : program.lockKinds().madeAt(id, event))
        if (made.shared == false)
          if (SharedMappings::Mapping mapping = mappings.mappingOf(body, made.object))
            report(program, body, event, made.object, mapping, "is made for one process", "makes", sink);
      for (PlaceId lock : locksOf(program, body, event, Verb::Acquire)) {
        const ClassModel *kind = kindAt(program, body, lock, "lock");
        if (!kind || !kind->processPrivate)
          continue;
        SharedMappings::Mapping mapping = mappings.mappingOf(body, lock);
        if (mapping && reported.insert(program.lockOrder().name(program.lockOrder().node(lock, id))).second)
          report(program, body, event, lock, mapping, "is of a class that works in one process only", "locks", sink);
      }
    }
  }
}

} // namespace

extern const Check lockNotProcessShared{
    "lock-not-process-shared", "lock", "locks in shared memory that are made for one process", Severity::Error, World::Open, run};

} // namespace heddle
