// Compile databases and commands as build systems write them, and as an attacker would.
#include "Folder.h"
#include "extract/CommandLine.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <gtest/gtest.h>

using namespace heddle;
using namespace heddle::extract;
using heddle::test::Folder;

namespace {

CompileCommand command(std::vector<std::string> arguments, std::string file = "a.cc", std::string directory = "/project/build") {
  return {std::move(directory), std::move(file), std::move(arguments), ""};
}

/// The driver's options for a command line, without those that every unit gets.
std::string adapt(llvm::StringRef line, std::string file = "a.cc", const ExtractOptions &options = {},
                  std::string directory = "/project/build") {
  std::vector<std::string> words;
  for (llvm::StringRef word : llvm::split(line, ' '))
    words.push_back(word.str());
  llvm::Expected<AdaptedCommand> adapted = adaptCommand(command(words, file, directory), options);
  if (!adapted)
    return "error: " + llvm::toString(adapted.takeError());
  std::string text = adapted->language + ":";
  for (const AllowedOption &option : adapted->options)
    text += " " + llvm::join(option.words, " ");
  return text;
}

std::string load(const Folder &folder, llvm::StringRef text) {
  folder.write("compile_commands.json", text);
  llvm::Expected<std::vector<CompileCommand>> commands = loadDatabase(folder.path());
  return commands ? "" : llvm::toString(commands.takeError());
}

} // namespace

TEST(Command, KeepsWhatChangesTheMeaning) {
  EXPECT_EQ(
      adapt("g++ -std=gnu++17 -I inc -Isrc -isystem /opt/x -DA=1 -UB -include pre.h -fno-exceptions -fno-rtti -m32 -pthread "
            "-fsanitize=thread -O2 -c a.cc"),
      "c++: -I inc -I src -isystem /opt/x -D A=1 -U B -include pre.h -fno-exceptions -fno-rtti -m32 -pthread "
      "-fsanitize=thread -O2 -std=gnu++17");
}

TEST(Command, DropsOutputsWarningsAndWhatOnlyGccKnows) {
  EXPECT_EQ(
      adapt(
          "g++ -Wall -Werror -Wno-maybe-uninitialized -Winvalid-pch -pedantic-errors -g3 -ggdb -fPIC -MD -MT a.o -MF a.d -o a.o "
          "-c -fno-tree-vectorize -fmax-errors=3 -fconcepts-diagnostics-depth=9 --param max-inline=3 -flto=auto "
          "-fvisibility=hidden -fcf-protection -fstack-protector-strong -frandom-seed=7 -aux-info a.x -dumpbase b a.cc"),
      "c++:");
}

TEST(Command, NeverLoadsRunsOrWrites) {
  EXPECT_EQ(
      adapt("clang++ -fplugin=evil.so -fpass-plugin=evil.so -Xclang -load -Xclang evil.so -Xclang -plugin -Xclang p -mllvm -x "
            "-B/tmp/evil -specs=evil -wrapper evil --config=evil.cfg -fprofile-use=p -fprofile-generate -save-temps "
            "-ftime-trace -fmodules -fmodules-cache-path=/tmp/w -fmodule-file=m.pcm -fcrash-diagnostics-dir=/tmp "
            "-ivfsoverlay o.yaml -resource-dir /evil -serialize-diagnostics d.dia -MJ j.json -Wp,-MD,w.d a.cc"),
      "c++:");
}

TEST(Command, LooksIntoForwardedOptions) {
  EXPECT_EQ(
      adapt("gcc -Wp,-D_FORTIFY_SOURCE=2,-MMD,x.d -Xpreprocessor -DX -Xclang -include -Xclang p.h -Xclang -emit-obj a.c", "a.c"),
      "c: -D _FORTIFY_SOURCE=2 -D X -include p.h");
}

TEST(Command, StripsLaunchers) {
  for (const char *launcher : {"ccache", "/usr/bin/distcc", "sccache", "icecc", "env CCACHE_DIR=/x ccache", "nice -n 19",
                               "time -p", "my-wrapper --log x --"})
    EXPECT_EQ(adapt(std::string(launcher) + " /usr/bin/x86_64-linux-gnu-g++-12 -DX -c a.c", "a.c"),
              "c++: --target=x86_64-linux-gnu -D X")
        << launcher;
  EXPECT_EQ(adapt("/opt/unheard-of -DX -c a.c", "a.c"), "c: -D X");
}

