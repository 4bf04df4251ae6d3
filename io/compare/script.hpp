#pragma once

#include <string>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "validator/compare/comparison.hpp"
#include "validator/compare/parameters.hpp"

namespace nexa::io::compare {

/// Asks a program in a sandbox whether two results are equal: it finds them as `/input/a` and
/// `/input/b`, which are also its two arguments, and says so by its exit code, 0 for equal and 1
/// for different. A line `distance NUMBER` on its standard output is the distance of equal results;
/// its first line is the reason for different ones. Anything else, another exit code included,
/// leaves the results incomparable.
///
/// It gets the two in the order of their content (`content_order`), so that its verdict, too, does
/// not depend on which of them is called A. Errors: those of `run_sandboxed`, `io`, `not_found`.
core::Result<validator::compare::Comparison> compare_by_script(
    const std::string& a, const std::string& b, core::Bytes program,
    const validator::compare::ScriptParameters& parameters);

}  // namespace nexa::io::compare
