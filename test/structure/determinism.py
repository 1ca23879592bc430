# RUN: %python %s
"""Invariant 6: no clock, no chance and no address decides a result. Only the driver may look at a clock: to end what makes no
progress, and for the progress line."""

import re

from tree import conclude, relative, sources, without_comments_and_literals

EVERYWHERE = {
    r"\bstd::(multi)?(map|set)<\s*(const\s+)?[\w:]+\s*\*": "ordered by address; key it by an id, or use an unordered container that isn't iterated",
    r"\b(random_device|mt19937|rand|srand|random)\s*\(": "chance",
    r"\bhash_value\s*\(|\bstd::hash<": "differs between runs or builds; facts::Mix is stable",
    r"\bstd::unordered_(map|set)<\s*(const\s+)?[\w:]+\s*\*": "keyed by address; its order may reach an output",
}
OUTSIDE_DRIVER = {r"\bchrono\b|\bgettimeofday\b|\bclock_gettime\b|\btime\s*\(\s*(0|NULL|nullptr)": "a clock", r"\bgetenv\s*\(": "the environment"}

complaints = []
for path in sources("tool", "checks"):
    rules = dict(EVERYWHERE)
    if not relative(path).startswith("tool/driver/"):
        rules.update(OUTSIDE_DRIVER)
    for number, line in enumerate(without_comments_and_literals(path.read_text()).split("\n"), 1):
        for pattern, why in rules.items():
            if re.search(pattern, line):
                complaints.append(f"{relative(path)}:{number}: {why}: {line.strip()}")
conclude(complaints)
