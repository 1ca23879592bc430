"""The source tree as the structure tests see it."""

import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(os.environ["HEDDLE_ROOT"])
COMMENT_OR_LITERAL = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<tag>[^()\s]*)\(.*?\)(?P=tag)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)


def sources(*folders):
    """C++ sources and headers below folders of the tree, in order."""
    found = []
    for folder in folders:
        found += [p for p in (ROOT / folder).rglob("*") if p.suffix in (".cpp", ".h")]
    return sorted(found)


def relative(path):
    return str(path.relative_to(ROOT))


def literals(text):
    """(line, content) of each string literal that is code; not of includes."""
    for match in COMMENT_OR_LITERAL.finditer(text):
        token = match.group(0)
        line = text.count("\n", 0, match.start()) + 1
        line_text = text[text.rfind("\n", 0, match.start()) + 1: match.start()]
        if token.startswith('"') and not line_text.lstrip().startswith("#include"):
            yield line, token[1:-1]
        elif token.startswith("R"):
            yield line, token[token.index("(") + 1: token.rindex(")")]


def without_comments_and_literals(text):
    def blank(match):
        token = match.group(0)
        return '""' if token[0] in "\"R" else ("''" if token[0] == "'" else "\n" * token.count("\n"))
    return COMMENT_OR_LITERAL.sub(blank, text)


def listed_checks():
    """(family, id) of the checks that All.cpp lists, in its order, by the identifiers' definitions in checks/<family>/<id>.cpp."""
    names = re.findall(r"&(\w+)", without_comments_and_literals((ROOT / "checks/All.cpp").read_text()))
    definitions = {}
    for path in sources("checks"):
        for match in re.finditer(r"\bconst Check (\w+)\s*(?:=\s*)?\{", path.read_text()):
            definitions[match.group(1)] = (path.parent.name, path.stem)
    return [definitions.get(name, ("?", name)) for name in names]


def conclude(complaints):
    """Ends the test: every complaint names a place and what to do."""
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    sys.exit(1 if complaints else 0)


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
