#!/usr/bin/env python3
"""expect.py CODE [--cwd=FOLDER] -- COMMAND…: runs the command and fails unless it ends with that exit code. For codes that end a run
without a report (2) standard output must be empty."""

import subprocess
import sys

split = sys.argv.index("--")
code, options, command = int(sys.argv[1]), sys.argv[2:split], sys.argv[split + 1:]
folder = next((o.removeprefix("--cwd=") for o in options if o.startswith("--cwd=")), None)
result = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, text=True, errors="replace")
sys.stdout.write(result.stdout)
if result.returncode != code:
    sys.exit(f"expect.py: exit code {result.returncode}, expected {code}: {' '.join(command)}")
if code == 2 and result.stdout:
    sys.exit("expect.py: wrong use printed to standard output")
