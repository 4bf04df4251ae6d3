// The part of the cluster that is about nodes that change.
#include <algorithm>

#include "core/assert.hpp"
#include "scheduler/cluster.hpp"

namespace nexa::scheduler {

std::vector<Cluster::Location>::const_iterator Cluster::find_location(core::NodeId id) const {
  // Hosts number their nodes without gaps, as a rule.
  const bool at_its_number = id.value < locations_.size() && locations_[id.value].id == id;
  if (at_its_number) return locations_.begin() + id.value;
  const auto place = std::lower_bound(locations_.begin(), locations_.end(), id,
                                      [](const Location& l, core::NodeId i) { return l.id < i; });
  return place == locations_.end() || place->id != id ? locations_.end() : place;
}

std::vector<Cluster::Location>::iterator Cluster::location_of(core::NodeId id) {
  return locations_.begin() + (find_location(id) - locations_.cbegin());
}

std::uint32_t Cluster::class_of(const core::NodeSpec& spec) {
  const auto [entry, is_new] = class_of_spec_.try_emplace(spec, 0);
  if (!is_new) return entry->second;
  // A class that all nodes have left is used again, so that prices and buckets of trust that come
  // and go leave nothing behind.
  while (!left_classes_.empty()) {
    const std::uint32_t left = left_classes_.back();
    left_classes_.pop_back();
    if (classes_[left].node_count() != 0) continue;
    class_of_spec_.erase(classes_[left].spec());
    classes_[left] = NodeClass(spec);
    note_change(left);
    return entry->second = left;
  }
  classes_.emplace_back(spec);
  versions_.push_back(classes_.back().version());
  return entry->second = static_cast<std::uint32_t>(classes_.size() - 1);
}

void Cluster::leave_class(NodeClass& node_class, std::uint32_t node) {
  node_class.remove_node(node);
  nodes_changed_ = true;
  const auto index = static_cast<std::uint32_t>(&node_class - classes_.data());
  note_change(index);
  if (node_class.node_count() != 0) return;
  const bool known =
      std::find(left_classes_.begin(), left_classes_.end(), index) != left_classes_.end();
  if (!known) left_classes_.push_back(index);
}

bool Cluster::set_offline(core::NodeId id, bool offline) {
  if (!arrivals_.empty()) settle();
  const auto place = location_of(id);
  if (place == locations_.end()) return false;
  ++releases_;
  ++changes_;
  NodeClass& node_class = classes_[place->node_class];
  free_cores_ -= node_class.free_cores();
  offline_nodes_ -= node_class.offline_count();
  node_class.set_offline(place->node, offline);
  note_change(place->node_class);
  offline_nodes_ += node_class.offline_count();
  free_cores_ += node_class.free_cores();
  return true;
}

std::optional<NodeMove> Cluster::change_node(core::NodeId id, const core::NodeSpec& spec) {
  if (!arrivals_.empty()) settle();
  const auto place = location_of(id);
  if (place == locations_.end()) return std::nullopt;
  const core::NodeSpec before = classes_[place->node_class].spec();
  if (before == spec) return std::nullopt;
  NEXA_ASSERT(before.capacity == spec.capacity, "a node cannot change its capacity");
  NodeMove move{.from_class = place->node_class, .from_node = place->node};
  move.to_class = class_of(spec);
  NodeClass& from = classes_[move.from_class];
  NodeClass& to = classes_[move.to_class];
  const Level& level = from.level_of(move.from_node);
  const core::Resources held = spec.capacity - level.free;
  const bool offline = level.offline;
  move.is_busy = held != core::Resources{};
  move.to_node = to.add_node(id);
  if (move.is_busy) {
    from.release({move.from_node, move.from_node}, held);
    to.allocate({move.to_node, move.to_node}, held);
  }
  leave_class(from, move.from_node);
  to.set_offline(move.to_node, offline);
  note_change(move.to_class);
  place->node_class = move.to_class;
  place->node = move.to_node;
  return move;
}

bool Cluster::is_idle(core::NodeId id) const {
  const auto place = find_location(id);
  if (place == locations_.end()) return true;
  const NodeClass& node_class = classes_[place->node_class];
  return node_class.level_of(place->node).free == node_class.spec().capacity;
}

bool Cluster::remove_node(core::NodeId id) {
  if (!arrivals_.empty()) settle();
  const auto place = location_of(id);
  if (place == locations_.end()) return false;
  NodeClass& node_class = classes_[place->node_class];
  free_cores_ -= node_class.free_cores();
  offline_nodes_ -= node_class.offline_count();
  leave_class(node_class, place->node);
  offline_nodes_ += node_class.offline_count();
  free_cores_ += node_class.free_cores();
  locations_.erase(place);
  return true;
}

void relocate(Pieces& pieces, const NodeMove& move) {
  const auto found = std::find_if(pieces.begin(), pieces.end(), [&](const Piece& piece) {
    return piece.node_class == move.from_class && piece.nodes.first <= move.from_node &&
           move.from_node <= piece.nodes.last;
  });
  if (found == pieces.end()) return;
  const Piece whole = *found;
  *found = {move.to_class, {move.to_node, move.to_node}, whole.slots_per_node};
  if (move.from_node > whole.nodes.first) {
    pieces.push_back(
        {whole.node_class, {whole.nodes.first, move.from_node - 1}, whole.slots_per_node});
  }
  if (move.from_node < whole.nodes.last) {
    pieces.push_back(
        {whole.node_class, {move.from_node + 1, whole.nodes.last}, whole.slots_per_node});
  }
}

}  // namespace nexa::scheduler
