"""Mutants of the race kinds: locks, sections and joins that are missing."""
import re

from seeding import sections as sections_module
from seeding.lock_kinds import mutant, replaced, touches_lock
from seeding.source import Kind


def lock_dropped(project, sections, function):
    """All operations on one lock, out of one function that takes and releases it by itself."""
    for lock in dict.fromkeys(o.lock for o in function.operations):
        operations = [o for o in function.operations if o.lock == lock]
        if operations[0].action == "release" or operations[-1].action == "acquire":
            continue
        reasons = [sections.needs(lock, function, s.start, s.end) for s in sections_module.of_function(function) if s.lock == lock]
        why = next((reason for reason in reasons if reason), None)
        edits = [replaced(o.statement, ";") for o in operations]
        yield mutant(project, "lock-dropped", function, operations[0].statement, edits, True if why else None,
                     why or "no access that needs it was seen")


def moved_out(project, sections, function):
    """A statement from inside a section to behind it, or before it where a guard's scope ends it."""
    for operation in function.operations:
        statement, siblings = operation.statement, operation.statement.siblings
        if operation.action == "release":
            continue
        for moved in siblings[statement.index + 1:]:
            if any(o.lock == operation.lock and o.statement is moved for o in function.operations):
                break
            end = section_end(function, operation, moved)
            if end and can_move(function, moved, operation.lock):
                why = sections.needs(operation.lock, function, moved.start, moved.end)
                yield mutant(project, "moved-out", function, moved, edits_of(operation, moved, end), True if why else None,
                             why or "no shared access was seen")


def section_end(function, operation, moved):
    """The release behind which the statement goes; the guard itself for a guard."""
    if operation.action == "guard":
        return operation.statement
    for sibling in moved.siblings[moved.index + 1:]:
        for o in function.operations:
            if o.lock == operation.lock and o.statement is sibling:
                return sibling if o.action == "release" else None
    return None


def can_move(function, moved, lock):
    simple = not moved.is_declaration and not moved.jumps() and moved.text.rstrip().endswith((";", "}"))
    return simple and not touches_lock(function, moved, lock) and moved.cursor.kind != Kind.NULL_STMT


def edits_of(operation, moved, end):
    gone = replaced(moved, ";")
    flat = re.sub(r"\s*\n\s*", " ", moved.text) if "//" not in moved.text and "#" not in moved.text else moved.text
    if operation.action == "guard":
        return [gone, (end.start, end.start, flat + " ")]
    return [gone, (end.end, end.end, " " + flat)]


def joins(function):
    for statement in function.statements:
        found = re.search(r"\bpthread_join\s*\(", statement.text)
        if found and not any("pthread_join" in child.text for child in function.statements
                             if child is not statement and statement.start <= child.start and child.end <= statement.end):
            yield statement, found.start()


def closing(text, start):
    depth = 0
    for offset in range(text.index("(", start), len(text)):
        depth += {"(": 1, ")": -1}.get(text[offset], 0)
        if depth == 0:
            return offset + 1
    raise ValueError("unbalanced")


def join_removed(project, sections, function):
    for statement, start in joins(function):
        text = statement.text[:start] + "0" + statement.text[closing(statement.text, start):]
        yield mutant(project, "join-removed", function, statement, [replaced(statement, text)], None, "see seeded.yaml")


def join_moved(project, sections, function):
    for statement, _ in joins(function):
        position = statement.index + 1
        if position < len(statement.siblings) and not statement.siblings[position].jumps():
            follower = statement.siblings[position]
            edits = [replaced(statement, follower.text), replaced(follower, statement.text)]
            yield mutant(project, "join-moved", function, statement, edits, None, "see seeded.yaml")


MAKERS = {"lock-dropped": lock_dropped, "moved-out": moved_out, "join-removed": join_removed, "join-moved": join_moved}
