#include "extract/CommandOptions.h"

#include "clang/Driver/Options.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Option/Arg.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"

#include <memory>

namespace heddle::extract {

namespace opt = llvm::opt;
namespace options = clang::driver::options;
using namespace options; // OPT_…

namespace {

enum class Use { Drop, Keep, KeepPath, Language, Standard, Include, PrecompiledHeader, Target, Forward };

/// By groups where a group means one thing; else option by option.
Use useOf(const opt::Option &option) {
  switch (option.getID()) {
  case OPT_D:
  case OPT_U:
  case OPT_nostdinc:
  case OPT_nostdincxx:
  case OPT_nostdlibinc:
  case OPT_nobuiltininc:
  case OPT_stdlib_EQ:
  case OPT_ansi:
  case OPT_ftrigraphs:
  case OPT_fno_trigraphs:
  case OPT_pthread:
  case OPT_pthreads:
  // the language
  case OPT_fexceptions:
  case OPT_fno_exceptions:
  case OPT_fcxx_exceptions:
  case OPT_fno_cxx_exceptions:
  case OPT_frtti:
  case OPT_fno_rtti:
  case OPT_fcoroutines:
  case OPT_fno_coroutines:
  case OPT_fsigned_char:
  case OPT_fno_signed_char:
  case OPT_funsigned_char:
  case OPT_fchar8__t:
  case OPT_fno_char8__t:
  case OPT_fshort_enums:
  case OPT_fno_short_enums:
  case OPT_fshort_wchar:
  case OPT_fno_short_wchar:
  case OPT_fpack_struct:
  case OPT_fpack_struct_EQ:
  case OPT_fno_pack_struct:
  case OPT_fms_extensions:
  case OPT_fno_ms_extensions:
  case OPT_fms_compatibility:
  case OPT_fno_ms_compatibility:
  case OPT_fborland_extensions:
  case OPT_fno_borland_extensions:
  case OPT_fdeclspec:
  case OPT_fno_declspec:
  case OPT_fblocks:
  case OPT_fno_blocks:
  case OPT_fasm:
  case OPT_fno_asm:
  case OPT_fasm_blocks:
  case OPT_fno_asm_blocks:
  case OPT_fgnu_keywords:
  case OPT_fno_gnu_keywords:
  case OPT_fgnu89_inline:
  case OPT_fno_gnu89_inline:
  case OPT_fgnuc_version_EQ:
  case OPT_ffreestanding:
  case OPT_fhosted:
  case OPT_fno_builtin:
  case OPT_fno_builtin_:
  case OPT_fbuiltin:
  case OPT_foperator_names:
  case OPT_fno_operator_names:
  case OPT_fdigraphs:
  case OPT_fno_digraphs:
  case OPT_faccess_control:
  case OPT_fno_access_control:
  case OPT_fdollars_in_identifiers:
  case OPT_fno_dollars_in_identifiers:
  case OPT_fdelayed_template_parsing:
  case OPT_fno_delayed_template_parsing:
  case OPT_faligned_allocation:
  case OPT_fno_aligned_allocation:
  case OPT_fsized_deallocation:
  case OPT_fno_sized_deallocation:
  case OPT_fnew_alignment_EQ:
  case OPT_frelaxed_template_template_args:
  case OPT_fno_relaxed_template_template_args:
  case OPT_flax_vector_conversions:
  case OPT_fno_lax_vector_conversions:
  case OPT_flax_vector_conversions_EQ:
  case OPT_ftemplate_depth_EQ:
  case OPT_fconstexpr_depth_EQ:
  case OPT_fconstexpr_steps_EQ:
  case OPT_fbracket_depth_EQ:
  case OPT_fexperimental_library:
  case OPT_fno_experimental_library:
  case OPT_fno_knr_functions:
  case OPT_ffixed_point:
  case OPT_fforce_enable_int128:
  case OPT_fno_force_enable_int128:
  case OPT_fcxx_static_destructors:
  case OPT_fno_cxx_static_destructors:
  case OPT_fstrict_flex_arrays_EQ:
  case OPT_fraw_string_literals:
  case OPT_fno_raw_string_literals:
  case OPT_fassume_nothrow_exception_dtor:
  case OPT_fpascal_strings:
  case OPT_fno_pascal_strings:
  case OPT_fwritable_strings:
  case OPT_fclang_abi_compat_EQ:
  case OPT_ffast_math:
  case OPT_fno_fast_math:
  case OPT_fzvector:
  case OPT_fno_zvector:
  case OPT_faltivec:
  case OPT_fno_altivec:
  // parallel languages inside C and C++, and what code asks about its instrumentation (__has_feature)
  case OPT_fopenmp:
  case OPT_fno_openmp:
  case OPT_fopenmp_EQ:
  case OPT_fopenmp_version_EQ:
  case OPT_fopenmp_simd:
  case OPT_fno_openmp_simd:
  case OPT_fsanitize_EQ:
  case OPT_fno_sanitize_EQ:
    return Use::Keep;
  case OPT__sysroot_EQ:
  case OPT_gcc_toolchain:
  case OPT_gcc_install_dir_EQ:
  case OPT_resource_dir:
    return Use::KeepPath;
  case OPT_I:
  case OPT_isystem:
  case OPT_iquote:
  case OPT_idirafter:
  case OPT_isystem_after:
  case OPT_cxx_isystem:
  case OPT_stdlibxx_isystem:
  case OPT_isysroot:
  case OPT_iprefix:
  case OPT_iwithprefix:
  case OPT_iwithprefixbefore:
  case OPT_iwithsysroot:
  case OPT_imacros:
  case OPT_F:
  case OPT_iframework:
    return Use::KeepPath;
  case OPT_x:
    return Use::Language;
  case OPT_std_EQ:
    return Use::Standard;
  case OPT_include:
    return Use::Include;
  case OPT_include_pch:
    return Use::PrecompiledHeader;
  case OPT_target:
    return Use::Target;
  case OPT_Wp_COMMA:
  case OPT_Xpreprocessor:
  case OPT_Xclang:
    return Use::Forward;
  default:
    break;
  }
  if (option.matches(OPT_O_Group))
    return Use::Keep; // __OPTIMIZE__
  if (option.matches(OPT_m_Group) && !option.matches(OPT_clang_ignored_m_Group))
    return Use::Keep; // the machine: sizes of types and predefined macros
  return Use::Drop;
}

class Filter {
public:
  Filter(llvm::StringRef file, const FileExists &exists) : file_(file), exists_(exists) {}

