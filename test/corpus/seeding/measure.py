"""Runs heddle on a mutant: re-extracts the units that the change reaches, links, and compares with what it says of the original.

Facts of the original are extracted once for a heddle and kept. A mutant is flagged when a finding is new against the original, is of a
check that fits the kind, and has a place in a changed function.
"""
import json
import re
import subprocess

from seeding.mutant import KINDS
from seeding.project import digest


class Failure(Exception):
    """heddle didn't do its part on a mutant."""


class Baseline:
    """Facts of the original's units, and which files each unit read."""

    def __init__(self, heddle, project, copy):
        self.heddle, self.project = heddle, project
        self.folder = project.work / f"facts-{digest(heddle)}"
        self.folder.mkdir(parents=True, exist_ok=True)
        for unit in project.units:
            if not self.facts(unit).is_file():
                extract(heddle, copy, unit, self.facts(unit), self.depfile(unit))
        self.depends = {unit: self.depfile(unit).read_text() for unit in project.units}
        self.linked = {}

    def stem(self, unit):
        return re.sub(r"\W", "_", unit.file)

    def facts(self, unit):
        return self.folder / (self.stem(unit) + ".facts")

    def depfile(self, unit):
        return self.folder / (self.stem(unit) + ".d")

    def reached(self, mutant):
        """Units that read a changed file."""
        return [unit for unit in self.project.units
                if unit.file in mutant.edits or any(f"/source/{file}" in self.depends[unit] for file in mutant.edits)]

    def program(self, mutant):
        """Units that are linked: all but other programs' mains."""
        mains = self.project.row.get("mains", [])
        return [unit for unit in self.project.units
                if unit.file in mutant.edits or unit.file in mains or not self.project.has_main(unit.file)]

    def findings(self, copy, units):
        """Fingerprints of what is found in the original."""
        key = tuple(unit.file for unit in units)
        if key not in self.linked:
            found = link(self.heddle, copy, [self.facts(unit) for unit in units])
            self.linked[key] = {finding["fingerprint"] for finding in found}
        return self.linked[key]


def extract(heddle, copy, unit, output, depfile=None):
    command = [heddle, "extract", str(copy.tree / unit.file), "-p", str(copy.build), f"--source-root={copy.tree}", "-o", str(output)]
    done = subprocess.run(command + (["--depfile", str(depfile)] if depfile else []), capture_output=True, text=True)
    if done.returncode not in (0, 3) or not output.is_file():
        raise Failure(f"{unit.file}: heddle extract ended with {done.returncode}: {done.stderr[-300:]}")


def link(heddle, copy, facts):
    output = copy.build / "findings.json"
    output.unlink(missing_ok=True)
    (copy.build / "facts.list").write_text("\n".join(map(str, facts)))
    done = subprocess.run([heddle, "link", f"@{copy.build / 'facts.list'}", f"--source-root={copy.tree}", "--no-config",
                           "--severity=advice", f"--format=json:{output}"], capture_output=True, text=True)
    if done.returncode not in (0, 1, 3) or not output.is_file():
        raise Failure(f"heddle link ended with {done.returncode}: {done.stderr[-300:]}")
    return json.loads(output.read_text())["findings"]


def places(finding):
    yield finding["file"], finding["line"]
    for trace in finding["traces"]:
        for step in trace["steps"]:
            yield step["file"], step["line"]


def touches(finding, mutant):
    return any(file == at and first <= line <= last for at, line in places(finding) for file, first, last in mutant.functions)


def measure(baseline, copy, mutant):
    """{compiles, flagged, by, new}: `by` are fitting findings, `new` all that are new."""
    copy.write(mutant)
    try:
        reached = baseline.reached(mutant)
        if not reached or not all(copy.compiles(unit) for unit in reached):
            return {"compiles": False}
        changed = {}
        for unit in reached:
            changed[unit] = copy.build / f"{baseline.stem(unit)}.facts"
            extract(baseline.heddle, copy, unit, changed[unit])
        program = baseline.program(mutant)
        before = baseline.findings(copy, program)
        after = link(baseline.heddle, copy, [changed.get(unit, baseline.facts(unit)) for unit in program])
        new = [finding for finding in after if finding["fingerprint"] not in before]
        fitting = [f for f in new if f["check"] in KINDS[mutant.kind] and touches(f, mutant)]
        return {"compiles": True, "flagged": bool(fitting), "by": shown(fitting), "new": shown(new)}
    finally:
        copy.restore(mutant)


def shown(findings):
    return [f"{f['file']}:{f['line']}: {f['severity']}: {f['message']} [{f['check']}]" for f in findings]
