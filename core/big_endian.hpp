#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace nexa::core {

/// The bytes of a number, the most significant first, as byte strings that are hashed or signed
/// carry it.
constexpr std::array<std::uint8_t, 4> big_endian(std::uint32_t value) {
  std::array<std::uint8_t, 4> bytes{};
  for (std::size_t i = bytes.size(); i-- > 0; value >>= 8) {
    bytes[i] = static_cast<std::uint8_t>(value & 0xff);
  }
  return bytes;
}
constexpr std::array<std::uint8_t, 8> big_endian(std::uint64_t value) {
  std::array<std::uint8_t, 8> bytes{};
  for (std::size_t i = bytes.size(); i-- > 0; value >>= 8) {
    bytes[i] = static_cast<std::uint8_t>(value & 0xff);
  }
  return bytes;
}

}  // namespace nexa::core
