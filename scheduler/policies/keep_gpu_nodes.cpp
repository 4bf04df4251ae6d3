#include "scheduler/policy_descriptor.hpp"

namespace nexa::scheduler {
namespace {

/// A job that asks for no GPU and sits on the cores of a GPU node keeps GPUs idle that others wait
/// for. Nodes with few GPUs may be left to all jobs. Cost: one step per node class, when a kind of
/// request is new or nodes arrive.
struct KeepGpuNodes {
  struct Params {
    std::int64_t gpus = 1;
    static constexpr auto fields() {
      return std::tuple{field("gpus", &Params::gpus, Range{1, 1024, "GPUs"},
                              "nodes with as many GPUs or more are kept")};
    }
  } params;

  void filter(const RequestView& request, NodeClasses classes, std::span<bool> accepted) const {
    if (request.per_slot.gpus > 0) return;
    for (std::size_t i = 0; i < classes.size(); ++i) {
      if (classes[i].spec.capacity.gpus >= params.gpus) accepted[i] = false;
    }
  }
};

}  // namespace
}  // namespace nexa::scheduler

NEXA_POLICY(keep_gpu_nodes, nexa::scheduler::KeepGpuNodes,
            "Keep nodes with GPUs for jobs that ask for GPUs; what fits nowhere else is rejected.")
