#include "scheduler/node_class.hpp"

#include <algorithm>

#include "core/assert.hpp"

namespace nexa::scheduler {
namespace {

// The levels of a class whose nodes are taken whole. A node that is at none of the others is taken,
// so that level needs no set of nodes.
constexpr std::uint32_t idle = 0;
constexpr std::uint32_t taken = 1;
constexpr std::uint32_t offline_idle = 2;
constexpr std::uint32_t offline_taken = 3;

}  // namespace

NodeClass::NodeClass(core::NodeSpec spec) : spec_(spec), taken_whole_(spec.capacity.cores == 1) {
  if (!taken_whole_) return;
  levels_.push_back({.free = spec_.capacity, .offline = false, .count = 0, .nodes = NodeBitmap{}});
  levels_.push_back({.free = {}, .offline = false, .count = 0, .nodes = NodeBitmap{}});
  levels_.push_back({.free = spec_.capacity, .offline = true, .count = 0, .nodes = NodeBitmap{}});
  levels_.push_back({.free = {}, .offline = true, .count = 0, .nodes = NodeBitmap{}});
  order_.push_back(idle);
}

void NodeClass::add_node(core::NodeId id) {
  const std::uint32_t node = size();
  if (node != 0 && id.value != ids_.back().value + 1) ids_are_consecutive_ = false;
  ids_.push_back(id);
  for (Level& level : levels_) level.nodes.grow(size());
  const std::uint32_t level = taken_whole_ ? idle : find_or_make_level(spec_.capacity, false);
  if (!taken_whole_) runs_.append(level);
  levels_[level].nodes.insert({node, node});
  ++levels_[level].count;
  free_cores_ += spec_.capacity.cores;
  ++version_;
}

void NodeClass::allocate(core::Interval nodes, const core::Resources& amount) {
  if (taken_whole_) return move_whole(nodes, idle, taken);
  shift(nodes, [&amount](const Level& level) {
    NEXA_ASSERT(level.free.contains(amount), "a node was given more work than it has room for");
    return level.free - amount;
  });
}

void NodeClass::release(core::Interval nodes, const core::Resources& amount) {
  if (taken_whole_ && offline_count_ == 0) return move_whole(nodes, taken, idle);
  if (taken_whole_) {
    for (std::uint32_t node = nodes.first; node <= nodes.last; ++node) {
      const bool offline = levels_[offline_taken].nodes.contains(node);
      move_whole({node, node}, offline ? offline_taken : taken, offline ? offline_idle : idle);
    }
    return;
  }
  shift(nodes, [&amount](const Level& level) { return level.free + amount; });
}

void NodeClass::set_offline(std::uint32_t node, bool offline) {
  if (level_of(node).offline == offline) return;
  offline ? ++offline_count_ : --offline_count_;
  if (taken_whole_) {
    const std::uint32_t level = offline                                      ? whole_level_of(node)
                                : levels_[offline_idle].nodes.contains(node) ? offline_idle
                                                                             : offline_taken;
    return move_whole({node, node}, level, offline ? level + offline_idle : level - offline_idle);
  }
  const std::uint32_t from = runs_.value_at(node);
  const core::Resources free = levels_[from].free;
  move({node, node}, from, find_or_make_level(free, offline));
}

std::uint32_t NodeClass::whole_level_of(std::uint32_t node) const {
  for (const std::uint32_t level : {idle, offline_idle, offline_taken}) {
    if (levels_[level].nodes.contains(node)) return level;
  }
  return taken;
}

void NodeClass::move_whole(core::Interval nodes, std::uint32_t from, std::uint32_t to) {
  ++version_;
  const std::uint32_t count = nodes.size();
  NEXA_ASSERT(levels_[from].count >= count, "more nodes change their state than are in it");
  levels_[from].count -= count;
  levels_[to].count += count;
  if (from != taken) levels_[from].nodes.erase(nodes);
  if (to != taken) levels_[to].nodes.insert(nodes);
  if (from == idle) free_cores_ -= count;
  if (to == idle) free_cores_ += count;
}

const Level* NodeClass::idle_level() const {
  if (order_.empty()) return nullptr;
  const Level& fullest = levels_[order_.back()];
  return fullest.free == spec_.capacity ? &fullest : nullptr;
}

template <class NewFree>
void NodeClass::shift(core::Interval nodes, NewFree new_free) {
  while (nodes.first <= nodes.last) {
    const NodeRuns::Run run = runs_.first_run(nodes);
    const core::Resources free = new_free(levels_[run.value]);
    move(run.nodes, run.value, find_or_make_level(free, levels_[run.value].offline));
    nodes.first = run.nodes.last + 1;
  }
}

void NodeClass::move(core::Interval nodes, std::uint32_t from, std::uint32_t to) {
  ++version_;
  Level& source = levels_[from];
  Level& target = levels_[to];
  source.count -= nodes.size();
  target.count += nodes.size();
  if (source.free.cores != 0) source.nodes.erase(nodes);
  if (target.free.cores != 0) target.nodes.insert(nodes);
  if (!source.offline) free_cores_ -= std::uint64_t{source.free.cores} * nodes.size();
  if (!target.offline) free_cores_ += std::uint64_t{target.free.cores} * nodes.size();
  runs_.assign(nodes, to);
  if (source.count == 0) drop_level(from);
}

std::uint32_t NodeClass::find_or_make_level(const core::Resources& free, bool offline) {
  std::vector<std::uint32_t>& list = list_for(free, offline);
  const auto place = std::lower_bound(list.begin(), list.end(), free,
                                      [this](std::uint32_t index, const core::Resources& value) {
                                        return levels_[index].free < value;
                                      });
  if (place != list.end() && levels_[*place].free == free) return *place;

  std::uint32_t index = static_cast<std::uint32_t>(levels_.size());
  if (spare_levels_.empty()) {
    levels_.push_back({.free = {}, .offline = false, .count = 0, .nodes = NodeBitmap(size())});
  } else {
    // Its set of nodes is empty already.
    index = spare_levels_.back();
    spare_levels_.pop_back();
  }
  levels_[index].free = free;
  levels_[index].offline = offline;
  list.insert(place, index);
  return index;
}

void NodeClass::drop_level(std::uint32_t index) {
  std::vector<std::uint32_t>& list = list_for(levels_[index].free, levels_[index].offline);
  list.erase(std::find(list.begin(), list.end(), index));
  spare_levels_.push_back(index);
}

void NodeClass::check() const {
  std::vector<std::uint32_t> counted(levels_.size());
  std::uint64_t free_cores = 0;
  std::uint32_t offline = 0;
  for (std::uint32_t node = 0; node < size(); ++node) {
    const Level& level = level_of(node);
    ++counted[static_cast<std::size_t>(&level - levels_.data())];
    NEXA_ASSERT(spec_.capacity.contains(level.free), "a node has more free than it has");
    NEXA_ASSERT(level.free.cores == 0 || level.nodes.contains(node), "a level lost a node");
    if (level.offline) {
      ++offline;
    } else {
      free_cores += level.free.cores;
    }
  }
  for (std::size_t index = 0; index < levels_.size(); ++index) {
    NEXA_ASSERT(counted[index] == levels_[index].count, "a level miscounts its nodes");
  }
  NEXA_ASSERT(free_cores == free_cores_, "a class miscounts its free cores");
  NEXA_ASSERT(offline == offline_count_, "a class miscounts its offline nodes");
}

}  // namespace nexa::scheduler
