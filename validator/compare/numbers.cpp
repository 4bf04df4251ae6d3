#include "validator/compare/numbers.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

#include "core/assert.hpp"
#include "validator/compare/lanes.hpp"
#include "validator/compare/tolerance.hpp"

namespace nexa::validator::compare {

namespace {

/// Types whose values and differences are exact in binary64, or, for binary64 itself, whose
/// residuals need nothing better.
template <class T>
constexpr bool fits_lanes = std::is_floating_point_v<T> || sizeof(T) <= 4;

template <class T>
NumberValue value_of(T number) {
  if constexpr (std::is_floating_point_v<T>) {
    return number;
  } else if constexpr (std::is_unsigned_v<T>) {
    return std::uint64_t{number};
  } else {
    return std::int64_t{number};
  }
}

template <class T>
bool has_nan(std::span<const T> values) {
  if constexpr (std::is_floating_point_v<T>) {
    std::size_t count = 0;
    for (const T value : values) count += std::isnan(value) ? 1U : 0U;
    return count > 0;
  } else {
    return false;
  }
}

/// What eight pairs and then a block have in common.
struct Extremes {
  Lanes excess = Lanes::Constant(-infinity);  ///< difference less what is allowed
  Lanes residual = Lanes::Zero();
  Lanes invalid = Lanes::Zero();  ///< becomes NaN with the first difference that is not finite
};

/// Writes eight residuals to `out`.
void judge(const Lanes& a, const Lanes& b, double rtol, double atol, Extremes& extremes,
           double* out) {
  const Lanes difference = a - b;
  const Lanes allowed = (a.abs().max(b.abs()) * rtol).max(atol);
  const Lanes residual = difference / allowed.max(std::numeric_limits<double>::min());
  extremes.excess = extremes.excess.max(difference.abs() - allowed);
  extremes.residual = extremes.residual.max(residual.abs());
  extremes.invalid += difference * 0.0;
  Eigen::Map<Lanes>{out} = residual;
}

template <class T>
Lanes load(const T* values) {
  return Eigen::Map<const Eigen::Array<T, lane_count, 1>>(values).template cast<double>();
}

/// The residuals of pairs that are all within the tolerance. Nothing if one is not, or if one
/// number is not finite; then `out` holds no residuals. `out` has room for `a.size()`.
template <class T>
std::optional<double> largest_residual(std::span<const T> a, std::span<const T> b, double rtol,
                                       double atol, double* out) {
  Extremes extremes;
  const std::size_t whole = a.size() - a.size() % lane_count;
  for (std::size_t i = 0; i < whole; i += lane_count) {
    judge(load(a.data() + i), load(b.data() + i), rtol, atol, extremes, out + i);
  }
  if (const std::size_t rest = a.size() - whole; rest > 0) {
    std::array<T, lane_count> last_a{};
    std::array<T, lane_count> last_b{};
    std::array<double, lane_count> last_out{};
    std::copy_n(a.data() + whole, rest, last_a.data());
    std::copy_n(b.data() + whole, rest, last_b.data());
    judge(load(last_a.data()), load(last_b.data()), rtol, atol, extremes, last_out.data());
    std::copy_n(last_out.data(), rest, out + whole);
  }
  // Eigen's maximum of a NaN and a number may be either, so what is not finite is told by the sum.
  if (!(total(extremes.invalid) == 0) || extremes.excess.maxCoeff() > 0) return std::nullopt;
  return extremes.residual.maxCoeff();
}

/// The same where numbers may be some steps apart and nothing else is allowed.
template <std::floating_point T>
std::optional<double> largest_ulp_residual(std::span<const T> a, std::span<const T> b,
                                           std::uint64_t ulps, double* out) {
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  constexpr Bits sign = Bits{1} << (8 * sizeof(T) - 1);
  const Bits infinite = std::bit_cast<Bits>(std::numeric_limits<T>::infinity());
  // -x where `negative` is 1, x where it is 0; signs are as good as random, so that a branch would
  // be guessed wrong half of the time.
  const auto signed_by = [](std::uint64_t x, std::uint64_t negative) {
    const std::uint64_t mask = std::uint64_t{0} - negative;
    return (x ^ mask) - mask;
  };
  // The place of a finite number in their order, with zero at 0, modulo 2^64.
  const auto position = [&](Bits bits) {
    return signed_by(bits & ~sign, bits >> (8 * sizeof(T) - 1));
  };
  const auto allowed = static_cast<double>(ulps);
  std::uint64_t outside = 0;
  std::uint64_t most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Bits x = std::bit_cast<Bits>(a[i]);
    const Bits y = std::bit_cast<Bits>(b[i]);
    // Finite numbers are less than 2^64 - 2^53 apart, so that no difference beyond 2^52 looks like
    // a small one.
    const std::uint64_t apart = position(x) - position(y);
    const std::uint64_t size = signed_by(apart, apart >> 63U);
    most = std::max(most, size);
    outside += (x & ~sign) >= infinite || (y & ~sign) >= infinite ? 1U : 0U;
    out[i] = static_cast<double>(static_cast<std::int64_t>(apart)) / allowed;
  }
  if (outside > 0 || most > ulps) return std::nullopt;
  return static_cast<double>(most) / allowed;
}

/// The residuals of a block whose pairs are all within the tolerance, by the way that fits.
template <class T>
std::optional<double> quick_residuals(std::span<const T> a, std::span<const T> b,
                                      const Tolerance& tolerance, double* out) {
  if constexpr (!fits_lanes<T>) {
    return std::nullopt;
  } else {
    if constexpr (std::is_floating_point_v<T>) {
      const bool steps_only = tolerance.rtol == 0 && tolerance.atol == 0;
      if (tolerance.ulps > 0 && !steps_only) return std::nullopt;
      if (tolerance.ulps > 0) return largest_ulp_residual(a, b, tolerance.ulps, out);
    }
    const double atol = std::max(tolerance.atol, static_cast<double>(tolerance.ulps));
    return largest_residual(a, b, tolerance.rtol, atol, out);
  }
}

}  // namespace

