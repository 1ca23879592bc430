// Views are made on first use, each from the program and the views before it.
#include "program/BlockGraph.h"
#include "program/Blocking.h"
#include "program/CallGraph.h"
#include "program/DescriptorKinds.h"
#include "program/Descriptors.h"
#include "program/Endings.h"
#include "program/Entries.h"
#include "program/FieldWrites.h"
#include "program/Guards.h"
#include "program/LockKinds.h"
#include "program/LockMisuse.h"
#include "program/LockOrder.h"
#include "program/LockState.h"
#include "program/Program.h"
#include "program/Sections.h"
#include "program/Sharing.h"

namespace heddle {

struct Program::Views {
  std::vector<std::unique_ptr<BlockGraph>> graphs; // by body
  std::unique_ptr<CallGraph> calls;
  std::unique_ptr<LockKinds> lockKinds;
  std::unique_ptr<LockState> locks;
  std::unique_ptr<LockOrder> lockOrder;
  std::unique_ptr<LockMisuses> lockMisuses;
  std::unique_ptr<FieldWrites> fieldWrites;
  std::unique_ptr<Endings> endings;
  std::unique_ptr<Entries> entries;
  std::unique_ptr<Sharing> sharing;
  std::unique_ptr<Descriptors> descriptors;
  std::unique_ptr<Guards> guards;
  std::unique_ptr<DescriptorKinds> descriptorKinds;
  std::unique_ptr<Blocking> blocking;
  std::unique_ptr<Sections> sections;
};

std::shared_ptr<Program::Views> Program::noViews() { return std::make_shared<Views>(); }
Program::~Program() = default;

namespace {
template <class View> const View &made(std::unique_ptr<View> &view, const Program &program) {
  if (!view)
    view = std::make_unique<View>(program);
  return *view;
}
} // namespace

const BlockGraph &Program::graph(facts::BodyId body) const {
  std::vector<std::unique_ptr<BlockGraph>> &graphs = views_->graphs;
  graphs.resize(std::max<size_t>(graphs.size(), facts_.bodies().size()));
  if (!graphs[body])
    graphs[body] = std::make_unique<BlockGraph>(facts_.body(body));
  return *graphs[body];
}
const CallGraph &Program::calls() const { return made(views_->calls, *this); }
const LockKinds &Program::lockKinds() const { return made(views_->lockKinds, *this); }
const LockState &Program::locks() const { return made(views_->locks, *this); }
const LockOrder &Program::lockOrder() const { return made(views_->lockOrder, *this); }
const LockMisuses &Program::lockMisuses() const { return made(views_->lockMisuses, *this); }
const FieldWrites &Program::fieldWrites() const { return made(views_->fieldWrites, *this); }
const Endings &Program::endings() const { return made(views_->endings, *this); }
const Entries &Program::entries() const { return made(views_->entries, *this); }
const Sharing &Program::sharing() const { return made(views_->sharing, *this); }
const Descriptors &Program::descriptors() const { return made(views_->descriptors, *this); }
const Guards &Program::guards() const { return made(views_->guards, *this); }
const DescriptorKinds &Program::descriptorKinds() const { return made(views_->descriptorKinds, *this); }
const Blocking &Program::blocking() const { return made(views_->blocking, *this); }
const Sections &Program::sections() const { return made(views_->sections, *this); }

} // namespace heddle
