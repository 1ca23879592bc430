# Run by heddle_embed: LIST names a file of paths, OUTPUT is the header to write, VARIABLE the array's name.
file(STRINGS "${LIST}" files)
set(rows "")
foreach(path IN LISTS files)
  get_filename_component(name "${path}" NAME_WE)
  file(READ "${path}" text)
  string(APPEND rows "    {\"${name}\", R\"~~~~(${text})~~~~\"},\n")
endforeach()
if(rows STREQUAL "")
  set(declaration "inline constexpr std::array<EmbeddedFile, 0> ${VARIABLE}{};\n")
else()
  set(declaration "inline constexpr EmbeddedFile ${VARIABLE}[] = {\n${rows}};\n")
endif()
file(WRITE "${OUTPUT}" "// Made by cmake/EmbedFiles.cmake.
#pragma once
#include <array>
#include <string_view>
#ifndef HEDDLE_EMBEDDED_FILE
#define HEDDLE_EMBEDDED_FILE
namespace heddle {
struct EmbeddedFile {
  std::string_view name, text;
};
} // namespace heddle
#endif
namespace heddle {
${declaration}} // namespace heddle
")
