# RUN: %python %s %heddle %t
"""Invariants 6 and 7: another checkout folder changes no byte of the report, and lines added above a finding don't change its name."""

import json
import os
import shutil
import sys

from tree import ROOT, conclude, run

heddle, folder = sys.argv[1], sys.argv[2]
shutil.rmtree(folder, ignore_errors=True)
units = [p for p in sorted((ROOT / "test/lecture").rglob("*.cpp")) if "//--- " not in p.read_text()]


def report(name, prefix):
    top = os.path.join(folder, name)
    os.makedirs(os.path.join(top, "src"))
    rows = []
    for unit in units:
        copy = os.path.join(top, "src", str(unit.relative_to(ROOT / "test/lecture")).replace("/", "-"))
        with open(copy, "w") as out:
            out.write(prefix + unit.read_text())
        rows.append({"directory": top, "file": copy, "arguments": ["clang++", "-std=c++17", "-c", copy]})
    with open(os.path.join(top, "compile_commands.json"), "w") as out:
        json.dump(rows, out)
    return run(heddle, "check", "-p", top, f"--source-root={top}", "--format=json", "--no-cache", "--allow-partial").stdout


here = report("here", "")
there = report("a/longer/way/there", "")
moved = report("moved", "// one\n// two\n// three\n")
complaints = []
if here != there:
    complaints.append("another checkout folder changes the report")


def names(text):
    return sorted(f["fingerprint"] for f in json.loads(text)["findings"])


if not names(here):
    complaints.append("the lecture's programs give no finding")
if names(here) != names(moved):
    complaints.append(f"three lines above change the fingerprints:\n{names(here)}\n{names(moved)}")
conclude(complaints)
