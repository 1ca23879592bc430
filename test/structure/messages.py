# RUN: %python %s %heddle %t
"""Invariant 7 and the grammar of messages, on all that the fixtures and the lecture's programs make heddle say."""

import json
import os
import re
import shutil
import sys

from tree import ROOT, conclude, run

heddle, folder = sys.argv[1], sys.argv[2]
shutil.rmtree(folder, ignore_errors=True)
os.makedirs(folder)
units = [p for top in ("test/checks", "test/lecture") for p in sorted((ROOT / top).rglob("*.cpp")) if "//--- " not in p.read_text()]
rows = [{"directory": str(ROOT), "file": str(p), "arguments": ["clang++", "-std=c++20", "-c", str(p)]} for p in units]
with open(os.path.join(folder, "compile_commands.json"), "w") as out:
    json.dump(rows, out)
result = run(heddle, "check", "-p", folder, f"--source-root={ROOT}", "--format=json", "--severity=advice", "--no-cache", "--allow-partial")
complaints = []
try:
    findings = json.loads(result.stdout)["findings"]
except (json.JSONDecodeError, KeyError) as error:
    conclude([f"heddle wrote no report (exit code {result.returncode}): {error}\n{result.stderr}"])
if not findings:
    complaints.append("the fixtures make heddle say nothing")


def grammar(text, where):
    first = text[:1]
    if not text or first.isupper():
        complaints.append(f"{where}: begins with a capital: {text}")
    if text.endswith((".", "!", "\n", " ")) or "  " in text:
        complaints.append(f"{where}: ends in a full stop, or has stray blanks: {text}")
    if text.count("'") % 2:
        complaints.append(f"{where}: a quote is left open: {text}")
    if str(ROOT) in text:
        complaints.append(f"{where}: names the checkout: {text}")


for finding in findings:
    where = f"{finding['file']}:{finding['line']}: [heddle-{finding['check']}]"
    grammar(finding["message"], where)
    if "'" not in finding["message"]:
        complaints.append(f"{where}: names no object: {finding['message']}")
    if not finding["entities"]:
        complaints.append(f"{where}: has no entity")
    steps = [step for trace in finding["traces"] for step in trace["steps"]]
    if len(steps) < 2:
        complaints.append(f"{where}: a story has at least two steps")
    if any(os.path.isabs(step["file"]) and step["file"].startswith(str(ROOT)) for step in [finding, *steps]):
        complaints.append(f"{where}: a path isn't relative to the source root")
    for step in steps:
        grammar(step["message"], where + " step")
    if not re.fullmatch(r"[0-9a-f]{8,64}", finding["fingerprint"]):
        complaints.append(f"{where}: its fingerprint is '{finding['fingerprint']}'")
fingerprints = [f["fingerprint"] for f in findings]
for repeated in {f for f in fingerprints if fingerprints.count(f) > 1}:
    complaints.append(f"fingerprint {repeated} is that of several findings")
conclude(complaints)
