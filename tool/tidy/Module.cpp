// The module that `clang-tidy -load HeddleTidy.so` finds: every check of checks/All.cpp as heddle-<id>.
#include "tidy/CheckAdapter.h"

#include "clang-tidy/ClangTidyModule.h"
#include "clang-tidy/ClangTidyModuleRegistry.h"

namespace heddle::tidy {
namespace {

class Module : public clang::tidy::ClangTidyModule {
public:
  void addCheckFactories(clang::tidy::ClangTidyCheckFactories &factories) override {
    for (const Check *check : allChecks())
      factories.registerCheckFactory("heddle-" + std::string(check->id),
                                     [check](llvm::StringRef name, clang::tidy::ClangTidyContext *context) {
                                       return std::make_unique<CheckAdapter>(name, context, *check);
                                     });
  }
};

clang::tidy::ClangTidyModuleRegistry::Add<Module> registration("heddle-module", "Concurrency and process bugs.");

} // namespace
} // namespace heddle::tidy
