#pragma once

#include <compare>
#include <cstdint>

#include "core/assert.hpp"

namespace nexa::core {

/// An amount of money in micro-credits. Arithmetic that would overflow is a broken invariant:
/// no amount that a person can type comes near 9.2e12 credits.
class Credits {
 public:
  constexpr Credits() = default;
  static constexpr Credits from_micro(std::int64_t micro) { return Credits(micro); }
  static constexpr Credits whole(std::int64_t credits) { return Credits(credits) *= 1'000'000; }

  [[nodiscard]] constexpr std::int64_t micro() const { return micro_; }

  friend constexpr auto operator<=>(Credits, Credits) = default;
  constexpr Credits& operator+=(Credits other) {
    NEXA_ASSERT(!__builtin_add_overflow(micro_, other.micro_, &micro_), "credits overflow");
    return *this;
  }
  constexpr Credits& operator-=(Credits other) {
    NEXA_ASSERT(!__builtin_sub_overflow(micro_, other.micro_, &micro_), "credits overflow");
    return *this;
  }
  constexpr Credits& operator*=(std::int64_t factor) {
    NEXA_ASSERT(!__builtin_mul_overflow(micro_, factor, &micro_), "credits overflow");
    return *this;
  }
  friend constexpr Credits operator+(Credits a, Credits b) { return a += b; }
  friend constexpr Credits operator-(Credits a, Credits b) { return a -= b; }

 private:
  constexpr explicit Credits(std::int64_t micro) : micro_(micro) {}
  std::int64_t micro_ = 0;
};

}  // namespace nexa::core
