"""lit's view of a page of docs/checks: one test, run by check-page. In a module of its own, so that lit's workers can import it."""

import os
import subprocess
import sys

import lit.formats
import lit.Test


class PageFormat(lit.formats.FileBasedTest):
    def __init__(self, root, build, llvm):
        self.root, self.build, self.llvm = root, build, llvm

    def execute(self, test, lit_config):
        page = test.getSourcePath()
        command = [sys.executable, os.path.join(self.root, "test", "support", "check-page"), f"--heddle={self.build}/bin/heddle",
                   f"--llvm={self.llvm}", "--tmp=" + os.path.join(self.build, "test", "docs", os.path.basename(page)), page]
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)
        return (lit.Test.PASS if result.returncode == 0 else lit.Test.FAIL), result.stdout
