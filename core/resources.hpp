#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>

namespace nexa::core {

/// Amounts of what a node has, or of what one slot of a job needs. All are integers.
struct Resources {
  std::uint32_t cores = 0;
  std::uint32_t gpus = 0;
  std::uint64_t memory_kib = 0;

  friend constexpr auto operator<=>(const Resources&, const Resources&) = default;

  constexpr Resources& operator+=(const Resources& other) {
    cores += other.cores;
    gpus += other.gpus;
    memory_kib += other.memory_kib;
    return *this;
  }
  /// The caller has checked `contains(other)`.
  constexpr Resources& operator-=(const Resources& other) {
    cores -= other.cores;
    gpus -= other.gpus;
    memory_kib -= other.memory_kib;
    return *this;
  }
  friend constexpr Resources operator+(Resources a, const Resources& b) { return a += b; }
  friend constexpr Resources operator-(Resources a, const Resources& b) { return a -= b; }
  friend constexpr Resources operator*(Resources a, std::uint32_t n) {
    a.cores *= n;
    a.gpus *= n;
    a.memory_kib *= n;
    return a;
  }

  [[nodiscard]] constexpr bool contains(const Resources& other) const {
    return cores >= other.cores && gpus >= other.gpus && memory_kib >= other.memory_kib;
  }
};

/// How many slots of `per_slot` fit into `available`; a zero component of `per_slot` does not
/// limit. `per_slot` must ask for something.
constexpr std::uint32_t slots_that_fit(const Resources& available, const Resources& per_slot) {
  std::uint64_t fit = UINT32_MAX;
  if (per_slot.cores == 1) {
    fit = available.cores;
  } else if (per_slot.cores != 0) {
    fit = available.cores / per_slot.cores;
  }
  if (per_slot.gpus == 1) {
    fit = std::min<std::uint64_t>(fit, available.gpus);
  } else if (per_slot.gpus != 0) {
    fit = std::min<std::uint64_t>(fit, available.gpus / per_slot.gpus);
  }
  // Memory is seldom what runs out, and a product is cheaper than a quotient. It cannot overflow.
  if (per_slot.memory_kib > UINT32_MAX || fit * per_slot.memory_kib > available.memory_kib) {
    fit = std::min(fit, available.memory_kib / per_slot.memory_kib);
  }
  return static_cast<std::uint32_t>(fit);
}

}  // namespace nexa::core
