#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "core/fault_domain.hpp"
#include "core/interval_set.hpp"
#include "core/request.hpp"
#include "scheduler/reject.hpp"

namespace nexa::scheduler {

/// A node class that can host slots of a request class.
struct Candidate {
  std::uint32_t node_class = 0;
  /// Slots that the class could host at the time of `stamp`, a version of the node class.
  std::uint64_t stamp = 0;
  std::uint64_t slots_free = 0;
};

/// Nodes of a class, by local numbers, that a request class must not use.
struct AvoidedNodes {
  std::uint32_t node_class = 0;
  core::Interval nodes;

  friend constexpr auto operator<=>(const AvoidedNodes&, const AvoidedNodes&) = default;
};

/// Requests that differ only in the number of slots. What filter and score policies say of one is
/// computed once and kept here.
///
/// A request class that keeps away from fault domains has a `base`, which is that of the same
/// request without them: candidates, verdicts and slots per idle node are those of the base (see
/// `Cluster::terms_of`), and only what differs from it is kept here. Such classes live as long as a
/// few jobs, so making one must not cost a step per node class.
struct RequestClass {
  static constexpr std::uint32_t no_base = UINT32_MAX;
  static constexpr std::uint32_t no_candidate = UINT32_MAX;

  core::Request request;                           ///< `slots` is zero
  std::vector<Candidate> candidates;               ///< in order of preference
  std::vector<std::uint32_t> candidate_of;         ///< by node class; or `no_candidate`
  std::vector<RejectCode> verdicts;                ///< by node class; `none` for candidates
  std::vector<std::uint32_t> slots_per_idle_node;  ///< by node class; 0 where it is no candidate
  std::uint64_t capacity_slots = 0;                ///< on the idle cluster
  std::uint32_t base = no_base;                    ///< a number of a request class
  std::vector<core::FaultDomain> domains;          ///< to avoid; sorted
  /// Candidates of the base, all nodes of which are in those domains; sorted.
  std::vector<std::uint32_t> avoided_classes;
  /// Nodes in those domains, of candidates of the base that have other nodes too; sorted.
  std::vector<AvoidedNodes> avoided_nodes;
  // The slots that could start at the time of two counters of the cluster, see `can_host`.
  std::uint64_t slots_free = 0;
  std::uint64_t sum_changes = 0;
  std::uint64_t sum_releases = 0;
  std::uint32_t jobs = 0;  ///< known jobs that use it, and request classes whose base it is

  [[nodiscard]] bool keeps_apart() const { return base != no_base; }
  /// Whether all nodes of a candidate of the base are avoided.
  [[nodiscard]] bool avoids(std::uint32_t node_class) const {
    return !avoided_classes.empty() &&
           std::binary_search(avoided_classes.begin(), avoided_classes.end(), node_class);
  }
  /// The avoided nodes of a class that is not avoided as a whole.
  [[nodiscard]] std::span<const AvoidedNodes> avoided_in(std::uint32_t node_class) const {
    return avoided_nodes.empty() ? std::span<const AvoidedNodes>() : find_avoided_in(node_class);
  }
  [[nodiscard]] std::span<const AvoidedNodes> find_avoided_in(std::uint32_t node_class) const;

  /// One core per slot and nothing else: then the free slots of nodes are simply their free cores.
  [[nodiscard]] bool counts_cores() const {
    return request.sharing == core::Sharing::shared && request.per_slot == core::Resources{1, 0, 0};
  }
  /// One core per slot, and perhaps memory.
  [[nodiscard]] bool wants_single_cores() const {
    return request.sharing == core::Sharing::shared && request.per_slot.cores == 1 &&
           request.per_slot.gpus == 0;
  }
  [[nodiscard]] bool whole_nodes() const { return request.sharing == core::Sharing::whole_nodes; }
};

/// Calls `visit(interval)` for the parts of `nodes`, of one class, that are not among the avoided
/// nodes of that class.
template <class Visit>
void for_each_permitted(core::Interval nodes, std::span<const AvoidedNodes> avoided, Visit visit) {
  for (const AvoidedNodes& run : avoided) {
    if (run.nodes.last < nodes.first) continue;
    if (run.nodes.first > nodes.last) break;
    if (run.nodes.first > nodes.first) visit(core::Interval{nodes.first, run.nodes.first - 1});
    if (run.nodes.last >= nodes.last) return;
    nodes.first = run.nodes.last + 1;
  }
  visit(nodes);
}

/// Whether a node is among the avoided nodes of its class.
inline bool is_avoided(std::uint32_t node, std::span<const AvoidedNodes> avoided) {
  return std::any_of(avoided.begin(), avoided.end(), [node](const AvoidedNodes& run) {
    return run.nodes.first <= node && node <= run.nodes.last;
  });
}

}  // namespace nexa::scheduler
