"""A mutant: a small change of one function that makes, or may make, a bug of a known kind."""
import dataclasses

RACE = frozenset(["data-race", "torn-update", "inconsistent-guard", "mixed-guards", "split-invariant", "check-then-act",
                  "escaped-guarded-data", "annotation-violation", "mutable-in-const", "unsafe-publication", "write-under-shared-lock"])
HELD = frozenset(["lock-leak", "self-deadlock", "annotation-violation"])

# kind: the checks whose findings fit it
LOCK_KINDS = {
    "early-return": HELD,
    "unlock-dropped": HELD | {"lock-destroyed"},
    "lock-for-unlock": HELD,
    "swapped": frozenset(["lock-order-cycle"]),
    "narrowed": RACE | {"wait-without-lock", "lost-wakeup"},
    "guard-temporary": frozenset(["unnamed-guard"]),
}
RACE_KINDS = {
    "lock-dropped": RACE | {"wait-without-lock", "lost-wakeup"},
    "moved-out": RACE | {"wait-without-lock", "lost-wakeup"},
    "atomic-plain": RACE | {"plain-stop-flag", "double-checked-locking", "lost-wakeup", "nonatomic-update"},
    "join-removed": RACE | {"joinable-destroyed", "escaping-local", "exit-with-threads", "lock-destroyed", "plain-stop-flag"},
    "join-moved": RACE | {"joinable-destroyed", "escaping-local", "exit-with-threads", "lock-destroyed", "plain-stop-flag"},
}
KINDS = {**LOCK_KINDS, **RACE_KINDS}


@dataclasses.dataclass
class Mutant:
    kind: str
    project: str
    file: str
    line: int        # of what was changed
    functions: list  # [(file, first line, last line)]: a finding has a place in one of them
    name: str        # of the function, for people
    edits: dict      # file: [(start, end, text)], in bytes of the original
    bug: object      # True, False, or None: can't be told mechanically
    why: str
    detail: str = ""

    @property
    def id(self):
        return f"{self.project}/{self.file}:{self.line}:{self.kind}" + (f":{self.detail}" if self.detail else "")


def same_lines(old, new):
    """`new` with as many line ends as `old`, so that the rest of the file keeps its line numbers."""
    return new + "\n" * (old.count("\n") - new.count("\n"))
