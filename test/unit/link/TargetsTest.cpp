#include "link/Targets.h"
#include "facts/Builder.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <gtest/gtest.h>

using namespace heddle;
using namespace heddle::facts;

namespace {

/// Facts of units whose functions only call each other.
class Units {
public:
  UnitId unit(llvm::StringRef file, llvm::StringRef command = "command", UnitFlag flags = UnitFlag::Cxx) {
    FileId id = b_.file(file, FileFlag::MainFile);
    files_.push_back(id);
    return b_.unit({id, b_.string(command), kNone, 0, flags});
  }
  FunctionId function(llvm::StringRef name, FunctionFlag flags = FunctionFlag::NONE, llvm::StringRef declaredIn = "include/api.h",
                      FileFlag fileFlags = FileFlag::NONE) {
    FunctionDraft draft{b_.string(name), b_.string(name), b_.string(name)};
    draft.flags = flags | (name == "main" ? FunctionFlag::Main : FunctionFlag::NONE);
    draft.location = b_.location({b_.file(declaredIn, fileFlags), 1, 1, 1, 2, 0, 1});
    return b_.function(draft);
  }
  void define(UnitId unit, llvm::StringRef name, std::vector<FunctionId> calls = {}) {
    BodyDraft body;
    body.function = function(name);
    body.location = b_.location({files_[unit], 7, 9, 1, 2, 0, 30}); // of that unit: no two bodies are the same
    for (FunctionId callee : calls) {
      EventDraft event{EventKind::Call};
      event.callee = callee;
      body.events.push_back(event);
    }
    body.blocks = {{0, static_cast<uint32_t>(calls.size()), {}, BlockFlag::Exit}};
    b_.body(unit, body);
  }
  VariableId variable(llvm::StringRef name, UnitId definedIn) {
    VariableDraft draft{b_.string(name), b_.string(name)};
    draft.flags = VariableFlag::Defined;
    draft.location = b_.location({files_[definedIn], 3, 3, 1, 2, 0, 4});
    return b_.variable(draft);
  }
  Builder &builder() { return b_; }
  Facts facts() { return llvm::cantFail(Facts::open(b_.freeze())); }

private:
  Builder b_;
  std::vector<FileId> files_;
};

/// "name: file file [closed]" a line.
std::string text(const Facts &facts, const std::vector<Target> &targets) {
  std::string out;
  for (const Target &target : targets) {
    out += target.name + ":";
    for (UnitId unit : target.units)
      out += " " + facts.string(facts.files()[facts.units()[unit].file()].path()).str();
    out += target.closed ? " [closed]\n" : "\n";
  }
  return out;
}

/// A folder that is removed at the end.
class Folder : public testing::Test {
protected:
  void SetUp() override {
    llvm::SmallString<128> path;
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("heddle-targets", path));
    ASSERT_FALSE(llvm::sys::fs::real_path(path, root_));
  }
  void TearDown() override { llvm::sys::fs::remove_directories(root_); }

  void write(llvm::StringRef name, llvm::StringRef content) {
    llvm::SmallString<128> path(root_);
    llvm::sys::path::append(path, name);
    ASSERT_FALSE(llvm::sys::fs::create_directories(llvm::sys::path::parent_path(path)));
    std::error_code error;
    llvm::raw_fd_ostream out(path, error);
    ASSERT_FALSE(error);
    std::string whole = content.str(); // $R is the folder
    for (size_t at; (at = whole.find("$R")) != std::string::npos;)
      whole.replace(at, 2, std::string(root_));
    out << whole;
  }
  std::string path(llvm::StringRef name) const { return (root_ + "/" + name).str(); }
  std::string targets(const Facts &facts, std::vector<UnitObject> objects = {}) {
    return text(facts, findTargets(facts, path("build"), std::string(root_), objects));
  }

  llvm::SmallString<128> root_;
};

using CMakeFileApi = Folder;
using Ninja = Folder;
using LinkTexts = Folder;

} // namespace

// ---- closures --------------------------------------------------------------------------------------------------------------

TEST(Closures, FollowReferences) {
  Units u;
  UnitId main = u.unit("main.c"), a = u.unit("a.c"), b = u.unit("b.c"), unused = u.unit("unused.c");
  u.define(main, "main", {u.function("a")});
  u.define(a, "a", {u.function("b")});
  u.define(b, "b");
  u.define(unused, "unused", {u.function("b")});
  Facts facts = u.facts();
  EXPECT_EQ(text(facts, findTargets(facts, "", "/src")), "library: b.c unused.c\n"
                                                         "main: a.c b.c main.c [closed]\n");
}

