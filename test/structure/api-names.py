# RUN: %python %s
"""Invariant 5: what libraries' functions and classes mean stands in models/*.yaml; their names are in no string literal of C++."""

import re

from tree import ROOT, conclude, literals, relative, sources

# Words of our own, of the models' language and of step events, that are names in libc too.
OWN_WORDS = {"fork", "exec", "exit", "open", "close", "free", "read", "write", "wait", "join", "detach", "flush", "seek", "run", "lock", "dup",
             "signal", "socket", "pipe", "listen", "remove", "link", "send", "recv", "abort", "connect", "accept", "sleep", "poll", "select",
             "semaphore", "mutex", "sync", "vfork"}

# `name: x`, `name: [x, y]` over one or more lines, or a block of `- x` lines.
NAME = re.compile(r"^[ \t]*(?:-[ \t]+)?name:[ \t]*(?:\[(?P<flow>[^\]]*)\]|(?P<scalar>[^\s#\[].*)|(?P<block>(?:#.*)?\n(?:[ \t]*-[ \t]+[^:\s]\S*(?<!:)[ \t]*\n)+))",
                  re.MULTILINE)
names = set()
for model in sorted((ROOT / "tool/program/models").glob("*.yaml")):
    for match in NAME.finditer(model.read_text()):
        text = match["flow"] or match["scalar"] or re.sub(r"^[ \t]*-[ \t]+", ",", match["block"] or "", flags=re.MULTILINE)
        names |= {name.split(" #")[0].strip(" '\"\n\t") for name in text.split(",")}
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
