# RUN: %python %s %heddle %build
"""heddle has nothing to say of its own sources."""

import json
import sys

from tree import ROOT, conclude, run

heddle, build = sys.argv[1], sys.argv[2]
result = run(heddle, "check", "-p", build, f"--source-root={ROOT}", "--format=json", "--no-cache", str(ROOT / "tool"), str(ROOT / "checks"))
try:
    report = json.loads(result.stdout)
except json.JSONDecodeError:
    conclude([f"heddle wrote no report (exit code {result.returncode}):\n{result.stderr}"])
complaints = [f"{f['file']}:{f['line']}: {f['message']} [heddle-{f['check']}]" for f in report["findings"]]
complaints += [f"{u['file']}: {u['reason']}: {u['detail']}" for u in report["units"]["failed"] + report["units"]["partial"]]
if report["units"]["total"] < 50:
    complaints.append(f"only {report['units']['total']} units were selected")
conclude(complaints)
