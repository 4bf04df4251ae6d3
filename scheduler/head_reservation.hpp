#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/time.hpp"
#include "scheduler/cluster.hpp"
#include "scheduler/job_table.hpp"
#include "scheduler/ordered_queue.hpp"
#include "scheduler/running_jobs.hpp"

namespace nexa::scheduler {

/// What nodes will have free once certain jobs are over, where that differs from the sum of
/// counters: memory that lives from pass to pass, so that a pass touches only nodes that matter.
/// Nodes are kept by runs of equal amounts, so their number hardly matters: what costs is the
/// number of runs, and a step per 64 nodes of each class that is touched in a pass.
class ProjectedNodes {
 public:
  void begin_pass() { ++pass_; }

  /// Calls `visit(count, free)` for the runs of nodes with equal projected amounts that make up
  /// `nodes`. What was not changed in this pass has the amounts of `now`.
  template <class Visit>
  void for_each_run(std::uint32_t node_class, core::Interval nodes, const NodeClass& now,
                    Visit visit) {
    const Projection& projection = of_class(node_class, now);
    while (nodes.first <= nodes.last) {
      const NodeRuns::Run run = projection.runs.first_run(nodes);
      if (run.value != as_now) {
        visit(run.nodes.size(), projection.amounts[run.value]);
      } else {
        now.for_each_run(run.nodes, [&](core::Interval part, const Level& level) {
          visit(part.size(), level.free);
        });
      }
      nodes.first = run.nodes.last + 1;
    }
  }

  /// Replaces the projected amounts of each run of `nodes` that is not offline by
  /// `change(count, free)`.
  template <class Change>
  void change(std::uint32_t node_class, core::Interval nodes, const NodeClass& now, Change change) {
    Projection& projection = of_class(node_class, now);
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

 private:
  static constexpr std::uint32_t as_now = UINT32_MAX;
  struct Projection {
    std::uint64_t pass = 0;
    NodeRuns runs;  ///< positions in `amounts`, or `as_now`
    std::vector<core::Resources> amounts;

    void set(const NodeRuns::Run& run, const core::Resources& free) {
      if (amounts.empty() || amounts.back() != free) amounts.push_back(free);
      runs.replace(run, static_cast<std::uint32_t>(amounts.size() - 1));
    }
  };

  Projection& of_class(std::uint32_t node_class, const NodeClass& now) {
    const bool is_begun = node_class < classes_.size() && classes_[node_class].pass == pass_;
    return is_begun ? classes_[node_class] : begin_class(node_class, now);
  }
  Projection& begin_class(std::uint32_t node_class, const NodeClass& now);

  std::uint64_t pass_ = 0;
  std::vector<Projection> classes_;
};

/// The reservation that EASY holds for the head of the queue: when it can start at the latest if
/// all running jobs use their whole limits, and how much the nodes can spare at that time.
///
/// Textbook EASY counts processors; here slots of the head on nodes are counted, which is the same
/// where a node is one processor. Cost: a step per piece of the jobs that run up to the shadow
/// time, and a few for nodes that jobs share, if the head needs more than single cores.
class HeadReservation {
 public:
  HeadReservation(Cluster& cluster, const JobTable& jobs, const RunningJobs& running,
                  const QueueEntry& head, ProjectedNodes& projected);

  /// False once the reservation may be out of date: another job is at the head of the queue, or
  /// something was released. Jobs that were admitted, and the passing of time, do not matter; who
  /// starts a job that was not admitted drops the reservation.
  [[nodiscard]] bool is_current(const QueueEntry& head) const {
    return head_arrival_ == head.arrival && releases_ == cluster_.releases();
  }

  /// The earliest time at which the head is sure to fit; `core::never` if releases do not suffice.
  [[nodiscard]] core::Time shadow() const { return shadow_; }

  /// Whether every core of the cluster counts as a slot of the head, so that it does not matter
  /// which nodes a job gets.
  [[nodiscard]] bool counts_all_cores() const { return all_cores_count_; }

  /// A cheap test that never refuses wrongly: false if a job that holds at least `cores` cores
  /// beyond the shadow would delay the head.
  [[nodiscard]] bool may_spare(std::uint64_t cores) const {
    return !all_cores_count_ || cores <= spare_slots_;
  }

  /// Places a job that fits, and says whether its nodes until `end` leave the head its start at the
  /// shadow time. If so, they are taken into account: the caller starts the job. If not, `out` is
  /// of no use: placing stops with the first node class that takes more than can be spared.
  bool place(const RequestClass& request_class, std::uint32_t slots, core::Time end, Pieces& out);

 private:
  void find_shadow(std::uint64_t needed_slots, const RunningJobs& running);
  std::uint64_t slots_released(const JobRecord& job);
  std::uint64_t slots_lost(std::span<const Piece> pieces, const RequestClass& request_class);
  std::uint64_t slots_released_by_nodes(const Piece& piece, const core::Resources& amount);
  void remember_projection(std::span<const Piece> pieces, const RequestClass& request_class);
  void subtract_projection(std::span<const Piece> pieces, const RequestClass& request_class);
  [[nodiscard]] RequestClass& head() const { return cluster_.request_class(head_class_); }
  [[nodiscard]] std::uint32_t slots(const core::Resources& free,
                                    const NodeClass& node_class) const {
    return slots_on_node(head(), node_class.spec().capacity, free);
  }

  Cluster& cluster_;
  const JobTable& jobs_;
  std::uint32_t head_class_;  ///< a number, since request classes move
  std::uint64_t head_arrival_;
  std::uint64_t releases_;
  ProjectedNodes& projected_;
  core::Time shadow_ = core::never;
  std::uint64_t spare_slots_ = 0;
  /// Every core of the cluster counts as a slot of the head, so a job's cores are all that matters.
  bool all_cores_count_ = false;
  bool counts_cores_;  ///< what `RequestClass::counts_cores` says of the head
};

}  // namespace nexa::scheduler
