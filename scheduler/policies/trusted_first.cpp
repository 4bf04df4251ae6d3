#include "scheduler/policy_descriptor.hpp"

namespace nexa::scheduler {
namespace {

/// One point per bucket of trust. What a bucket stands for is the host's business; it tells the
/// engine when a node goes from one to another. Cost: one step per node class, when a kind of
/// request is new or nodes change.
struct TrustedFirst {
  struct Params {
    double weight = 1;
    static constexpr auto fields() {
      return std::tuple{
          field("weight", &Params::weight, Range{0, 1000}, "strength beside other scores")};
    }
  } params;

  void score(const RequestView& /*request*/, NodeClasses classes, std::span<double> scores) const {
    for (std::size_t i = 0; i < classes.size(); ++i) {
      scores[i] += params.weight * classes[i].spec.trust_bucket;
    }
  }
};

}  // namespace
}  // namespace nexa::scheduler

NEXA_POLICY(trusted_first, nexa::scheduler::TrustedFirst,
            "Fill the nodes with the best record of valid results first.")
