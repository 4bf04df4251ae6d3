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

NodeClass::NodeClass(core::NodeSpec spec)
    : spec_(spec),
      memory_per_core_(spec.capacity.memory_kib / spec.capacity.cores),
      taken_whole_(spec.capacity.cores == 1) {
  if (!taken_whole_) return;
  levels_.resize(4);
  levels_[idle].free = levels_[offline_idle].free = spec_.capacity;
  levels_[offline_idle].offline = levels_[offline_taken].offline = true;
  order_.push_back(idle);
}

std::uint32_t NodeClass::add_node(core::NodeId id) {
  if (!gone_.empty()) {
    const std::uint32_t node = gone_.back();
    gone_.pop_back();
    ids_[node] = id;
    ids_are_consecutive_ = false;
    ++offline_count_;
    set_offline(node, false);
    return node;
  }
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
  return node;
}

void NodeClass::remove_node(std::uint32_t node) {
  NEXA_ASSERT(level_of(node).free == spec_.capacity, "a node that leaves its class must be idle");
  set_offline(node, true);
  --offline_count_;
  gone_.push_back(node);
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
  const NodeRuns::Run run = runs_.first_run({node, node});
  change(run, core::Resources(levels_[run.value].free), offline);
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
    const Level& level = levels_[run.value];
    change(run, new_free(level), level.offline);
    nodes.first = run.nodes.last + 1;
  }
}

NodeClass::LevelList::const_iterator NodeClass::place_of(const core::Resources& free,
                                                         const LevelList& list) const {
  return std::lower_bound(list.begin(), list.end(), free,
                          [this](std::uint32_t index, const core::Resources& value) {
                            return levels_[index].free < value;
                          });
}

std::uint32_t NodeClass::find_or_make_level(const core::Resources& free, bool offline) {
  const LevelList& list = list_for(free, offline);
  const auto place = place_of(free, list);
  if (place != list.end() && levels_[*place].free == free) return *place;
  std::uint32_t index = static_cast<std::uint32_t>(levels_.size());
  if (spare_levels_.empty()) {
    levels_.emplace_back();
    levels_.back().nodes.grow(size());
  } else {
    // Its set of nodes is empty already.
    index = spare_levels_.back();
    spare_levels_.pop_back();
  }
  enlist(index, free, offline);
  return index;
}

void NodeClass::enlist(std::uint32_t index, const core::Resources& free, bool offline) {
  Level& level = levels_[index];
  level.free = free;
  level.offline = offline;
  LevelList& list = list_for(free, offline);
  list.insert(place_of(free, list), index);
  if (&list == &order_ && is_short_of_memory(level)) ++levels_short_of_memory_;
}

void NodeClass::delist(std::uint32_t index) {
  const Level& level = levels_[index];
  LevelList& list = list_for(level.free, level.offline);
  list.erase(std::find(list.begin(), list.end(), index));
  if (&list == &order_ && is_short_of_memory(level)) --levels_short_of_memory_;
}

void NodeClass::change(const NodeRuns::Run& run, const core::Resources& free, bool offline) {
  ++version_;
  const std::uint32_t count = run.nodes.size();
  const Level& source = levels_[run.value];
  if (!source.offline) free_cores_ -= std::uint64_t{source.free.cores} * count;
  if (!offline) free_cores_ += std::uint64_t{free.cores} * count;
  if (source.count == count && rename(run.value, free, offline)) return;
  move(run, find_or_make_level(free, offline));
}

bool NodeClass::rename(std::uint32_t index, const core::Resources& free, bool offline) {
  Level& level = levels_[index];
  LevelList& from = list_for(level.free, level.offline);
  LevelList& to = list_for(free, offline);
  const auto place = place_of(free, to);
  if (place != to.end() && levels_[*place].free == free) return false;
  if (&from == &to && from.size() == 1) {
    if (&to == &order_) levels_short_of_memory_ -= is_short_of_memory(level) ? 1 : 0;
    level.free = free;
    if (&to == &order_) levels_short_of_memory_ += is_short_of_memory(level) ? 1 : 0;
    return true;
  }
  delist(index);
  enlist(index, free, offline);
  return true;
}

void NodeClass::move(const NodeRuns::Run& run, std::uint32_t to) {
  Level& source = levels_[run.value];
  Level& target = levels_[to];
  source.count -= run.nodes.size();
  target.count += run.nodes.size();
  source.nodes.erase(run.nodes);
  target.nodes.insert(run.nodes);
  runs_.replace(run, to);
  if (source.count != 0) return;
  delist(run.value);
  spare_levels_.push_back(run.value);
}

void NodeClass::check() const {
  std::vector<std::uint32_t> counted(levels_.size());
  std::uint64_t free_cores = 0;
  std::uint32_t offline = 0;
  for (std::uint32_t node = 0; node < size(); ++node) {
    const Level& level = level_of(node);
    ++counted[static_cast<std::size_t>(&level - levels_.data())];
    NEXA_ASSERT(spec_.capacity.contains(level.free), "a node has more free than it has");
    const bool has_set = !taken_whole_ || &level != &levels_[taken];
    NEXA_ASSERT(!has_set || level.nodes.contains(node), "a level lost a node");
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
  const auto short_of_memory =
      std::count_if(order_.begin(), order_.end(),
                    [this](std::uint32_t index) { return is_short_of_memory(levels_[index]); });
  NEXA_ASSERT(static_cast<std::uint32_t>(short_of_memory) == levels_short_of_memory_,
              "a class miscounts its levels that are short of memory");
  NEXA_ASSERT(offline == offline_count_ + gone_.size(), "a class miscounts its offline nodes");
  for (const std::uint32_t node : gone_) {
    NEXA_ASSERT(level_of(node).offline, "a node that has left takes work");
  }
}

}  // namespace nexa::scheduler
