#include "program/Attempts.h"
#include "program/BlockGraph.h"
#include "program/GuardMaking.h"
#include "program/LockKinds.h"
#include "program/PathState.h"
#include "program/Uses.h"

namespace heddle {

using namespace facts;

namespace {

/// Whether a body also takes a lock by a function that waits for it: which way it goes, a flag among its arguments may say.
bool waitsForLock(const Program &program, BodyId id, const HeldSet &locks) {
  BodyView body = program.facts().body(id);
  auto waits = [&](EventId event, const Op &op) {
    PlaceId lock = op.verb == Verb::Acquire && !op.attempt ? program.value(op.operands[0], body, event) : PlaceId(kNone);
    return lock != kNone && llvm::any_of(locks, [&](const Held &held) { return held.lock == program.places().canonical(lock); });
  };
  for (EventId event = 0; event < body.events.size(); ++event) {
    const Event &row = body.events[event];
    const FunctionModel *model = row.kind() == EventKind::Call && row.callee() != kNone ? program.model(row.callee()) : nullptr;
    if (model && llvm::any_of(program.ops(*model, body, event), [&](const Op &op) { return waits(event, op); }))
      return true;
  }
  return false;
}

/// A function whose body takes locks when it returns one thing, and none when it returns another.
bool tellsByResult(const Program &program, FunctionId callee, Attempt &attempt) {
  for (BodyId id : program.bodiesOf(callee)) {
    const Outcome *taken = nullptr;
    bool refused = false, tries = false;
    for (const Outcome &outcome : program.locks().summary(id).outcomes) {
      if (outcome.thrown)
        continue;
      bool told = outcome.relation == Relation::Eq || outcome.relation == Relation::Ne;
      if (!outcome.when.empty() || !outcome.released.empty() || !told)
        return false;
      tries = tries || (outcome.acquired.empty() && !outcome.refused);
      if (outcome.acquired.empty())
        refused = true;
      else if (taken)
        return false;
      else
        taken = &outcome;
    }
    if (!taken || !refused || !tries) // an error of a lock that waits is no answer to a question
      return false;
    if (waitsForLock(program, id, taken->acquired))
      return false;
    // One result for both tells nothing.
    if (llvm::any_of(program.locks().summary(id).outcomes, [&](const Outcome &outcome) {
          return !outcome.thrown && outcome.acquired.empty() &&
                 implied(taken->relation, taken->constant, outcome.relation, outcome.constant) != std::optional(false);
        }))
      return false;
    attempt.success = taken->relation;
    attempt.constant = taken->constant;
  }
  return attempt.event != kNone && !program.bodiesOf(callee).empty();
}

/// Whether an op's test before the call fails, for what the object was made; nullopt: not known.
std::optional<bool> excluded(const Program &program, const BodyView &body, EventId event, const Op &op) {
  if (!op.before)
    return false;
  std::optional<int64_t> value = program.lockKinds().lasting(program.value(op.before->value, body, event));
  return value ? std::optional(!holds(*value & op.before->mask, op.before->relation, op.before->constant)) : std::nullopt;
}

/// A model of which every way to take a lock is a try, and one result says that it did.
bool tellsByResult(const Program &program, const BodyView &body, const FunctionModel &model, Attempt &attempt) {
  std::optional<Test> told;
  for (const Op &op : model.ops) {
    if (op.verb == Verb::Set && op.operands[1].root == Operand::Result)
      attempt.kept = true;
    if (op.verb != Verb::Acquire)
      continue;
    if (excluded(program, body, attempt.event, op) == true) {
      if (op.after)
        attempt.otherwise.push_back(*op.after);
      continue;
    }
    bool byResult = op.attempt && op.after && op.after->value.root == Operand::Result && op.after->value.steps.empty() &&
                    op.after->mask == -1;
    if (!byResult || (told && (told->relation != op.after->relation || told->constant != op.after->constant)))
      return false;
    told = op.after;
  }
  if (!told)
    return false;
  attempt.success = told->relation;
  attempt.constant = told->constant;
  return true;
}

/// The locks that the attempt took, as the state after it names them; where nothing follows, as the call does.
void findLocks(const Program &program, const BodyView &body, Attempt &attempt) {
  std::set<PlaceId> locks;
  for (PlaceId lock : locksOf(program, body, attempt.event, Verb::Acquire))
    if (kindAt(program, body, lock, "lock") || kindAt(program, body, lock, "semaphore"))
      locks.insert(lock);
  for (EventId id = 0; locks.empty() && id < body.events.size(); ++id)
    for (const Held &held : takenUntil(program, body.id, attempt.event, id))
      locks.insert(held.lock);
  attempt.locks.assign(locks.begin(), locks.end());
}

} // namespace

std::vector<Attempt> attemptsOf(const Program &program, const BodyView &body) {
  std::vector<Attempt> result;
  for (EventId id = 0; id < body.events.size(); ++id) {
    const Event &event = body.events[id];
    if (event.kind() != EventKind::Call || event.callee() == kNone)
      continue;
    Attempt attempt{.event = id};
    const FunctionModel *model = program.model(event.callee());
    if (!(model ? tellsByResult(program, body, *model, attempt) : tellsByResult(program, event.callee(), attempt)))
      continue;
    findLocks(program, body, attempt);
    for (PlaceId lock : attempt.locks)
      attempt.counts = attempt.counts || kindAt(program, body, lock, "semaphore");
    result.push_back(std::move(attempt));
  }
  return result;
}

namespace {

/// How a body tests the result of an attempt.
class Answers {
public:
  Answers(const Program &program, const BodyView &body, const Attempt &attempt)
      : places_(program.places()), body_(body), attempt_(attempt), graph_(body), asked_(graph_.blockOf(attempt.event)) {
    values_ = Uses(program, body).namesOfResult(attempt.event);
    values_.push_back(program.places().make(PlaceKind::Result, attempt.event));
    std::set<int64_t> constants{attempt.constant};
    for (const Block &block : body.blocks)
      if (tests(block))
        for (const Edge &edge : body.edgesOf(block))
          constants.insert(edge.constant());
    for (int64_t constant : constants)
      samples_.insert({constant - 1, constant, constant + 1});
  }