std::string to_text(const NumberValue& value) {
  std::array<char, 32> buffer{};
  const auto write = [&](auto number) {
    return std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
  };
  return {buffer.data(), std::visit(write, value)};
}

double NumberPair::absolute_difference() const {
  const auto apart = [this](auto x) {
    const auto y = std::get<decltype(x)>(b);
    if constexpr (std::is_integral_v<decltype(x)>) {
      return static_cast<double>(ulp_distance(x, y));
    } else {
      const double difference = std::abs(static_cast<double>(x) - static_cast<double>(y));
      return std::isfinite(x) && std::isfinite(y) ? difference : infinity;
    }
  };
  return std::visit(apart, a);
}

double ComparisonProgress::distance() const {
  return largest ? std::abs(largest->residual) : 0;
}

template <Number T>
void NumberComparison::note(std::uint64_t index, T a, T b, const Deviation& found) {
  const double size = std::abs(found.residual);
  const double largest = progress_.distance();
  if (size < largest || size == 0) return;
  const NumberPair pair{
      .index = index, .a = value_of(a), .b = value_of(b), .residual = found.residual};
  const bool larger =
      size > largest ||
      (std::isinf(size) && pair.absolute_difference() > progress_.largest->absolute_difference());
  if (larger) progress_.largest = pair;
}

template <Number T>
void NumberComparison::add_each(std::span<const T> a, std::span<const T> b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::uint64_t index = progress_.count + i;
    const Deviation found = deviation(a[i], b[i], tolerance_);
    if (found.within) {
      residuals_.add(found.residual);
    } else {
      ++progress_.mismatches;
      if (!progress_.first_mismatch) {
        progress_.first_mismatch = {
            .index = index, .a = value_of(a[i]), .b = value_of(b[i]), .residual = found.residual};
      }
    }
    note(index, a[i], b[i], found);
  }
}

/// The quick way, for what results of honest nodes mostly are. False where it cannot be gone.
template <Number T>
bool NumberComparison::add_within(std::span<const T> a, std::span<const T> b) {
  double* const out = residuals_.tail();
  const auto largest = quick_residuals(a, b, tolerance_, out);
  if (!largest) return false;
  if (*largest > progress_.distance()) {
    const auto is_largest = [&](double residual) { return std::abs(residual) == *largest; };
    const auto at = std::find_if(out, out + a.size(), is_largest) - out;
    const auto i = static_cast<std::size_t>(at);
    note(progress_.count + i, a[i], b[i], {.within = true, .residual = out[at]});
  }
  residuals_.commit(a.size());
  return true;
}

template <Number T>
void NumberComparison::add_block(std::span<const T> a, std::span<const T> b) {
  const bool identical = std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
  if (identical && (tolerance_.nan != NanPolicy::reject || !has_nan(a))) {
    residuals_.add_zeros(a.size());
  } else if (!add_within(a, b)) {
    add_each(a, b);
  }
  progress_.count += a.size();
}

template <Number T>
void NumberComparison::add(std::span<const T> a, std::span<const T> b) {
  NEXA_ASSERT(a.size() == b.size(), "pairs are made of equally many numbers");
  while (!a.empty()) {
    const std::size_t size = std::min(a.size(), residuals_.room());
    add_block(a.first(size), b.first(size));
    a = a.subspan(size);
    b = b.subspan(size);
  }
}

std::size_t size_of(NumberType type) {
  static constexpr std::array<std::uint8_t, 10> sizes{4, 8, 1, 2, 4, 8, 1, 2, 4, 8};
  return sizes[static_cast<std::size_t>(type)];
}

void add_numbers(NumberComparison& comparison, NumberType type, const void* a, const void* b,
                 std::size_t count) {
  const auto add = [&]<class T>(T) {
    comparison.add(std::span<const T>(static_cast<const T*>(a), count),
                   std::span<const T>(static_cast<const T*>(b), count));
  };
  switch (type) {
    case NumberType::f32:
      return add(float{});
    case NumberType::f64:
      return add(double{});
    case NumberType::i8:
      return add(std::int8_t{});
    case NumberType::i16:
      return add(std::int16_t{});
    case NumberType::i32:
      return add(std::int32_t{});
    case NumberType::i64:
      return add(std::int64_t{});
    case NumberType::u8:
      return add(std::uint8_t{});
    case NumberType::u16:
      return add(std::uint16_t{});
    case NumberType::u32:
      return add(std::uint32_t{});
    case NumberType::u64:
      return add(std::uint64_t{});
  }
}

template void NumberComparison::add(std::span<const float>, std::span<const float>);
template void NumberComparison::add(std::span<const double>, std::span<const double>);
template void NumberComparison::add(std::span<const std::int8_t>, std::span<const std::int8_t>);
template void NumberComparison::add(std::span<const std::int16_t>, std::span<const std::int16_t>);
template void NumberComparison::add(std::span<const std::int32_t>, std::span<const std::int32_t>);
template void NumberComparison::add(std::span<const std::int64_t>, std::span<const std::int64_t>);
template void NumberComparison::add(std::span<const std::uint8_t>, std::span<const std::uint8_t>);
template void NumberComparison::add(std::span<const std::uint16_t>, std::span<const std::uint16_t>);
template void NumberComparison::add(std::span<const std::uint32_t>, std::span<const std::uint32_t>);
template void NumberComparison::add(std::span<const std::uint64_t>, std::span<const std::uint64_t>);

}  // namespace nexa::validator::compare
