#include "simulator/distributions.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/simulator/rates.hpp"

namespace nexa::simulator {
namespace {

using testing::expect_mean;
using testing::expect_rate;
using testing::seed;

constexpr std::uint32_t draws = 20'000;

core::DrawKey key_of(std::uint32_t i) {
  return {seed, core::RandomStream::test, i, 0};
}

TEST(Exponential, has_its_mean_and_median) {
  constexpr core::Duration mean = core::seconds(100);
  double sum = 0;
  std::uint64_t below_median = 0;
  for (std::uint32_t i = 0; i < draws; ++i) {
    const double s = core::to_seconds(draw_exponential(key_of(i), mean));
    sum += s;
    below_median += s < 100 * std::log(2) ? 1 : 0;
  }
  expect_mean(sum, draws, 100, 100);
  expect_rate(below_median, draws, 0.5);
}

TEST(Weibull, has_the_distribution_of_its_shape_and_scale) {
  for (const double shape : {0.5, 1.0, 2.0}) {
    for (const double at : {0.1, 1.0, 3.0}) {
      std::uint64_t below = 0;
      for (std::uint32_t i = 0; i < draws; ++i) {
        const core::Duration time = draw_weibull(key_of(i), shape, core::seconds(1000));
        below += core::to_seconds(time) < 1000 * at ? 1 : 0;
      }
      expect_rate(below, draws, 1 - std::exp(-std::pow(at, shape)));
    }
  }
}

TEST(Weibull, of_shape_one_is_exponential) {
  for (std::uint32_t i = 0; i < 100; ++i) {
    EXPECT_EQ(draw_weibull(key_of(i), 1, core::seconds(77)),
              draw_exponential(key_of(i), core::seconds(77)));
  }
}

TEST(Weibull, is_bounded_so_that_times_can_be_added) {
  core::Duration longest{};
  for (std::uint32_t i = 0; i < draws; ++i) {
    longest = std::max(longest, draw_weibull(key_of(i), 0.1, core::seconds(86'400 * 365)));
  }
  EXPECT_EQ(longest, core::seconds(std::int64_t{1000} * 365 * 86'400));
}

TEST(LogUniform, has_equally_many_values_in_every_decade) {
  std::uint64_t first_decade = 0;
  for (std::uint32_t i = 0; i < draws; ++i) {
    const double x = draw_log_uniform(key_of(i), 1e-5, 1e-1);
    EXPECT_GE(x, 1e-5);
    EXPECT_LT(x, 1e-1);
    first_decade += x < 1e-4 ? 1 : 0;
  }
  expect_rate(first_decade, draws, 0.25);
  EXPECT_EQ(draw_log_uniform(key_of(1), 0.5, 0.5), 0.5);
}

TEST(Normal, has_the_probabilities_of_one_two_and_three_deviations) {
  double sum = 0;
  std::uint64_t within[3] = {0, 0, 0};
  for (std::uint32_t i = 0; i < draws; ++i) {
    const double x = draw_normal(key_of(i));
    sum += x;
    for (int k = 0; k < 3; ++k) within[k] += std::abs(x) < k + 1 ? 1 : 0;
  }
  expect_mean(sum, draws, 0, 1);
  expect_rate(within[0], draws, std::erf(1 / std::sqrt(2)));
  expect_rate(within[1], draws, std::erf(2 / std::sqrt(2)));
  expect_rate(within[2], draws, std::erf(3 / std::sqrt(2)));
}

}  // namespace
}  // namespace nexa::simulator
