#pragma once

#include <gtest/gtest.h>
#if __has_include(<hdf5.h>)
#include <hdf5.h>
#else
#include <hdf5/serial/hdf5.h>
#endif

#include <string>
#include <vector>

#include "io/hdf5/handle.hpp"

/// Reads back what was written, by the library alone.
namespace nexa::io::testing {

/// A column as numbers; of an enumeration, its values.
inline std::vector<double> column(const std::string& path, const std::string& name) {
  const hdf5::Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT));
  const hdf5::Handle dataset(H5Dopen2(file.get(), name.c_str(), H5P_DEFAULT));
  EXPECT_TRUE(dataset.is_valid()) << name;
  const hdf5::Handle space(H5Dget_space(dataset.get()));
  std::vector<double> rows(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space.get())));
  const hdf5::Handle type(H5Dget_type(dataset.get()));
  if (H5Tget_class(type.get()) == H5T_ENUM) {
    std::vector<std::int8_t> bytes(rows.size());
    EXPECT_GE(H5Dread(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()), 0);
    return {bytes.begin(), bytes.end()};
  }
  EXPECT_GE(H5Dread(dataset.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, rows.data()),
            0);
  return rows;
}

inline std::string attribute(const std::string& path, const std::string& object,
                             const std::string& name) {
  const hdf5::Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT));
  const hdf5::Handle attribute(
      H5Aopen_by_name(file.get(), object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT));
  EXPECT_TRUE(attribute.is_valid()) << name;
  const hdf5::Handle type(H5Aget_type(attribute.get()));
  std::string text(H5Tget_size(type.get()), '\0');
  EXPECT_GE(H5Aread(attribute.get(), type.get(), text.data()), 0);
  return text;
}

inline std::vector<std::string> members(const std::string& path, const std::string& group) {
  const hdf5::Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT));
  std::vector<std::string> names;
  const auto collect = [](hid_t, const char* name, const H5L_info_t*, void* out) -> herr_t {
    static_cast<std::vector<std::string>*>(out)->emplace_back(name);
    return 0;
  };
  const hdf5::Handle opened(H5Gopen2(file.get(), group.c_str(), H5P_DEFAULT));
  EXPECT_GE(H5Literate(opened.get(), H5_INDEX_NAME, H5_ITER_INC, nullptr, collect, &names), 0);
  return names;
}

/// A column of an enumeration, as words.
inline std::vector<std::string> words(const std::string& path, const std::string& name) {
  const hdf5::Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT));
  const hdf5::Handle dataset(H5Dopen2(file.get(), name.c_str(), H5P_DEFAULT));
  const hdf5::Handle type(H5Dget_type(dataset.get()));
  EXPECT_EQ(H5Tget_class(type.get()), H5T_ENUM) << name;
  std::vector<std::string> rows;
  for (const double value : column(path, name)) {
    const auto byte = static_cast<std::int8_t>(value);
    char word[64] = {};
    EXPECT_GE(H5Tenum_nameof(type.get(), &byte, word, sizeof word), 0) << name << ' ' << value;
    rows.emplace_back(word);
  }
  return rows;
}

/// A column of texts, without the zeros that fill them up.
inline std::vector<std::string> texts(const std::string& path, const std::string& name) {
  const hdf5::Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT));
  const hdf5::Handle dataset(H5Dopen2(file.get(), name.c_str(), H5P_DEFAULT));
  const hdf5::Handle space(H5Dget_space(dataset.get()));
  const hdf5::Handle type(H5Dget_type(dataset.get()));
  const auto rows = static_cast<std::size_t>(H5Sget_simple_extent_npoints(space.get()));
  const std::size_t width = H5Tget_size(type.get());
  std::string bytes(rows * width, '\0');
  EXPECT_GE(H5Dread(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()), 0);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < rows; ++i) out.emplace_back(bytes.substr(i * width, width).c_str());
  return out;
}

}  // namespace nexa::io::testing
