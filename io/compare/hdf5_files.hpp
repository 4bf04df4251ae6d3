#pragma once

#include <string>

#include "core/result.hpp"
#include "io/compare/result_file.hpp"
#include "validator/compare/comparison.hpp"
#include "validator/compare/parameters.hpp"

namespace nexa::io::compare {

/// Compares two HDF5 files object by object, in the order of their names. Groups must hold the same
/// names, objects must be of the same kind and datasets of the same type and shape; how they are
/// stored (chunks, compression, byte layout of the file) does not matter. Links are compared and
/// never followed, and nothing outside of the two files is read. `name` is what the pair is called
/// in places. O(objects + values), in bounded memory.
core::Result<validator::compare::Comparison> compare_hdf5(
    const ResultFile& a, const ResultFile& b, const std::string& name,
    const validator::compare::Hdf5Parameters& parameters);

}  // namespace nexa::io::compare
