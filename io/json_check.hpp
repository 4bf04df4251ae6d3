#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nexa::io {

/// Where and why a text is not what it should be.
struct JsonFault {
  std::size_t at = 0;  ///< bytes before it
  std::string message;
};

/// The largest integer that every reader of JSON keeps exact, and the largest that journals hold.
inline constexpr std::int64_t largest_json_integer = (std::int64_t{1} << 53) - 1;

/// Checks the members of a JSON object, written without braces, white space or floating-point
/// numbers: `"job":"42","valid":["1","2"]`. So much strictness leaves one reading of a text.
///
/// Names are letters, digits and `_ . -`, once each in an object, and at the outermost level none
/// of `forbidden`. Strings are UTF-8, integers at most 2^53 - 1 either way; values nest 16 deep at
/// most. An empty text has no members and is right.
///
/// Time grows with the length, and with its logarithm where an object has many names.
std::optional<JsonFault> check_json_members(std::string_view members,
                                            std::span<const std::string_view> forbidden);

}  // namespace nexa::io
