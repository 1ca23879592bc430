// What a thread-safety attribute declares, broken. Clang checks the same one unit at a time and by its own annotations alone;
// here the locks are those of LockState: of std types, of wrappers, of other units. The theory is in program/LockContracts.h.
#include "checks/Check.h"
#include "program/LockContracts.h"
#include "program/LockOrder.h"
#include "program/Story.h"

namespace heddle {
namespace {

using facts::OwnerKind;
using Kind = BrokenContract::Kind;

constexpr size_t kSteps = 40; // of one finding

class AnnotationViolation {
public:
  AnnotationViolation(const Program &program, const BrokenContract &contract)
      : program_(program), facts_(program.facts()), contract_(contract), body_(facts_.body(contract.body)) {}

  Finding finding() const {
    Finding finding;
    finding.check = "annotation-violation";
    finding.severity = contract_.sure || contract_.kind != Kind::Unmet ? Severity::Error : Severity::Warning;
    finding.message = contract_.kind == Kind::Unmet ? unmet() : contract_.kind == Kind::WrongOrder ? wrongOrder() : promise();
    finding.entities = {entity()};
    if (contract_.lock != facts::kNone)
      finding.entities.push_back(lockName(contract_.lock));
    if (contract_.kind == Kind::WrongOrder)
      finding.entities.push_back(lockName(program_.locks().acquisition(contract_.held).lock));
    finding.lanes.push_back({"thread 1", steps()});
    for (const Step &step : finding.lanes.front().steps)
      if (step.own) {
        finding.place = step.place;
        finding.function = step.function;
        break;
      }
    return finding;
  }

private:
  const Demand &first() const { return *contract_.demands.front(); }
  std::string quoted(PlaceId lock) const {
    return lock == facts::kNone ? "a lock" : "'" + program_.places().text(lock, &body_) + "'";
  }

  /// As other checks name it: by its class.
  std::string lockName(PlaceId lock) const {
    LockNode node = program_.lockOrder().node(program_.locks().lockObject(lock), contract_.body);
    return node.kind == LockNode::None ? program_.places().text(lock, &body_) : program_.lockOrder().name(node);
  }

  static llvm::StringRef verbOf(Demand::Kind kind) {
    switch (kind) {
    case Demand::Read:
    case Demand::ReadPointee:
      return "read";
    case Demand::Write:
    case Demand::WritePointee:
      return "written";
    case Demand::Reference:
    case Demand::PointeeReference:
      return "passed by reference";
    default:
      return "called";
    }
  }

  std::string nameOf(const Demand &demand) const {
    facts::StringId name = demand.owner == OwnerKind::Function   ? facts_.functions()[demand.subject].name()
                           : demand.owner == OwnerKind::Variable ? facts_.variables()[demand.subject].name()
                                                                 : facts_.fields()[demand.subject].name();
    bool pointee =
        demand.kind == Demand::ReadPointee || demand.kind == Demand::WritePointee || demand.kind == Demand::PointeeReference;
    std::string quoted = "'" + facts_.string(name).str() + "'";
    return pointee ? "what " + quoted + " points at" : quoted;
  }

  std::string entity() const {
    if (contract_.kind != Kind::Unmet)
      return program_.nameOf(body_.function()).str();
    if (first().owner == OwnerKind::Function)
      return program_.nameOf(first().subject).str();
    if (first().owner == OwnerKind::Variable)
      return facts_.string(facts_.variables()[first().subject].name()).str();
    const facts::Field &field = facts_.fields()[first().subject];
    return (facts_.string(facts_.records()[field.record()].name()) + "::" + facts_.string(field.name())).str();
  }

  std::string declared() const {
    switch (first().kind) {
    case Demand::Exclude:
      return "is declared to be called without it";
    case Demand::Call:
      return contract_.met & Demand::Shared ? "is declared to require it exclusively" : "is declared to require it";
    case Demand::Assert:
      return "asserts that it is held";
    default:
      return "is declared to be guarded by it";
    }
  }

