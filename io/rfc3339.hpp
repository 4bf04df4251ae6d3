#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"

namespace nexa::io {

/// A time since the Unix epoch as UTC: `2023-11-14T22:13:20Z`, with six digits behind a point where
/// it is not a whole second. The year is 0 to 9999. Source: RFC 3339.
std::string utc_text(core::Time time);

/// Reads what RFC 3339 allows in UTC (`Z` or `+00:00`), with at most six digits of a fraction.
/// Nothing for another offset, a leap second, a day that does not exist, or anything else.
std::optional<core::Time> parse_utc(std::string_view text);

}  // namespace nexa::io
