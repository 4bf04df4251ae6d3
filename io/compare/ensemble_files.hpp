#pragma once

#include <string>

#include "core/result.hpp"
#include "validator/compare/comparison.hpp"
#include "validator/compare/ensemble.hpp"

namespace nexa::io::compare {

/// Reads a table of runs: the names of the variables in the first line, then a line of numbers for
/// each run, all separated by commas. Errors: `io`, `not_found`, and `invalid_argument` with the
/// line.
core::Result<validator::compare::RunTable> read_runs(const std::string& path);

/// A summary as JSON, `nexa.ensemble_summary/1`. Numbers read back as the same.
std::string summary_json(const validator::compare::EnsembleSummary& summary);

/// The inverse. Errors: `corrupt`, with what is wrong; `path` is the file that the text is from.
core::Result<validator::compare::EnsembleSummary> parse_summary(std::string_view json,
                                                                const std::string& path);

/// Two results that are tables of runs are equal where both pass. Tables that cannot be read or
/// judged are unreadable. Errors: `io`.
core::Result<validator::compare::Comparison> compare_ensembles(
    const std::string& a, const std::string& b, const std::string& name,
    const validator::compare::EnsembleSummary& trusted,
    const validator::compare::EnsembleParameters& parameters);

}  // namespace nexa::io::compare