TEST(Command, LanguageIsThatOfTheCompiler) {
  EXPECT_EQ(adapt("gcc -c a.c", "a.c"), "c:");
  EXPECT_EQ(adapt("g++ -c a.c", "a.c"), "c++:");
  EXPECT_EQ(adapt("clang++-19 -c a.c", "a.c"), "c++:");
  EXPECT_EQ(adapt("gcc -c a.cpp", "a.cpp"), "c++:");
  EXPECT_EQ(adapt("gcc -x c++ -c a.c", "a.c"), "c++:");
  EXPECT_EQ(adapt("gcc -xc -c a.cpp -x none", "a.cpp"), "c:");
  EXPECT_EQ(adapt("g++ -c a.h", "a.h"), "c++:");
  EXPECT_EQ(adapt("gcc -std=c++17 -c a.c", "a.c"), "c:") << "a standard of the other language";
  EXPECT_EQ(adapt("gcc -std=gnu99 -std=gnu11 -c a.c", "a.c"), "c: -std=gnu11");
  EXPECT_EQ(adapt("g++ -std=c++97 -c a.cc"), "c++:") << "no such standard";
}

TEST(Command, ForeignCommandsAreRefusedWithTheirName) {
  EXPECT_EQ(adapt("nvcc -c a.cu", "a.cu"), "error: can't analyse a command for CUDA (nvcc)");
  EXPECT_NE(adapt("cl.exe /c a.cpp", "a.cpp").find("MSVC"), std::string::npos);
  EXPECT_NE(adapt("gcc -c a.S", "a.S").find("not a C or C++ unit"), std::string::npos);
  EXPECT_NE(adapt("gcc -x objective-c -c a.c", "a.c").find("objective-c"), std::string::npos);
  EXPECT_EQ(foreignLanguage(command({"gcc", "-c", "a.c"}, "a.c")), "");
  EXPECT_NE(foreignLanguage(command({"gcc", "-c", "a.s"}, "a.s")), "");
  EXPECT_NE(foreignLanguage(command({"gcc", "-c", "a.f90"}, "a.f90")), "");
}

TEST(Command, CrossCompilersSayTheirTarget) {
  EXPECT_EQ(adapt("arm-linux-gnueabihf-gcc-12 -c a.c", "a.c"), "c: --target=arm-linux-gnueabihf");
  EXPECT_EQ(adapt("arm-linux-gnueabihf-gcc --target=aarch64-linux-gnu -c a.c", "a.c"), "c: --target=aarch64-linux-gnu");
  EXPECT_EQ(adapt("afl-gcc -c a.c", "a.c"), "c:") << "no target";
}

TEST(Command, PrecompiledHeadersAreReadAsHeaders) {
  Folder folder;
  folder.write("both.h", "");
  folder.write("both.h.gch", "binary");
  folder.write("only.h.gch", "binary");
  folder.write("clang.h", "");
  EXPECT_EQ(
      adapt("g++ -include both.h -include only.h -include missing.h -include-pch clang.h.pch a.cc", "a.cc", {}, folder.path()),
      "c++: -include both.h -include missing.h -include clang.h");
}

TEST(Command, ExtraArgumentsAreCheckedAloud) {
  ExtractOptions options;
  options.extraArgsBefore = {"-DFIRST"};
  options.extraArgs = {"-DLAST", "-std=c++20"};
  EXPECT_EQ(adapt("g++ -DX -std=c++17 a.cc", "a.cc", options), "c++: -D FIRST -D X -D LAST -std=c++20");
  options.extraArgs = {"-fplugin=x.so"};
  EXPECT_EQ(adapt("g++ a.cc", "a.cc", options),
            "error: extra argument '-fplugin=x.so' has no effect on the analysis or is not allowed");
}

TEST(Command, DigestIsOfTheEffect) {
  ExtractOptions here{"/home/me/p", "/home/me/p/build", true, {}, {}}, there{"/srv/ci/p", "/srv/ci/p/build", true, {}, {}};
  auto digest = [](std::vector<std::string> words, std::string directory, const ExtractOptions &options, std::string file) {
    llvm::Expected<std::string> result = effectiveDigest(command(words, file, directory), options);
    return result ? *result : llvm::toString(result.takeError());
  };
  std::string one = digest({"g++", "-I/home/me/p/inc", "-Igen", "-Wall", "-o", "1.o", "-c", "/home/me/p/a.cc"},
                           "/home/me/p/build", here, "/home/me/p/a.cc");
  EXPECT_EQ(one, digest({"ccache", "g++", "-I", "../inc", "-I", "./gen", "-g", "-o", "2.o", "../a.cc"}, "/srv/ci/p/build", there,
                        "../a.cc"));
  EXPECT_NE(one, digest({"g++", "-I../inc", "-Igen", "-DX", "../a.cc"}, "/home/me/p/build", here, "../a.cc"));
  EXPECT_NE(one, digest({"g++", "-Igen", "-I../inc", "../a.cc"}, "/home/me/p/build", here, "../a.cc")) << "order of folders";
  EXPECT_EQ(one.size(), 32u);
}

