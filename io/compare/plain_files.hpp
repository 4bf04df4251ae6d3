#pragma once

#include <string>

#include "core/result.hpp"
#include "io/compare/result_file.hpp"
#include "validator/compare/comparison.hpp"
#include "validator/compare/parameters.hpp"

/// Comparisons of files that have no structure that a library would know. They read each file once,
/// from front to end, in constant memory. `name` is what the pair of files is called in places; it
/// may be empty. Errors: `io`.
namespace nexa::io::compare {

using validator::compare::Comparison;

/// Byte for byte; reads no further than to the first difference, and nothing where sizes differ.
core::Result<Comparison> compare_bytes(ResultFile a, ResultFile b, const std::string& name);

/// As arrays of little-endian numbers without anything around them. Files of equal size that hold
/// no whole number of them are unreadable.
core::Result<Comparison> compare_arrays(ResultFile a, ResultFile b, const std::string& name,
                                        validator::compare::NumberType type,
                                        const validator::compare::Tolerance& tolerance);

/// As text: numbers within the tolerance, all other words and separators exactly, line by line. Two
/// whole numbers are compared as integers, a whole number and another one as binary64. The first
/// place where one text has a word and the other none ends the comparison.
core::Result<Comparison> compare_texts(ResultFile a, ResultFile b, const std::string& name,
                                       const validator::compare::Tolerance& tolerance);

/// As whatever `format` says.
core::Result<Comparison> compare_numbers(ResultFile a, ResultFile b, const std::string& name,
                                         validator::compare::FileFormat format,
                                         const validator::compare::Tolerance& tolerance);

/// Where a number of an array stands: `name[index]`, or `number index` of a nameless one.
std::string index_place(const std::string& name, std::uint64_t index);

/// Text of a result for a person: in quotes, cut where it is long, odd bytes as `\xNN`.
std::string shown(std::string_view text);

}  // namespace nexa::io::compare
