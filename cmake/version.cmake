# The library nexa_build_info behind cli/build_info.hpp: version, commit and compiler.
#
# The commit is looked up at every build, not at configuration, so that it is never stale. The
# source is rewritten only when its text changes; a build in which nothing changed links nothing.

set(build_info_source "${PROJECT_BINARY_DIR}/generated/build_info.cpp")
find_package(Git QUIET)

add_custom_target(nexa_write_build_info
  COMMAND "${CMAKE_COMMAND}"
    -D "SOURCE_DIR=${PROJECT_SOURCE_DIR}"
    -D "TEMPLATE=${PROJECT_SOURCE_DIR}/cmake/build_info.cpp.in"
    -D "OUTPUT=${build_info_source}"
    -D "GIT=${GIT_EXECUTABLE}"
    -D "VERSION=${PROJECT_VERSION}"
    -D "COMPILER=${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION} (${CMAKE_BUILD_TYPE})"
    -P "${PROJECT_SOURCE_DIR}/cmake/write_build_info.cmake"
  BYPRODUCTS "${build_info_source}"
  COMMENT "Looking up the commit"
  VERBATIM)

add_library(nexa_build_info STATIC "${build_info_source}")
target_link_libraries(nexa_build_info PRIVATE nexa_compiler)
add_dependencies(nexa_build_info nexa_write_build_info)
