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

# Linked with the libraries of the main build, the new list of checks is heddle's.
rest = [os.path.join(build, "lib", f"libheddle_{l}.a") for l in ("driver", "extract", "link", "report", "program", "finding", "facts")]
main = os.path.join(build, "tool/driver/CMakeFiles/heddle.dir/main.cpp.o")
heddle = os.path.join(folder, "heddle")
step("clang++-19", "-fuse-ld=lld", "-o", heddle, main, os.path.join(copy_build, "lib/libheddle_checks.a"),
     "-Wl,--start-group", *[l for l in rest if os.path.exists(l)], "-Wl,--end-group", "-L/usr/lib/llvm-19/lib", "-lclang-cpp", "-lLLVM", "-pthread")
if "brand-new-check" not in run(heddle, "checks").stdout:
    complaints.append("heddle checks doesn't list the new check")
fixture = os.path.join(copy, "test/checks/lock/brand-new-check.cpp")
result = run(heddle, "check", "--no-cache", f"--source-root={copy}", fixture, "--", "-std=c++17")
if result.returncode != 0 or result.stdout:
    complaints.append(f"its fixture: exit code {result.returncode}\n{result.stdout}{result.stderr}")
conclude(complaints)
