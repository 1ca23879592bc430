# GoogleTest's tests, one by one, from the executable that test/CMakeLists.txt builds.
import os

import lit.formats

root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
build = os.path.abspath(lit_config.params.get("build", os.path.join(root, "build")))

config.name = "unit"
config.suffixes = []
config.test_source_root = config.test_exec_root = os.path.join(build, "bin")
config.test_format = lit.formats.GoogleTest(".", "_unit_tests")
config.environment["HEDDLE_ROOT"] = root
