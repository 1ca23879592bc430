"""What was measured: a table for people, and what was missed with the change that made it."""
import collections
import difflib

from seeding.mutant import KINDS

AIM = {kind: 80 for kind in ("early-return", "unlock-dropped", "lock-for-unlock", "swapped", "narrowed", "guard-temporary")}


def judged(mutant, verdicts):
    """(bug, why): what people said goes before what could be decided mechanically."""
    row = verdicts.get(mutant["id"]) or verdicts.get(f"{mutant['project']}/{mutant['function']}")
    if row is None or mutant["kind"] not in row.get("kinds", [mutant["kind"]]):
        return mutant["bug"], mutant["why"]
    return {"bug": True, "no bug": False}[row["verdict"]], row["why"]


def counts(results, verdicts):
    """Rows by kind, in the order of kinds: what was made, what of it compiles, is a bug, is flagged."""
    found = collections.defaultdict(collections.Counter)
    for row in results:
        count = found[row["kind"]]
        count["made"] += 1
        if row["compiles"]:
            bug = judged(row, verdicts)[0]
            count["compile"] += 1
            count[{True: "bugs", False: "no bug", None: "not judged"}[bug]] += 1
            count["flagged"] += bug is True and row["flagged"]
    return {kind: finished(kind, found[kind]) for kind in KINDS if kind in found}


def finished(kind, count):
    share = f"{100 * count['flagged'] / count['bugs']:.0f} %" if count["bugs"] else "–"
    return {**{name: count[name] for name in ("made", "compile", "bugs", "flagged", "no bug", "not judged")}, "share": share,
            "aim": f"{AIM.get(kind, 70)} %"}


def table(rows):
    columns = ["made", "compile", "bugs", "flagged", "share", "aim", "no bug", "not judged"]
    lines = [["kind", *columns], ["---"] + ["--:"] * len(columns)]
    lines += [[kind, *[str(row[column]) for column in columns]] for kind, row in rows.items()]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def difference(project, mutant):
    parts = []
    for file, edits in sorted(mutant.edits.items()):
        old = project.text(file)
        new = old
        for start, end, text in sorted(edits, reverse=True):
            new = new[:start] + text.encode() + new[end:]
        lines = [part.decode(errors="replace").splitlines() for part in (old, new)]
        parts += difflib.unified_diff(*lines, file, file, n=4, lineterm="")
    return "\n".join(parts)


def report(rows, verdicts):
    """Bugs that were missed, by kind, each with its change."""
    lines = []
    for kind in KINDS:
        missed = [r for r in rows if r["kind"] == kind and r["compiles"] and not r["flagged"] and judged(r, verdicts)[0] is True]
        lines += [f"## {kind}: {len(missed)} missed", ""] if missed else []
        for row in missed:
            lines += [f"### {row['id']}", "", f"`{row['function']}`: {judged(row, verdicts)[1]}", ""]
            lines += [f"New, but not counted: {text}" for text in row["new"]] + ["", "```diff", row["diff"], "```", ""]
    return "\n".join(lines)
