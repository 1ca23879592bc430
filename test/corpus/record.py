"""docs/measured.md: what was measured, in tables that are rewritten row by row, each row with its date and heddle's commit."""
import datetime
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "measured.md"
COLUMNS = {"project": ["version", "units", "cpu", "clang", "ratio", "same"], "finding": ["true", "false", "unsure", "without verdict"],
           "seed": ["made", "compile", "bugs", "flagged", "share", "aim", "no bug", "not judged"]}


built_from = None  # where heddle was built from something else than this tree


def commit():
    """The last commit of this tree that changed the tool or a check; marked when what was built differs from it."""
    if built_from:
        return built_from
    name = subprocess.run(["git", "-C", ROOT, "log", "-1", "--format=%h", "--", "tool", "checks"], capture_output=True, text=True).stdout
    changed = subprocess.run(["git", "-C", ROOT, "diff", "--quiet", "HEAD", "--", "tool", "checks"]).returncode
    return name.strip() + ("+" if changed else "")


def rows_of(text, table):
    """Rows of a table between its marks, by name."""
    found = re.search(rf"<!-- {table} -->\n(.*?)<!-- end -->", text, re.DOTALL)
    lines = found[1].splitlines()[2:] if found else []
    return {cells[0]: cells[1:] for cells in ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)}


def write(table, changes):
    """Puts rows into a table. Cells that weren't measured this time keep what they were."""
    columns = COLUMNS[table]
    text = PAGE.read_text()
    rows = rows_of(text, table)
    stamp = [datetime.date.today().isoformat(), commit()]
    for name, values in changes.items():
        old = dict(zip(columns, rows.get(name, [])))
        rows[name] = [str(values.get(column, old.get(column, "–"))) for column in columns] + stamp
    head = [table, *columns, "date", "heddle"]
    lines = [head, ["---"] + ["--:"] * (len(head) - 1)] + [[name, *rows[name]] for name in order(table, rows)]
    body = "".join("| " + " | ".join(line) + " |\n" for line in lines)
    PAGE.write_text(re.sub(rf"(<!-- {table} -->\n).*?(<!-- end -->)", lambda m: m[1] + body + m[2], text, flags=re.DOTALL))


def order(table, rows):
    return list(rows) if table == "seed" else sorted(rows)


def project(name, row, counts):
    write("project", {name: row})
    checks = {}
    for (check, verdict), count in counts.items():
        checks.setdefault(f"{name}: {check}", {column: 0 for column in COLUMNS["finding"]})[verdict] = count
    write("finding", checks)
