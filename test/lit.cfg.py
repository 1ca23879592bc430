# Every test but those of test/unit: fixtures of checks, the lecture's programs, the driver, the plugin, facts, structure, pages.
# Run by test/run, or: lit.py -sv test --param build=build [--filter NAME]
import os
import re
import sys

import lit.formats

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
build = os.path.abspath(lit_config.params.get("build", os.path.join(root, "build")))
llvm = lit_config.params.get("llvm", "/usr/lib/llvm-19")
sys.path.insert(0, os.path.join(root, "test", "support"))

config.name = "heddle"
config.test_format = lit.formats.ShTest(execute_external=False)
config.test_source_root = os.path.join(root, "test")
config.test_exec_root = os.path.join(build, "test")
config.suffixes = [".test", ".c", ".cpp"]
# Corpus runs need the network and minutes: test/corpus/run. Unit tests have their own configuration (test/unit/lit.cfg.py).
config.excludes = ["support", "corpus", "unit", "Inputs"]

config.available_features.add("linux")
config.environment["HEDDLE_ROOT"] = root
config.environment["XDG_CACHE_HOME"] = os.path.join(config.test_exec_root, "cache")  # not the user's facts store
for name in ("TSAN_OPTIONS", "ASAN_OPTIONS"):
    if name in os.environ:
        config.environment[name] = os.environ[name]

python = sys.executable
heddle = os.path.join(build, "bin", "heddle")
plugin = os.path.join(build, "lib", "HeddleTidy.so")
clang_tidy = os.path.join(llvm, "bin", "clang-tidy")
support = os.path.join(root, "test", "support")
hosts = f"--heddle={heddle} --clang-tidy={clang_tidy} --plugin={plugin} --llvm={llvm} --root={root} --tmp=%t.check"


def tool(name, command):
    """%name, as a whole word: %check is not a part of %check-units."""
    config.substitutions.append((rf"%{re.escape(name)}(?![\w-])", command))


tool("check", f"{python} {support}/check-fixture {hosts}")
tool("check-units", f"{python} {support}/check-fixture --units {hosts}")
tool("heddle", heddle)
tool("tidy", f"{clang_tidy} -load {plugin} '-checks=-*,heddle-*' --config={{}}")
tool("plugin", plugin)
tool("clang-tidy", clang_tidy)
tool("FileCheck", os.path.join(llvm, "bin", "FileCheck"))
tool("split-file", os.path.join(llvm, "bin", "split-file"))
tool("not", os.path.join(llvm, "bin", "not"))
tool("count", os.path.join(llvm, "bin", "count"))
tool("clang", os.path.join(llvm, "bin", "clang"))
tool("clangxx", os.path.join(llvm, "bin", "clang++"))
tool("tsan", os.path.join(llvm, "bin", "clang++") + " -std=c++17 -g -O1 -fsanitize=thread -pthread")
tool("bounded", f"{python} {support}/bounded")
tool("clang-format", os.path.join(llvm, "bin", "clang-format"))
tool("python", python)
tool("build", build)
tool("root", root)
