# Finds the libraries; a missing one is named with its Debian package.

function(nexa_missing what debian_package)
  message(FATAL_ERROR "${what} was not found: install Debian's package '${debian_package}' "
                      "(or run 'make setup', which installs all that nexapod needs)")
endfunction()

# nexa_find(PACKAGE TARGET DEBIAN_PACKAGE): a library with a CMake package.
macro(nexa_find package target debian_package)
  find_package(${package} QUIET)
  if(NOT TARGET ${target})
    nexa_missing(${package} ${debian_package})
  endif()
endmacro()

# nexa_pkg_config(NAME DEBIAN_PACKAGE MODULE...): a library with a pkg-config file, as nexa::NAME.
# The first module that exists is taken.
macro(nexa_pkg_config name debian_package)
  pkg_search_module(NEXA_${name} QUIET IMPORTED_TARGET ${ARGN})
  if(NOT NEXA_${name}_FOUND)
    nexa_missing(${ARGV2} ${debian_package})
  endif()
  add_library(nexa::${name} ALIAS PkgConfig::NEXA_${name})
endmacro()

find_package(Threads REQUIRED)
find_package(PkgConfig QUIET)
if(NOT PKG_CONFIG_FOUND)
  nexa_missing(pkg-config pkg-config)
endif()

nexa_find(yaml-cpp yaml-cpp libyaml-cpp-dev)
if(NOT TARGET yaml-cpp::yaml-cpp)  # Debian's 0.7 exports the older name only
  add_library(yaml-cpp::yaml-cpp ALIAS yaml-cpp)
endif()
nexa_find(nlohmann_json nlohmann_json::nlohmann_json nlohmann-json3-dev)
nexa_find(fmt fmt::fmt libfmt-dev)
nexa_find(spdlog spdlog::spdlog libspdlog-dev)
nexa_find(CLI11 CLI11::CLI11 libcli11-dev)
nexa_find(Eigen3 Eigen3::Eigen libeigen3-dev)
nexa_find(ZLIB ZLIB::ZLIB zlib1g-dev)
nexa_pkg_config(hwloc libhwloc-dev hwloc)
# For SHA-256, which it computes five times as fast as libsodium. The shared library would take
# longer to load than the digest of a small trace takes.
set(OPENSSL_USE_STATIC_LIBS TRUE)
nexa_find(OpenSSL OpenSSL::Crypto libssl-dev)
# For signatures, and what makes and keeps their keys.
nexa_pkg_config(sodium libsodium-dev libsodium)
# Debian's hdf5.pc is an alternative that an installed MPI flavour may take over.
nexa_pkg_config(hdf5 libhdf5-dev hdf5-serial hdf5)
include(static_libraries)

if(NEXA_DEVELOPER_MODE)
  nexa_find(GTest GTest::gtest_main libgtest-dev)
  find_package(Python3 QUIET COMPONENTS Interpreter)
  if(NOT Python3_FOUND)
    nexa_missing(python3 python3)
  endif()
endif()
