// The process that extracts: it reads units from standard input and writes facts to standard output until the input ends.
#pragma once

namespace heddle {

/// First argument of a heddle that is to be a worker. Not a command: no user gives it.
inline constexpr const char *kWorkerWord = "--worker-of-heddle";

int runWorker();

} // namespace heddle
