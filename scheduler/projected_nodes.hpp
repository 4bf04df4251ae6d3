#pragma once

#include <cstdint>
#include <vector>

#include "core/interval_set.hpp"
#include "core/resources.hpp"
#include "scheduler/node_class.hpp"
#include "scheduler/node_runs.hpp"

namespace nexa::scheduler {

/// What nodes will have free once certain jobs are over, where that differs from the sum of
/// counters: memory that lives from pass to pass, so that a pass touches only nodes that matter.
///
/// Most classes see few changes in a pass, which are kept as a short list. A class with more, or
/// with changes that overlap in part, gets a step per 64 nodes once in the pass, and from then on
/// a change costs a few steps per run of nodes with equal amounts.
class ProjectedNodes {
 public:
  void begin_pass() { ++pass_; }

  /// Calls `visit(count, free)` for the runs of nodes with equal projected amounts that make up
  /// `nodes`. What was not changed in this pass has the amounts of `now`.
  template <class Visit>
  void for_each_run(std::uint32_t node_class, core::Interval nodes, const NodeClass& now,
                    Visit visit);

  /// Replaces the projected amounts of each run of `nodes` that is not offline by
  /// `change(count, free)`.
  template <class Change>
  void change(std::uint32_t node_class, core::Interval nodes, const NodeClass& now, Change change);

 private:
  static constexpr std::uint32_t as_now = UINT32_MAX;
  static constexpr std::size_t most_segments = 16;

  struct Segment {
    core::Interval nodes;
    core::Resources free;
  };
  struct Projection {
    std::uint64_t pass = 0;
    bool is_spread = false;         ///< the changes are in `runs`, not in `segments`
    std::vector<Segment> segments;  ///< disjoint
    NodeRuns runs;                  ///< positions in `amounts`, or `as_now`
    std::vector<core::Resources> amounts;

    void set(const NodeRuns::Run& run, const core::Resources& free) {
      if (amounts.empty() || amounts.back() != free) amounts.push_back(free);
      runs.replace(run, static_cast<std::uint32_t>(amounts.size() - 1));
    }
    void spread(std::uint32_t size);
  };

  Projection& of_class(std::uint32_t node_class) {
    const bool is_begun = node_class < classes_.size() && classes_[node_class].pass == pass_;
    if (!is_begun) begin_class(node_class);
    return classes_[node_class];
  }
  void begin_class(std::uint32_t node_class);
  /// A segment that shares nodes with `nodes`; null if there is none. Only while not spread.
  static Segment* overlapping(Projection& projection, core::Interval nodes) {
    for (Segment& segment : projection.segments) {
      if (segment.nodes.first <= nodes.last && nodes.first <= segment.nodes.last) return &segment;
    }
    return nullptr;
  }

  std::uint64_t pass_ = 0;
  std::vector<Projection> classes_;
};

template <class Visit>
void ProjectedNodes::for_each_run(std::uint32_t node_class, core::Interval nodes,
                                  const NodeClass& now, Visit visit) {
  const auto visit_now = [&](core::Interval part, const Level& level) {
    visit(part.size(), level.free);
  };
  Projection& projection = of_class(node_class);
  if (!projection.is_spread) {
    const Segment* segment = overlapping(projection, nodes);
    if (segment == nullptr) return now.for_each_run(nodes, visit_now);
    if (segment->nodes.first <= nodes.first && nodes.last <= segment->nodes.last) {
      return visit(nodes.size(), segment->free);
    }
    projection.spread(now.size());
  }
  while (nodes.first <= nodes.last) {
    const NodeRuns::Run run = projection.runs.first_run(nodes);
    if (run.value != as_now) {
      visit(run.nodes.size(), projection.amounts[run.value]);
    } else {
      now.for_each_run(run.nodes, visit_now);
    }
    nodes.first = run.nodes.last + 1;
  }
}

template <class Change>
void ProjectedNodes::change(std::uint32_t node_class, core::Interval nodes, const NodeClass& now,
                            Change change) {
  Projection& projection = of_class(node_class);
  if (!projection.is_spread) {
    Segment* segment = overlapping(projection, nodes);
    if (segment == nullptr && projection.segments.size() < most_segments) {
      return now.for_each_run(nodes, [&](core::Interval part, const Level& level) {
        if (level.offline) return;
        projection.segments.push_back({part, change(part.size(), level.free)});
      });
    }
    if (segment != nullptr && segment->nodes == nodes) {
      segment->free = change(nodes.size(), segment->free);
      return;
    }
    projection.spread(now.size());
  }
  while (nodes.first <= nodes.last) {
    const NodeRuns::Run run = projection.runs.first_run(nodes);
    if (run.value != as_now) {
      projection.set(run, change(run.nodes.size(), projection.amounts[run.value]));
    } else {
      now.for_each_run(run.nodes, [&](core::Interval part, const Level& level) {
        if (!level.offline) projection.set({part, as_now}, change(part.size(), level.free));
      });
    }
    nodes.first = run.nodes.last + 1;
  }
}

}  // namespace nexa::scheduler
