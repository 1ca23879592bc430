# The pages of the checks are tests: test/support/check-page runs their code. One test a page.
import os
import subprocess
import sys

import lit.formats
import lit.Test

root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
build = os.path.abspath(lit_config.params.get("build", os.path.join(root, "build")))
llvm = lit_config.params.get("llvm", "/usr/lib/llvm-19")


class PageFormat(lit.formats.FileBasedTest):
    def execute(self, test, lit_config):
        command = [sys.executable, os.path.join(root, "test", "support", "check-page"), f"--heddle={build}/bin/heddle", f"--llvm={llvm}",
                   "--tmp=" + os.path.join(build, "test", "docs", os.path.basename(test.getSourcePath())), test.getSourcePath()]
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)
        return (lit.Test.PASS if result.returncode == 0 else lit.Test.FAIL), result.stdout


config.name = "docs"
config.suffixes = [".md"]
config.test_format = PageFormat()
config.test_source_root = os.path.join(root, "docs", "checks")
config.test_exec_root = os.path.join(build, "test", "docs")
