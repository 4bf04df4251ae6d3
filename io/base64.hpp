#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.hpp"

namespace nexa::io {

/// RFC 4648 §4, with padding.
std::string to_base64(core::Bytes bytes);

/// The inverse of `to_base64`. Empty if the text is not exactly what `to_base64` writes: bits
/// beyond the last byte, missing padding and white space are refused, so that one value has one
/// text.
std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text);

}  // namespace nexa::io