  std::string unmet() const {
    std::string lock = quoted(contract_.lock), how;
    if (first().kind == Demand::Exclude)
      how = contract_.sure ? "while " + lock + " is held" : "on a path that holds " + lock;
    else if (contract_.met & Demand::Shared)
      how = "with " + lock + " held only as shared";
    else if (!contract_.sure)
      how = "on a path that does not hold " + lock;
    else
      how = contract_.met & Demand::Released ? "after " + lock + " was released" : "without " + lock;
    return nameOf(first()) + " is " + verbOf(first().kind).str() + " here " + how + ", but " + declared();
  }

  std::string promise() const {
    std::string lock = quoted(contract_.lock), start = "'" + program_.nameOf(body_.function()).str() + "' is declared to ";
    if (contract_.kind == Kind::NotAcquired)
      return start + "acquire " + lock + ", but can return without it";
    if (contract_.kind == Kind::NotReleased)
      return start + "release " + lock + ", but can return with it held";
    return start + "require " + lock + ", but " + (contract_.sure ? "returns" : "can return") + " without it";
  }

  std::string wrongOrder() const {
    const LockState &locks = program_.locks();
    PlaceId held = locks.acquisition(contract_.held).lock;
    return quoted(locks.lockObject(contract_.lock)) + " is locked while " + quoted(locks.lockObject(held)) +
           " is held, but is declared to be acquired before it";
  }

  /// Where the contract is declared, then the places that break it.
  std::vector<Step> steps() const {
    if (contract_.kind == Kind::WrongOrder) {
      std::vector<Step> steps = acquisitionSteps(program_, contract_.held, "locks");
      for (Step &step : acquisitionSteps(program_, contract_.wanted, "locks"))
        steps.push_back(std::move(step));
      for (Step &step : steps)
        step.own = &step == &steps.back();
      return steps;
    }
    if (contract_.kind != Kind::Unmet)
      return promiseSteps();
    std::vector<Step> steps;
    Step declaration;
    facts::LocationId at = first().owner == OwnerKind::Function   ? facts_.functions()[first().subject].location()
                           : first().owner == OwnerKind::Variable ? facts_.variables()[first().subject].location()
                                                                  : facts_.fields()[first().subject].location();
    declaration.place = rangeOf(facts_, at);
    declaration.event = "declaration";
    declaration.message = "'" + entity() + "' " + declared();
    if (at != facts::kNone)
      steps.push_back(std::move(declaration));
    for (const Demand *demand : llvm::ArrayRef(contract_.demands).take_front(kSteps)) {
      llvm::StringRef verb = verbOf(demand->kind);
      steps.push_back(stepAt(program_, contract_.body, demand->event,
                             verb == "written"  ? "write"
                             : verb == "called" ? "call"
                                                : "read",
                             (nameOf(*demand) + " is " + verb).str()));
      steps.back().own = true;
    }
    return steps;
  }

  /// The function, and how another way out does what it promises, or this one breaks it.
  std::vector<Step> promiseSteps() const {
    Step promise;
    promise.place = rangeOf(facts_, body_);
    promise.function = program_.displayOf(body_.function()).str();
    promise.event = "declaration";
    promise.message = "declares what it does with " + quoted(contract_.lock);
    promise.own = true;
    std::vector<Step> steps{promise};
    facts::EventId release = program_.locks().releaseOf(contract_.body, contract_.lock);
    if (contract_.kind == Kind::NotAcquired && contract_.held != facts::kNone)
      for (Step &step : acquisitionSteps(program_, contract_.held, "on another path locks"))
        steps.push_back(std::move(step));
    else if (release != facts::kNone)
      steps.push_back(
          stepAt(program_, contract_.body, release, "release",
                 (contract_.kind == Kind::NotReleased ? "on another path releases " : "releases ") + quoted(contract_.lock)));
    return steps;
  }

  const Program &program_;
  const facts::Facts &facts_;
  const BrokenContract &contract_;
  facts::BodyView body_;
};

void run(const Program &program, Sink &sink) {
  LockContracts contracts(program);
  for (const BrokenContract &contract : contracts.all())
    sink.report(AnnotationViolation(program, contract).finding());
}

} // namespace

extern const Check annotationViolation{"annotation-violation", "race",      "what a thread-safety attribute declares, broken",
                                       Severity::Error,        World::Open, run};

} // namespace heddle
