# Archives in place of shared libraries, for the start of nexa: it replays KTH-SP2 in less than
# 20 ms, and loading a library takes 0.1 ms, that of C++ 0.4 ms. Debian's shared HDF5 even brings
# libcurl and with it thirty more libraries, which is 3 ms. What has no archive is linked as it is.
#
# Sets NEXA_YAML_CPP_TARGET, NEXA_SODIUM_TARGET and NEXA_HDF5_TARGET, and defines
# nexa_link_cxx_statically(TARGET).

find_library(NEXA_YAML_CPP_ARCHIVE libyaml-cpp.a)
find_library(NEXA_SODIUM_ARCHIVE libsodium.a HINTS ${NEXA_sodium_LIBRARY_DIRS})
find_library(NEXA_HDF5_ARCHIVE libhdf5.a HINTS ${NEXA_hdf5_LIBRARY_DIRS})
find_library(NEXA_SZ NAMES libsz.a sz)
find_library(NEXA_AEC NAMES libaec.a aec)
mark_as_advanced(NEXA_YAML_CPP_ARCHIVE NEXA_SODIUM_ARCHIVE NEXA_HDF5_ARCHIVE NEXA_SZ NEXA_AEC)

if(NEXA_YAML_CPP_ARCHIVE)
  add_library(nexa_static_yaml_cpp INTERFACE)
  target_include_directories(nexa_static_yaml_cpp SYSTEM INTERFACE
    $<TARGET_PROPERTY:yaml-cpp::yaml-cpp,INTERFACE_INCLUDE_DIRECTORIES>)
  target_link_libraries(nexa_static_yaml_cpp INTERFACE "${NEXA_YAML_CPP_ARCHIVE}")
  set(NEXA_YAML_CPP_TARGET nexa_static_yaml_cpp)
else()
  set(NEXA_YAML_CPP_TARGET yaml-cpp::yaml-cpp)
endif()

if(NEXA_SODIUM_ARCHIVE)
  add_library(nexa_static_sodium INTERFACE)
  target_include_directories(nexa_static_sodium SYSTEM INTERFACE ${NEXA_sodium_INCLUDE_DIRS})
  target_link_libraries(nexa_static_sodium INTERFACE ${NEXA_SODIUM_ARCHIVE} Threads::Threads)
  set(NEXA_SODIUM_TARGET nexa_static_sodium)
else()
  set(NEXA_SODIUM_TARGET nexa::sodium)
endif()

if(NEXA_HDF5_ARCHIVE AND NEXA_SZ AND NEXA_AEC)
  add_library(nexa_static_hdf5 INTERFACE)
  target_include_directories(nexa_static_hdf5 SYSTEM INTERFACE ${NEXA_hdf5_INCLUDE_DIRS})
  target_link_libraries(nexa_static_hdf5 INTERFACE
    ${NEXA_HDF5_ARCHIVE} ${NEXA_SZ} ${NEXA_AEC} ZLIB::ZLIB ${CMAKE_DL_LIBS} Threads::Threads m)
  set(NEXA_HDF5_TARGET nexa_static_hdf5)
else()
  set(NEXA_HDF5_TARGET nexa::hdf5)
endif()

# Not where a shared library of C++ is left, which would bring a second copy of its own, nor under
# sanitizers, which replace parts of it.
function(nexa_link_cxx_statically target)
  set(instrumented ${NEXA_SANITIZE_ADDRESS} ${NEXA_SANITIZE_THREAD} ${NEXA_FUZZERS})
  if(NEXA_YAML_CPP_ARCHIVE AND NOT "ON" IN_LIST instrumented)
    target_link_options(${target} PRIVATE -static-libstdc++ -static-libgcc)
  endif()
endfunction()
