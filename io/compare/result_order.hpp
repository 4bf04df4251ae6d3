#pragma once

#include <compare>
#include <string>

#include "core/result.hpp"

namespace nexa::io::compare {

/// An order of results by what they hold: kind, names and kinds of what is below, and then files by
/// size and bytes. Equal ones have the same content; where they lie and in which order they were
/// named does not matter. Reads up to the first difference. Errors: `io`, `not_found`.
core::Result<std::strong_ordering> content_order(const std::string& a, const std::string& b);

}  // namespace nexa::io::compare
