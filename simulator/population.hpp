#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/platform.hpp"
#include "simulator/behaviour.hpp"

namespace nexa::simulator {

/// Which node of a platform has which behaviours, and what each of them remembers. The seed chooses
/// the nodes of a group: exactly as many as the platform file says, and the same ones whatever
/// other groups there are before or behind, as long as the numbers of the nodes stay.
///
/// Nodes without behaviours cost four bytes, and nothing where a platform has no behaviours.
class Population {
 public:
  /// No group has more hostile nodes than nodes. Costs O(N log N) for N nodes of groups that have
  /// behaviours.
  Population(const core::Platform& platform, std::uint64_t seed);

  /// True if no node has a behaviour.
  [[nodiscard]] bool all_honest() const { return nodes_.empty(); }
  [[nodiscard]] core::Intent intent_of(core::NodeId node) const;
  /// The name of the behaviour that tells most of a node: one of the worst intent, the first of
  /// the group's list; `honest` if there is none.
  [[nodiscard]] std::string_view label_of(core::NodeId node) const;
  [[nodiscard]] std::span<const core::BehaviourShare> behaviours_of(core::NodeId node) const;
  /// Zeroes for a node without behaviours.
  [[nodiscard]] const NodeState& state_of(core::NodeId node) const;
  /// A26: when the key of a node is revoked; `core::never` if it is not stolen.
  [[nodiscard]] core::Time key_revoked_at(core::NodeId node) const;

  /// As the functions of `simulator/behaviour.hpp`, for the node of the assignment, whose `seed`
  /// is set to that of the population.
  [[nodiscard]] Conduct begin(Assignment assignment) const;
  [[nodiscard]] Report finish(Assignment assignment, const Disclosure& disclosure);
  Reaction learn(core::NodeId node, const OwnVerdict& verdict);
  /// The node registers under a new identity for reasons of its own.
  void renew_identity(core::NodeId node);
  /// Tells an opportunist what its reckoning says; nothing to all others.
  void set_cheating_pays(core::NodeId node, bool pays);

 private:
  struct Node {
    std::vector<core::BehaviourShare> behaviours;
    NodeState state;
  };
  /// One more than the position in `nodes_`, or 0 for a node without behaviours.
  [[nodiscard]] std::uint32_t index_of(core::NodeId node) const {
    return index_of_node_.empty() ? 0 : index_of_node_[node.value];
  }
  void choose_nodes(const core::NodeGroup& group, std::uint32_t first);
  void give(std::uint32_t node, const core::BehaviourShare& share);

  std::uint64_t seed_;
  std::vector<std::uint32_t> index_of_node_;  ///< empty: all are honest
  std::vector<Node> nodes_;
};

}  // namespace nexa::simulator
