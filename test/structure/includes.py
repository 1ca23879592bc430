# RUN: %python %s
"""Invariant 1, and the table of docs/design.md §1: which folder may include what. Clang's and LLVM's headers share a folder, so the
compiler can't tell."""

import re

from tree import ROOT, conclude, relative, sources

PLAIN = {"facts", "llvm", "flatbuffers", "facts_generated.h"}
MAY_INCLUDE = {
    "tool/facts": PLAIN,
    "tool/finding": PLAIN | {"finding"},
    "tool/program": PLAIN | {"program", "finding", "builtin_models.h"},
    "tool/link": PLAIN | {"link", "program"},
    "tool/extract": PLAIN | {"extract", "clang"},
    "checks": PLAIN | {"checks", "program", "finding"},
    "tool/report": PLAIN | {"report", "finding"},
    "tool/driver": PLAIN | {"driver", "report", "finding", "checks", "program", "link", "check_pages.h", "builtin_models.h"},
    "tool/tidy": PLAIN | {"tidy", "driver", "report", "finding", "checks", "program", "link", "extract", "clang", "clang-tidy"},
}
# The door to the extractor shows no type of Clang's.
EXACT = {"tool/driver": {"extract/Extract.h"}}
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)
STANDARD = re.compile(r"^[a-z_0-9]+(\.h)?$|^sys/\w+\.h$|^linux/\w+\.h$|^cxxabi\.h$")

complaints = []
for path in sources("tool", "checks"):
    folder = next((f for f in MAY_INCLUDE if relative(path).startswith(f + "/")), None)
    if folder is None:
        complaints.append(f"{relative(path)}: no row of the table in docs/design.md §1 holds this folder")
        continue
    for match in INCLUDE.finditer(path.read_text()):
        name = match.group(1)
        if name in EXACT.get(folder, ()) or name.split("/")[0] in MAY_INCLUDE[folder] or STANDARD.match(name):
            continue
        complaints.append(f"{relative(path)}: {folder}/ may not include '{name}' (docs/design.md §1)")
for door in ("tool/extract/Extract.h",):
    if "clang/" in (ROOT / door).read_text():
        complaints.append(f"{door}: the driver includes this, so it may not include Clang")
conclude(complaints)
