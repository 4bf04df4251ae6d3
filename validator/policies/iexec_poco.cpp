// iExec's proof of contribution as it is coded, for comparison only: independence of workers is
// assumed and nowhere enforced by the rule itself.
// Source: iExecBlockchainComputing/PoCo, contracts/facets/IexecPoco2Facet.sol (contribute,
// checkConsensus).
#include <algorithm>
#include <bit>
#include <limits>

#include "validator/policies/vote.hpp"

namespace nexa::validator {
namespace {

/// Beyond every threshold of trust; keeps products within 64 bits.
constexpr std::uint64_t enough = std::uint64_t{1} << 34;

std::uint64_t weight_of_group(const Hearing& hearing, ResultMask members) {
  std::uint64_t product = 1;
  for (ResultMask rest = members; rest != 0; rest &= rest - 1) {
    const auto index = static_cast<std::size_t>(std::countr_zero(rest));
    product = std::min(enough, product * std::min<std::uint64_t>(hearing.votes[index].weight,
                                                                 std::uint64_t{1} << 20));
  }
  return product;
}

class IexecPoco final : public Policy {
 public:
  [[nodiscard]] Ruling rule(const Hearing& hearing) const override {
    const std::uint64_t trust = hearing.config.poco_trust;
    std::uint64_t total = 1;
    const std::vector<ResultMask> groups = maximal_cliques(hearing.equality);
    for (const ResultMask group : groups) total += weight_of_group(hearing, group);
    for (const ResultMask group : groups) {
      const std::uint64_t weight = weight_of_group(hearing, group);
      if (weight * trust <= total * (trust - 1)) continue;
      return {.move = Move::accept,
              .rule = Rule::poco,
              .members = group,
              .canonical = static_cast<std::size_t>(std::countr_zero(group))};
    }
    if (hearing.outstanding > 0) return {};
    if (hearing.issued >= hearing.rules.max_total_results) {
      return {.move = Move::fail, .why = FailedBecause::too_many_replicas};
    }
    return {.move = Move::send};
  }
  [[nodiscard]] bool convicts() const override { return false; }
  /// max(score / 3, 3) - 1 in integers: 2 for a worker without a past.
  [[nodiscard]] std::uint32_t weight(bool, std::uint64_t poco_score) const override {
    const std::uint64_t weight = std::max<std::uint64_t>(poco_score / 3, 3) - 1;
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(weight, std::numeric_limits<std::uint32_t>::max()));
  }
};

}  // namespace

const Policy& iexec_poco_policy() {
  static const IexecPoco policy;
  return policy;
}

}  // namespace nexa::validator
