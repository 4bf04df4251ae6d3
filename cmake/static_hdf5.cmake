# Debian's shared HDF5 brings libcurl and with it thirty more libraries into the process: 3 ms at
# every start of nexa, which replays KTH-SP2 in less than 20 ms. The static library needs only the
# compression libraries, so it is taken where it is there.
find_library(NEXA_HDF5_ARCHIVE libhdf5.a HINTS ${NEXA_hdf5_LIBRARY_DIRS})
find_library(NEXA_SZ sz)
find_library(NEXA_AEC aec)
mark_as_advanced(NEXA_HDF5_ARCHIVE NEXA_SZ NEXA_AEC)

if(NEXA_HDF5_ARCHIVE AND NEXA_SZ AND NEXA_AEC)
  add_library(nexa_static_hdf5 INTERFACE)
  target_include_directories(nexa_static_hdf5 SYSTEM INTERFACE ${NEXA_hdf5_INCLUDE_DIRS})
  target_link_libraries(nexa_static_hdf5 INTERFACE
    ${NEXA_HDF5_ARCHIVE} ${NEXA_SZ} ${NEXA_AEC} ZLIB::ZLIB ${CMAKE_DL_LIBS} Threads::Threads m)
  set(NEXA_HDF5_TARGET nexa_static_hdf5)
else()
  set(NEXA_HDF5_TARGET nexa::hdf5)
endif()