TEST(Closures, EachMainIsAProgram) {
  Units u;
  UnitId server = u.unit("src/server.c"), client = u.unit("src/client.c"), net = u.unit("src/net.c");
  u.define(server, "main", {u.function("send_all")});
  u.define(client, "main", {u.function("send_all")});
  u.define(net, "send_all");
  Facts facts = u.facts();
  EXPECT_EQ(text(facts, findTargets(facts, "", "/src")), "client: src/client.c src/net.c [closed]\n"
                                                         "server: src/net.c src/server.c [closed]\n");
}

TEST(Closures, AMissingDefinitionOpens) {
  Units u;
  UnitId main = u.unit("main.c");
  u.define(main, "main", {u.function("declared_by_the_project")});
  Facts facts = u.facts();
  EXPECT_EQ(text(facts, findTargets(facts, "", "/src")), "main: main.c\n");
}

TEST(Closures, ALibraryOfTheSystemDoesNot) {
  Units u;
  UnitId main = u.unit("main.c");
  u.define(main, "main", {u.function("event_base_new", FunctionFlag::NONE, "/usr/include/event.h", FileFlag::System)});
  Facts facts = u.facts();
  EXPECT_EQ(text(facts, findTargets(facts, "", "/src")), "main: main.c [closed]\n");
}

TEST(Closures, AUnitWithErrorsOpens) {
  Units u;
  UnitId main = u.unit("main.c"), a = u.unit("a.c", "command", UnitFlag::Errors);
  u.define(main, "main", {u.function("a")});
  u.define(a, "a");
  Facts facts = u.facts();
  EXPECT_EQ(text(facts, findTargets(facts, "", "/src")), "main: a.c main.c\n");
}

TEST(Closures, VariablesAndVirtualFunctionsAreReferences) {
  Units u;
  UnitId main = u.unit("main.cc"), table = u.unit("table.cc"), shape = u.unit("shape.cc");
  VariableId variable = u.variable("table", table);
  RecordId record = u.builder().record({u.builder().string("Shape")});
  auto member = [&](llvm::StringRef name, FunctionFlag flags) {
    FunctionDraft draft{u.builder().string(name), u.builder().string(name), u.builder().string(name)};
    draft.record = record;
    draft.flags = flags;
    return u.builder().function(draft);
  };
  FunctionId constructor = member("Shape::Shape", FunctionFlag::Constructor | FunctionFlag::Implicit);
  member("Shape::draw", FunctionFlag::Virtual);
  u.define(shape, "Shape::draw");

  BodyDraft body;
  body.function = u.function("main");
  EventDraft construct{EventKind::Construct}, read{EventKind::Read};
  construct.callee = constructor;
  read.place = u.builder().place(PlaceKind::Global, variable, kNone);
  body.events = {construct, read};
  body.blocks = {{0, 2, {}, BlockFlag::Exit}};
  u.builder().body(main, body);
  Facts facts = u.facts();
  EXPECT_EQ(text(facts, findTargets(facts, "", "/src")), "main: main.cc shape.cc table.cc [closed]\n");
}

TEST(Closures, TablesAreReferences) {
  // main calls through a table that names a command's function and the list of another unit, which names the last one.
  Units u;
  UnitId main = u.unit("main.c"), get = u.unit("get.c"), list = u.unit("list.c"), set = u.unit("set.c");
  u.define(get, "get");
  u.define(set, "set");
  VariableId commands = u.variable("commands", main), more = u.variable("more", list);
  auto global = [&](VariableId id) { return u.builder().place(PlaceKind::Global, id, kNone); };
  auto function = [&](const char *name) { return u.builder().place(PlaceKind::Function, u.function(name), kNone); };
  auto element = [&](VariableId id, int64_t index) {
    PlaceId number = u.builder().place(PlaceKind::Constant, u.builder().constant(index), kNone);
    return u.builder().place(PlaceKind::Element, number, kNone, global(id));
  };
  u.builder().initial(commands, element(commands, 0), function("get"));
  u.builder().initial(commands, element(commands, 1), u.builder().addressOf(global(more), kNone));
  u.builder().initial(more, element(more, 0), function("set"));
  BodyDraft body;
  body.function = u.function("main");
  EventDraft call{EventKind::Call};
  call.place = u.builder().place(PlaceKind::Element, kNone, kNone, global(commands));
  body.events = {call};
  body.blocks = {{0, 1, {}, BlockFlag::Exit}};
  u.builder().body(main, body);
  Facts facts = u.facts();
  EXPECT_EQ(text(facts, findTargets(facts, "", "/src")), "main: get.c list.c main.c set.c [closed]\n");
}

