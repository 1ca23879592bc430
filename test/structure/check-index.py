# RUN: %python %s %heddle
"""docs/checks.md lists what `heddle checks` lists. With --write, after the program, it is written anew."""

import re
import sys

from tree import ROOT, conclude, run

FAMILIES = {"lock": "Locks", "race": "Races", "atomic": "Atomics", "condition": "Conditions", "thread": "Threads", "process": "Processes",
            "signal": "Signals", "api": "APIs", "python": "The GIL"}
PAGE = ROOT / "docs/checks.md"

rows = {}
for line in run(sys.argv[1], "checks").stdout.splitlines():
    id, family, severity, summary = re.fullmatch(r"(\S+) +(\S+) +(\S+) +(.*)", line).groups()
    rows.setdefault(family, []).append(f"| [{id}](checks/{id}.md) | {severity} | {summary} |")
text = "# The checks\n\nWhat `heddle checks` prints, by family. A page tells why it breaks, what to do instead, and what is not seen.\n"
for family in sorted(rows, key=lambda family: list(FAMILIES).index(family) if family in FAMILIES else len(FAMILIES)):
    text += f"\n## {FAMILIES.get(family, family)}\n\n| check | severity | finds |\n|---|---|---|\n" + "\n".join(rows[family]) + "\n"
if "--write" in sys.argv:
    PAGE.write_text(text)
same = PAGE.exists() and PAGE.read_text() == text
conclude([] if same else ["docs/checks.md isn't what heddle checks lists: HEDDLE_ROOT=. python3 test/structure/check-index.py build/bin/heddle --write"])
