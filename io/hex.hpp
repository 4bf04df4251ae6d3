#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.hpp"
#include "core/digest.hpp"

namespace nexa::io {

/// Two lower-case hexadecimal digits per byte.
std::string hex_of(core::Bytes bytes);

/// The bytes of an even number of hexadecimal digits, upper or lower case; nothing for any other
/// text.
std::optional<std::string> bytes_of_hex(std::string_view text);

inline constexpr std::size_t digest_digits = 64;

/// A digest of exactly 64 hexadecimal digits, upper or lower case; nothing for any other text.
std::optional<core::Digest> digest_of_hex(std::string_view text);

}  // namespace nexa::io