TEST(Closures, AUnitThatNeedsAMainBelongsToIt) {
  Units u;
  UnitId server = u.unit("server.c"), tool = u.unit("tool.c"), command = u.unit("command.c"), net = u.unit("net.c");
  VariableId state = u.variable("state", server);
  u.define(server, "main");
  u.define(tool, "main");
  u.define(command, "command", {u.function("reply")}); // named by a table of server.c alone
  BodyDraft body;
  body.function = u.function("reply");
  EventDraft read{EventKind::Read};
  read.place = u.builder().place(PlaceKind::Global, state, kNone);
  body.events = {read};
  body.blocks = {{0, 1, {}, BlockFlag::Exit}};
  u.builder().body(net, body);
  Facts facts = u.facts();
  EXPECT_EQ(text(facts, findTargets(facts, "", "/src")), "server: command.c net.c server.c [closed]\n"
                                                         "tool: tool.c [closed]\n");
}

TEST(Closures, OfTwoDefinersTheSmallerIsTaken) {
  Units u;
  UnitId client = u.unit("client.c"), server = u.unit("server.c"), debug = u.unit("debug.c"), stub = u.unit("stub.c"),
         db = u.unit("db.c");
  u.define(client, "main", {u.function("fail")});
  u.define(server, "main", {u.function("fail"), u.function("debug")});
  u.define(debug, "fail", {u.function("db")});
  u.define(debug, "debug");
  u.define(stub, "fail");
  u.define(db, "db");
  Facts facts = u.facts();
  EXPECT_EQ(text(facts, findTargets(facts, "", "/src")), "client: client.c stub.c [closed]\n"
                                                         "server: db.c debug.c server.c [closed]\n");
}

TEST(Closures, OfTwoDefinersTheOneThatFitsIsTaken) {
  Units u;
  UnitId pack = u.unit("pack.c"), unpack = u.unit("unpack.c"), packInfo = u.unit("pack_info.c"),
         unpackInfo = u.unit("unpack_info.c"), bar = u.unit("bar.c");
  u.define(pack, "main", {u.function("info")});
  u.define(pack, "state");
  u.define(unpack, "main", {u.function("info")});
  u.define(unpack, "bar"); // a second one, beside bar.c's
  u.define(packInfo, "info", {u.function("state"), u.function("bar"), u.function("bar_width")});
  u.define(unpackInfo, "info", {u.function("bar")});
  u.define(bar, "bar");
  u.define(bar, "bar_width");
  Facts facts = u.facts();
  EXPECT_EQ(text(facts, findTargets(facts, "", "/src")), "pack: bar.c pack.c pack_info.c [closed]\n"
                                                         "unpack: unpack.c unpack_info.c [closed]\n");
}

TEST(Closures, VariantsOfAFileGoWithTheirProgram) {
  Units u;
  UnitId main = u.unit("memcached.c", "plain"), mainDebug = u.unit("memcached.c", "debug");
  UnitId thread = u.unit("thread.c", "plain"), threadDebug = u.unit("thread.c", "debug");
  FunctionId start = u.function("start"), trace = u.function("trace");
  u.define(main, "main", {start});
  u.define(mainDebug, "main", {start, trace});
  u.define(thread, "start");
  u.define(threadDebug, "start", {start});
  u.define(threadDebug, "trace");
  Facts facts = u.facts();
  std::vector<UnitObject> objects;
  for (const char *command : {"plain", "debug"})
    for (const char *file : {"memcached", "thread"})
      objects.push_back({std::string(file) + ".c", command,
                         std::string("/src/memcached") + (llvm::StringRef(command) == "debug" ? "_debug-" : "-") + file + ".o"});
  std::vector<Target> targets = findTargets(facts, "", "/src", objects);
  ASSERT_EQ(targets.size(), 2u);
  EXPECT_EQ(targets[0].name, "memcached");
  EXPECT_EQ(targets[1].name, "memcached_debug");
  for (const Target &target : targets) {
    std::string wanted = target.name == "memcached" ? "plain" : "debug";
    EXPECT_EQ(target.units.size(), 2u);
    for (UnitId unit : target.units)
      EXPECT_EQ(facts.string(facts.units()[unit].command()), wanted) << target.name;
  }
}

TEST(Closures, NoMainIsALibrary) {
  Units u;
  UnitId a = u.unit("a.c"), b = u.unit("b.c");
  u.define(a, "a");
  u.define(b, "b");
  Facts facts = u.facts();
  EXPECT_EQ(text(facts, findTargets(facts, "", "/src")), "library: a.c b.c\n");
}

