#include "extract/CommandLine.h"
#include "extract/CommandName.h"

#include "clang/Basic/LangStandard.h"
#include "clang/Driver/Driver.h"
#include "clang/Driver/Options.h"
#include "clang/Driver/Types.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA256.h"

#include <dlfcn.h>

namespace heddle {

using namespace extract;
namespace path = llvm::sys::path;
namespace types = clang::driver::types;

namespace {

llvm::Error failure(const llvm::Twine &message) {
  return llvm::createStringError(std::make_error_code(std::errc::invalid_argument), message);
}

/// What the compiler takes the file for: -x, else the suffix, else nothing. g++ takes C for C++.
types::ID languageOf(llvm::StringRef file, llvm::StringRef explicitLanguage, Compiler compiler) {
  if (!explicitLanguage.empty())
    return types::lookupTypeForTypeSpecifier(explicitLanguage.str().c_str());
  llvm::StringRef extension = path::extension(file);
  types::ID type = extension.empty() ? types::TY_INVALID : types::lookupTypeForExtension(extension.drop_front());
  return compiler == Compiler::Cxx && type != types::TY_INVALID ? types::lookupCXXTypeForCType(type) : type;
}

/// Clang's name of the language when it is one that can be extracted. A header is read as if it were a source file.
std::string frontEndLanguage(types::ID type) {
  switch (type) {
  case types::TY_C:
  case types::TY_CHeader:
    return "c";
  case types::TY_CXX:
  case types::TY_CXXHeader:
  case types::TY_CXXModule:
    return "c++";
  case types::TY_PP_C:
    return "cpp-output";
  case types::TY_PP_CXX:
    return "c++-cpp-output";
  default:
    return "";
  }
}

struct Parts {
  CompilerName compiler;
  AllowedOptions allowed;
  types::ID language = types::TY_INVALID;
};

Parts takeApart(const CompileCommand &command) {
  Parts parts;
  parts.compiler = findCompiler(command.arguments);
  std::vector<std::string> words(command.arguments.begin() + std::min(parts.compiler.position + 1, command.arguments.size()),
                                 command.arguments.end());
  parts.allowed = allowOptions(words, command.file, [&](llvm::StringRef file) {
    llvm::SmallString<256> whole(file);
    llvm::sys::fs::make_absolute(command.directory, whole);
    return llvm::sys::fs::exists(whole);
  });
  parts.language = languageOf(command.file, parts.allowed.language, parts.compiler.kind);
  return parts;
}

bool isStandardOf(llvm::StringRef standard, bool cxx) {
  clang::LangStandard::Kind kind = clang::LangStandard::getLangKind(standard);
  return kind != clang::LangStandard::lang_unspecified &&
         (clang::LangStandard::getLangStandardForKind(kind).getLanguage() == clang::Language::CXX) == cxx;
}

bool namesMachine(const AllowedOption &option) {
  llvm::StringRef word(option.words.front());
  return word.starts_with("-m") && word != "-m32" && word != "-m64" && word != "-mx32";
}

/// Options given by hand are not dropped in silence.
llvm::Error append(std::vector<AllowedOption> &out, std::string &standard, const std::vector<std::string> &words) {
  AllowedOptions allowed = allowOptions(words, "", [](llvm::StringRef) { return true; });
  if (!allowed.dropped.empty())
    return failure("extra argument '" + allowed.dropped.front() + "' has no effect on the analysis or is not allowed");
  out.insert(out.end(), allowed.options.begin(), allowed.options.end());
  if (!allowed.standard.empty())
    standard = allowed.standard;
  if (!allowed.target.empty())
    out.push_back({{"--target=" + allowed.target}, AllowedOption::npos});
  return llvm::Error::success();
}

std::string relativeTo(llvm::StringRef whole, llvm::StringRef folder, llvm::StringRef label) {
  llvm::StringRef rest = whole;
  if (folder.empty() || !rest.consume_front(folder) || (!rest.empty() && !rest.starts_with("/")))
    return "";
  return (label + rest).str();
}

/// The path as it is in any checkout: the source root, then the build folder, have fixed names.
std::string portablePath(llvm::StringRef given, const CompileCommand &command, const ExtractOptions &options) {
  llvm::SmallString<256> whole(given);
  llvm::sys::fs::make_absolute(command.directory, whole);
  path::remove_dots(whole, /*remove_dot_dot=*/true);
  for (const auto &[folder, label] : {std::pair(options.sourceRoot, "<source>"), std::pair(options.buildRoot, "<build>")})
    if (std::string name = relativeTo(whole, folder, label); !name.empty())
      return name;
  return std::string(whole);
}

} // namespace

namespace extract {

std::string resourceDirectory() {
#ifdef HEDDLE_CLANG_RESOURCE_DIR
  if (llvm::sys::fs::is_directory(HEDDLE_CLANG_RESOURCE_DIR "/include"))
    return HEDDLE_CLANG_RESOURCE_DIR;
#endif
  // Elsewhere than where it was built: beside the library that holds Clang.
  Dl_info library;
  llvm::SmallString<256> real;
  if (dladdr(reinterpret_cast<void *>(&clang::driver::getDriverOptTable), &library) && library.dli_fname &&
      !llvm::sys::fs::real_path(library.dli_fname, real))
    return clang::driver::Driver::GetResourcesPath(real);
  return "";
}

llvm::Expected<AdaptedCommand> adaptCommand(const CompileCommand &command, const ExtractOptions &options) {
  Parts parts = takeApart(command);
  if (parts.compiler.kind == Compiler::Foreign)
    return failure("can't analyse a command for " + parts.compiler.foreign);
  AdaptedCommand adapted;
  adapted.language = frontEndLanguage(parts.language);
  if (adapted.language.empty())
    return failure("not a C or C++ unit: " + foreignLanguage(command));
  adapted.file = command.file;
  std::string standard;
  if (llvm::Error error = append(adapted.options, standard, options.extraArgsBefore))
    return error;
  if (!parts.allowed.standard.empty())
    standard = parts.allowed.standard;
  // A prefix such as arm-linux-gnueabihf- is a target, unless one is said.
  if (std::string target = parts.allowed.target.empty() ? parts.compiler.triple : parts.allowed.target; !target.empty())
    adapted.options.push_back({{"--target=" + target}, AllowedOption::npos});
  for (AllowedOption &option : parts.allowed.options)
    if (!llvm::StringRef(option.words.front()).starts_with("-resource-dir"))
      adapted.options.push_back(std::move(option));
  if (llvm::Error error = append(adapted.options, standard, options.extraArgs))
    return error;
  if (isStandardOf(standard, adapted.isCxx()))
    adapted.options.push_back({{"-std=" + standard}, AllowedOption::npos});
  return adapted;
}

std::vector<std::string> AdaptedCommand::driverArguments(const ExtractOptions &extraction, bool anyMachine) const {
  // The driver finds libraries of its installation from its program's place: <prefix>/bin beside <prefix>/lib/clang/19.
  std::string resources = resourceDirectory();
  llvm::SmallString<256> program(path::parent_path(path::parent_path(path::parent_path(resources))));
  path::append(program, "bin", "clang");
  std::vector<std::string> words = {std::string(program), "--driver-mode=gcc",   "--no-default-config",   "-fsyntax-only", "-w",
                                    "-Wno-everything",    "-fno-spell-checking", "-fno-color-diagnostics"};
  words.push_back("-resource-dir=" + resources);
  for (const AllowedOption &option : options)
    if (!anyMachine || !namesMachine(option))
      words.insert(words.end(), option.words.begin(), option.words.end());
  // __FILE__ must not carry the checkout's place into facts. The last map that fits wins.
  for (const std::string &root : {extraction.buildRoot, extraction.sourceRoot})
    if (!root.empty() && root != "/")
      words.push_back("-fmacro-prefix-map=" + root + "/=");
  words.insert(words.end(), {"-x", language, "--", file});
  return words;
}

} // namespace extract

std::string foreignLanguage(const CompileCommand &command) {
  Parts parts = takeApart(command);
  if (parts.compiler.kind == Compiler::Foreign)
    return parts.compiler.foreign;
  if (!frontEndLanguage(parts.language).empty())
    return "";
  if (parts.language != types::TY_INVALID)
    return types::getTypeName(parts.language);
  return parts.allowed.language.empty() ? "a file with an unknown suffix" : parts.allowed.language;
}

llvm::Expected<std::string> effectiveDigest(const CompileCommand &command, const ExtractOptions &options) {
  llvm::Expected<AdaptedCommand> adapted = adaptCommand(command, options);
  if (!adapted)
    return adapted.takeError();
  llvm::SHA256 hash;
  auto add = [&](llvm::StringRef word) {
    hash.update(word);
    hash.update(llvm::StringRef("", 1));
  };
  add(adapted->language);
  add(portablePath(adapted->file, command, options));
  for (const AllowedOption &option : adapted->options)
    for (size_t i = 0; i < option.words.size(); ++i) {
      llvm::StringRef word(option.words[i]);
      if (i + 1 < option.words.size() || option.path == AllowedOption::npos)
        add(word);
      else
        add((word.take_front(option.path) + portablePath(word.drop_front(option.path), command, options)).str());
    }
  return llvm::toHex(hash.final(), /*LowerCase=*/true).substr(0, 32);
}

} // namespace heddle
