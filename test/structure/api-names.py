# RUN: %python %s
"""Invariant 5: what libraries' functions and classes mean stands in models/*.yaml; their names are in no string literal of C++."""

import re

from tree import ROOT, conclude, literals, relative, sources

# Words of our own, of the models' language and of step events, that are names in libc too.
OWN_WORDS = {"fork", "exec", "exit", "open", "close", "read", "write", "wait", "join", "detach", "flush", "seek", "run", "lock", "dup",
             "signal", "socket", "pipe", "listen", "remove", "link", "send", "recv", "abort", "connect", "accept", "sleep", "poll", "select"}

names = set()
for model in sorted((ROOT / "tool/program/models").glob("*.yaml")):
    for match in re.finditer(r"^\s*-?\s*name:\s*(.+)$", model.read_text(), re.MULTILINE):
        value = match.group(1).split(" #")[0].strip()
        names |= {name.strip(" '\"") for name in value.strip("[]").split(",")}
names.discard("")

complaints = [] if len(names) > 50 else [f"tool/program/models: only {len(names)} names were read; does this test still know the format?"]
qualified = {name for name in names if "::" in name}
plain = names - qualified - OWN_WORDS
for path in sources("tool", "checks"):
    for line, text in literals(path.read_text()):
        words = set(re.findall(r"[A-Za-z_]\w*(?:::~?\w+)*", text))
        # A sentence may well contain "open"; it is a name where it stands alone or can be nothing else.
        hits = words & qualified | {w for w in words & plain if w == text or "_" in w} | {w for w in words if w.startswith("std::")}
        for name in sorted(hits):
            complaints.append(f"{relative(path)}:{line}: '{name}' is an API's name; it belongs in tool/program/models")
conclude(complaints)
