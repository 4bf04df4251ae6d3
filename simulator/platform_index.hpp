#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/platform.hpp"
#include "core/request.hpp"
#include "core/time.hpp"
#include "scheduler/command.hpp"

namespace nexa::simulator {

/// Answers what a simulation asks of the platform for every replica: to which group a node belongs,
/// how fast an allocation is, how many cores it holds. The platform must outlive it.
class PlatformIndex {
 public:
  explicit PlatformIndex(const core::Platform& platform);

  /// The group of a node. Costs a few steps however many groups there are.
  [[nodiscard]] std::size_t group_of(std::uint32_t node) const {
    if (first_node_.size() == 1) return 0;
    std::size_t group = group_of_block_[node / nodes_per_block];
    while (node >= end_of_group(group)) ++group;
    return group;
  }
  /// The first node that comes after a group.
  [[nodiscard]] std::uint32_t end_of_group(std::size_t group) const {
    return first_node_[group] + platform_.groups[group].count;
  }
  /// How long a job of that run time takes on these nodes: the slowest sets the pace, and the time
  /// is rounded up to a microsecond.
  [[nodiscard]] core::Duration run_time_on(std::span<const scheduler::NodeShare> nodes,
                                           core::Duration run_time) const;
  /// The cores that the allocation keeps from others.
  [[nodiscard]] std::uint64_t cores_held(std::span<const scheduler::NodeShare> nodes,
                                         const core::Request& request) const;

 private:
  static constexpr std::uint32_t nodes_per_block = 32;
  [[nodiscard]] std::uint32_t slowest_speed(std::span<const scheduler::NodeShare> nodes) const;

  const core::Platform& platform_;
  std::vector<std::uint32_t> first_node_;      ///< by group
  std::vector<std::uint32_t> group_of_block_;  ///< of the first node of each block of nodes
  bool one_speed_ = true;
};

}  // namespace nexa::simulator
