#include "validator/compare/tolerance.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <type_traits>

namespace nexa::validator::compare {

namespace {

constexpr double smallest_normal = std::numeric_limits<double>::min();

template <class T>
using BitsOf = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;

/// |a - b| of integers, which always fits the unsigned type of 64 bits.
template <std::integral T>
std::uint64_t difference(T a, T b) {
  const auto wide = [](T value) { return static_cast<std::uint64_t>(value); };
  return a > b ? wide(a) - wide(b) : wide(b) - wide(a);
}

template <std::integral T>
std::uint64_t magnitude(T value) {
  return difference(value, T{0});
}

/// |a - b| in units of what is allowed. Below the smallest normal number a quotient would say
/// little, so there what is not within counts as not allowed at all.
double ratio_of(double difference, double allowed, bool within) {
  if (!within && allowed < smallest_normal) return infinity;
  return difference / std::max(allowed, smallest_normal);
}

template <std::floating_point T>
bool is_same_nan(T a, T b, NanPolicy policy) {
  if (policy == NanPolicy::reject || !std::isnan(a) || !std::isnan(b)) return false;
  return policy == NanPolicy::equal || std::bit_cast<BitsOf<T>>(a) == std::bit_cast<BitsOf<T>>(b);
}

template <std::floating_point T>
Deviation deviation_of(T a, T b, const Tolerance& tolerance) {
  if (std::isnan(a) || std::isnan(b)) {
    const bool within = is_same_nan(a, b, tolerance.nan);
    return {within, within ? 0 : infinity};
  }
  if (a == b) return {};
  if (std::isinf(a) || std::isinf(b)) return {false, a < b ? -infinity : infinity};
  const double x = a;
  const double y = b;
  const double apart = std::abs(x - y);
  const double allowed =
      std::max(std::max(std::abs(x), std::abs(y)) * tolerance.rtol, tolerance.atol);
  Deviation found{apart <= allowed, 0};
  double ratio = ratio_of(apart, allowed, found.within);
  if (tolerance.ulps > 0) {
    const std::uint64_t ulps = ulp_distance(a, b);
    found.within = found.within || ulps <= tolerance.ulps;
    ratio = std::min(ratio, static_cast<double>(ulps) / static_cast<double>(tolerance.ulps));
  }
  found.residual = a < b ? -ratio : ratio;
  return found;
}

template <std::integral T>
Deviation deviation_of(T a, T b, const Tolerance& tolerance) {
  if (a == b) return {};
  const std::uint64_t apart = difference(a, b);
  const double larger = static_cast<double>(std::max(magnitude(a), magnitude(b)));
  const double allowed =
      std::max({larger * tolerance.rtol, tolerance.atol, static_cast<double>(tolerance.ulps)});
  constexpr double beyond_integers = 0x1p64;
  const bool within = allowed >= beyond_integers || apart <= static_cast<std::uint64_t>(allowed);
  const double ratio = ratio_of(static_cast<double>(apart), allowed, within);
  return {within, a < b ? -ratio : ratio};
}

/// The bit pattern of a number as a position in the order of all numbers; both zeros are at
/// 2^(n-1).
template <std::floating_point T>
BitsOf<T> position(T value) {
  using Bits = BitsOf<T>;
  constexpr Bits sign = Bits{1} << (8 * sizeof(T) - 1);
  const Bits bits = std::bit_cast<Bits>(value);
  return (bits & sign) != 0 ? sign - (bits & ~sign) : sign + bits;
}

}  // namespace

template <Number T>
std::uint64_t ulp_distance(T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    return difference(a, b);
  } else {
    return difference(position(a), position(b));
  }
}

template <Number T>
Deviation deviation(T a, T b, const Tolerance& tolerance) {
  return deviation_of(a, b, tolerance);
}

#define NEXA_INSTANTIATE(T)                                \
  template Deviation deviation<T>(T, T, const Tolerance&); \
  template std::uint64_t ulp_distance<T>(T, T);
NEXA_INSTANTIATE(float)
NEXA_INSTANTIATE(double)
NEXA_INSTANTIATE(std::int8_t)
NEXA_INSTANTIATE(std::int16_t)
NEXA_INSTANTIATE(std::int32_t)
NEXA_INSTANTIATE(std::int64_t)
NEXA_INSTANTIATE(std::uint8_t)
NEXA_INSTANTIATE(std::uint16_t)
NEXA_INSTANTIATE(std::uint32_t)
NEXA_INSTANTIATE(std::uint64_t)
#undef NEXA_INSTANTIATE

}  // namespace nexa::validator::compare
