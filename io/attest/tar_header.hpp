#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

// The layout of a header of `ustar`, which reader and writer share.

namespace nexa::io {

inline constexpr std::size_t tar_block_bytes = 512;
using TarBlock = std::array<char, tar_block_bytes>;

/// Bytes of a header.
struct TarField {
  std::size_t at;
  std::size_t length;
};

inline constexpr TarField tar_name{0, 100};
inline constexpr TarField tar_mode{100, 8};
inline constexpr TarField tar_user{108, 8};
inline constexpr TarField tar_group{116, 8};
inline constexpr TarField tar_size{124, 12};
inline constexpr TarField tar_time{136, 12};
inline constexpr TarField tar_sum{148, 8};
inline constexpr TarField tar_type{156, 1};
inline constexpr TarField tar_magic{257, 8};
inline constexpr TarField tar_prefix{345, 155};

/// The sum of a header's bytes, with blanks in the place of the sum itself.
inline std::uint64_t tar_checksum(const TarBlock& block) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < block.size(); ++i) {
    const bool is_sum = i >= tar_sum.at && i < tar_sum.at + tar_sum.length;
    sum += static_cast<unsigned char>(is_sum ? ' ' : block.at(i));
  }
  return sum;
}

}  // namespace nexa::io
