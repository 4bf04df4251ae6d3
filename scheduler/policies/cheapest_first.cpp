#include "scheduler/policy_descriptor.hpp"

namespace nexa::scheduler {
namespace {

/// One point less per credit that a core costs in an hour.
struct CheapestFirst {
  struct Params {
    double weight = 1;
    static constexpr auto fields() {
      return std::tuple{
          field("weight", &Params::weight, Range{0, 1000}, "strength beside other scores")};
    }
  } params;

  void score(const RequestView& /*request*/, NodeClasses classes, std::span<double> scores) const {
    for (std::size_t i = 0; i < classes.size(); ++i) {
      scores[i] -=
          params.weight * static_cast<double>(classes[i].spec.price_per_core_hour.micro()) / 1e6;
    }
  }
};

}  // namespace
}  // namespace nexa::scheduler

NEXA_POLICY(cheapest_first, nexa::scheduler::CheapestFirst, "Fill the cheapest nodes first.")
