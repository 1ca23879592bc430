// Every check, sorted by id. A check is listed here once and nowhere else.
#include "checks/Check.h"

namespace heddle {

extern const Check forkSharedFile;
extern const Check lockOrderCycle;
extern const Check tornUpdate;

std::span<const Check *const> allChecks() {
  static constexpr const Check *checks[] = {
      &forkSharedFile,
      &lockOrderCycle,
      &tornUpdate,
  };
  return checks;
}

} // namespace heddle
