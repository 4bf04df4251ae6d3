#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace nexa::io {

/// What a document may ask of its reader.
struct JsonLimits {
  std::size_t depth = 32;        ///< objects and arrays inside of each other
  std::size_t values = 100'000;  ///< of all kinds, with the names in objects
};

/// Reads a JSON document that somebody signed, so that no two readers can see two things in it:
/// one value and nothing behind it, UTF-8 without a byte order mark, no NUL byte, no name twice in
/// an object, no number that does not fit. Objects keep their order.
///
/// Errors: `corrupt` with the place (`what` stands for the file's name), `limit_exceeded`.
core::Result<nlohmann::ordered_json> parse_strict_json(std::string_view text,
                                                       const std::string& what,
                                                       const JsonLimits& limits = {});

}  // namespace nexa::io
