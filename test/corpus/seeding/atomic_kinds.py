"""Mutants that make an atomic variable plain: its declaration, and its uses in the whole project, are rewritten."""
import re

from seeding.mutant import Mutant

CXX = re.compile(r"std::atomic<(?P<type>[\w:\s*]+)>\s+(?P<name>\w+)\s*(?=[;{\[])")
C = re.compile(r"redisAtomic\s+(?P<type>[\w\s]+?)\b(?P<name>\w+)\s*(?=[;=])")
C_CALL = re.compile(r"\batomic(?P<what>GetIncr|GetWithSync|SetWithSync|Get|Set|Incr|Decr)\((?P<rest>[^;\n]*)\);")


def all_text(project):
    files = {}
    for path in sorted(project.root.rglob("*")):
        if path.suffix in (".c", ".h", ".cc") and path.is_file():
            file = str(path.relative_to(project.root))
            if not any(part in file for part in ("deps/", "third_party/", "windows")):
                files[file] = path.read_bytes().decode("latin-1")
    return files


def c_use(name, match):
    """The plain statement for a macro of redis' atomicvar.h that is used on this variable."""
    arguments = [argument.strip() for argument in match["rest"].split(",", 1)]
    if not re.search(rf"\b{name}$", arguments[0]):
        return None
    variable, rest = arguments[0], arguments[1] if len(arguments) > 1 else "1"
    what = match["what"].replace("WithSync", "")
    if what == "GetIncr":
        old, count = rest.rsplit(",", 1)
        return f"do {{ {old} = {variable}; {variable} += {count}; }} while (0);"
    return {"Get": f"{rest} = {variable};", "Set": f"{variable} = {rest};", "Incr": f"{variable} += {rest};",
            "Decr": f"{variable} -= {rest};"}[what]


def cxx_uses(name, text):
    """Edits for .load(…) and .store(…) of a variable."""
    for found in re.finditer(rf"\b{name}(?P<index>\[[^\]]*\])?\.(?P<what>load|store)\(", text):
        depth, end = 1, found.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            end += 1
        inside = re.sub(r",?\s*std::memory_order_\w+", "", text[found.end():end - 1])
        variable = name + (found["index"] or "")
        yield found.start(), end, variable if found["what"] == "load" else f"{variable} = ({inside})"


def edits_for(declaration, name, plain, file, files):
    edits = {file: [(declaration.start(), declaration.end(), plain)]}
    for other, text in files.items():
        for match in C_CALL.finditer(text) if other.endswith((".c", ".h")) else []:
            new = c_use(name, match)
            if new:
                edits.setdefault(other, []).append((match.start(), match.end(), new))
        if other.endswith((".cc", ".h")):
            edits.setdefault(other, []).extend(cxx_uses(name, text))
    return {other: rows for other, rows in edits.items() if rows}


def make(project):
    files = all_text(project)
    for file, text in files.items():
        for declaration in (CXX if project.name == "leveldb" else C).finditer(text):
            name = declaration["name"]
            plain = f"{declaration['type']} {name} "
            edits = edits_for(declaration, name, plain, file, files)
            line = text.count("\n", 0, declaration.start()) + 1
            places = [(other, *enclosing(files[other], start)) for other, rows in edits.items() for start, _, _ in rows]
            yield Mutant("atomic-plain", project.name, file, line, places, name, edits, None, "see seeded.yaml", name)


def enclosing(text, offset):
    """Lines of the function around an offset, told by a brace in the first column or the file's end."""
    start = max(text.rfind("\n}", 0, offset), 0)
    end = text.find("\n}", offset)
    return text.count("\n", 0, start) + 1, text.count("\n", 0, end if end >= 0 else len(text)) + 2
