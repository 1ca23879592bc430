# RUN: %python %s %heddle %t
"""The rule of the skip policy (docs/design.md §4) on every fixture of one unit: facts with and without skipping of system headers' bodies
are the same bytes. test/corpus/run --identical asks the same of real programs."""

import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(os.environ["HEDDLE_ROOT"])
HEDDLE, SCRATCH = sys.argv[1], pathlib.Path(sys.argv[2])
RUN_LINE = re.compile(r"^// RU[N]: %check(?: --closed)? %s(?: -- (?P<flags>.*))?$", re.MULTILINE)  # lit must not read this


def entries():
    """One compilation a fixture: that of its first RUN line."""
    for path in sorted([*(ROOT / "test/checks").rglob("*.c*"), *(ROOT / "test/lecture").rglob("*.c*")]):
        run = RUN_LINE.search(path.read_text())
        if run:
            compiler, default = ("clang", "-std=gnu11") if path.suffix == ".c" else ("clang++", "-std=c++17")
            arguments = [compiler, default, *(run["flags"] or "").split(), "-c", str(path)]
            yield {"directory": str(SCRATCH), "file": str(path), "arguments": arguments}


def facts(entry, number, *options):
    output = SCRATCH / f"{number}{''.join(options)}.facts"
    done = subprocess.run([HEDDLE, "extract", entry["file"], "-p", str(SCRATCH), f"--source-root={ROOT}", "-o", str(output), *options],
                          capture_output=True, text=True)
    return output.read_bytes() if output.is_file() else f"{options}: ended with {done.returncode}: {done.stderr}"


def complaint(numbered):
    number, entry = numbered
    skipped, whole = facts(entry, number), facts(entry, number, "--no-skip")
    if isinstance(skipped, str) or isinstance(whole, str):
        return f"{entry['file']}: no facts: {skipped if isinstance(skipped, str) else whole}"
    return None if skipped == whole else f"{entry['file']}: facts with and without skipping differ: heddle facts shows both"


shutil.rmtree(SCRATCH, ignore_errors=True)
SCRATCH.mkdir(parents=True)
every = list(entries())
(SCRATCH / "compile_commands.json").write_text(json.dumps(every))
with concurrent.futures.ThreadPoolExecutor(2) as pool:
    complaints = [text for text in pool.map(complaint, enumerate(every)) if text]
print(f"{len(every)} fixtures")
for text in complaints:
    print(text, file=sys.stderr)
sys.exit(1 if complaints or len(every) < 10 else 0)
