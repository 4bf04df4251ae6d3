// Copies until the answer is credible enough. Source: Sarmenta, 2002; validator/credibility.hpp.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "validator/credibility.hpp"
#include "validator/policies/vote.hpp"

namespace nexa::validator {
namespace {

/// The odds of a class: the product over its fault domains of the best vote of each, none believed
/// more than `odds_per_domain`, so that one owner cannot make a class credible alone.
double odds_of_class(const Hearing& hearing, ResultMask members) {
  const double f = static_cast<double>(hearing.config.assumed_faulty_ppm) / 1e6;
  const double most = hearing.config.odds_per_domain;
  std::array<double, 256> best{};
  for (ResultMask rest = members; rest != 0; rest &= rest - 1) {
    const Vote& vote = hearing.votes[static_cast<std::size_t>(std::countr_zero(rest))];
    const double odds = std::min(most, odds_of(probability_good(vote.checks, f)));
    best[vote.domain] = std::max(best[vote.domain], odds);
  }
  constexpr double enough = 1e100;  // far beyond every threshold, and far from an overflow
  double product = 1;
  for (const double odds : best) {
    if (odds > 0) product = std::min(enough, product * odds);
  }
  return product;
}

class Credibility final : public Policy {
 public:
  [[nodiscard]] Ruling rule(const Hearing& hearing) const override {
    const Agreement& ahead = hearing.agreement;
    if (ahead.strict && ahead.votes >= hearing.rules.min_quorum && hearing.outstanding == 0 &&
        is_credible(hearing)) {
      return {.move = Move::accept,
              .rule = Rule::credibility,
              .members = ahead.members,
              .canonical = ahead.canonical};
    }
    const std::uint32_t wanted = hearing.rules.min_quorum;
    if (ahead.votes + hearing.outstanding >= wanted && hearing.outstanding > 0) return {};
    if (hearing.votes.size() + hearing.outstanding >= hearing.rules.max_success_results) {
      return at_limit(hearing, FailedBecause::no_agreement);
    }
    if (hearing.issued >= hearing.rules.max_total_results) {
      return at_limit(hearing, FailedBecause::too_many_replicas);
    }
    return {.move = Move::send};
  }
  [[nodiscard]] bool has_lottery() const override { return true; }

 private:
  static bool is_credible(const Hearing& hearing) {
    std::vector<double> odds{odds_of_class(hearing, hearing.agreement.members)};
    for (const ResultMask clique : maximal_cliques(hearing.equality)) {
      if (clique == hearing.agreement.members) continue;
      odds.push_back(odds_of_class(hearing, clique));
    }
    // Rounded, so that the last digits of a product decide nothing.
    const double ppm = std::round(credibility(odds, 0) * 1e6);
    return ppm >= hearing.config.theta_ppm;
  }
};

}  // namespace

const Policy& credibility_policy() {
  static const Credibility policy;
  return policy;
}

}  // namespace nexa::validator
