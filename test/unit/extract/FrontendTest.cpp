// What extraction promises of any unit, whatever it says: errors, dependencies, comments, and that nothing of the machine or the
// hour gets into facts.
#include "Folder.h"
#include "extract/Extract.h"
#include "facts/Facts.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <gtest/gtest.h>

#include <set>

using namespace heddle;
using heddle::test::Folder;

namespace {

Extraction extracted(const Folder &folder, std::vector<std::string> words, std::string file = "unit.cc",
                     std::string directory = "") {
  CompileCommand command{directory.empty() ? folder.path() : folder.path(directory), file, std::move(words), ""};
  ExtractOptions options;
  options.sourceRoot = options.buildRoot = folder.path();
  llvm::Expected<Extraction> result = extractUnit(command, options);
  if (!result) {
    ADD_FAILURE() << llvm::toString(result.takeError());
    return {};
  }
  return std::move(*result);
}

facts::Facts opened(const Extraction &extraction) { return llvm::cantFail(facts::Facts::open(extraction.facts)); }

std::string failureOf(const CompileCommand &command) {
  llvm::Expected<Extraction> result = extractUnit(command, {});
  return result ? "" : llvm::toString(result.takeError());
}

} // namespace

TEST(Frontend, ErrorsLeaveFactsAndSayThePlace) {
  Folder folder;
  folder.write(
      "src/unit.cc",
      "#include \"absent.h\"\nint before() { return 1; }\nint broken() { return nothing; }\nint after() { return 2; }\n");
  Extraction extraction = extracted(folder, {"g++", "-c", "unit.cc"}, "unit.cc", "src");
  EXPECT_EQ(extraction.firstError, "src/unit.cc:1: 'absent.h' file not found");
  facts::Facts facts = opened(extraction);
  ASSERT_EQ(facts.units().size(), 1u);
  const facts::Unit &unit = facts.units()[0];
  EXPECT_TRUE(has(unit.flags(), facts::UnitFlag::Errors));
  EXPECT_EQ(facts.string(unit.detail()), extraction.firstError);
  EXPECT_EQ(facts.string(facts.files()[unit.file()].path()), "src/unit.cc");
  std::vector<std::string> names;
  for (const facts::Body &body : facts.bodies())
    names.push_back(facts.string(facts.functions()[body.function()].name()).str());
  EXPECT_TRUE(llvm::is_contained(names, "before"));
  EXPECT_TRUE(llvm::is_contained(names, "after")) << "a missing header mustn't end the analysis of the rest";
}

TEST(Frontend, WhatGccTakesIsNoError) {
  Folder folder;
  folder.write("unit.cc", "#warning old\nint f(long x) { char c{x}; return c; }\n"); // narrowing: -Wno-narrowing
  folder.write("unit.c", "int f() { return undeclared(1); }\n");
  EXPECT_EQ(extracted(folder, {"g++", "-Werror", "-Wno-narrowing", "-c", "unit.cc"}).firstError, "");
  EXPECT_EQ(extracted(folder, {"gcc", "-Werror", "-c", "unit.c"}, "unit.c").firstError, "");
  EXPECT_EQ(extracted(folder, {"g++", "-march=no-such-processor", "-mno-such-thing", "-c", "unit.cc"}).firstError, "");
}

TEST(Frontend, NoUnitNoFacts) {
  Folder folder;
  folder.write("unit.cc", "");
  EXPECT_NE(failureOf({folder.path(), "gone.cc", {"g++", "-c", "gone.cc"}, ""}).find("gone.cc: no such file"), std::string::npos);
  EXPECT_NE(failureOf({folder.path("gone"), folder.path("unit.cc"), {"g++", "unit.cc"}, ""}), "");
  EXPECT_NE(failureOf({folder.path(), "unit.cu", {"nvcc", "-c", "unit.cu"}, ""}).find("CUDA"), std::string::npos);
}

