#include "simulator/platform_index.hpp"

#include <algorithm>

namespace nexa::simulator {

PlatformIndex::PlatformIndex(const core::Platform& platform) : platform_(platform) {
  std::uint32_t first = 0;
  for (const core::NodeGroup& group : platform.groups) {
    first_node_.push_back(first);
    first += group.count;
    if (group.spec.speed_permille != platform.groups.front().spec.speed_permille) {
      one_speed_ = false;
    }
  }
  std::uint32_t group = 0;
  for (std::uint32_t node = 0; node < first; node += nodes_per_block) {
    while (node >= end_of_group(group)) ++group;
    group_of_block_.push_back(group);
  }
}

core::Duration PlatformIndex::run_time_on(std::span<const scheduler::NodeShare> nodes,
                                          core::Duration run_time) const {
  const std::uint32_t speed_permille = slowest_speed(nodes);
  if (speed_permille == 1000) return run_time;
  const std::int64_t scaled = run_time.count() * 1000;
  return core::Duration{(scaled + speed_permille - 1) / speed_permille};
}

std::uint32_t PlatformIndex::slowest_speed(std::span<const scheduler::NodeShare> nodes) const {
  if (one_speed_) return platform_.groups.front().spec.speed_permille;
  std::uint32_t slowest = UINT32_MAX;
  std::size_t group = 0;
  for (const scheduler::NodeShare& share : nodes) {
    // Most shares follow the one before within the same group.
    const std::uint32_t first = share.nodes.first;
    if (first < first_node_[group] || first >= end_of_group(group)) group = group_of(first);
    slowest = std::min(slowest, platform_.groups[group].spec.speed_permille);
    while (share.nodes.last >= end_of_group(group)) {
      slowest = std::min(slowest, platform_.groups[++group].spec.speed_permille);
    }
  }
  return slowest;
}

std::uint64_t PlatformIndex::cores_held(std::span<const scheduler::NodeShare> nodes,
                                        const core::Request& request) const {
  if (request.sharing == core::Sharing::shared) return request.cores();
  std::uint64_t cores = 0;
  for (const scheduler::NodeShare& share : nodes) {
    for (std::uint32_t node = share.nodes.first; node <= share.nodes.last; ++node) {
      cores += platform_.groups[group_of(node)].spec.capacity.cores;
    }
  }
  return cores;
}

}  // namespace nexa::simulator
