# RUN: %python %s
"""docs/design.md: names are the field's; a file that passes 300 lines wants a reason, and one that passes 600 has none."""

import re

from tree import conclude, relative, sources, without_comments_and_literals

EMPTY = re.compile(r"(Utils?|Helpers?|Manager|Info|Data|Impl|Misc|Common)$")
complaints = []
long_files = []
for path in sources("tool", "checks"):
    if EMPTY.search(path.stem) or path.stem in ("utils", "util", "helpers", "misc", "common"):
        complaints.append(f"{relative(path)}: a name that says nothing")
    text = path.read_text()
    for match in re.finditer(r"\b(?:class|struct|namespace)\s+(\w+)\s*[:{]", without_comments_and_literals(text)):
        if EMPTY.search(match.group(1)):
            complaints.append(f"{relative(path)}: '{match.group(1)}' is a name that says nothing")
    lines = text.count("\n")
    if lines > 300:
        long_files.append((lines, relative(path)))
    if lines > 600:
        complaints.append(f"{relative(path)}: {lines} lines; split it by idea")
for lines, name in sorted(long_files, reverse=True):
    print(f"{name}: {lines} lines")
conclude(complaints)
