#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/behaviour.hpp"
#include "core/node.hpp"

namespace nexa::core {

/// `count` nodes of one spec, but perhaps of several owners. Node ids follow the order of the
/// groups, without gaps.
struct NodeGroup {
  std::string name;  ///< nodes are called `name` followed by a number
  std::uint32_t count = 1;
  NodeSpec spec{};           ///< of the first node
  std::uint32_t owners = 1;  ///< consecutive ones, among whom the nodes are dealt in turn
  std::vector<BehaviourShare> behaviours{};  ///< for simulations; empty: all nodes are honest

  /// The spec of the node at a position in the group.
  [[nodiscard]] NodeSpec spec_of(std::uint32_t position) const {
    NodeSpec dealt = spec;
    dealt.owner = OwnerId{spec.owner.value + position % owners};
    return dealt;
  }
};

/// A cluster as described by a platform file. Names are interned: position in a table = id.
struct Platform {
  std::string name;
  std::vector<NodeGroup> groups;
  std::vector<std::string> tiers;         ///< by TierId, lowest first
  std::vector<std::string> owners;        ///< by OwnerId
  std::vector<std::string> sites;         ///< by SiteId
  std::vector<std::string> gpu_types;     ///< by GpuTypeId; entry 0 is the empty name
  std::vector<std::string> racks;         ///< by RackId; entry 0 is the empty name
  std::vector<std::string> host_classes;  ///< by HostClassId; entry 0 is the empty name

  [[nodiscard]] std::uint64_t node_count() const {
    std::uint64_t total = 0;
    for (const NodeGroup& group : groups) total += group.count;
    return total;
  }
  [[nodiscard]] std::uint64_t core_count() const {
    std::uint64_t total = 0;
    for (const NodeGroup& group : groups) {
      total += std::uint64_t{group.count} * group.spec.capacity.cores;
    }
    return total;
  }
};

}  // namespace nexa::core
