# RUN: %python %s
"""Invariant 2: facts hold language events only, so neither the schema nor the extractor knows what a lock, a thread or a process is.
Clang's thread-safety attributes are the one exception: they are language."""

import re

from tree import ROOT, conclude, relative, sources, without_comments_and_literals

FORBIDDEN = {"mutex", "mutexes", "lock", "locks", "locked", "unlock", "fork", "forks", "spawn", "deadlock", "race", "pthread", "semaphore", "gil"}


def words(identifier):
    return [w.lower() for w in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", identifier)]


complaints = []
ATTRIBUTES = {"tool/extract/Attributes.cpp", "tool/extract/Attributes.h"}
for path in [*sources("tool/extract", "tool/facts"), ROOT / "tool/facts/facts.fbs"]:
    if relative(path) in ATTRIBUTES:
        continue
    for number, line in enumerate(without_comments_and_literals(path.read_text()).split("\n"), 1):
        for identifier in re.findall(r"[A-Za-z_]\w*", line):
            if identifier.startswith("OPT_") or re.search(r"Attr|Capability|GuardedBy|Acquire|Locks?Returned|Locks?Excluded|ExclusiveLock|SharedLock|AssertExclusive", line):
                continue
            if FORBIDDEN & set(words(identifier)):
                complaints.append(f"{relative(path)}:{number}: '{identifier}': meaning is for models and tool/program")
conclude(complaints)
