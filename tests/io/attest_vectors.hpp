#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "io/ed25519.hpp"
#include "io/hex.hpp"
#include "tests/io/vectors.hpp"

namespace nexa::io::testing {

/// All that stands behind `label` on its line of values.txt.
inline std::string vector_value(const std::string& label) {
  std::string text;
  for (const std::string& word : vector_values(label)) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// So many bytes from their hexadecimal digits.
template <std::size_t Count>
std::array<std::uint8_t, Count> array_of_hex(std::string_view text) {
  std::array<std::uint8_t, Count> array{};
  const auto bytes = io::bytes_of_hex(text);
  EXPECT_TRUE(bytes && bytes->size() == Count) << text;
  if (bytes && bytes->size() == Count) std::copy(bytes->begin(), bytes->end(), array.begin());
  return array;
}

inline SigningKey node_key() {
  return signing_key(node_seed);
}
inline SigningKey coordinator_key() {
  return signing_key(coordinator_seed);
}
inline SigningKey witness_key() {
  return signing_key(witness_seed);
}

}  // namespace nexa::io::testing
