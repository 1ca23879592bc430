"""Functions of a project with their statements, lock operations and accesses, read with libclang.

What it computes: for each function of a unit's main file the statements that stand in lists, the operations on locks among them (by the
names in seed.yaml), the fields and globals that are read and written at which offset, and which functions are called.
What it gets wrong: a lock is told by the declaration that its expression ends in, so all locks of an array are one and so is one
member of all objects; a write through a pointer counts as a read of the pointer; macros are seen where they are used, not inside.
"""
import dataclasses
import re
import sys

try:
    from clang import cindex
except ModuleNotFoundError:  # Debian's package is not on the path of another Python
    sys.path.append("/usr/lib/python3/dist-packages")
    from clang import cindex

Kind = cindex.CursorKind
FUNCTIONS = {Kind.FUNCTION_DECL, Kind.CXX_METHOD, Kind.CONSTRUCTOR, Kind.DESTRUCTOR, Kind.FUNCTION_TEMPLATE}
SCOPES = {Kind.NAMESPACE, Kind.CLASS_DECL, Kind.STRUCT_DECL, Kind.CLASS_TEMPLATE, Kind.LINKAGE_SPEC, Kind.UNEXPOSED_DECL}
JUMPS = {Kind.RETURN_STMT, Kind.GOTO_STMT, Kind.BREAK_STMT, Kind.CONTINUE_STMT, Kind.LABEL_STMT, Kind.CASE_STMT, Kind.DEFAULT_STMT}
BODIES = {Kind.IF_STMT, Kind.FOR_STMT, Kind.WHILE_STMT, Kind.DO_STMT, Kind.LABEL_STMT, Kind.CASE_STMT, Kind.DEFAULT_STMT}
LIBRARY = "/usr/lib/llvm-19/lib/libclang-19.so.1"


@dataclasses.dataclass
class Statement:
    start: int
    end: int     # past its semicolon
    text: str
    cursor: object
    siblings: list  # statements of the same list, itself among them; alone when it is the body of an if or a loop

    @property
    def index(self):
        return next(i for i, s in enumerate(self.siblings) if s is self)

    @property
    def is_declaration(self):
        return self.cursor.kind == Kind.DECL_STMT

    def jumps(self):
        return any(c.kind in JUMPS for c in self.cursor.walk_preorder())


@dataclasses.dataclass
class Operation:
    action: str  # acquire, release or guard
    lock: str    # identity of the lock
    text: str    # the expression
    name: str    # of the function, method or class
    statement: Statement


@dataclasses.dataclass
class Access:
    what: str   # USR
    name: str
    offset: int
    write: bool


@dataclasses.dataclass
class Function:
    file: str
    name: str
    usr: str
    cursor: object
    start: int
    end: int
    line: int
    last_line: int
    returns: str
    special: bool  # constructor or destructor
    statements: list = dataclasses.field(default_factory=list)
    operations: list = dataclasses.field(default_factory=list)
    accesses: list = dataclasses.field(default_factory=list)
    calls: list = dataclasses.field(default_factory=list)  # (usr, offset)
    text: str = ""


