"""Mutants of the lock kinds: what is done to acquisitions and releases."""
from seeding import sections as sections_module
from seeding.mutant import Mutant, same_lines
from seeding.source import Kind

LABELS = (Kind.LABEL_STMT, Kind.CASE_STMT, Kind.DEFAULT_STMT)
CONDITION = {True: "::rand() == 7", False: "rand() == 7"}


def mutant(project, kind, function, statement, edits, bug, why, detail=""):
    line = statement.cursor.extent.start.line
    place = [(function.file, function.line, function.last_line)]
    return Mutant(kind, project.name, function.file, line, place, function.name, {function.file: edits}, bug, why, detail)


def replaced(statement, text):
    return (statement.start, statement.end, same_lines(statement.text, text))


def is_cxx(function):
    return not function.file.endswith(".c")


def acquired_before(function, operation):
    """Whether this function took the lock that it releases here, and its last word on it is a release."""
    same = [o for o in function.operations if o.lock == operation.lock]
    taken = any(o.action == "acquire" and o.statement.start < operation.statement.start for o in same)
    tried = "trylock(" in function.text[:operation.statement.start - function.start]
    return (taken or tried) and same[-1].action == "release"


def returning(function):
    if function.returns in ("void", "") or function.special:
        return "return;"
    return "return {};" if is_cxx(function) else "return 0;"


def early_return(project, sections, function):
    for operation in function.operations:
        if operation.action == "release":
            declared = "" if is_cxx(function) else "extern int rand(void); "
            text = f"{{ {declared}if ({CONDITION[is_cxx(function)]}) {returning(function)} {operation.statement.text} }}"
            bug = acquired_before(function, operation) or None
            why = f"the new return leaves '{operation.text}' locked, which every other way out releases"
            edit = replaced(operation.statement, text)
            yield mutant(project, "early-return", function, operation.statement, [edit], bug, why if bug else "taken by the caller")


def unlock_dropped(project, sections, function):
    for operation in function.operations:
        if operation.action == "release":
            why = f"'{operation.text}' stays locked on the paths that this unlock ended"
            edit = replaced(operation.statement, ";")
            yield mutant(project, "unlock-dropped", function, operation.statement, [edit], True, why)


def lock_for_unlock(project, sections, function):
    names = {release: acquire for table in (project.row.get("pairs", {}), project.row.get("methods", {}))
             for acquire, release in table.items()}
    for operation in function.operations:
        if operation.action == "release":
            text = operation.statement.text.replace(operation.name, names[operation.name])
            why = f"'{operation.text}' isn't recursive and is locked by who holds it"
            yield mutant(project, "lock-for-unlock", function, operation.statement, [replaced(operation.statement, text)], True, why)


def swapped(project, sections, function):
    """The second of two locks taken first. Where both are taken in one list of statements these change places; elsewhere each lock's
    operations become the other's in the whole function."""
    taken, seen = [o for o in function.operations if o.action != "release"], set()
    for first in taken:
        for second in taken:
            if second.statement.start > first.statement.start and held_at(function, first, second):
                if (first.lock, second.lock) in seen:
                    continue
                seen.add((first.lock, second.lock))
                others = sorted(sections.by_usr[usr].name for usr in sections.orders[(first.lock, second.lock)] - {function.usr})
                why = f"{others[0]} takes them in the old order" if others else "nobody else was seen to take both"
                together = any(s is second.statement for s in first.statement.siblings)
                edits = exchange(first.statement, second.statement) if together else renamed(function, first.lock, second.lock)
                detail = str(second.statement.cursor.extent.start.line)
                yield mutant(project, "swapped", function, first.statement, edits, True if others else None, why, detail)


def renamed(function, one, other):
    texts = {(o.lock, o.action): o.statement.text for o in reversed(function.operations)}
    partner = {one: other, other: one}
    return [replaced(o.statement, texts.get((partner[o.lock], o.action), o.statement.text))
            for o in function.operations if o.lock in partner]


def held_at(function, first, second):
    return first.lock != second.lock and any(s.lock == first.lock and s.start <= second.statement.start < s.end
                                              for s in sections_module.of_function(function) if s.start == first.statement.end)


def touches_lock(function, statement, lock):
    return any(o.lock == lock and statement.start <= o.statement.start < statement.end for o in function.operations)


def exchange(first, second):
    return [replaced(first, second.text), replaced(second, first.text)]


def narrowed(project, sections, function):
    for operation in function.operations:
        statement, siblings = operation.statement, operation.statement.siblings
        step = -1 if operation.action == "release" else 1
        position = statement.index + step
        if not 0 <= position < len(siblings) or touches_lock(function, siblings[position], operation.lock):
            continue
        left_out = siblings[position]
        if left_out.cursor.kind in LABELS or operation.action == "guard" and left_out.jumps():
            continue
        why = sections.needs(operation.lock, function, left_out.start, left_out.end)
        edits = exchange(*sorted((statement, left_out), key=lambda s: s.start))
        yield mutant(project, "narrowed", function, left_out, edits, True if why else None, why or "no shared access was seen",
                     "tail" if step < 0 else "head")


def guard_temporary(project, sections, function):
    for operation in function.operations:
        if operation.action == "guard":
            inside = operation.statement.text.split(operation.name, 1)[1]
            argument = inside[inside.index("(") + 1:inside.rindex(")")]
            why = "the lock is released before the next statement"
            edit = replaced(operation.statement, f"{operation.name}{{{argument}}};")
            yield mutant(project, "guard-temporary", function, operation.statement, [edit], True, why)


MAKERS = {"early-return": early_return, "unlock-dropped": unlock_dropped, "lock-for-unlock": lock_for_unlock, "swapped": swapped,
          "narrowed": narrowed, "guard-temporary": guard_temporary}
