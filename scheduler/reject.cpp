#include "scheduler/reject.hpp"

#include <array>

namespace nexa::scheduler {
namespace {

constexpr Wakes release = Wakes::replica_end | Wakes::node_change;
// The jobs in front, or the plan, may change by whatever happens.
constexpr Wakes anything = release | Wakes::queue_change | Wakes::time;

// In the order of the enumeration.
constexpr std::array<RejectInfo, reject_code_count> table{{
    {"none", "nothing stands in the way", false, Wakes::nothing},
    {"wrong_tier", "the tier is not among those that the job may run on", true, Wakes::node_change},
    {"wrong_gpu_type", "the GPUs are of another type", true, Wakes::node_change},
    {"too_few_cores_per_node", "a node has fewer cores than one slot needs", true,
     Wakes::node_change},
    {"too_few_gpus_per_node", "a node has fewer GPUs than one slot needs", true,
     Wakes::node_change},
    {"too_little_memory_per_node", "a node has less memory than one slot needs", true,
     Wakes::node_change},
    {"excluded_by_policy", "a filter policy excludes these nodes", true, Wakes::node_change},
    {"cluster_too_small", "all suitable nodes together cannot hold the job", true,
     Wakes::node_change},
    {"cores_busy", "too few cores are free", false, release},
    {"gpus_busy", "too few GPUs are free", false, release},
    {"memory_busy", "too little memory is free next to the free cores", false, release},
    {"no_idle_node", "no node is completely idle", false, release},
    {"node_offline", "nodes are draining or down", false, Wakes::node_change},
    {"behind_earlier_job", "an earlier job in the queue has to start first", false, anything},
    {"would_delay_head", "starting it now would delay the first job in the queue", false, anything},
    {"reserved_for_later", "the plan holds a later start for it", false, anything},
    {"refused_by_host", "the host refused the last attempt to start it", false, anything},
    {"wrong_host_class", "results of these nodes cannot be compared bit by bit with those wanted",
     true, Wakes::node_change},
    {"too_little_trust", "the nodes are trusted less than the job demands", true,
     Wakes::node_change},
    {"kept_apart", "the job has to keep away from their owner, site or rack, or from the node",
     true, Wakes::node_change},
    {"too_few_domains", "too few nodes are outside of the fault domains that the job has to avoid",
     true, Wakes::node_change,
     "ask for fewer replicas, for distinct machines instead of owners, racks or sites, or for more "
     "tiers"},
    {"separation", "what is free belongs to fault domains that the job has to avoid", false,
     release, "it starts as soon as other owners, sites, racks or nodes have room"},
}};

}  // namespace

const RejectInfo& info(RejectCode code) {
  return table[static_cast<std::size_t>(code)];
}

}  // namespace nexa::scheduler