class Reader:
    def __init__(self, project):
        if not cindex.Config.loaded:
            cindex.Config.set_library_file(LIBRARY)
        self.project = project
        row = project.row
        self.pairs = row.get("pairs", {})
        self.methods = row.get("methods", {})
        self.guards = row.get("guards", [])
        names = [*self.pairs, *self.methods, *[g.split("<")[0] for g in self.guards]]
        self.interesting = re.compile(rb"\b(" + "|".join(names).encode() + rb")\b|pthread_join")

    def read(self):
        functions = []
        for unit in self.project.units:
            if self.interesting.search(self.project.text(unit.file)):
                functions += self.unit(unit)
        return functions

    def unit(self, unit):
        skipped = [a for a in unit.arguments[1:] if not a.endswith(unit.file.rsplit("/", 1)[-1])]
        skipped += ["-resource-dir", "/usr/lib/llvm-19/lib/clang/19", f"-working-directory={unit.directory}"]
        path = str(self.project.root / unit.file)
        parsed = cindex.Index.create().parse(path, args=skipped)
        data = self.project.text(unit.file)
        return [self.function(cursor, unit.file, data) for cursor in self.definitions(parsed.cursor, path)]

    def definitions(self, scope, path):
        for cursor in scope.get_children():
            if cursor.location.file is None or cursor.location.file.name != path:
                continue
            if cursor.kind in FUNCTIONS and cursor.is_definition():
                yield cursor
            elif cursor.kind in SCOPES:
                yield from self.definitions(cursor, path)

    def function(self, cursor, file, data):
        extent = cursor.extent
        found = Function(file, qualified(cursor), cursor.get_usr(), cursor, extent.start.offset, extent.end.offset, extent.start.line,
                         extent.end.line, cursor.result_type.spelling, cursor.kind in (Kind.CONSTRUCTOR, Kind.DESTRUCTOR))
        found.text = data[found.start:found.end].decode(errors="replace")
        for child in cursor.get_children():
            if child.kind == Kind.COMPOUND_STMT:
                self.compound(child, data, found)
        for statement in found.statements:
            operation = self.operation(statement)
            if operation:
                found.operations.append(operation)
        found.operations.sort(key=lambda operation: operation.statement.start)
        note_accesses(cursor, data, found)
        return found

    def compound(self, cursor, data, found):
        siblings = []
        for child in cursor.get_children():
            self.statement(child, data, siblings, found)

    def statement(self, cursor, data, siblings, found):
        if cursor.kind == Kind.COMPOUND_STMT:
            self.compound(cursor, data, found)
        start, end = cursor.extent.start.offset, cursor.extent.end.offset
        semicolon = re.match(rb"\s*;", data[end:end + 80])
        if cursor.kind not in (Kind.COMPOUND_STMT, Kind.DECL_STMT) and not data[start:end].endswith(b"}"):
            end += semicolon.end() if semicolon else 0
        made = Statement(start, end, data[start:end].decode(errors="replace"), cursor, siblings)
        siblings.append(made)
        found.statements.append(made)
        self.nested(cursor, data, found)

    def nested(self, cursor, data, found):
        """Bodies of ifs, loops and labels, lambdas and whatever else holds statements."""
        children = list(cursor.get_children())
        for position, child in enumerate(children):
            if child.kind == Kind.COMPOUND_STMT:
                if cursor.kind != Kind.COMPOUND_STMT:
                    self.compound(child, data, found)
            elif cursor.kind in BODIES and position > 0 or cursor.kind == Kind.LABEL_STMT:
                self.statement(child, data, [], found)
            elif cursor.kind != Kind.COMPOUND_STMT:
                self.nested(child, data, found)

    def operation(self, statement):
        text = re.sub(r"\s+", " ", statement.text).strip()
        call = re.fullmatch(r"(?:\(void\) ?)?(\w+) ?\((.*)\) ?;?", text)
        releases = set(self.pairs.values())
        if call and (call[1] in self.pairs or call[1] in releases):
            action = "acquire" if call[1] in self.pairs else "release"
            return Operation(action, self.identity(statement, call[1], call[2]), plain(call[2]), call[1], statement)
        method = re.fullmatch(r"(.+?)(?:\.|->)(\w+)\(\) ?;?", text)
        if method and (method[2] in self.methods or method[2] in self.methods.values()):
            action = "acquire" if method[2] in self.methods else "release"
            return Operation(action, self.identity(statement, "", method[1]), plain(method[1]), method[2], statement)
        for guard in self.guards if statement.is_declaration else []:
            declared = re.fullmatch(re.escape(guard) + r" \w+ ?[({](.*)[)}] ?;?", text)
            if declared and "," not in declared[1]:
                return Operation("guard", self.identity(statement, "", declared[1]), plain(declared[1]), guard, statement)
        return None

    def identity(self, statement, name, text):
        """The declaration that the lock's expression ends in; the pair's name for a lock that has no expression."""
        last = re.findall(r"\w+", re.sub(r"\[[^\]]*\]", "", text))
        if statement.cursor.kind == Kind.CALL_EXPR and statement.cursor.spelling.startswith("pthread_"):
            for cursor in next(statement.cursor.get_arguments()).walk_preorder():
                if cursor.kind in (Kind.MEMBER_REF_EXPR, Kind.DECL_REF_EXPR) and cursor.referenced:
                    return cursor.referenced.get_usr()
        if name or not last:
            return {release: acquire for acquire, release in self.pairs.items()}.get(name, name)
        for cursor in statement.cursor.walk_preorder():
            if cursor.kind in (Kind.MEMBER_REF_EXPR, Kind.DECL_REF_EXPR) and cursor.spelling == last[-1] and cursor.referenced:
                return cursor.referenced.get_usr()
        return last[-1]


