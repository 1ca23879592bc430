"""Critical sections of a project, what they touch, and so which field needs which lock.

What it computes: a section is the text from an acquisition to the last release of the same lock in the function that precedes the next
acquisition of it; a guard's goes to the end of its scope. What a call in it touches counts, three calls deep.
What it gets wrong: sections that cross functions; the text's order for the order of execution.
"""
import collections
import dataclasses

DEPTH = 3


@dataclasses.dataclass
class Section:
    function: object
    lock: str
    start: int
    end: int


def of_function(function):
    found = []
    operations = function.operations
    for position, operation in enumerate(operations):
        start = operation.statement.end
        if operation.action == "guard":
            last = operation.statement.siblings[-1]
            found.append(Section(function, operation.lock, start, last.end))
        if operation.action == "acquire":
            ends = []
            for later in operations[position + 1:]:
                if later.lock == operation.lock and later.action == "acquire":
                    break
                if later.lock == operation.lock and later.action == "release":
                    ends.append(later.statement.start)
            found.append(Section(function, operation.lock, start, ends[-1] if ends else function.end))
    return found


class Sections:
    def __init__(self, functions):
        self.by_usr = {function.usr: function for function in functions}
        self.all = [section for function in functions for section in of_function(function)]
        self.touches = collections.defaultdict(list)  # (lock, field) → [(function, write)]
        self.orders = collections.defaultdict(set)    # (held, taken) → functions
        for section in self.all:
            for what, (write, _) in self.touched(section.function, section.start, section.end).items():
                self.touches[(section.lock, what)].append((section.function, write))
            for taken in self.taken(section.function, section.start, section.end):
                self.orders[(section.lock, taken)].add(section.function.usr)

    def touched(self, function, start, end, depth=DEPTH):
        """Field or global: (written, name), for all that is touched between two offsets of a function."""
        found = {}
        for access in function.accesses:
            if start <= access.offset < end:
                write = access.write or found.get(access.what, (False,))[0]
                found[access.what] = (write, access.name)
        for callee in self.callees(function, start, end) if depth else []:
            for what, (write, name) in self.touched(callee, callee.start, callee.end, depth - 1).items():
                found[what] = (write or found.get(what, (False,))[0], name)
        return found

    def taken(self, function, start, end, depth=DEPTH):
        found = {o.lock for o in function.operations if o.action != "release" and start <= o.statement.start < end}
        for callee in self.callees(function, start, end) if depth else []:
            found |= self.taken(callee, callee.start, callee.end, depth - 1)
        return found

    def callees(self, function, start, end):
        usrs = {usr for usr, offset in function.calls if start <= offset < end and usr != function.usr}
        return [self.by_usr[usr] for usr in sorted(usrs) if usr in self.by_usr]

    def needs(self, lock, function, start, end):
        """Why what stands between the offsets needs the lock: a field that a section of it elsewhere touches too, one of them writing.
        Constructors and destructors are no witness."""
        for what, (write, name) in sorted(self.touched(function, start, end).items(), key=lambda item: (not item[1][0], item[0])):
            for other, other_write in self.touches[(lock, what)]:
                if other.usr != function.usr and not other.special and (write or other_write):
                    verbs = ("writes" if write else "reads"), ("writes" if other_write else "reads")
                    return f"{verbs[0]} '{name}', which {other.name} {verbs[1]} under the same lock"
        return None
