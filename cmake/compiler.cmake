# The language, the warnings and the sanitizers that every target is built with.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release, RelWithDebInfo or Debug" FORCE)
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# Adds the target all_verify_interface_header_sets: each header compiles on its own.
set(CMAKE_VERIFY_INTERFACE_HEADER_SETS ${NEXA_DEVELOPER_MODE})

find_program(NEXA_CCACHE ccache)
if(NEXA_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${NEXA_CCACHE}")
endif()

add_library(nexa_compiler INTERFACE)
target_include_directories(nexa_compiler INTERFACE "${PROJECT_SOURCE_DIR}")
# A fused multiply-add rounds once instead of twice, so a compiler's choice to fuse would change
# scores, and with them decisions.
target_compile_options(nexa_compiler INTERFACE -ffp-contract=off -Wall -Wextra)
if(NEXA_DEVELOPER_MODE)
  target_compile_options(nexa_compiler INTERFACE
    -Wpedantic -Wconversion -Wold-style-cast -Werror)
  if(NOT NEXA_UNITY_BUILD)  # where a local name may be that of a constant of another source
    target_compile_options(nexa_compiler INTERFACE -Wshadow)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # These come from the optimiser, depend on what it inlines, and are often wrong in g++ 12
    # about std::string and std::fill_n: shown, but no errors. -Wrestrict is wrong about every
    # `"a" + std::string` (GCC bug 105651).
    target_compile_options(nexa_compiler INTERFACE -Wno-restrict -Wno-error=array-bounds
      -Wno-error=stringop-overflow -Wno-error=stringop-overread -Wno-error=maybe-uninitialized)
  endif()
endif()

# nexa_instrument(flag...): compiles and links every target with these flags.
function(nexa_instrument)
  # Reports name files and lines, and want no more than that; more makes large objects slowly.
  target_compile_options(nexa_compiler INTERFACE ${ARGN} -fno-omit-frame-pointer -g1)
  target_link_options(nexa_compiler INTERFACE ${ARGN})
endfunction()

if(NEXA_SANITIZE_ADDRESS)
  nexa_instrument(-fsanitize=address,undefined -fno-sanitize-recover=undefined)
  target_compile_definitions(nexa_compiler INTERFACE _GLIBCXX_ASSERTIONS)
  # For what the tests run, not for the tests: instrumented code that is not optimised at all
  # takes three times as long.
  set(NEXA_TESTED_CODE_OPTIONS -O1)
endif()
if(NEXA_SANITIZE_THREAD)
  nexa_instrument(-fsanitize=thread)
endif()
if(NEXA_FUZZERS)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "the fuzzers need clang, found ${CMAKE_CXX_COMPILER_ID}: use --preset dev")
  endif()
  target_compile_options(nexa_compiler INTERFACE -fsanitize=fuzzer-no-link)
endif()

if(NEXA_CLANG_TIDY)
  find_program(NEXA_CLANG_TIDY_PROGRAM NAMES clang-tidy-14 clang-tidy)
  if(NOT NEXA_CLANG_TIDY_PROGRAM)
    message(FATAL_ERROR "clang-tidy was not found: install Debian's package 'clang-tidy'")
  endif()
endif()

if(NEXA_LINK_TIME_OPTIMIZATION)
  include(CheckIPOSupported)
  check_ipo_supported(RESULT NEXA_IPO_SUPPORTED LANGUAGES CXX)
  set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ${NEXA_IPO_SUPPORTED})
endif()
