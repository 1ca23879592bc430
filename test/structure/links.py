# RUN: %python %s
"""Pages point at what exists: relative links, and files of the tree that are named in code spans."""

import re

from tree import ROOT, conclude, relative

PATH = re.compile(r"`((?:tool|checks|test|docs|program|facts|finding|report|extract|driver|link|\.ci)/[\w./*-]+)`")
complaints = []
for page in [ROOT / "README.md", ROOT / "SECURITY.md", ROOT / "test/README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
    text = page.read_text()
    for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text):
        if not (page.parent / target).exists():
            complaints.append(f"{relative(page)}: links to {target}, which isn't there")
    for name in PATH.findall(text):
        if "…" in name or "self-deadlock" in name:
            continue
        if not (list(ROOT.glob(name)) or list(ROOT.glob("tool/" + name))):
            complaints.append(f"{relative(page)}: names {name}, which isn't there")
conclude(complaints)
