#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/time.hpp"
#include "scheduler/cluster.hpp"
#include "scheduler/job_table.hpp"
#include "scheduler/ordered_queue.hpp"
#include "scheduler/projected_nodes.hpp"
#include "scheduler/running_jobs.hpp"

namespace nexa::scheduler {

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
  /// Calls `visit(piece)` for the parts of a piece that are not avoided by the head.
  template <class Visit>
  void for_parts_of_head(const Piece& piece, Visit visit) const;
  std::uint64_t slots_released(const JobRecord& job);
  std::uint64_t slots_released(const Piece& piece, const RequestClass& request_class,
                               std::uint32_t idle_slots);
  std::uint64_t slots_lost(std::span<const Piece> pieces, const RequestClass& request_class);
  std::uint64_t slots_lost(const Piece& piece, const RequestClass& request_class,
                           std::uint32_t idle_slots);
  std::uint64_t slots_released_by_nodes(const Piece& piece, const core::Resources& amount);
  void remember_projection(std::span<const Piece> pieces, const RequestClass& request_class);
  void subtract_projection(std::span<const Piece> pieces, const RequestClass& request_class);
  template <class Change>
  void change_projection(std::span<const Piece> pieces, const RequestClass& request_class,
                         Change change);
  [[nodiscard]] RequestClass& head() const { return cluster_.request_class(head_class_); }
  /// Slots of the head on an idle node of a class, if it is not avoided.
  [[nodiscard]] const std::vector<std::uint32_t>& slots_per_idle_node() const {
    return cluster_.terms_of(head()).slots_per_idle_node;
  }
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
  bool keeps_apart_;   ///< what `RequestClass::keeps_apart` says of the head
};

}  // namespace nexa::scheduler
