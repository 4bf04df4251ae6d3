#include "simulator/population.hpp"

#include <algorithm>
#include <utility>

#include "core/assert.hpp"
#include "core/rng.hpp"

namespace nexa::simulator {
namespace {

/// The draw that ranks the nodes of a group for its hostile behaviours, which share one ranking so
/// that no node gets two. The others are ranked by their position.
constexpr std::uint32_t hostile_ranking = UINT32_MAX;

/// The nodes `first` to `first + count - 1` in random order.
std::vector<std::uint32_t> shuffled(std::uint32_t first, std::uint32_t count, std::uint64_t seed,
                                    std::uint32_t ranking) {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> ranks;
  ranks.reserve(count);
  for (std::uint32_t node = first; node < first + count; ++node) {
    const core::DrawKey key{seed, core::RandomStream::behaviour_mix, node, ranking};
    ranks.emplace_back(core::random_bits(key), node);
  }
  std::sort(ranks.begin(), ranks.end());
  std::vector<std::uint32_t> nodes;
  nodes.reserve(count);
  for (const auto& [rank, node] : ranks) nodes.push_back(node);
  return nodes;
}

core::Intent intent_of_share(const core::BehaviourShare& share) {
  return core::intent_of(share.behaviour);
}

}  // namespace

Population::Population(const core::Platform& platform, std::uint64_t seed) : seed_(seed) {
  const auto misbehaves = [](const core::NodeGroup& group) { return !group.behaviours.empty(); };
  if (!std::any_of(platform.groups.begin(), platform.groups.end(), misbehaves)) return;
  index_of_node_.resize(platform.node_count());
  std::uint32_t first = 0;
  for (const core::NodeGroup& group : platform.groups) {
    if (misbehaves(group)) choose_nodes(group, first);
    first += group.count;
  }
}

void Population::choose_nodes(const core::NodeGroup& group, std::uint32_t first) {
  const auto hostile = shuffled(first, group.count, seed_, hostile_ranking);
  std::uint32_t hostile_taken = 0;
  for (std::uint32_t i = 0; i < group.behaviours.size(); ++i) {
    const core::BehaviourShare& share = group.behaviours[i];
    if (intent_of_share(share) == core::Intent::hostile) {
      NEXA_ASSERT(share.nodes <= group.count - hostile_taken, "a node has one hostile behaviour");
      for (std::uint32_t n = 0; n < share.nodes; ++n) give(hostile[hostile_taken++], share);
    } else {
      NEXA_ASSERT(share.nodes <= group.count, "a share is a part of the group");
      const auto order = shuffled(first, group.count, seed_, i);
      for (std::uint32_t n = 0; n < share.nodes; ++n) give(order[n], share);
    }
  }
}

void Population::give(std::uint32_t node, const core::BehaviourShare& share) {
  std::uint32_t& index = index_of_node_[node];
  if (index == 0) {
    nodes_.emplace_back();
    index = static_cast<std::uint32_t>(nodes_.size());
  }
  nodes_[index - 1].behaviours.push_back(share);
}

std::span<const core::BehaviourShare> Population::behaviours_of(core::NodeId node) const {
  const std::uint32_t index = index_of(node);
  if (index == 0) return {};
  return nodes_[index - 1].behaviours;
}

core::Intent Population::intent_of(core::NodeId node) const {
  core::Intent worst = core::Intent::honest;
  for (const core::BehaviourShare& share : behaviours_of(node)) {
    worst = std::max(worst, intent_of_share(share));
  }
  return worst;
}

std::string_view Population::label_of(core::NodeId node) const {
  const core::Intent worst = intent_of(node);
  for (const core::BehaviourShare& share : behaviours_of(node)) {
    if (intent_of_share(share) == worst) return core::name_of(share.behaviour);
  }
  return "honest";
}

const NodeState& Population::state_of(core::NodeId node) const {
  static const NodeState none;
  const std::uint32_t index = index_of(node);
  return index == 0 ? none : nodes_[index - 1].state;
}

core::Time Population::key_revoked_at(core::NodeId node) const {
  for (const core::BehaviourShare& share : behaviours_of(node)) {
    const auto* const stolen = std::get_if<core::StolenKey>(&share.behaviour);
    if (stolen != nullptr) return core::Time{stolen->stolen_at + stolen->revoked_after};
  }
  return core::never;
}

Conduct Population::begin(Assignment assignment) const {
  assignment.seed = seed_;
  return simulator::begin(behaviours_of(assignment.node), assignment);
}

Report Population::finish(Assignment assignment, const Disclosure& disclosure) {
  assignment.seed = seed_;
  const std::uint32_t index = index_of(assignment.node);
  if (index == 0) {
    NodeState unused;
    return simulator::finish({}, unused, assignment, disclosure);
  }
  Node& node = nodes_[index - 1];
  return simulator::finish(node.behaviours, node.state, assignment, disclosure);
}

Reaction Population::learn(core::NodeId node, const OwnVerdict& verdict) {
  const std::uint32_t index = index_of(node);
  if (index == 0) return {};
  Node& known = nodes_[index - 1];
  return simulator::learn(known.behaviours, known.state, verdict);
}

void Population::renew_identity(core::NodeId node) {
  const std::uint32_t index = index_of(node);
  if (index == 0) return;
  NodeState& state = nodes_[index - 1].state;
  state = NodeState{.identity = state.identity + 1};
}

void Population::set_cheating_pays(core::NodeId node, bool pays) {
  const std::uint32_t index = index_of(node);
  if (index != 0) nodes_[index - 1].state.cheating_pays = pays;
}

}  // namespace nexa::simulator