// ---- what build folders say ------------------------------------------------------------------------------------------------

namespace {

/// An executable of main.cc and an archive of core.cc, and a test of it that isn't whole.
Facts project() {
  Units u;
  UnitId main = u.unit("src/main.cc"), core = u.unit("src/core.cc"), test = u.unit("src/test.cc");
  u.define(main, "main");
  u.define(core, "core");
  u.define(test, "main");
  return u.facts();
}

constexpr llvm::StringLiteral projectTargets = "app: src/core.cc src/main.cc [closed]\n"
                                               "check: src/core.cc src/test.cc\n";

} // namespace

TEST_F(CMakeFileApi, TargetsAndTheArchivesTheyLink) {
  write("build/.cmake/api/v1/reply/index-2020.json", R"({"objects": []})");
  write("build/.cmake/api/v1/reply/index-2021.json", R"({"objects": [{"kind": "codemodel", "jsonFile": "model.json"}]})");
  write("build/.cmake/api/v1/reply/model.json",
        R"({"paths": {"source": "$R", "build": "$R/build"}, "configurations": [{"targets": [
            {"jsonFile": "app.json"}, {"jsonFile": "core.json"}, {"jsonFile": "check.json"}, {"jsonFile": "../../../../../etc/passwd"}]}]})");
  write("build/.cmake/api/v1/reply/core.json",
        R"({"name": "core", "type": "STATIC_LIBRARY", "id": "core::1", "artifacts": [{"path": "lib/libcore.a"}],
            "compileGroups": [{"language": "CXX"}], "sources": [{"path": "src/core.cc", "compileGroupIndex": 0}, {"path": "src/core.h"}]})");
  write("build/.cmake/api/v1/reply/app.json",
        R"({"name": "app", "type": "EXECUTABLE", "id": "app::1", "artifacts": [{"path": "bin/app"}], "paths": {"build": "bin"},
            "compileGroups": [{"language": "CXX"}, {"language": "ASM"}],
            "sources": [{"path": "src/main.cc", "compileGroupIndex": 0}, {"path": "src/fast.S", "compileGroupIndex": 1}],
            "link": {"commandFragments": [{"fragment": "-O2"}, {"fragment": "lib/libcore.a"}, {"fragment": "-lpthread"}]}})");
  write(
      "build/.cmake/api/v1/reply/check.json",
      R"({"name": "check", "type": "EXECUTABLE", "id": "check::1", "artifacts": [{"path": "bin/check"}], "paths": {"build": "bin"},
            "compileGroups": [{"language": "CXX"}],
            "sources": [{"path": "src/test.cc", "compileGroupIndex": 0}, {"path": "src/failed.cc", "compileGroupIndex": 0}],
            "link": {"commandFragments": [{"fragment": "../lib/libcore.a"}]}})");
  EXPECT_EQ(targets(project()), projectTargets);
}

TEST_F(CMakeFileApi, MalformedIsAbsent) {
  write("build/.cmake/api/v1/reply/index-1.json", std::string(100000, '['));
  EXPECT_EQ(targets(project()), "library: src/core.cc\nmain: src/main.cc [closed]\ntest: src/test.cc [closed]\n");
  write("build/.cmake/api/v1/reply/index-2.json", R"({"objects": [{"kind": "codemodel", "jsonFile": 5}, 7]})");
  write("build/.cmake/api/v1/reply/index-3.json", R"({"objects": [{"kind": "codemodel", "jsonFile": "index-3.json"}]})");
  EXPECT_EQ(targets(project()), "library: src/core.cc\nmain: src/main.cc [closed]\ntest: src/test.cc [closed]\n");
}

TEST_F(Ninja, LinkEdgesDownToSources) {
  write("build/build.ninja", R"(
rule CXX
  command = c++ $in
top = $R/
include more.ninja
build obj/main.o | ${top}build/extra: CXX ${top}src/main.cc | gen.h || order
  FLAGS = -O2
build obj/core.o: CXX $
    ../src/core.cc
build libcore.a: AR obj/core.o
build core: phony libcore.a
build app: LINK obj/main.o | libcore.a /usr/lib/libm.a || core
build tidy: CUSTOM app
)");
  write("build/more.ninja", "build obj/test.o: CXX ../src/test.cc\nbuild obj/no$ file.o: CXX ../src/failed$ file.cc\n"
                            "build check: LINK obj/test.o obj/no$ file.o libcore.a\n");
  EXPECT_EQ(targets(project()), projectTargets);
}

