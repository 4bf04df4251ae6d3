#include "scheduler/policy_descriptor.hpp"

namespace nexa::scheduler {
namespace {

/// One point per unit of speed, where a reference node has speed 1.
struct FastestFirst {
  struct Params {
    double weight = 1;
    static constexpr auto fields() {
      return std::tuple{
          field("weight", &Params::weight, Range{0, 1000}, "strength beside other scores")};
    }
  } params;

  void score(const RequestView& /*request*/, NodeClasses classes, std::span<double> scores) const {
    for (std::size_t i = 0; i < classes.size(); ++i) {
      scores[i] += params.weight * classes[i].spec.speed_permille / 1000;
    }
  }
};

}  // namespace
}  // namespace nexa::scheduler

NEXA_POLICY(fastest_first, nexa::scheduler::FastestFirst, "Fill the fastest nodes first.")
