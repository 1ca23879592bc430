"""CPU time of processes with all their children, and clang's syntax-only commands for a compile database.

Both sides are counted alike: user plus system time of every process, start-up included; clang gets one process a unit, as a
build gives it.
"""
import json
import os
import pathlib
import shlex
import statistics
import subprocess

# What a gcc command has that clang doesn't take, or that writes files.
WITH_VALUE = {"-o", "-MF", "-MT", "-MQ", "-MJ"}
DROPPED = {"-c", "-MD", "-MMD", "-MP", "-M", "-MM", "-MG"}
DROPPED_PREFIXES = ("-flto", "-fno-lto", "-ftree-", "-Werror", "-frandom-seed")


def run(command, cwd=None, log=None):
    """Exit status, CPU seconds of it and its children, and output when there is no log."""
    with open(log, "w") if log else open(os.devnull, "w") as out:
        process = subprocess.Popen(command, cwd=cwd, stdout=out, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_utime + usage.ru_stime, log


def driver_for(arguments, path, clang):
    is_cxx = pathlib.Path(path).suffix in (".cc", ".cpp", ".cxx", ".C", ".c++")
    return clang.replace("clang", "clang++", 1) if is_cxx else clang


def syntax_command(entry, clang):
    arguments = entry.get("arguments") or shlex.split(entry["command"])
    kept, skip = [], False
    for argument in arguments[1:]:
        if skip or argument in WITH_VALUE:
            skip = not skip
        elif argument not in DROPPED and not argument.startswith(DROPPED_PREFIXES):
            kept.append(argument)
    return [driver_for(arguments, entry["file"], clang), "-fsyntax-only", "-w", "-Wno-unknown-warning-option",
            "-Wno-ignored-optimization-argument", *kept]


def syntax_commands(database, clang):
    """One command a unit; entries that differ in nothing but their output are one unit."""
    units = {}
    for entry in json.loads(pathlib.Path(database).read_text()):
        command = syntax_command(entry, clang)
        units[(entry["directory"], tuple(command))] = (entry["directory"], command)
    return list(units.values())


def run_all(units):
    """CPU seconds of all, and how many failed."""
    seconds, failed = 0.0, 0
    for directory, command in units:
        status, used, _ = run(command, cwd=directory)
        seconds += used
        failed += status != 0
    return seconds, failed


def paired(first, second, rounds):
    """Medians of two measurements that are taken in turns, so that a machine that gets slower does so for both."""
    taken = [(first(), second()) for _ in range(rounds)]
    return tuple(statistics.median(side) for side in zip(*taken))
