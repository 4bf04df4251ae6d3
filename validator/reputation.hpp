#pragma once

#include <compare>
#include <cstdint>

namespace nexa::validator {

/// What verdicts say of somebody's next result: counts of good and bad ones that fade, in 1/65536.
/// Source: Jøsang, Ismail, "The beta reputation system", 2002, with its forgetting factor.
struct BetaEvidence {
  static constexpr std::int64_t one = 65'536;
  std::int64_t good = 0;
  std::int64_t bad = 0;

  /// All evidence fades by `forget_permille` of itself, then the new one is added.
  constexpr void add(bool was_good, std::uint32_t forget_permille) {
    good -= good * forget_permille / 1000;
    bad -= bad * forget_permille / 1000;
    (was_good ? good : bad) += one;
  }
  friend constexpr auto operator<=>(const BetaEvidence&, const BetaEvidence&) = default;
};

/// P(X <= x) for X ~ Beta(a, b), to about 1e-12; `a`, `b` in [1e-3, 1e7], `x` in [0, 1]. By the
/// continued fraction of Abramowitz and Stegun 26.5.8 in the form of Didonato and Morris, evaluated
/// by Lentz's method.
double beta_probability(double a, double b, double x);

/// The x with P(X <= x) = p, to about 1e-12: in closed form for b = 1, else by Newton's method
/// within a bracket that is halved where the tangent leads out of it.
double beta_quantile(double a, double b, double p);

/// The lower 5 % quantile of Beta(good + 1, bad + 1) in millionths, rounded to the nearest: the
/// share of right results that the evidence vouches for. Being rounded, it does not depend on the
/// last digits of the mathematical library. 50'000 without evidence. Costs some 20 nanoseconds
/// without bad results, and about a microsecond with them.
std::uint32_t reputation_ppm(const BetaEvidence& evidence);

}  // namespace nexa::validator
