#include "program/OwnThreads.h"
#include "program/BlockGraph.h"
#include "program/CallGraph.h"
#include "program/LockState.h"

#include "facts/Relations.h"

#include "llvm/ADT/STLExtras.h"

#include <map>

namespace heddle {

using namespace facts;

namespace {

constexpr unsigned kCalls = 3; // down from the function that the thread runs

RecordId recordOf(const Program &program, BodyId body) {
  return program.facts().functions()[program.facts().bodies()[body].function()].record();
}

/// A function and the members of the class that it calls, nearest first.
void follow(const Program &program, BodyId entry, RecordId record, std::set<BodyId> &out) {
  std::vector<BodyId> level{entry};
  for (unsigned depth = 0; depth <= kCalls && !level.empty(); ++depth) {
    std::vector<BodyId> next;
    for (BodyId id : level) {
      if (!out.insert(id).second)
        continue;
      for (const Event &event : program.facts().body(id).events)
        if (event.kind() == EventKind::Call && event.callee() != kNone &&
            program.facts().functions()[event.callee()].record() == record)
          for (BodyId callee : program.bodiesOf(event.callee()))
            next.push_back(callee);
    }
    level = std::move(next);
  }
}

/// Whether a lambda has captured the object whose function makes it.
bool capturesThis(const Program &program, const BodyView &body, const Invocation &invocation) {
  const Places &places = program.places();
  return invocation.closure != kNone && llvm::any_of(body.operands(body.events[invocation.closure]), [&](PlaceId captured) {
           return captured != kNone && places[places.canonical(captured)].kind() == PlaceKind::This;
         });
}

/// The member that a place of a class's function, or of a lambda in one, is: of the object that is `this` there.
FieldId ownField(const Program &program, PlaceId place) {
  const Places &places = program.places();
  if (place == kNone || places[place].kind() != PlaceKind::Field || places[place].id() >= program.facts().fields().size())
    return kNone;
  PlaceId object = places[place].parent();
  if (object == kNone || places[object].kind() != PlaceKind::Deref)
    return kNone;
  PlaceKind root = places[places[object].parent()].kind();
  return root == PlaceKind::This || root == PlaceKind::Capture ? FieldId(places[place].id()) : kNone;
}

bool isPlainNumber(const Program &program, FieldId field) {
  TypeId id = program.facts().fields()[field].type();
  if (id == kNone || has(program.facts().types()[id].flags(), TypeFlag::Atomic))
    return false;
  TypeKind kind = program.facts().types()[id].kind();
  return kind == TypeKind::Bool || kind == TypeKind::Integer || kind == TypeKind::Enum;
}

bool unlocked(const Program &program, BodyId body, EventId event) {
  const LockState &locks = program.locks();
  return locks.at(body, event).empty() && locks.byCallers(body).empty() && locks.declared(body).empty();
}

/// Whether the function has joined a thread before.
bool joinedBefore(const Program &program, const BodyView &body, EventId event) {
  return llvm::any_of(body.events, [&](const Event &row) {
    const FunctionModel *model = row.callee() == kNone ? nullptr : program.model(row.callee());
    return model && llvm::any_of(model->ops, [](const Op &op) { return op.verb == Verb::Join; }) &&
           program.graph(body.id).inOrder(body.idOf(row), event);
  });
}

/// The edges by which a loop ends where a member has a certain value; none if the loop writes it.
std::vector<Edge> endsOf(const Program &program, const BodyView &body, EventId test, FieldId field) {
  const BlockGraph &graph = program.graph(body.id);
  const Places &places = program.places();
  BlockId block = graph.blockOf(test);
  std::vector<Edge> ends;
  if (!graph.cyclic(block))
    return ends;
  for (const Edge &edge : body.edgesOf(body.blocks[block]))
    if (edge.to() != kNone && edge.value() != kNone && graph.component(edge.to()) != graph.component(block) &&
        ownField(program, places.canonical(edge.value())) == field)
      ends.push_back(edge);
  bool writes = !ends.empty() && llvm::any_of(body.events, [&](const Event &event) {
    return event.kind() == EventKind::Write && ownField(program, places.canonical(event.place())) == field &&
           graph.component(graph.blockOf(body.idOf(event))) == graph.component(block);
  });
  return writes ? std::vector<Edge>() : ends;
}

/// A constant that a member function writes to a member of its object, with no lock.
struct OwnWrite {
  BodyId body;
  EventId event;
  int64_t value;
};

std::map<FieldId, std::vector<OwnWrite>> ownWritesOf(const Program &program, const std::set<RecordId> &records) {
  std::map<FieldId, std::vector<OwnWrite>> writes;
  const Places &places = program.places();
  for (BodyId id : program.bodies()) {
    if (!records.count(recordOf(program, id)))
      continue;
    BodyView body = program.facts().body(id);
    for (EventId event = 0; event < body.events.size(); ++event) {
      const Event &row = body.events[event];
      if (row.kind() != EventKind::Write || has(row.flags(), EventFlag::Initial) || row.operand_count() == 0)
        continue;
      FieldId field = ownField(program, places.canonical(row.place()));
      std::optional<int64_t> value = places.asConstant(places.canonical(body.operands(row)[0]));
      if (field != kNone && value && unlocked(program, id, event) && !joinedBefore(program, body, event))
        writes[field].push_back({id, event, *value});
    }
  }
  return writes;
}

} // namespace

std::vector<OwnThread> ownThreadsOf(const Program &program) {
  std::vector<OwnThread> result;
  for (BodyId id : program.bodies()) {
    RecordId record = recordOf(program, id);
    if (record == kNone)
      continue;
    BodyView body = program.facts().body(id);
    for (EventId event = 0; event < body.events.size(); ++event) {
      FunctionId callee = body.events[event].callee();
      const FunctionModel *model = callee == kNone ? nullptr : program.model(callee);
      if (!model || llvm::none_of(model->ops, [](const Op &op) { return op.verb == Verb::Start; }))
        continue;
      for (const Op &op : program.ops(*model, body, event)) {
        if (op.verb != Verb::Start)
          continue;
        OwnThread thread{record, id, event, {}};
        for (const Invocation &invocation : program.calls().run(op, body, event)) {
          bool lambda = has(program.facts().functions()[invocation.function].flags(), FunctionFlag::Lambda);
          bool own = program.facts().functions()[invocation.function].record() == record &&
                     invocation.self == program.places().make(PlaceKind::This, kNone);
          if (own || (lambda && capturesThis(program, body, invocation)))
            for (BodyId entry : program.bodiesOf(invocation.function))
              follow(program, entry, record, thread.bodies);
        }
        if (!thread.bodies.empty())
          result.push_back(std::move(thread));
      }
    }
  }
  return result;
}

std::vector<OwnStop> ownStopsOf(const Program &program) {
  std::vector<OwnThread> threads = ownThreadsOf(program);
  std::set<RecordId> records;
  for (const OwnThread &thread : threads)
    records.insert(thread.record);
  std::vector<OwnStop> result;
  if (records.empty())
    return result;
  std::map<FieldId, std::vector<OwnWrite>> writes = ownWritesOf(program, records);
  for (const OwnThread &thread : threads)
    for (BodyId id : thread.bodies) {
      BodyView body = program.facts().body(id);
      for (EventId test = 0; test < body.events.size(); ++test) {
        const Event &row = body.events[test];
        FieldId field =
            row.kind() == EventKind::Read ? ownField(program, program.places().canonical(row.place())) : FieldId(kNone);
        auto found = writes.find(field);
        if (field == kNone || found == writes.end() || program.facts().fields()[field].record() != thread.record ||
            !isPlainNumber(program, field) || !unlocked(program, id, test))
          continue;
        std::vector<Edge> ends = endsOf(program, body, test, field);
        auto stops = [&](const OwnWrite &write) {
          return !thread.bodies.count(write.body) && recordOf(program, write.body) == thread.record &&
                 (write.body != thread.starter || program.graph(write.body).inOrder(thread.start, write.event)) &&
                 llvm::any_of(ends, [&](const Edge &edge) { return holds(write.value, edge.relation(), edge.constant()); });
        };
        if (auto stop = llvm::find_if(found->second, stops); stop != found->second.end())
          result.push_back({thread.starter, thread.start, id, test, stop->body, stop->event});
      }
    }
  return result;
}

} // namespace heddle
