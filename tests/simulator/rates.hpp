#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>

namespace nexa::simulator::testing {

/// All draws of these tests come from this seed, which failures name.
inline constexpr std::uint64_t seed = 20'261'121;

/// Expects that something of probability p happened about p·n times, within four standard
/// deviations of the binomial distribution.
inline void expect_rate(std::uint64_t happened, std::uint64_t n, double p) {
  const double expected = static_cast<double>(n) * p;
  const double sigma = std::sqrt(expected * (1 - p));
  EXPECT_NEAR(static_cast<double>(happened), expected, 4 * sigma) << n << " draws, seed " << seed;
}

/// Expects a mean of n draws with a known standard deviation, within four standard errors.
inline void expect_mean(double sum, std::uint64_t n, double mean, double deviation) {
  const auto count = static_cast<double>(n);
  EXPECT_NEAR(sum / count, mean, 4 * deviation / std::sqrt(count)) << n << " draws, seed " << seed;
}

}  // namespace nexa::simulator::testing
