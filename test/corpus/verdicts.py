"""What people said of findings, by fingerprint: true, false or unsure, and why (docs/design.md, what counts as true)."""
import collections

import yaml

KINDS = ("true", "false", "unsure")


def load(path):
    rows = yaml.safe_load(path.read_text()) or {}
    for fingerprint, row in rows.items():
        if str(row.get("verdict")).lower() not in KINDS or not row.get("why"):
            raise ValueError(f"{path.name}: {fingerprint}: a verdict is one of {', '.join(KINDS)}, with its reason in `why`")
    return rows


def show(finding, steps):
    print(f"    {finding['file']}:{finding['line']}: {finding['severity']}: {finding['message']} [{finding['check']}]")
    for trace in finding["traces"] if steps else []:
        for step in trace["steps"]:
            print(f"      {trace['lane']}: {step['file']}:{step['line']}: {step['message']}")


def compare(project, findings, path, steps=False):
    """Prints findings by verdict; whether each has one, and how many by check and verdict. Verdicts of findings that are gone are listed,
    and no failure."""
    rows = {key: row for key, row in load(path).items() if row["project"] == project}
    counts = collections.Counter()
    for finding in findings:
        row = rows.pop(finding["fingerprint"], None)
        verdict = str(row["verdict"]).lower() if row else "without verdict"
        counts[(finding["check"], verdict)] += 1
        if not row or steps:
            print(f"  {finding['fingerprint']}: {verdict}")
            show(finding, steps)
    for (check, verdict), count in sorted(counts.items()):
        print(f"  {check}: {count} {verdict}")
    for fingerprint, row in rows.items():
        print(f"  {fingerprint}: {row['check']} in {row['file']} is no longer reported (was {str(row['verdict']).lower()})")
    return not any(verdict == "without verdict" for _, verdict in counts), counts