TEST(Database, FormsOfTheCommand) {
  Folder folder;
  folder.write("build/flags.rsp", "-DFROM_FILE '-DWITH SPACE' @more.rsp");
  folder.write("build/more.rsp", "-DMORE");
  ASSERT_EQ(load(folder, R"([
    {"directory": "build", "file": "../a.c", "command": "gcc -DQ=\\\"q\\\" '-DS=a b' @flags.rsp @absent.rsp -c ../a.c"},
    {"directory": "/abs", "file": "b.c", "arguments": ["gcc", "-DA B", "b.c"], "output": "b.o"}])"),
            "");
  std::vector<CompileCommand> commands = llvm::cantFail(loadDatabase(folder.path("compile_commands.json")));
  ASSERT_EQ(commands.size(), 2u);
  EXPECT_EQ(commands[0].directory, folder.path("build"));
  EXPECT_EQ(sourcePath(commands[0]), folder.path("a.c"));
  EXPECT_EQ(llvm::join(commands[0].arguments, "|"),
            "gcc|-DQ=\"q\"|-DS=a b|-DFROM_FILE|-DWITH SPACE|-DMORE|@absent.rsp|-c|../a.c");
  EXPECT_EQ(llvm::join(commands[1].arguments, "|"), "gcc|-DA B|b.c");
  EXPECT_EQ(commands[1].output, "b.o");
}

TEST(Database, ResponseFilesThatNameThemselvesEnd) {
  Folder folder;
  folder.write("loop.rsp", "-DX @loop.rsp");
  ASSERT_EQ(load(folder, R"([{"directory": ".", "file": "a.c", "arguments": ["gcc", "@loop.rsp", "a.c"]}])"), "");
  EXPECT_LT(llvm::cantFail(loadDatabase(folder.path()))[0].arguments.size(), 32u);
}

TEST(Database, ErrorsSayWhatIsWrong) {
  Folder folder;
  auto has = [](const std::string &text, llvm::StringRef part) { return llvm::StringRef(text).contains(part); };
  llvm::Expected<std::vector<CompileCommand>> missing = loadDatabase(folder.path());
  ASSERT_FALSE(bool(missing));
  EXPECT_TRUE(has(llvm::toString(missing.takeError()), "no compile_commands.json in this folder"));
  llvm::Expected<std::vector<CompileCommand>> nowhere = loadDatabase(folder.path("nowhere"));
  ASSERT_FALSE(bool(nowhere));
  EXPECT_TRUE(has(llvm::toString(nowhere.takeError()), "no such file or folder"));
  EXPECT_TRUE(has(load(folder, ""), "the file is empty"));
  EXPECT_TRUE(has(load(folder, "[]"), "the compile database is empty"));
  EXPECT_TRUE(has(load(folder, "[{"), "not valid JSON"));
  EXPECT_TRUE(has(load(folder, "{}"), "must hold an array"));
  EXPECT_TRUE(has(load(folder, "[3]"), "entry 1 is not an object"));
  EXPECT_TRUE(has(load(folder, R"([{"directory": "/", "arguments": ["a"]}])"), "entry 1: \"file\" is missing"));
  EXPECT_TRUE(has(load(folder, R"([{"file": "a", "arguments": ["a"]}])"), "\"directory\" is missing"));
  EXPECT_TRUE(has(load(folder, R"([{"directory": "/", "file": "a"}])"), "neither \"arguments\" nor \"command\""));
  EXPECT_TRUE(has(load(folder, R"([{"directory": "/", "file": "a", "arguments": [1]}])"), "strings only"));
  EXPECT_TRUE(has(load(folder, R"([{"directory": "/", "file": "a", "command": " "}])"), "the command is empty"));
}

TEST(Depfile, QuotesForMake) {
  EXPECT_EQ(formatDepfile("out dir/a.facts", {"/a b.c", "/x$y#z"}), "out\\ dir/a.facts: \\\n  /a\\ b.c \\\n  /x$$y\\#z\n");
}
