// Every check, sorted by id. A check is listed here once and nowhere else.
#include "checks/Check.h"

namespace heddle {

extern const Check annotationViolation;
extern const Check blockingUnderLock;
extern const Check callbackUnderLock;
extern const Check cancelWithLock;
extern const Check checkThenAct;
extern const Check copiedLock;
extern const Check dataRace;
extern const Check doubleCheckedLocking;
extern const Check escapedGuardedData;
extern const Check forkSharedFile;
extern const Check ignoredTryLock;
extern const Check inconsistentGuard;
extern const Check localMutex;
extern const Check lockDestroyed;
extern const Check lockLeak;
extern const Check lockNotProcessShared;
extern const Check lockOrderCycle;
extern const Check mixedGuards;
extern const Check mtUnsafeCall;
extern const Check mutableInConst;
extern const Check nonatomicUpdate;
extern const Check plainStopFlag;
extern const Check relaxedPublication;
extern const Check selfDeadlock;
extern const Check splitInvariant;
extern const Check tornUpdate;
extern const Check unlockNotHeld;
extern const Check unlockedGuard;
extern const Check unnamedGuard;
extern const Check unorderedMultiLock;
extern const Check unsafePublication;
extern const Check weakCasNoLoop;
extern const Check writeUnderSharedLock;

std::span<const Check *const> allChecks() {
  // clang-format off
  static constexpr const Check *checks[] = {
      &annotationViolation,
      &blockingUnderLock,
      &callbackUnderLock,
      &cancelWithLock,
      &checkThenAct,
      &copiedLock,
      &dataRace,
      &doubleCheckedLocking,
      &escapedGuardedData,
      &forkSharedFile,
      &ignoredTryLock,
      &inconsistentGuard,
      &localMutex,
      &lockDestroyed,
      &lockLeak,
      &lockNotProcessShared,
      &lockOrderCycle,
      &mixedGuards,
      &mtUnsafeCall,
      &mutableInConst,
      &nonatomicUpdate,
      &plainStopFlag,
      &relaxedPublication,
      &selfDeadlock,
      &splitInvariant,
      &tornUpdate,
      &unlockNotHeld,
      &unlockedGuard,
      &unnamedGuard,
      &unorderedMultiLock,
      &unsafePublication,
      &weakCasNoLoop,
      &writeUnderSharedLock,
  };
  // clang-format on
  return checks;
}

} // namespace heddle
