#pragma once

#include "core/rng.hpp"
#include "core/time.hpp"

/// Continuous distributions, each from a single draw, so that equal keys give equal values whatever
/// else is drawn. The standard library's differ between implementations.
namespace nexa::simulator {

/// Exponential, by inversion. `mean` is positive; the result is rounded to a microsecond.
core::Duration draw_exponential(const core::DrawKey& key, core::Duration mean);

/// Weibull with a shape k and a scale, by inversion: scale·(−ln(1−u))^(1/k). A shape below 1 means
/// that what has lasted will last. At most a thousand years, so that sums of times stay safe.
core::Duration draw_weibull(const core::DrawKey& key, double shape, core::Duration scale);

/// A real number whose logarithm is uniform between those of `low` and `high`; 0 < low <= high.
double draw_log_uniform(const core::DrawKey& key, double low, double high);

/// Standard normal. Source: Box, Muller, "A note on the generation of random normal deviates",
/// Annals of Mathematical Statistics 29 (1958). Both halves of one draw are used, so values lie
/// within 6.7 standard deviations.
double draw_normal(const core::DrawKey& key);

}  // namespace nexa::simulator
