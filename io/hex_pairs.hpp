#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace nexa::io {

/// The two lower-case hexadecimal digits of each byte.
inline constexpr auto hex_pairs = [] {
  std::array<std::array<char, 2>, 256> pairs{};
  constexpr std::string_view digits = "0123456789abcdef";
  for (std::size_t i = 0; i < pairs.size(); ++i) pairs.at(i) = {digits[i >> 4], digits[i & 15]};
  return pairs;
}();

}  // namespace nexa::io
