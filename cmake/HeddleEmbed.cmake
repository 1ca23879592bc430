# heddle_embed(TARGET HEADER VARIABLE FILE…): makes HEADER, which holds the files' texts as
#   inline constexpr heddle::EmbeddedFile VARIABLE[] = {{"name without extension", "text"}, …};
# sorted by name, and gives it to TARGET. Include it in one source file.
set(HEDDLE_EMBED_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/EmbedFiles.cmake")
function(heddle_embed target header variable)
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "INTERFACE_LIBRARY")
    return()
  endif()
  set(files ${ARGN})
  list(SORT files)
  set(folder "${CMAKE_BINARY_DIR}/generated")
  string(REPLACE ";" "\n" lines "${files}")
  file(CONFIGURE OUTPUT "${folder}/${header}.list" CONTENT "@lines@" @ONLY) # changes when the list of files does
  add_custom_command(
    OUTPUT "${folder}/${header}"
    COMMAND "${CMAKE_COMMAND}" "-DLIST=${folder}/${header}.list" "-DOUTPUT=${folder}/${header}" -DVARIABLE=${variable}
            -P "${HEDDLE_EMBED_SCRIPT}"
    DEPENDS ${files} "${folder}/${header}.list" "${HEDDLE_EMBED_SCRIPT}"
    COMMENT "Embedding ${header}" VERBATIM)
  target_sources(${target} PRIVATE "${folder}/${header}")
  target_include_directories(${target} PRIVATE "${folder}")
endfunction()
