#include <algorithm>
#include <vector>

#include "ledger/policy_descriptor.hpp"

namespace nexa::ledger {
namespace {

/// All valid replicas of a job are charged the lower median of their prices: whoever claims more
/// than its peers gains nothing by it, and of two the lower claim counts. Sorting n prices.
struct PeerMedian {
  void reward(const RewardedJob& /*job*/, std::span<const RewardView> views,
              std::span<Amount> charges, std::span<const Factors> factors) const {
    std::vector<Amount> prices(charges.begin(), charges.end());
    std::sort(prices.begin(), prices.end());
    const Amount median = prices[(prices.size() - 1) / 2];
    std::fill(charges.begin(), charges.end(), median);
    for (const Factors& each : factors) {
      each.add("valid replicas", views.size(), "");
      each.add("lower median of their prices", median, "micro-credits");
    }
  }
};

}  // namespace
}  // namespace nexa::ledger

NEXA_REWARD_POLICY(peer_median, nexa::ledger::PeerMedian,
                   "All valid replicas of a job earn the lower median of their prices.")
