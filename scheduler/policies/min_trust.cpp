#include "scheduler/policy_descriptor.hpp"

namespace nexa::scheduler {
namespace {

/// For clusters whose jobs are not validated one by one. A job may demand more by its own request.
/// Cost: one step per node class, when a kind of request is new or nodes change.
struct MinTrust {
  struct Params {
    std::int64_t bucket = 1;
    static constexpr auto fields() {
      return std::tuple{field("bucket", &Params::bucket, Range{1, 255},
                              "nodes in lower buckets of trust get no work")};
    }
  } params;

  void filter(const RequestView& /*request*/, NodeClasses classes, std::span<bool> accepted) const {
    for (std::size_t i = 0; i < classes.size(); ++i) {
      if (classes[i].spec.trust_bucket < params.bucket) accepted[i] = false;
    }
  }
};

}  // namespace
}  // namespace nexa::scheduler

NEXA_POLICY(min_trust, nexa::scheduler::MinTrust,
            "Use only nodes that are trusted enough; what fits nowhere else is rejected.")
