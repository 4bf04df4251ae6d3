# nexa_module(NAME [DEPENDS module...] [LIBRARIES target...] [EXCEPT file...])
#
# A folder becomes the static library nexa_NAME: every .cpp below it is built (but for those named
# after EXCEPT), every .hpp is checked to compile on its own, and only the modules in DEPENDS may
# be linked (the include directions themselves are checked by tests/tidy/layers.py).
function(nexa_module name)
  cmake_parse_arguments(arg "" "" "DEPENDS;LIBRARIES;EXCEPT" ${ARGN})
  set(folder "${CMAKE_CURRENT_SOURCE_DIR}")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${folder}/*.cpp")
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS "${folder}/*.hpp")
  foreach(file IN LISTS arg_EXCEPT)
    list(REMOVE_ITEM sources "${folder}/${file}")
  endforeach()

  add_library(nexa_${name} STATIC ${sources})
  target_sources(nexa_${name} PUBLIC
    FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}" FILES ${headers})
  # What a build of everything spends most of its time on are headers, again for each source.
  # Helpers of two sources of one module must not have the same name for this.
  set_target_properties(nexa_${name} PROPERTIES
    UNITY_BUILD ${NEXA_UNITY_BUILD} UNITY_BUILD_BATCH_SIZE 8)
  target_compile_options(nexa_${name} PRIVATE ${NEXA_TESTED_CODE_OPTIONS})
  list(TRANSFORM arg_DEPENDS PREPEND nexa_)
  target_link_libraries(nexa_${name} PUBLIC ${arg_DEPENDS} PRIVATE nexa_compiler ${arg_LIBRARIES})
  nexa_lint(nexa_${name})
endfunction()

# Runs clang-tidy on a target's sources where that was asked for. That sources include sources is
# how a unity build is made.
function(nexa_lint target)
  if(NEXA_CLANG_TIDY)
    set_target_properties(${target} PROPERTIES CXX_CLANG_TIDY
      "${NEXA_CLANG_TIDY_PROGRAM};--quiet;--checks=-bugprone-suspicious-include")
  endif()
endfunction()