  void take(const std::vector<std::string> &words, bool forwarded = false) {
    std::vector<const char *> argv;
    for (const std::string &word : words)
      argv.push_back(word.c_str());
    opt::InputArgList list(argv.data(), argv.data() + argv.size());
    std::vector<std::string> forward;
    for (unsigned index = 0; index < argv.size();) {
      unsigned start = index;
      std::unique_ptr<opt::Arg> arg =
          clang::driver::getDriverOptTable().ParseOneArg(list, index, opt::Visibility(options::ClangOption));
      if (!arg) { // its value is missing
        index = std::max(index, start + 1);
        continue;
      }
      if (!forwarded && useOf(arg->getOption().getUnaliasedOption()) == Use::Forward)
        for (const char *value : arg->getValues())
          forward.push_back(value);
      else
        take(*arg, list);
    }
    if (!forward.empty())
      take(forward, /*forwarded=*/true);
  }

  AllowedOptions result;

private:
  void take(const opt::Arg &arg, const opt::InputArgList &list) {
    const opt::Option option = arg.getOption().getUnaliasedOption();
    if (option.getID() == OPT_INPUT) {
      seenFile_ |= file_ == arg.getValue();
      return;
    }
    switch (option.getID() == OPT_UNKNOWN ? Use::Drop : useOf(option)) {
    case Use::Keep:
      return keep(arg, list, /*isPath=*/false);
    case Use::KeepPath:
      return keep(arg, list, /*isPath=*/true);
    case Use::Language:
      if (!seenFile_)
        result.language = llvm::StringRef(arg.getValue()) == "none" ? "" : arg.getValue();
      return;
    case Use::Standard:
      result.standard = arg.getValue();
      return;
    case Use::Include:
      return include(arg.getValue());
    case Use::PrecompiledHeader: {
      llvm::StringRef header = arg.getValue();
      if (header.consume_back(".pch") || header.consume_back(".gch"))
        include(header);
      return;
    }
    case Use::Target:
      result.target = arg.getValue();
      return;
    case Use::Drop:
    case Use::Forward:
      break;
    }
    result.dropped.push_back(arg.getAsString(list));
  }

  void keep(const opt::Arg &arg, const opt::InputArgList &list, bool isPath) {
    for (const char *value : arg.getValues()) // "-march=help" and its like print
      if (llvm::StringRef(value) == "help" || llvm::StringRef(value) == "?")
        return;
    opt::ArgStringList words;
    arg.render(list, words);
    AllowedOption option;
    option.words.assign(words.begin(), words.end());
    option.path = isPath ? option.words.back().size() - llvm::StringRef(arg.getValues().back()).size() : AllowedOption::npos;
    result.options.push_back(std::move(option));
  }

  /// A header that only exists precompiled, by a compiler whose format we don't read, is left out. One that is given both as
  /// such and by name, as CMake does, is read once.
  void include(llvm::StringRef header) {
    for (const AllowedOption &option : result.options)
      if (option.words.front() == "-include" && option.words.back() == header)
        return;
    if (!exists_(header) && (exists_((header + ".gch").str()) || exists_((header + ".pch").str())))
      return;
    result.options.push_back({{"-include", header.str()}, 0});
  }

  llvm::StringRef file_;
  const FileExists &exists_;
  bool seenFile_ = false;
};

} // namespace

AllowedOptions allowOptions(const std::vector<std::string> &arguments, llvm::StringRef file, const FileExists &exists) {
  Filter filter(file, exists);
  filter.take(arguments);
  return std::move(filter.result);
}

} // namespace heddle::extract
