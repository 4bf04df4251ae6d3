#include <algorithm>

#include "ledger/fixed_point.hpp"
#include "ledger/policy_descriptor.hpp"

namespace nexa::ledger {
namespace {

using core::field;
using core::Range;

/// floor(price (floor + (cap - floor) quality)), all three in basis points: a node of the best
/// quality earns the cap, one without any the floor. Quality comes from verdicts, never from
/// ratings by users.
struct QualityWeighted {
  struct Params {
    std::int64_t floor = 5'000;
    std::int64_t cap = 12'000;
    static constexpr auto fields() {
      return std::tuple{
          field("floor", &Params::floor, Range{0, 1e6, "basis points"},
                "part of the price for a node of no quality"),
          field("cap", &Params::cap, Range{0, 1e6, "basis points"},
                "part of the price for a node of the best quality; less than floor: floor")};
    }
  } params;

  [[nodiscard]] Amount most(Amount price) const {
    return multiply_divide(price, top(), basis_points);
  }

  void reward(const RewardedJob& /*job*/, std::span<const RewardView> views,
              std::span<Amount> charges, std::span<const Factors> factors) const {
    for (std::size_t i = 0; i < views.size(); ++i) {
      const Amount quality = std::min(views[i].quality, basis_points);
      const auto bottom = static_cast<Amount>(params.floor);
      const Amount weight = bottom + (top() - bottom) * quality / basis_points;
      factors[i].add("quality", quality, "basis points");
      factors[i].add("weight", weight, "basis points of the price");
      charges[i] = multiply_divide(views[i].price, weight, basis_points);
    }
  }

 private:
  [[nodiscard]] Amount top() const {
    return static_cast<Amount>(std::max(params.floor, params.cap));
  }
};

}  // namespace
}  // namespace nexa::ledger

NEXA_REWARD_POLICY(quality_weighted, nexa::ledger::QualityWeighted,
                   "The price times a weight by the quality of the node, within a floor and a cap.")