TEST(Frontend, FilesOfTheProjectAndDependencies) {
  Folder folder;
  folder.write("inc/lib.h", "#pragma once\ninline int one() { return 1; }\n");
  folder.write("sys/third.h", "int third();\n");
  folder.write("unit.cc", "#include \"lib.h\"\n#include <third.h>\n#include <stddef.h>\nint main() { return one(); }\n");
  Extraction extraction = extracted(folder, {"g++", "-Iinc", "-isystem", "sys", "-c", "unit.cc"});
  EXPECT_TRUE(llvm::is_sorted(extraction.dependencies));
  EXPECT_TRUE(llvm::is_contained(extraction.dependencies, folder.path("inc/lib.h")));
  EXPECT_TRUE(llvm::is_contained(extraction.dependencies, folder.path("sys/third.h")));
  EXPECT_TRUE(llvm::any_of(extraction.dependencies, [](llvm::StringRef file) { return file.ends_with("stddef.h"); }));
  facts::Facts facts = opened(extraction);
  std::set<std::string> files;
  for (const facts::UnitFile &row : facts.unit_files())
    files.insert(facts.string(facts.files()[row.file()].path()).str());
  EXPECT_EQ(files, (std::set<std::string>{"inc/lib.h", "unit.cc"}));
}

TEST(Frontend, HeadersBehindCMakesPrecompiledOneAreTheProjects) {
  Folder folder;
  folder.write("own.h", "#pragma once\ninline int own() { return 1; }\n");
  folder.write("build/cmake_pch.hxx",
               "#pragma GCC system_header\n#ifdef __cplusplus\n#include \"" + folder.path("own.h") + "\"\n#endif\n");
  folder.write("sys/third.h", "#pragma GCC system_header\ninline int third() { return 1; }\n");
  folder.write("unit.cc", "#include <third.h>\nint main() { return own() + third(); }\n");
  facts::Facts facts =
      opened(extracted(folder, {"g++", "-isystem", "sys", "-Winvalid-pch", "-include", folder.path("build/cmake_pch.hxx"),
                                "-Xclang", "-include-pch", "-Xclang", folder.path("build/cmake_pch.hxx.pch"), "unit.cc"}));
  std::set<std::string> names;
  for (const facts::Body &body : facts.bodies())
    names.insert(facts.string(facts.functions()[body.function()].name()).str());
  EXPECT_EQ(names, (std::set<std::string>{"main", "own"}));
}

TEST(Frontend, OnlyRegularFilesAreRead) {
  Folder folder;
  folder.write("unit.cc", "#include \"/dev/zero\"\nint f() { return 0; }\n");
  EXPECT_NE(extracted(folder, {"g++", "-c", "unit.cc"}).firstError.find("unit.cc:1: "), std::string::npos);
}

TEST(Frontend, UnitsThatShareFilesHaveTheSameFacts) {
  Folder folder;
  folder.write("inc/lib.h", "#pragma once\n#include \"../inc/other.h\"\ninline int lib() { return other(); }\n");
  folder.write("inc/other.h", "inline int other() { return 1; }\n");
  folder.write("src/a.cc", "#include \"lib.h\"\nint a() { return lib(); }\n");
  folder.write("src/b.cc",
               "#include \"../inc/lib.h\"\n#include \"absent.h\"\n#include \"/dev/zero\"\nint b() { return lib(); }\n");
  ExtractOptions options;
  options.sourceRoot = options.buildRoot = folder.path();
  SharedFiles shared = shareFiles();
  for (int round = 0; round < 2; ++round)
    for (std::string file : {"a.cc", "b.cc"}) {
      CompileCommand command{folder.path("src"), file, {"g++", "-I../inc", "-Inowhere", "-c", file}, ""};
      Extraction alone = llvm::cantFail(extractUnit(command, options));
      Extraction other = llvm::cantFail(extractUnit(command, options, shared));
      EXPECT_EQ(alone.facts, other.facts) << file;
      EXPECT_EQ(alone.dependencies, other.dependencies) << file;
      EXPECT_EQ(alone.firstError, other.firstError) << file;
    }
  // All see one state of a file, whatever becomes of it meanwhile.
  CompileCommand command{folder.path("src"), "a.cc", {"g++", "-I../inc", "-c", "a.cc"}, ""};
  Extraction before = llvm::cantFail(extractUnit(command, options));
  folder.write("inc/other.h", "");
  EXPECT_EQ(llvm::cantFail(extractUnit(command, options, shared)).facts, before.facts);
  EXPECT_NE(llvm::cantFail(extractUnit(command, options)).firstError, "");
}

