# RUN: %python %s %build %t
"""checks/new-check leaves a tree that builds, whose new check is listed, explained and finds nothing yet. It works on a copy."""

import os
import shutil
import subprocess
import sys

from tree import ROOT, conclude, run

build, folder = sys.argv[1], sys.argv[2]
copy, copy_build = os.path.join(folder, "tree"), os.path.join(folder, "build")
shutil.rmtree(copy, ignore_errors=True)  # the build folder stays: the next run has little to compile
shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", "build", "build-*", "__pycache__"))


def step(*command, cwd=copy):
    result = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if result.returncode != 0:
        conclude([f"{' '.join(command)}: exit code {result.returncode}\n{result.stdout[-4000:]}"])
    return result.stdout


step("checks/new-check", "lock", "brand-new-check")
refused = run(os.path.join(copy, "checks/new-check"), "lock", "brand-new-check")
complaints = [] if refused.returncode == 2 and "already" in refused.stderr else ["new-check makes the same check twice"]

# The driver's objects are in the main build; here only what a new check touches is compiled anew, where a compiler cache is.
if not os.path.exists(os.path.join(copy_build, "build.ninja")):
    step("cmake", "--preset", "default", "-B", copy_build)
step("ninja", "-C", copy_build, "heddle_checks")
objects = step("ninja", "-C", copy_build, "-t", "query", "lib/libheddle_checks.a")
if "brand-new-check.cpp.o" not in objects:
    complaints.append("the new check isn't in libheddle_checks.a")

# Linked as the main build links, but with the new library, the new list of checks is heddle's.
heddle = os.path.join(folder, "heddle")
link = run("ninja", "-C", build, "-t", "commands", "bin/heddle").stdout.strip().splitlines()[-1]
for old, new in (("-o bin/heddle ", f"-o {heddle} "), ("lib/libheddle_checks.a", os.path.join(copy_build, "lib/libheddle_checks.a"))):
    if old not in link:
        conclude([f"the link command of heddle holds no '{old}':\n{link}"])
    link = link.replace(old, new)
step("sh", "-c", link, cwd=build)
if "brand-new-check" not in run(heddle, "checks").stdout:
    complaints.append("heddle checks doesn't list the new check")
fixture = os.path.join(copy, "test/checks/lock/brand-new-check.cpp")
result = run(heddle, "check", "--no-cache", f"--source-root={copy}", fixture, "--", "-std=c++17")
if result.returncode != 0 or result.stdout:
    complaints.append(f"its fixture: exit code {result.returncode}\n{result.stdout}{result.stderr}")
conclude(complaints)
