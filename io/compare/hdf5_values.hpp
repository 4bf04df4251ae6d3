#pragma once

#include <cstddef>
#include <string>

#include "core/result.hpp"
#include "io/hdf5/handle.hpp"
#include "validator/compare/comparison.hpp"
#include "validator/compare/parameters.hpp"

namespace nexa::io::compare {

/// What the library should keep of a file's chunks: the largest that is read, so that a chunk is
/// inflated once, however many blocks cut it.
inline constexpr std::size_t hdf5_chunk_cache_bytes = std::size_t{48} << 20;

/// The same object of two files.
struct HandlePair {
  const hdf5::Handle& a;
  const hdf5::Handle& b;
};

/// Compares two datasets: types, shapes and, as `rule` says, values. Values are read in blocks of
/// bounded memory. What cannot be read, or lies in other files, goes into the comparison as such.
void compare_datasets(HandlePair datasets, const std::string& path,
                      const validator::compare::DatasetParameters& rule,
                      validator::compare::Comparison& comparison);

/// Compares two attributes, which are called `place`.
void compare_attributes(HandlePair attributes, const std::string& place,
                        const validator::compare::Tolerance& tolerance,
                        validator::compare::Comparison& comparison);

}  // namespace nexa::io::compare