  std::vector<FailedWay> ways() const {
    std::vector<FailedWay> ways;
    for (BlockId from = 0; from < body_.blocks.size(); ++from)
      if (body_.edgesOf(body_.blocks[from]).size() > 1 && tests(body_.blocks[from]))
        for (const Edge &edge : body_.edgesOf(body_.blocks[from]))
          if (FailedWay way = wayOf(from, edge); !way.section.empty())
            ways.push_back(std::move(way));
    return ways;
  }

private:
  bool tests(const Block &block) const {
    return llvm::all_of(body_.edgesOf(block), [&](const Edge &edge) {
      return edge.relation() != Relation::Always && edge.relation() != Relation::Default &&
             llvm::is_contained(values_, places_.canonical(edge.value()));
    });
  }

  FailedWay wayOf(BlockId from, const Edge &edge) const {
    FailedWay way{from, edge, true, {}};
    std::vector<bool> behind(body_.blocks.size());
    for (int64_t sample : samples_) {
      bool other = llvm::any_of(attempt_.otherwise,
                                [&](const Test &test) { return holds(sample & test.mask, test.relation, test.constant); });
      if (!holds(sample, edge.relation(), edge.constant()) || other)
        continue;
      if (holds(sample, attempt_.success, attempt_.constant))
        way.always = false;
      else
        reach(edge.to(), sample, behind);
    }
    for (const Edge &beside : body_.edgesOf(body_.blocks[from]))
      if (&beside != &edge) {
        std::vector<bool> seen(body_.blocks.size());
        reach(beside.to(), std::nullopt, seen);
        for (BlockId block = 0; block < behind.size(); ++block)
          behind[block] = behind[block] && !seen[block];
      }
    for (BlockId block = 0; block < behind.size(); ++block)
      if (behind[block])
        way.section.push_back(block);
    return way;
  }

  /// Adds the blocks that control gets to from `start` with that result, without asking anew.
  void reach(BlockId start, std::optional<int64_t> result, std::vector<bool> &seen) const {
    std::vector<BlockId> todo{start};
    while (!todo.empty()) {
      BlockId block = todo.back();
      todo.pop_back();
      if (block == asked_ || seen[block])
        continue;
      seen[block] = true;
      bool known = result && tests(body_.blocks[block]);
      for (const Edge &edge : body_.edgesOf(body_.blocks[block]))
        if (!known || holds(*result, edge.relation(), edge.constant()))
          todo.push_back(edge.to());
    }
  }

  const Places &places_;
  const BodyView &body_;
  const Attempt &attempt_;
  BlockGraph graph_;
  BlockId asked_;
  std::vector<PlaceId> values_;
  std::set<int64_t> samples_;
};

} // namespace

std::vector<FailedWay> failedWays(const Program &program, const BodyView &body, const Attempt &attempt) {
  return Answers(program, body, attempt).ways();
}

} // namespace heddle
