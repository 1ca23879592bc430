"""Gets a Debian source package and makes its compile database.

The package's own files are unpacked, never run, except for its build, which making a database of it takes. Where packages come
from is the machine's own configuration: its sources, with their type changed from deb to deb-src, in a private apt state.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys

APT_SOURCES = pathlib.Path("/etc/apt")


class Failure(Exception):
    """Something that the user has to know, in one sentence."""


def call(command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode != 0:
        tail = "\n".join(done.stdout.splitlines()[-15:])
        raise Failure(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{tail}")
    return done.stdout


class Apt:
    """apt with the machine's mirrors, asked for sources; leaves the machine's own apt state alone."""

    def __init__(self, state):
        parts = state / "sources"
        for folder in (parts, state / "lists" / "partial", state / "cache"):
            folder.mkdir(parents=True, exist_ok=True)
        self.options = ["-o", "Dir::Etc::sourcelist=/dev/null", "-o", f"Dir::Etc::sourceparts={parts}",
                        "-o", f"Dir::State::lists={state / 'lists'}", "-o", f"Dir::Cache={state / 'cache'}"]
        if os.geteuid() == 0:  # the sandbox user of apt can't write into our folders
            self.options += ["-o", "APT::Sandbox::User=root"]
        self.write_sources(parts)

    @staticmethod
    def write_sources(parts):
        for path in sorted(APT_SOURCES.glob("sources.list.d/*.sources")):
            text = re.sub(r"(?m)^Types:.*$", "Types: deb-src", path.read_text())
            (parts / path.name).write_text(text)
        lists = [APT_SOURCES / "sources.list", *sorted(APT_SOURCES.glob("sources.list.d/*.list"))]
        for path in filter(pathlib.Path.is_file, lists):
            text = re.sub(r"(?m)^deb(?=\s)", "deb-src", path.read_text())
            (parts / path.name).write_text(text)

    def update(self):
        call(["apt-get", *self.options, "update"])

    def version(self, name, upstream):
        """The newest Debian version of an upstream version."""
        shown = call(["apt-cache", *self.options, "showsrc", name])
        found = None
        for package, version in re.findall(r"(?m)^Package: (\S+)\n(?:.*\n)*?Version: (\S+)", shown):
            if package != name or re.sub(r"^\d+:|-[^-]*$", "", version) != upstream:
                continue
            newer = found is None or subprocess.run(["dpkg", "--compare-versions", version, "gt", found]).returncode == 0
            found = version if newer else found
        if found is None:
            raise Failure(f"no mirror of this machine has the source of {name} {upstream}")
        return found

    def download(self, name, version, folder):
        call(["apt-get", *self.options, "source", "--download-only", f"{name}={version}"], cwd=folder)
        return next(iter(sorted(folder.glob("*.dsc"))))


def missing_packages(project):
    installed = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n"], capture_output=True, text=True)
    present = {line.split()[0] for line in installed.stdout.splitlines() if line.endswith(" installed")}
    return [package for package in project.get("packages", []) if package not in present]


def unpack(apt, project, folder):
    source = folder / "source"
    if not source.is_dir():
        downloads = folder / "download"
        shutil.rmtree(downloads, ignore_errors=True)
        downloads.mkdir(parents=True)
        dsc = apt.download(project["name"], apt.version(project["name"], project["version"]), downloads)
        patches = [] if project.get("patches", True) else ["--skip-patches"]
        call(["dpkg-source", *patches, "-x", dsc, source])
    return source


def configure_with_cmake(project, source, build):
    # The query makes CMake write which objects are linked into which target.
    query = build / ".cmake" / "api" / "v1" / "query"
    query.mkdir(parents=True, exist_ok=True)
    (query / "codemodel-v2").touch()
    call(["cmake", "-S", source, "-B", build, "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", *project.get("options", [])])


def build_with_make(project, source, build):
    if "configure" in project:
        call(project["configure"], cwd=source)
    where = source / project.get("folder", ".")
    call(["bear", "--output", build / "compile_commands.json", "--", "make", f"-j{os.cpu_count()}", *project.get("options", [])],
         cwd=where)


def database(apt, project, work):
    """The build folder of a project, made on first use."""
    folder = work / project["name"]
    build = folder / "build"
    if (build / "compile_commands.json").is_file():
        return build
    lacking = missing_packages(project)
    if lacking:
        raise Failure(f"{project['name']} needs packages; run: apt-get install {' '.join(lacking)}")
    if not any((work / "apt" / "lists").glob("*Sources*")):
        apt.update()
    print(f"{project['name']}: making its compile database in {build}", file=sys.stderr)
    source = unpack(apt, project, folder)
    build.mkdir(parents=True, exist_ok=True)
    {"cmake": configure_with_cmake, "make": build_with_make}[project["build"]](project, source, build)
    return build
