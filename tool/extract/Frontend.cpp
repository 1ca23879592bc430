// Runs Clang's front end over one unit, in this process: nothing printed, nothing written.
#include "extract/CommandLine.h"
#include "extract/FrontendErrors.h"
#include "extract/FrontendFiles.h"
#include "extract/FrontendPragmas.h"
#include "extract/Nolint.h"
#include "extract/SkipPolicy.h"
#include "extract/UnitWriter.h"

#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/CompilerInvocation.h"
#include "clang/Frontend/FrontendActions.h"
#include "clang/Frontend/Utils.h"
#include "clang/Lex/PPCallbacks.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "clang/Sema/SemaConsumer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <set>

namespace heddle {

using namespace extract;

namespace {

/// All that the parts of one extraction share.
struct UnitRun {
  facts::Builder builder;
  facts::UnitDraft draft;
  facts::UnitId unit = facts::kNone;
  const PathMap &paths;
  const ExtractOptions &options;
  SkipPolicy *skip = nullptr; // none: nothing is left out

  UnitRun(const PathMap &paths, const ExtractOptions &options) : paths(paths), options(options) {}
};

/// Notes the project's files as they are entered, and tells the skip policy where the parser is.
class ProjectFiles : public clang::PPCallbacks {
public:
  ProjectFiles(UnitRun &run, const clang::SourceManager &sources) : run_(run), sources_(sources) {}

  void FileChanged(clang::SourceLocation location, FileChangeReason reason, clang::SrcMgr::CharacteristicKind kind,
                   clang::FileID) override {
    if (run_.skip)
      run_.skip->enterFile(clang::SrcMgr::isSystem(kind));
    if (reason != EnterFile || clang::SrcMgr::isSystem(kind))
      return;
    std::string name = run_.paths.name(sources_, sources_.getFileID(location));
    if (!name.empty())
      run_.builder.unitFile(run_.unit, run_.builder.file(name));
  }

private:
  UnitRun &run_;
  const clang::SourceManager &sources_;
};

class UnitConsumer : public clang::SemaConsumer {
public:
  explicit UnitConsumer(UnitRun &run) : run_(run) {}

  void InitializeSema(clang::Sema &sema) override { sema_ = &sema; }
  void ForgetSema() override { sema_ = nullptr; }

  bool shouldSkipFunctionBody(clang::Decl *decl) override { return run_.skip && run_.skip->skipsBody(decl); }

  bool HandleTopLevelDecl(clang::DeclGroupRef decls) override {
    if (run_.skip)
      run_.skip->observe(decls);
    return true;
  }

