#include "validator/credibility.hpp"

#include <algorithm>

#include "core/assert.hpp"

namespace nexa::validator {

double probability_good(std::uint64_t checks, double f) {
  constexpr double e = 2.718281828459045;
  if (checks == 0) return 1 - f;
  return std::max(1 - f, 1 - f / ((1 - f) * static_cast<double>(checks) * e));
}

double odds_of(double good) {
  return good / (1 - good);
}

double credibility(std::span<const double> class_odds, std::size_t index) {
  NEXA_ASSERT(index < class_odds.size(), "credibility of a class that exists");
  double all = 1;
  for (const double odds : class_odds) all += odds;
  return class_odds[index] / all;
}

}  // namespace nexa::validator
