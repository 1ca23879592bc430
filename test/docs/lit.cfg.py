# The pages of the checks are tests: test/support/check-page runs their code. One test a page.
import os
import sys

root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
build = os.path.abspath(lit_config.params.get("build", os.path.join(root, "build")))
sys.path.insert(0, os.path.join(root, "test", "support"))

from page_format import PageFormat

config.name = "docs"
config.suffixes = [".md"]
config.test_format = PageFormat(root, build, lit_config.params.get("llvm", "/usr/lib/llvm-19"))
config.test_source_root = os.path.join(root, "docs", "checks")
config.test_exec_root = os.path.join(build, "test", "docs")
