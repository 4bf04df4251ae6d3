#include "simulator/distributions.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/assert.hpp"

namespace nexa::simulator {
namespace {

constexpr double longest_us = 1000.0 * 365 * 86'400 * 1e6;

core::Duration rounded(double microseconds) {
  return core::Duration{std::llround(std::min(microseconds, longest_us))};
}

/// Exponential with mean 1.
double unit_exponential(const core::DrawKey& key) {
  return -std::log1p(-core::random_unit(key));
}

}  // namespace

core::Duration draw_exponential(const core::DrawKey& key, core::Duration mean) {
  NEXA_ASSERT(mean.count() > 0, "a mean time is positive");
  return rounded(unit_exponential(key) * static_cast<double>(mean.count()));
}

core::Duration draw_weibull(const core::DrawKey& key, double shape, core::Duration scale) {
  NEXA_ASSERT(shape > 0 && scale.count() > 0, "shape and scale are positive");
  return rounded(std::pow(unit_exponential(key), 1 / shape) * static_cast<double>(scale.count()));
}

double draw_log_uniform(const core::DrawKey& key, double low, double high) {
  NEXA_ASSERT(0 < low && low <= high, "a logarithm needs positive ends");
  return low * std::exp(core::random_unit(key) * std::log(high / low));
}

double draw_normal(const core::DrawKey& key) {
  constexpr double unit = 0x1.0p-32;
  const std::uint64_t bits = core::random_bits(key);
  const double radius_draw = (static_cast<double>(bits >> 32) + 1) * unit;  // in (0, 1]
  const double angle_draw = static_cast<double>(bits & 0xffff'ffff) * unit;
  return std::sqrt(-2 * std::log(radius_draw)) * std::cos(2 * std::numbers::pi * angle_draw);
}

}  // namespace nexa::simulator
