#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "core/node.hpp"
#include "core/request.hpp"
#include "scheduler/node_bitmap.hpp"
#include "scheduler/node_runs.hpp"

namespace nexa::scheduler {

/// Nodes of one class that have the same amounts free. "Local" numbers are positions in the class.
struct Level {
  core::Resources free;
  bool offline = false;     ///< draining or down: takes no new work
  std::uint32_t count = 0;  ///< nodes at this level
  NodeBitmap nodes;         ///< which; not kept of nodes that are taken whole
};

/// The nodes that no rule can tell apart, grouped by what they have free at the moment.
///
/// Taking or returning an interval of nodes costs a step per run of nodes at the same level and a
/// small one per 64 nodes, plus O(log L) in the number of levels that nodes are at. Nodes of one
/// core are either idle or taken, since every slot needs a core: they are kept as a set of idle
/// nodes, which costs a step per 64 nodes of the interval.
class NodeClass {
 public:
  explicit NodeClass(core::NodeSpec spec);

  /// Adds an idle node that is up. Returns its local number: the next one, or that of a node that
  /// has left.
  std::uint32_t add_node(core::NodeId id);
  /// The node leaves the class; it must be idle, and may be offline.
  void remove_node(std::uint32_t node);

  /// Takes `amount` on every node of a run of local numbers; each must have it free.
  void allocate(core::Interval nodes, const core::Resources& amount);
  /// Returns what `allocate` took.
  void release(core::Interval nodes, const core::Resources& amount);

  void set_offline(std::uint32_t node, bool offline);

  [[nodiscard]] const core::NodeSpec& spec() const { return spec_; }
  /// Whether whatever runs on a node takes all of it.
  [[nodiscard]] bool is_taken_whole() const { return taken_whole_; }
  /// Local numbers are below this; some may be of nodes that have left, which look offline.
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(ids_.size()); }
  [[nodiscard]] std::uint32_t node_count() const {
    return static_cast<std::uint32_t>(ids_.size() - gone_.size());
  }
  /// Whether there is a node of that number. Costs a step per node that has left.
  [[nodiscard]] bool has_node(std::uint32_t node) const {
    return std::find(gone_.begin(), gone_.end(), node) == gone_.end();
  }
  [[nodiscard]] core::NodeId id_of(std::uint32_t node) const { return ids_[node]; }
  /// True if the ids of nodes n and n + 1 differ by one throughout, as platform files give them.
  [[nodiscard]] bool ids_are_consecutive() const { return ids_are_consecutive_; }
  /// Of the nodes that are there.
  [[nodiscard]] std::uint32_t offline_count() const { return offline_count_; }
  /// Grows with every change of what is free, so that a reader can tell whether its sums are old.
  [[nodiscard]] std::uint64_t version() const { return version_; }
  /// Requests for single cores with at most this much memory each are not limited by memory, on
  /// any node that takes new work: what the nodes have per core, as long as no node has less free.
  [[nodiscard]] std::uint64_t ample_memory_per_core() const {
    return levels_short_of_memory_ == 0 ? memory_per_core_ : 0;
  }
  /// Cores that new work may take, over all nodes.
  [[nodiscard]] std::uint64_t free_cores() const { return free_cores_; }

  [[nodiscard]] const Level& level_of(std::uint32_t node) const {
    return levels_[taken_whole_ ? whole_level_of(node) : runs_.value_at(node)];
  }
  /// Calls `visit(nodes, level)` for the runs of nodes at one level that make up `nodes`.
  template <class Visit>
  void for_each_run(core::Interval nodes, Visit visit) const {
    while (nodes.first <= nodes.last) {
      NodeRuns::Run run{{nodes.first, nodes.first}, 0};
      if (!taken_whole_) run = runs_.first_run(nodes);
      visit(run.nodes, taken_whole_ ? level_of(nodes.first) : levels_[run.value]);
      nodes.first = run.nodes.last + 1;
    }
  }
  /// Calls `visit(interval)` for the maximal intervals that the `count` lowest nodes at a level of
  /// this class form; it must have as many.
  template <class Visit>
  void for_each_lowest(const Level& level, std::uint32_t count, Visit visit) const {
    if (taken_whole_ || count == 0) return level.nodes.for_each_lowest(count, visit);
    const std::uint32_t first = level.nodes.lowest();
    const core::Interval run = runs_.first_run({first, size() - 1}).nodes;
    if (run.size() < count) return level.nodes.for_each_lowest(count, visit);
    visit(core::Interval{first, first + count - 1});
  }
  /// Levels with nodes that have free cores and take new work, least free first. Only where nodes
  /// are taken whole may a level be empty.
  [[nodiscard]] std::span<const std::uint32_t> order() const { return order_; }
  [[nodiscard]] const Level& level(std::uint32_t index) const { return levels_[index]; }
  /// Nodes that are up and completely free; null if there is no such level.
  [[nodiscard]] const Level* idle_level() const;

  /// Checks the book-keeping against a recount; costs a step per node.
  void check() const;

 private:
  using LevelList = std::vector<std::uint32_t>;

  /// The sorted list that a level belongs to, and its place there.
  [[nodiscard]] LevelList& list_for(const core::Resources& free, bool offline) {
    return offline ? offline_ : free.cores == 0 ? full_ : order_;
  }
  [[nodiscard]] LevelList::const_iterator place_of(const core::Resources& free,
                                                   const LevelList& list) const;
  std::uint32_t find_or_make_level(const core::Resources& free, bool offline);
  void enlist(std::uint32_t index, const core::Resources& free, bool offline);
  void delist(std::uint32_t index);
  [[nodiscard]] bool is_short_of_memory(const Level& level) const {
    return level.free.memory_kib < memory_per_core_ * level.free.cores;
  }
  /// Gives a run of nodes at one level other amounts.
  void change(const NodeRuns::Run& run, const core::Resources& free, bool offline);
  /// Gives all nodes of a level other amounts, whereby they stay where they are; false if there
  /// is a level with those amounts already.
  bool rename(std::uint32_t index, const core::Resources& free, bool offline);
  void move(const NodeRuns::Run& run, std::uint32_t to);
  [[nodiscard]] std::uint32_t whole_level_of(std::uint32_t node) const;
  void move_whole(core::Interval nodes, std::uint32_t from, std::uint32_t to);
  template <class NewFree>
  void shift(core::Interval nodes, NewFree new_free);

  core::NodeSpec spec_;
  std::vector<core::NodeId> ids_;
  std::vector<std::uint32_t> gone_;  ///< numbers of nodes that have left, to be used again
  NodeRuns runs_;              ///< the level of each node; not kept where nodes are taken whole
  std::vector<Level> levels_;  ///< stable numbers; unused ones are in `spare_levels_`
  // The levels that have nodes, by `free`, ascending:
  LevelList order_;  ///< those that take new work
  LevelList full_;   ///< online, without a free core
  LevelList offline_;
  LevelList spare_levels_;
  std::uint64_t version_ = 1;
  std::uint64_t free_cores_ = 0;
  std::uint64_t memory_per_core_;             ///< of the capacity
  std::uint32_t levels_short_of_memory_ = 0;  ///< in `order_`: less than that per free core
  std::uint32_t offline_count_ = 0;
  bool ids_are_consecutive_ = true;
  bool taken_whole_ = false;
};

}  // namespace nexa::scheduler