  void HandleTranslationUnit(clang::ASTContext &context) override {
    UnitWriter writer(context, run_.builder, run_.paths, run_.unit, sema_);
    writer.write();
    run_.draft.functions = writer.functionCount();
  }

private:
  UnitRun &run_;
  clang::Sema *sema_ = nullptr;
};

class UnitAction : public clang::ASTFrontendAction {
public:
  explicit UnitAction(UnitRun &run) : run_(run), nolint_(run.builder, run.paths) {}

protected:
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance &compiler, llvm::StringRef) override {
    clang::Preprocessor &preprocessor = compiler.getPreprocessor();
    preprocessor.addPPCallbacks(std::make_unique<ProjectFiles>(run_, compiler.getSourceManager()));
    preprocessor.addCommentHandler(&nolint_);
    claimSystemHeaders(preprocessor, run_.paths, run_.options.buildRoot);
    return std::make_unique<UnitConsumer>(run_);
  }

private:
  UnitRun &run_;
  NolintCollector nolint_;
};

llvm::Error failure(const llvm::Twine &message) {
  return llvm::createStringError(std::make_error_code(std::errc::invalid_argument), message);
}

llvm::IntrusiveRefCntPtr<clang::DiagnosticsEngine> silentDiagnostics() {
  return clang::CompilerInstance::createDiagnostics(new clang::DiagnosticOptions, new clang::IgnoringDiagConsumer);
}

/// The driver's work: from its options to the front end's. A machine that Clang doesn't know is replaced by the default one.
std::shared_ptr<clang::CompilerInvocation> invocation(const AdaptedCommand &command, const ExtractOptions &options,
                                                      llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> files) {
  for (bool anyMachine : {false, true}) {
    std::vector<std::string> words = command.driverArguments(options, anyMachine);
    std::vector<const char *> arguments;
    for (const std::string &word : words)
      arguments.push_back(word.c_str());
    clang::CreateInvocationOptions create;
    create.Diags = silentDiagnostics();
    create.VFS = files;
    create.RecoverOnError = true;
    std::shared_ptr<clang::CompilerInvocation> result = clang::createInvocation(arguments, std::move(create));
    if (!result || result->getFrontendOpts().Inputs.size() != 1)
      continue;
    auto target = std::make_shared<clang::TargetOptions>(result->getTargetOpts());
    if (anyMachine || llvm::IntrusiveRefCntPtr(clang::TargetInfo::CreateTargetInfo(*silentDiagnostics(), target)))
      return result;
  }
  return nullptr;
}

void configure(clang::CompilerInvocation &invocation, bool skipBodies) {
  clang::FrontendOptions &frontend = invocation.getFrontendOpts();
  frontend.ProgramAction = clang::frontend::ParseSyntaxOnly;
  frontend.SkipFunctionBodies = skipBodies;
  frontend.DisableFree = false;
  frontend.ShowStats = false;
  frontend.Plugins.clear();
  frontend.OutputFile.clear();
  clang::DiagnosticOptions &diagnostics = invocation.getDiagnosticOpts();
  diagnostics.ErrorLimit = 0;
  diagnostics.ShowCarets = false; // with them Clang prints a count of errors
  diagnostics.IgnoreWarnings = true;
  invocation.getDependencyOutputOpts() = clang::DependencyOutputOptions();
  invocation.getPreprocessorOpts().SourceDateEpoch = 0; // __DATE__ and __TIME__ are no facts of the project
  invocation.getPreprocessorOpts().DisablePCHOrModuleValidation = clang::DisableValidationForModuleKind::None;
  invocation.getPreprocessorOpts().DisablePragmaDebugCrash = true;
  invocation.getLangOpts().SpellChecking = false;
}

std::vector<std::string> filesRead(const clang::SourceManager &sources, llvm::StringRef directory) {
  std::set<std::string> names;
  for (auto it = sources.fileinfo_begin(); it != sources.fileinfo_end(); ++it) {
    llvm::SmallString<256> name(it->first.getName());
    llvm::sys::fs::make_absolute(directory, name);
    llvm::sys::path::remove_dots(name, /*remove_dot_dot=*/true);
    names.insert(std::string(name));
  }
  return {names.begin(), names.end()};
}

/// A message of Clang's may name files with their folders, which are no facts.
std::string withoutFolders(std::string message, const ExtractOptions &options) {
  for (const std::string &root : {options.buildRoot, options.sourceRoot}) {
    if (root.size() < 2)
      continue;
    for (size_t at = message.find(root + "/"); at != std::string::npos; at = message.find(root + "/", at))
      message.erase(at, root.size() + 1);
  }
  return message;
}

Extraction run(const CompileCommand &command, const AdaptedCommand &adapted,
               std::shared_ptr<clang::CompilerInvocation> invocation, llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> files,
               llvm::StringRef digest, const ExtractOptions &options, bool skipBodies) {
  PathMap paths(options.sourceRoot, command.directory);
  UnitRun unit(paths, options);
  unit.draft.file = unit.builder.file(paths.name(sourcePath(command)), facts::FileFlag::MainFile);
  unit.draft.command = unit.builder.string(digest);
  unit.draft.flags = adapted.isCxx() ? facts::UnitFlag::Cxx : facts::UnitFlag::NONE;
  unit.unit = unit.builder.unit(unit.draft);

  configure(*invocation, skipBodies);
  FirstError errors(paths);
  llvm::IntrusiveRefCntPtr<SkipPolicy> skip = skipBodies ? new SkipPolicy(invocation->getLangOpts()) : nullptr;
  Extraction extraction;
  {
    clang::CompilerInstance compiler;
    compiler.setInvocation(std::move(invocation));
    compiler.createDiagnostics(&errors, /*ShouldOwnClient=*/false);
    compiler.getDiagnostics().setFatalsAsError(true); // a header that isn't there mustn't end the analysis of the rest
    compiler.setVerboseOutputStream(std::make_unique<llvm::raw_null_ostream>());
    compiler.createFileManager(files);
    compiler.createSourceManager(compiler.getFileManager());
    if (skip)
      compiler.setExternalSemaSource(skip);
    unit.skip = skip.get();
    UnitAction action(unit);
    compiler.ExecuteAction(action);
    extraction.dependencies = filesRead(compiler.getSourceManager(), command.directory);
  }
  extraction.firstError = withoutFolders(errors.text(), options);
  if (!extraction.firstError.empty()) {
    unit.draft.flags |= facts::UnitFlag::Errors;
    unit.draft.detail = unit.builder.string(extraction.firstError);
  }
  unit.builder.unit(unit.draft);
  extraction.facts = unit.builder.freeze();
  return extraction;
}

} // namespace

llvm::Expected<Extraction> extractUnit(const CompileCommand &command, const ExtractOptions &options, const SharedFiles &shared) {
  llvm::Expected<AdaptedCommand> adapted = adaptCommand(command, options);
  if (!adapted)
    return adapted.takeError();
  llvm::Expected<std::string> digest = effectiveDigest(command, options);
  if (!digest)
    return digest.takeError();
  if (std::string path = sourcePath(command); !llvm::sys::fs::is_regular_file(path))
    return failure(path + ": no such file");
  llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> files = new RegularFiles(shared);
  if (std::error_code error = files->setCurrentWorkingDirectory(command.directory))
    return failure(command.directory + ": " + error.message());

  for (bool skipBodies : {true, false}) {
    if (skipBodies && !options.skipBodies)
      continue;
    std::shared_ptr<clang::CompilerInvocation> invoked = invocation(*adapted, options, files);
    if (!invoked)
      return failure("the command can't be turned into a run of the compiler's front end");
    Extraction extraction = run(command, *adapted, invoked, files, *digest, options, skipBodies);
    if (extraction.firstError.empty() || !skipBodies)
      return extraction;
  }
  llvm_unreachable("the last attempt returns");
}

} // namespace heddle
