# RUN: %python %s %heddle
"""Invariants 3 and 4: a check is one value in one file, listed once, in order; and its name is in five places."""

import re
import sys

from tree import ROOT, conclude, listed_checks, relative, run, sources

heddle = sys.argv[1]
complaints = []
checks = listed_checks()
ids = [id for _, id in checks]
if not ids:
    complaints.append("checks/All.cpp lists no check")
if ids != sorted(ids):
    complaints.append(f"checks/All.cpp: sort the list by id: {', '.join(sorted(ids))}")
for repeated in {id for id in ids if ids.count(id) > 1}:
    complaints.append(f"checks/All.cpp: lists {repeated} twice")

for path in sources("checks"):
    if path.suffix == ".h" and relative(path) != "checks/Check.h":
        complaints.append(f"{relative(path)}: a check has no header; a shared idea is a view in tool/program")
    if path.parent.parent == ROOT / "checks" and path.suffix == ".cpp" and (path.parent.name, path.stem) not in checks:
        complaints.append(f"{relative(path)}: not in checks/All.cpp")

listing = run(heddle, "checks").stdout
for family, id in checks:
    file = ROOT / "checks" / family / f"{id}.cpp"
    if not file.exists():
        complaints.append(f"{relative(file)}: missing")
        continue
    text = file.read_text()
    for value in (f'"{id}"', f'"{family}"'):
        if value not in text:
            complaints.append(f"{relative(file)}: its Check value says no {value}")
    if not list((ROOT / "test/checks" / family).glob(f"{id}*")):
        complaints.append(f"test/checks/{family}/{id}*: missing")
    page = ROOT / "docs/checks" / f"{id}.md"
    if not page.exists():
        complaints.append(f"{relative(page)}: missing")
    explained = run(heddle, "explain", id)
    if explained.returncode != 0 or id not in explained.stdout:
        complaints.append(f"heddle explain {id}: exit code {explained.returncode}, {explained.stderr.strip()}")
    if not re.search(rf"\b{id}\b", listing):
        complaints.append(f"heddle checks: says nothing of {id}")
    if re.search(r"^\s*(class|struct)\s+\w+[^;{]*:\s*(public|private|protected)?\s*\w+", text, re.MULTILINE):
        complaints.append(f"{relative(file)}: a check is a value, without inheritance")

for page in sorted((ROOT / "docs/checks").glob("*.md")):
    if page.stem not in ids:
        complaints.append(f"{relative(page)}: a page of no check")
for fixture in sorted((ROOT / "test/checks").glob("*/*")):
    if fixture.suffix in (".c", ".cpp", ".test") and not any(
            fixture.parent.name == family and fixture.name.startswith(id) for family, id in checks):
        complaints.append(f"{relative(fixture)}: begins with the id of no check of family {fixture.parent.name}")
conclude(complaints)
