#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>

namespace nexa::core {

/// A 256-bit digest, such as SHA-256 of a file.
struct Digest {
  std::array<std::uint8_t, 32> bytes{};
  friend constexpr auto operator<=>(const Digest&, const Digest&) = default;
};

/// 64 lower-case hexadecimal digits.
std::string to_hex(const Digest& digest);

/// A running 64-bit hash of a sequence of words, for golden values: it tells two different
/// streams apart, it does not resist an adversary. Each word is folded in by the finaliser of
/// SplitMix64 (Steele, Lea, Flood, OOPSLA'14), which makes every step a bijection of the state.
class StreamHash {
 public:
  constexpr void add(std::uint64_t word) {
    std::uint64_t mixed = state_ ^ word;
    mixed += 0x9e3779b97f4a7c15;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    state_ = mixed ^ (mixed >> 31);
  }
  [[nodiscard]] constexpr std::uint64_t value() const { return state_; }

 private:
  std::uint64_t state_ = 0;
};

/// 16 lower-case hexadecimal digits.
std::string to_hex(std::uint64_t value);

}  // namespace nexa::core
