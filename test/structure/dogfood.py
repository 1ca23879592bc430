# RUN: %python %s %heddle %build
"""heddle has nothing to say of its own sources."""

import json
import sys

from tree import ROOT, conclude, run

# extract and tidy include Clang, take three times as long as all the rest, and start nothing.
FOLDERS = ["tool/facts", "tool/program", "tool/link", "tool/report", "tool/driver", "checks"]
heddle, build = sys.argv[1], sys.argv[2]
result = run(heddle, "check", "-p", build, f"--source-root={ROOT}", "--format=json", "--no-cache", *(str(ROOT / folder) for folder in FOLDERS))
try:
    report = json.loads(result.stdout)
except json.JSONDecodeError:
    conclude([f"heddle wrote no report (exit code {result.returncode}):\n{result.stderr}"])
complaints = [f"{f['file']}:{f['line']}: {f['message']} [heddle-{f['check']}]" for f in report["findings"]]
complaints += [f"{u['file']}: {u['reason']}: {u['detail']}" for u in report["units"]["failed"] + report["units"]["partial"]]
if report["units"]["total"] < 30:
    complaints.append(f"only {report['units']['total']} units were selected")
conclude(complaints)
