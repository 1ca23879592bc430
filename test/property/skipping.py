# RUN: %python %s %heddle %t
"""The rule of the skip policy (docs/design.md §4) on every fixture of one unit, and on common use of the standard library (library/): facts
with and without skipping of system headers' bodies are the same bytes. test/corpus/run --identical asks the same of real programs."""

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


def entry(path, folder, *arguments):
    """A compilation in the database of that folder; a database finds a file once."""
    return {"directory": str(SCRATCH / folder), "file": str(path), "arguments": [*arguments, "-c", str(path)]}


def fixtures():
    """One compilation a fixture: that of its first RUN line."""
    for path in sorted([*(ROOT / "test/checks").rglob("*.c*"), *(ROOT / "test/lecture").rglob("*.c*")]):
        run = RUN_LINE.search(path.read_text())
        if run:
            compiler, default = ("clang", "-std=gnu11") if path.suffix == ".c" else ("clang++", "-std=c++17")
            yield entry(path, "fixtures", compiler, default, *(run["flags"] or "").split())


def library():
    for path in sorted((ROOT / "test/property/library").glob("*.cpp")):
        for standard in ["20"] if path.stem == "ranges" else ["17", "20"]:
            yield entry(path, f"library-{standard}", "clang++", f"-std=c++{standard}")


def facts(entry, number, *options):
    """Bytes of the facts, or what went wrong. A unit with errors is never skipped in, so it would prove nothing."""
    output = SCRATCH / f"{number}{''.join(options)}.facts"
    done = subprocess.run([HEDDLE, "extract", entry["file"], "-p", entry["directory"], f"--source-root={ROOT}", "-o", str(output), *options],
                          capture_output=True, text=True)
    good = output.is_file() and not ("property/library" in entry["file"] and done.stderr)
    return output.read_bytes() if good else f"{options}: ended with {done.returncode}: {done.stderr}"


def complaint(numbered):
    number, entry = numbered
    skipped, whole = facts(entry, number), facts(entry, number, "--no-skip")
    if isinstance(skipped, str) or isinstance(whole, str):
        return f"{entry['file']}: no facts: {skipped if isinstance(skipped, str) else whole}"
    return None if skipped == whole else f"{entry['file']}: facts with and without skipping differ: heddle facts shows both"


shutil.rmtree(SCRATCH, ignore_errors=True)
every = [*fixtures(), *library()]
for directory in {entry["directory"] for entry in every}:
    pathlib.Path(directory).mkdir(parents=True)
    pathlib.Path(directory, "compile_commands.json").write_text(json.dumps([entry for entry in every if entry["directory"] == directory]))
with concurrent.futures.ThreadPoolExecutor(2) as pool:
    complaints = [text for text in pool.map(complaint, enumerate(every)) if text]
print(f"{len(every)} units")
for text in complaints:
    print(text, file=sys.stderr)
sys.exit(1 if complaints or len(every) < 10 else 0)
