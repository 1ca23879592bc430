# RUN: %python %s
"""Invariant 9: every fixture of a check goes through the helper that runs it in both hosts, or in both orders of its units."""

import re

from tree import ROOT, conclude, relative

complaints = []
fixtures = [p for p in sorted((ROOT / "test/checks").rglob("*")) if p.suffix in (".c", ".cpp", ".test")]
if not fixtures:
    complaints.append("test/checks: holds no fixture")
for path in fixtures:
    text = path.read_text()
    runs = re.findall(r"^\s*(?://|#) RUN[:] (.*)$", text, re.MULTILINE)
    several = re.search(r"^//--- \S+\.(c|cpp)$", text, re.MULTILINE)
    wanted = "%check-units %s" if several else "%check %s"
    if not any(line.startswith(wanted) or line.startswith("%check --closed %s") for line in runs):
        complaints.append(f"{relative(path)}: no RUN line begins with '{wanted}'")
    if re.search(r"FIXME-F[PN](?!:)", text):
        complaints.append(f"{relative(path)}: FIXME-FP and FIXME-FN are followed by a colon (test/README.md)")
conclude(complaints)