def qualified(cursor):
    names = []
    while cursor is not None and cursor.kind != Kind.TRANSLATION_UNIT:
        names.append(cursor.spelling)
        cursor = cursor.semantic_parent
    return "::".join(reversed([name for name in names if name and "(" not in name]))


def plain(text):
    text = re.sub(r"\s+", "", text).lstrip("&")
    return text[1:-1] if text.startswith("(") and text.endswith(")") else text


def is_shared(declaration):
    if declaration.kind == Kind.FIELD_DECL:
        return True
    static = (cindex.StorageClass.STATIC, cindex.StorageClass.EXTERN)
    at_top = declaration.semantic_parent is not None and declaration.semantic_parent.kind in SCOPES | {Kind.TRANSLATION_UNIT}
    return declaration.kind == Kind.VAR_DECL and (declaration.storage_class in static or at_top)


def note_accesses(cursor, data, found):
    def visit(node, writing):
        if node.kind in (Kind.MEMBER_REF_EXPR, Kind.DECL_REF_EXPR):
            declaration = node.referenced
            if declaration is not None and declaration.kind in (Kind.FIELD_DECL, Kind.VAR_DECL) and is_shared(declaration):
                if not exempt(declaration.type):
                    found.accesses.append(Access(declaration.get_usr(), declaration.spelling, node.extent.start.offset, writing))
        if node.kind == Kind.CALL_EXPR and node.referenced is not None and node.referenced.kind in FUNCTIONS:
            found.calls.append((node.referenced.get_usr(), node.extent.start.offset))
        children = list(node.get_children())
        for position, child in enumerate(children):
            visit(child, writes(node, position, children, data) or writing and passes(node, position))
    for child in cursor.get_children():
        visit(child, False)


def writes(node, position, children, data):
    """Whether a node writes the child at this position."""
    if node.kind == Kind.COMPOUND_ASSIGNMENT_OPERATOR:
        return position == 0
    if node.kind == Kind.BINARY_OPERATOR and len(children) == 2:
        between = data[children[0].extent.end.offset:children[1].extent.start.offset].strip()
        return position == 0 and between == b"="
    if node.kind == Kind.UNARY_OPERATOR:
        text = data[node.extent.start.offset:node.extent.end.offset]
        return text.startswith((b"++", b"--")) or text.endswith((b"++", b"--"))
    if node.kind == Kind.CALL_EXPR and node.spelling in ("operator=", "operator+=", "operator-=", "operator++", "operator--"):
        return position == 0
    return mutates(node, position)


def mutates(node, position):
    """A call of a member function that isn't const writes its object."""
    if node.kind != Kind.MEMBER_REF_EXPR or position != 0 or node.referenced is None:
        return False
    return node.referenced.kind == Kind.CXX_METHOD and not node.referenced.is_const_method()


def passes(node, position):
    """Whether a write of the node is one of its first child: an element of an array, what parentheses hold."""
    return position == 0 and node.kind in (Kind.ARRAY_SUBSCRIPT_EXPR, Kind.PAREN_EXPR, Kind.UNEXPOSED_EXPR)


def exempt(type_):
    """Locks, condition variables, atomics and constants need no lock."""
    spelling = type_.get_canonical().spelling
    return type_.is_const_qualified() or re.search(
        r"pthread_(mutex|cond|rwlock|key)|std::atomic|_Atomic|\bMutex\b|CondVar|std::mutex|condition_variable", spelling) is not None
