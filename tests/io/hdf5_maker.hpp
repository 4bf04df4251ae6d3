#pragma once

#include <gtest/gtest.h>
#include <hdf5.h>

#include <string>
#include <vector>

#include "io/hdf5/handle.hpp"

namespace nexa::io::testing {

using Sizes = std::vector<hsize_t>;

/// Makes small HDF5 files with all kinds of contents. A path in a name makes the groups on its way.
class Hdf5Maker {
 public:
  explicit Hdf5Maker(const std::string& path)
      : file_(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT)) {
    EXPECT_TRUE(file_.is_valid());
    links_ = hdf5::Handle(H5Pcreate(H5P_LINK_CREATE));
    H5Pset_create_intermediate_group(links_.get(), 1);
  }

  [[nodiscard]] hid_t id() const { return file_.get(); }

  hdf5::Handle group(const std::string& name) {
    return hdf5::Handle(H5Gcreate2(id(), name.c_str(), links_.get(), H5P_DEFAULT, H5P_DEFAULT));
  }

  /// A dataset of any type; `data` may be null for one that is never written.
  hdf5::Handle dataset(const std::string& name, hid_t file_type, hid_t memory_type,
                       const Sizes& sizes, const void* data, const Sizes& chunk = {},
                       unsigned gzip = 0) {
    const hdf5::Handle space(
        sizes.empty() ? H5Screate(H5S_SCALAR)
                      : H5Screate_simple(static_cast<int>(sizes.size()), sizes.data(), nullptr));
    const hdf5::Handle properties(H5Pcreate(H5P_DATASET_CREATE));
    if (!chunk.empty()) {
      H5Pset_chunk(properties.get(), static_cast<int>(chunk.size()), chunk.data());
    }
    if (gzip > 0) H5Pset_deflate(properties.get(), gzip);
    hdf5::Handle made(H5Dcreate2(id(), name.c_str(), file_type, space.get(), links_.get(),
                                 properties.get(), H5P_DEFAULT));
    EXPECT_TRUE(made.is_valid()) << name;
    if (data != nullptr) {
      EXPECT_GE(H5Dwrite(made.get(), memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data), 0);
    }
    return made;
  }

  hdf5::Handle doubles(const std::string& name, const Sizes& sizes,
                       const std::vector<double>& values, const Sizes& chunk = {},
                       unsigned gzip = 0) {
    return dataset(name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, sizes, values.data(), chunk, gzip);
  }

  static void attribute(const hdf5::Handle& object, const std::string& name, hid_t type,
                        const void* value) {
    const hdf5::Handle space(H5Screate(H5S_SCALAR));
    const hdf5::Handle made(
        H5Acreate2(object.get(), name.c_str(), type, space.get(), H5P_DEFAULT, H5P_DEFAULT));
    EXPECT_GE(H5Awrite(made.get(), type, value), 0);
  }
  static void attribute(const hdf5::Handle& object, const std::string& name, double value) {
    attribute(object, name, H5T_NATIVE_DOUBLE, &value);
  }

  static hdf5::Handle text_type() {
    hdf5::Handle type(H5Tcopy(H5T_C_S1));
    H5Tset_size(type.get(), H5T_VARIABLE);
    return type;
  }

 private:
  hdf5::Handle file_;
  hdf5::Handle links_;
};

}  // namespace nexa::io::testing
