#include "program/Descriptors.h"
#include "program/DescriptorsWalk.h"

#include <algorithm>

namespace heddle {

using namespace facts;
using namespace descriptors;

namespace {

/// Which bodies matter: those that may fork, and what they call that touches descriptors or processes.
class Scope {
public:
  explicit Scope(const Program &program)
      : program_(program), forks_(size(program)), acts_(size(program)), wanted_(size(program)) {
    for (BodyId id : program.bodies())
      look(id);
    if (!any())
      return;
    callees_.resize(size(program));
    for (BodyId id : program.bodies())
      find(id);
    // Callees come first, and bodies of a cycle twice.
    for (const std::vector<BodyId> &component : program.calls().components())
      for (int round = 0; round < (component.size() > 1 ? 2 : 1); ++round)
        for (BodyId id : component)
          climb(id);
    auto components = program.calls().components();
    for (auto component = components.rbegin(); component != components.rend(); ++component)
      for (int round = 0; round < (component->size() > 1 ? 2 : 1); ++round)
        for (BodyId id : *component)
          descend(id);
  }

  /// Whether anything forks at all.
  bool any() const { return std::find(forks_.begin(), forks_.end(), true) != forks_.end(); }
  bool forks(BodyId body) const { return forks_[body]; }
  bool matters(BodyId body) const { return wanted_[body] && acts_[body]; }

private:
  static size_t size(const Program &program) { return program.facts().bodies().size(); }

  void find(BodyId id) {
    BodyView body = program_.facts().body(id);
    std::vector<BodyId> &callees = callees_[id];
    for (EventId event = 0; event < body.events.size(); ++event)
      for (const Invocation &invocation : program_.calls().reached(body, event))
        for (BodyId callee : program_.bodiesOf(invocation.function))
          callees.push_back(callee);
    std::sort(callees.begin(), callees.end());
    callees.erase(std::unique(callees.begin(), callees.end()), callees.end());
  }

  void look(BodyId id) {
    BodyView body = program_.facts().body(id);
    for (const Event &event : body.events)
      if (const FunctionModel *model = program_.model(event.callee()))
        for (const Op &op : model->ops)
          look(id, op.verb);
  }

  void look(BodyId id, Verb verb) {
    switch (verb) {
    case Verb::Fork:
      forks_[id] = acts_[id] = true;
      break;
    case Verb::Open:
    case Verb::Duplicate:
    case Verb::Close:
    case Verb::Advance:
    case Verb::Wait:
    case Verb::Exec:
    case Verb::Exit:
      acts_[id] = true;
      break;
    default:
      break;
    }
  }

  void climb(BodyId id) {
    for (BodyId callee : callees_[id]) {
      forks_[id] = forks_[id] || forks_[callee];
      acts_[id] = acts_[id] || acts_[callee];
    }
    if (forks_[id])
      wanted_[id] = true;
  }

  void descend(BodyId id) {
    if (wanted_[id])
      for (BodyId callee : callees_[id])
        wanted_[callee] = true;
  }

  const Program &program_;
  std::vector<std::vector<BodyId>> callees_;
  std::vector<bool> forks_, acts_, wanted_;
};

/// Files of one function's forks that both sides use.
void collect(const Summary &summary, std::map<std::pair<Site, Site>, SharedDescription> &out) {
  for (const Fork &fork : summary.forks)
    for (const auto &[id, child] : fork.child) {
      const Description &description = summary.descriptions[id];
      auto parent = fork.parent.find(id);
      auto sibling = fork.sibling.find(id);
      bool both = parent != fork.parent.end();
      // Children that only write share their offset to good effect: none overwrites another.
      bool among = sibling != fork.sibling.end() && sibling->second.how != Advance::Write;
      if (description.entry != kNone || (!both && !among))
        continue;
      SharedDescription shared{
          description.opened, fork.chain, description.name, description.nameBody, both ? child : sibling->second, {}};
      if (both)
        shared.parent = parent->second;
      auto [it, fresh] = out.try_emplace({shared.opened.back(), shared.forked.back()}, shared);
      auto cost = [](const SharedDescription &s) {
        return std::tuple(!s.parent, s.opened.size() + s.forked.size(), s.opened, s.forked);
      };
      if (!fresh && cost(shared) < cost(it->second))
        it->second = std::move(shared);
    }
}

} // namespace

Descriptors::Descriptors(const Program &program) {
  Scope scope(program);
  if (!scope.any())
    return;
  Summaries summaries;
  std::map<std::pair<Site, Site>, SharedDescription> found;
  for (const std::vector<BodyId> &component : program.calls().components()) {
    bool cyclic = program.calls().recursive(component.front());
    // A second round sees what the first found in the cycle; deeper recursion adds nothing to who uses what.
    for (int round = 0; round < (cyclic ? 2 : 1); ++round)
      for (BodyId id : component) {
        if (!scope.matters(id))
          continue;
        bool cut = false;
        Summary summary = Walk(program, summaries, program.facts().body(id), scope.forks(id)).run(cut);
        program.cut().functions += cut && round == 0;
        collect(summary, found);
        summaries[id] = std::move(summary);
      }
  }
  for (auto &[sites, shared] : found)
    shared_.push_back(std::move(shared));
}

} // namespace heddle
