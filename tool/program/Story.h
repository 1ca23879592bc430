// Turns what views know into the steps of a finding: places in the source, functions, names.
#pragma once

#include "finding/Finding.h"
#include "program/LockState.h"

namespace heddle {

/// The source text of a location.
SourceRange rangeOf(const facts::Facts &facts, facts::LocationId location);
/// Where a body's function is named.
SourceRange rangeOf(const facts::Facts &facts, const facts::BodyView &body);

/// A step at an event of a body.
Step stepAt(const Program &program, facts::BodyId body, facts::EventId event, std::string kind, std::string message);

/// The steps that lead to a lock: a call for each frame on the way, then the acquisition, whose message is `verb` and the lock as
/// its function writes it ("locks 'other.mu_'").
std::vector<Step> acquisitionSteps(const Program &program, AcquisitionId acquisition, llvm::StringRef verb);

/// The steps from an event of `body` down to where `lock`, a place of its frame, is released.
std::vector<Step> releaseSteps(const Program &program, facts::BodyId body, facts::EventId event, PlaceId lock);
/// Where a body begins: its function's name.
Step startOf(const Program &program, facts::BodyId body);
/// Where a body ends without a statement: its closing brace.
Step endOf(const Program &program, facts::BodyId body);

/// A lock by its qualified name, for a finding's entities: "db::A::mu_".
std::string lockName(const Program &program, PlaceId lock, facts::BodyId body);
/// A lock for a message: "'db::A::mu_' of 'other'", "'queue_lock'".
std::string lockText(const Program &program, PlaceId lock, facts::BodyId body);

} // namespace heddle
