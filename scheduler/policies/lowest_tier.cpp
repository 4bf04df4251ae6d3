#include "scheduler/policy_descriptor.hpp"

namespace nexa::scheduler {
namespace {

/// One point less per step up in the tier catalogue.
struct LowestTier {
  struct Params {
    double weight = 1;
    static constexpr auto fields() {
      return std::tuple{
          field("weight", &Params::weight, Range{0, 1000}, "strength beside other scores")};
    }
  } params;

  void score(const RequestView& /*request*/, NodeClasses classes, std::span<double> scores) const {
    for (std::size_t i = 0; i < classes.size(); ++i) {
      scores[i] -= params.weight * classes[i].spec.tier.value;
    }
  }
};

}  // namespace
}  // namespace nexa::scheduler

NEXA_POLICY(lowest_tier, nexa::scheduler::LowestTier,
            "Fill the lowest tier that will do, so that small jobs stay off expensive nodes.")
