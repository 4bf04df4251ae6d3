#include "ledger/policy_descriptor.hpp"

namespace nexa::ledger {
namespace {

/// Each valid replica is charged its own price.
struct AsPriced {
  void reward(const RewardedJob& /*job*/, std::span<const RewardView> /*views*/,
              std::span<Amount> /*charges*/, std::span<const Factors> /*factors*/) const {}
};

}  // namespace
}  // namespace nexa::ledger

NEXA_REWARD_POLICY(as_priced, nexa::ledger::AsPriced, "Each valid replica earns its own price.")
