#pragma once

#include <compare>
#include <concepts>
#include <cstdint>
#include <limits>

namespace nexa::validator::compare {

inline constexpr double infinity = std::numeric_limits<double>::infinity();

/// What a NaN may be equal to.
enum class NanPolicy : std::uint8_t {
  reject,   ///< nothing, not even itself: a result with a NaN is no result
  equal,    ///< any other NaN
  bitwise,  ///< a NaN of the same sign and payload
};

/// How far two numbers may be apart and still count as equal. They are equal where one of the two
/// bounds holds:
///
///     |a - b| <= max(atol, rtol * max(|a|, |b|))          evaluated in binary64
///     ulp_distance(a, b) <= ulps
///
/// Both are symmetric in `a` and `b`. +0 and -0 are equal; an infinity equals only itself, however
/// wide the tolerance. With all bounds zero, numbers must be equal as numbers.
struct Tolerance {
  double rtol = 0;         ///< 0 to 1
  double atol = 0;         ///< finite, at least 0, in units of the values
  std::uint64_t ulps = 0;  ///< at most 2^52; for integers a second `atol`
  NanPolicy nan = NanPolicy::reject;

  friend constexpr bool operator==(const Tolerance&, const Tolerance&) = default;
};

/// The numbers that results are made of.
template <class T>
concept Number = std::same_as<T, float> || std::same_as<T, double> ||
    std::same_as<T, std::int8_t> || std::same_as<T, std::int16_t> ||
    std::same_as<T, std::int32_t> || std::same_as<T, std::int64_t> ||
    std::same_as<T, std::uint8_t> || std::same_as<T, std::uint16_t> ||
    std::same_as<T, std::uint32_t> || std::same_as<T, std::uint64_t>;

/// How far one pair of numbers is apart.
struct Deviation {
  bool within = true;
  /// a - b in units of what the tolerance allows for this pair: in [-1, 1] where it is within, and
  /// infinite where nothing is allowed or one of the numbers is not finite.
  double residual = 0;
};

/// Judges one pair. This is the definition; `NumberComparison` does the same for whole arrays.
template <Number T>
Deviation deviation(T a, T b, const Tolerance& tolerance);

/// How many representable numbers `a` and `b` are apart: the distance of their bit patterns, mapped
/// to integers in the order of the numbers, with one pattern for both zeros. Neither may be NaN.
/// For integers it is |a - b|, exactly.
/// Source of the mapping: Dawson, "Comparing floating point numbers, 2012 edition".
template <Number T>
std::uint64_t ulp_distance(T a, T b);

}  // namespace nexa::validator::compare
