# RUN: %python %s %clang-format
"""The sources are as clang-format 19 leaves them."""

import sys

from tree import conclude, relative, run, sources

complaints = []
for path in sources("tool", "checks", "test/unit"):
    result = run(sys.argv[1], "--dry-run", "-Werror", str(path))
    if result.returncode != 0:
        complaints.append(f"{relative(path)}: not formatted; run clang-format-19 -i on it")
conclude(complaints)
