#include "validator/reputation.hpp"

#include <cmath>

#include "core/assert.hpp"

namespace nexa::validator {
namespace {

/// The continued fraction of the incomplete beta function, for x below about (a + 1) / (a + b + 2),
/// where it converges fast.
double beta_fraction(double a, double b, double x) {
  constexpr int most_steps = 500;
  constexpr double tiny = 1e-300;
  constexpr double precision = 1e-15;
  const auto away_from_zero = [](double value) { return std::fabs(value) < tiny ? tiny : value; };
  double c = 1;
  double d = 1 / away_from_zero(1 - (a + b) * x / (a + 1));
  double fraction = d;
  for (int step = 1; step <= most_steps; ++step) {
    const double m = step;
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away_from_zero(1 + even * d);
    c = away_from_zero(1 + even / c);
    fraction *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away_from_zero(1 + odd * d);
    c = away_from_zero(1 + odd / c);
    fraction *= d * c;
    if (std::fabs(d * c - 1) < precision) break;
  }
  return fraction;
}

/// P(X <= x), given x^a (1 - x)^b / B(a, b).
double probability_with(double a, double b, double x, double front) {
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x) / a;
  return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

}  // namespace

double beta_probability(double a, double b, double x) {
  NEXA_ASSERT(a > 0 && b > 0, "a beta distribution has positive parameters");
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) +
                                a * std::log(x) + b * std::log1p(-x));
  return probability_with(a, b, x, front);
}

double beta_quantile(double a, double b, double p) {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  if (b == 1) return std::exp(std::log(p) / a);  // where P(X <= x) is x^a
  constexpr int most_steps = 80;
  constexpr double precision = 1e-13;
  const double constant = std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b);
  double low = 0;
  double high = 1;
  double x = a / (a + b);
  for (int step = 0; step < most_steps && high - low > precision; ++step) {
    const double logarithm = constant + a * std::log(x) + b * std::log1p(-x);
    const double front = std::exp(logarithm);
    const double excess = probability_with(a, b, x, front) - p;
    (excess < 0 ? low : high) = x;
    // The density is front / (x (1 - x)). Where its tangent leads out of the bracket, halve that.
    double next = x - excess * x * (1 - x) / front;
    if (!(next > low && next < high)) next = (low + high) / 2;
    const double moved = std::fabs(next - x);
    x = next;
    if (moved < precision) break;
  }
  return x;
}

std::uint32_t reputation_ppm(const BetaEvidence& evidence) {
  constexpr double scale = BetaEvidence::one;
  const double good = static_cast<double>(evidence.good) / scale;
  const double bad = static_cast<double>(evidence.bad) / scale;
  return static_cast<std::uint32_t>(std::lround(beta_quantile(good + 1, bad + 1, 0.05) * 1e6));
}

}  // namespace nexa::validator
