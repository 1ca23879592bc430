"""A project that mutants are made of: its own copies of the source tree, its units, and how each is compiled.

The corpus's tree is only read. Each worker has a copy, with a compile database whose paths lead into it; facts hold no absolute path,
so those of one copy fit those of another.
"""
import dataclasses
import fnmatch
import hashlib
import json
import pathlib
import re
import shutil
import subprocess

import timing

IGNORED = shutil.ignore_patterns("*.o", "*.gcno", "*.a", ".git", ".pc", "debian")


@dataclasses.dataclass(frozen=True)
class Unit:
    file: str         # below the source root
    arguments: tuple  # clang's, for syntax only, with the paths of the original tree
    directory: str    # below the source root, or absolute


def read_units(database, root, exclude):
    """The first entry of each file of the project, in order of files."""
    units = {}
    for entry in json.loads(database.read_text()):
        path = pathlib.Path(entry["directory"], entry["file"]).resolve()
        if not path.is_relative_to(root):
            continue
        file = str(path.relative_to(root))
        if file not in units and not any(fnmatch.fnmatch(file, glob) for glob in exclude):
            units[file] = (Unit(file, tuple(timing.syntax_command(entry, "clang-19")), entry["directory"]), entry)
    return [units[file][0] for file in sorted(units)], [units[file][1] for file in sorted(units)]


class Project:
    def __init__(self, row, build, work):
        self.row, self.name = row, row["name"]
        self.root = (build.parent / "source").resolve()
        self.work = work / self.name
        self.units, self.entries = read_units(build / "compile_commands.json", self.root, row.get("exclude", []))
        self.by_file = {unit.file: unit for unit in self.units}

    def text(self, file):
        return (self.root / file).read_bytes()

    def has_main(self, file):
        return re.search(rb"(?m)^int\s+main\s*\(", self.text(file)) is not None

    def copy(self, number):
        return Copy(self, self.work / f"copy{number}")


class Copy:
    """One copy of the tree; a mutant is written into it, measured and taken back."""

    def __init__(self, project, folder):
        self.project, self.tree, self.build = project, folder / "source", folder / "build"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(project.root, self.tree, ignore=IGNORED, symlinks=True)
        self.build.mkdir(parents=True)
        text = json.dumps(project.entries)
        (self.build / "compile_commands.json").write_text(self.moved(text))

    def moved(self, text):
        return text.replace(str(self.project.root), str(self.tree))

    def write(self, mutant):
        for file, edits in mutant.edits.items():
            text = self.project.text(file)
            for start, end, new in sorted(edits, reverse=True):
                text = text[:start] + new.encode() + text[end:]
            (self.tree / file).write_bytes(text)

    def restore(self, mutant):
        for file in mutant.edits:
            (self.tree / file).write_bytes(self.project.text(file))

    def compiles(self, unit):
        command = [self.moved(argument) for argument in unit.arguments]
        return subprocess.run(command, cwd=self.moved(unit.directory), capture_output=True).returncode == 0


def digest(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()[:16]