TEST_F(Ninja, HostileText) {
  write("build/build.ninja",
        "include build.ninja\nbuild a.o: C a.o\nbuild x: L a.o b.o\nbuild : \nbuild y: phony y\nbuild z: L y a.o:::\n"
        "build $\n$\n|||\nbuild q: phony q2\nbuild q2: phony q\nbuild w: L k.o | q\n");
  EXPECT_EQ(targets(project()), "library: src/core.cc\nmain: src/main.cc [closed]\ntest: src/test.cc [closed]\n");
}

TEST_F(LinkTexts, OfCMakesMakefiles) {
  write("build/CMakeFiles/TargetDirectories.txt", "$R/build/sub/CMakeFiles/core.dir\n$R/build/CMakeFiles/app.dir\n"
                                                  "$R/build/CMakeFiles/check.dir\n/etc\n$R/build/CMakeFiles/edit_cache.dir\n");
  write("build/sub/CMakeFiles/core.dir/link.txt",
        "/usr/bin/ar qc libcore.a CMakeFiles/core.dir/core.cc.o\n/usr/bin/ranlib libcore.a\n");
  write("build/sub/CMakeFiles/core.dir/DependInfo.cmake",
        R"(set(CMAKE_DEPENDS_DEPENDENCY_FILES
  "$R/src/core.cc" "sub/CMakeFiles/core.dir/core.cc.o" "gcc" "sub/CMakeFiles/core.dir/core.cc.o.d"
  ))");
  write("build/CMakeFiles/app.dir/link.txt",
        "c++ @CMakeFiles/app.dir/objects.rsp -o app sub/libcore.a -lpthread /usr/lib/libm.a\n");
  write("build/CMakeFiles/app.dir/objects.rsp", "CMakeFiles/app.dir/src/main.cc.o\n");
  write("build/CMakeFiles/app.dir/DependInfo.cmake", R"(  "$R/src/main.cc" "CMakeFiles/app.dir/src/main.cc.o" "gcc" "x.d")");
  write("build/CMakeFiles/check.dir/link.txt",
        "c++ CMakeFiles/check.dir/t.o CMakeFiles/check.dir/unknown.o -o check sub/libcore.a\n");
  write("build/CMakeFiles/check.dir/DependInfo.cmake", R"(  "$R/src/test.cc" "CMakeFiles/check.dir/t.o" "gcc" "x.d")");
  EXPECT_EQ(targets(project()), projectTargets);
}

TEST_F(Ninja, EqualUnitsAreOneTarget) {
  write("build/build.ninja", "build m.o: C ../src/main.cc\nbuild c.o: C ../src/core.cc\nbuild t.o: C ../src/test.cc\n"
                             "build b: L m.o c.o\nbuild a: L c.o m.o\nbuild t: L t.o\n");
  EXPECT_EQ(targets(project()), "a, b: src/core.cc src/main.cc [closed]\nt: src/test.cc [closed]\n");
}

TEST_F(Ninja, ALibraryThatNoProgramLinksIsATarget) {
  write("build/build.ninja", "build m.o: C ../src/main.cc\nbuild t.o: C ../src/test.cc\nbuild c.o: C ../src/core.cc\n"
                             "build libcore.so: L c.o\nbuild main: L m.o\n");
  EXPECT_EQ(targets(project()), "libcore.so: src/core.cc\nmain: src/main.cc [closed]\ntest: src/test.cc [closed]\n");
}

TEST_F(Ninja, ObjectsTellVariantsApart) {
  Units u;
  UnitId plain = u.unit("src/main.cc", "plain"), debug = u.unit("src/main.cc", "debug");
  u.define(plain, "main");
  u.define(debug, "main", {u.function("x", FunctionFlag::System)});
  write("build/build.ninja",
        "build p.o: C ../src/main.cc\nbuild d.o: C ../src/main.cc\nbuild app: L p.o\nbuild app_debug: L d.o\n");
  Facts facts = u.facts();
  std::vector<Target> found = findTargets(
      facts, path("build"), std::string(root_),
      std::vector<UnitObject>{{"src/main.cc", "plain", path("build/p.o")}, {"src/main.cc", "debug", path("build/d.o")}});
  ASSERT_EQ(found.size(), 2u);
  ASSERT_EQ(found[0].units.size(), 1u);
  ASSERT_EQ(found[1].units.size(), 1u);
  EXPECT_EQ(facts.string(facts.units()[found[0].units[0]].command()), "plain");
  EXPECT_EQ(facts.string(facts.units()[found[1].units[0]].command()), "debug");
}