TEST(Frontend, FolderWithTheNameOfAHeader) {
  Folder folder;
  folder.write("own/memory/arena.h", "");
  folder.write("sys/memory", "struct allocator {};\n");
  folder.write("unit.cc", "#include <memory>\nallocator a;\n");
  EXPECT_EQ(extracted(folder, {"g++", "-Iown", "-isystem", "sys", "-c", "unit.cc"}).firstError, "");
}

TEST(Frontend, NolintInEveryForm) {
  Folder folder;
  folder.write("sys/third.h", "int third(); // NOLINT\n");
  folder.write("unit.cc", "#include <third.h>\n"
                          "int a; // NOLINT\n"
                          "int b; // why NOLINT( data-race , heddle-* ): fine, NOLINTNEXTLINE\n"
                          "/* text\n   NOLINTBEGIN(x)\n */\n"
                          "int c; /* NOLINTEND(x) */\n"
                          "int d; // NOLINT() none, XNOLINT NOLINTED NOLINT_X are words\n");
  facts::Facts facts = opened(extracted(folder, {"g++", "-isystem", "sys", "-c", "unit.cc"}));
  std::vector<std::string> found;
  for (const facts::Nolint &row : facts.nolints())
    found.push_back(std::to_string(facts.location(row.location()).line()) + ":" +
                    std::to_string(facts.location(row.location()).column()) + ":" + facts::EnumNameNolintKind(row.kind()) + ":" +
                    facts.string(row.checks()).str());
  llvm::sort(found);
  EXPECT_EQ(llvm::join(found, " "), "2:11:Line:* 3:15:Line:data-race,heddle-* 3:53:NextLine:* 5:4:Begin:x 7:11:End:x 8:11:Line:");
}

TEST(Frontend, FactsDontDependOnPlaceOrHour) {
  const char *text = "#include \"lib.h\"\nconst char *where() { return __FILE__; }\nconst char *when() { return __DATE__ "
                     "__TIME__ __TIMESTAMP__; }\n"
                     "const char *there() { return lib(); }\n";
  Folder one, two;
  for (const Folder *folder : {&one, &two}) {
    folder->write("inc/lib.h", "inline const char *lib() { return __FILE__; }\n");
    folder->write("unit.cc", text);
    folder->write("build/x", "");
  }
  Extraction a = extracted(one, {"g++", "-I" + one.path("inc"), "-c", one.path("unit.cc")}, one.path("unit.cc"), "build");
  Extraction b = extracted(two, {"ccache", "c++", "-I" + two.path("inc"), "-c", two.path("unit.cc"), "-o", "x.o"},
                           two.path("unit.cc"), "build");
  EXPECT_TRUE(a.facts == b.facts);
  EXPECT_EQ(llvm::StringRef(reinterpret_cast<const char *>(a.facts.data()), a.facts.size()).find(one.path()),
            llvm::StringRef::npos);
}

TEST(Frontend, ManyUnitsInOneProcess) {
  Folder folder;
  folder.write("unit.cc", "template <class T> T twice(T x) { return x + x; }\nint main() { return twice(2); }\n");
  folder.write("unit.c", "static int f(int x) { return x; }\nint main(void) { return f(2); }\n");
  Extraction first = extracted(folder, {"g++", "-c", "unit.cc"});
  for (int i = 0; i < 3; ++i) {
    extracted(folder, {"gcc", "-c", "unit.c"}, "unit.c");
    EXPECT_TRUE(extracted(folder, {"g++", "-c", "unit.cc"}).facts == first.facts);
  }
}
