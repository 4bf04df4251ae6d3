#pragma once

#include <cstdint>
#include <vector>

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

/// Requests that differ only in the number of slots. What filter and score policies say of one is
/// computed once and kept here.
struct RequestClass {
  core::Request request;                           ///< `slots` is zero
  std::vector<Candidate> candidates;               ///< in order of preference
  std::vector<RejectCode> verdicts;                ///< by node class; `none` for candidates
  std::vector<std::uint32_t> slots_per_idle_node;  ///< by node class; 0 where it is no candidate
  std::uint64_t capacity_slots = 0;                ///< on the idle cluster
  // The slots that could start at the time of two counters of the cluster, see `can_host`.
  std::uint64_t slots_free = 0;
  std::uint64_t sum_changes = 0;
  std::uint64_t sum_releases = 0;
  std::uint32_t jobs = 0;  ///< known jobs that use it

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

}  // namespace nexa::scheduler
