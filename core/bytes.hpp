#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace nexa::core {

/// Some bytes that somebody else owns.
using Bytes = std::span<const std::uint8_t>;

/// The bytes of a text, without a terminator.
inline Bytes bytes_of(std::string_view text) {
  // A char may be looked at as an unsigned char by the rules of the language.
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace nexa::core
