#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "scheduler/cluster.hpp"
#include "scheduler/command.hpp"
#include "scheduler/head_reservation.hpp"
#include "scheduler/job_table.hpp"
#include "scheduler/ordered_queue.hpp"
#include "scheduler/plan.hpp"
#include "scheduler/policy_set.hpp"
#include "scheduler/running_jobs.hpp"

namespace nexa::scheduler {

/// The commands of one step. Every start keeps its nodes in a vector of its own, so that spans stay
/// valid while commands are added; the vectors are used again for the next step.
class CommandBuffer {
 public:
  void clear() {
    commands_.clear();
    starts_ = 0;
  }
  template <class AnyCommand>
  void add(const AnyCommand& command) {
    commands_.emplace_back(command);
  }
  /// An empty vector for the nodes of the next start.
  std::vector<NodeShare>& next_shares() {
    if (starts_ == shares_.size()) shares_.emplace_back();
    shares_[starts_].clear();
    return shares_[starts_++];
  }
  [[nodiscard]] std::span<const Command> list() const { return commands_; }

 private:
  std::vector<Command> commands_;
  std::vector<std::vector<NodeShare>> shares_;  ///< by number of the start
  std::size_t starts_ = 0;
};

/// Everything that an engine remembers; `Engine` changes it by facts, `Pass` by decisions.
struct EngineState {
  explicit EngineState(PolicySet set);

  PolicySet policies;
  Cluster cluster;
  JobTable jobs;
  OrderedQueue queue;
  std::optional<OrderedQueue> backfill_queue;  ///< where the backfill pass has an order of its own
  RunningJobs running;
  ProjectedNodes projected;
  std::optional<HeadReservation> reservation;  ///< of EASY, kept from pass to pass while current
  /// While the reservation is current, jobs that were refused a start would be refused again, so
  /// that only `fresh_jobs` need a look.
  bool refusals_stand = false;
  std::vector<JobSlot> fresh_jobs;  ///< came after the last pass, if they wait still
  std::unique_ptr<Plan> plan;       ///< where the policy plans reservations
  CommandBuffer commands;
  Pieces scratch_pieces;              ///< of `Pass`, kept for its memory
  std::vector<JobSlot> scratch_jobs;  ///< of `Pass`, kept for its memory
  std::uint64_t next_arrival = 1;     ///< behind all places so far; 0 is before every job
  bool passes_beyond_head = false;    ///< the last pass looked at jobs behind a blocked head

  /// The queue in the order of the backfill pass.
  [[nodiscard]] const OrderedQueue& backfill_order() const {
    return backfill_queue ? *backfill_queue : queue;
  }
  /// Takes other policies. Costs a sort of the queue, and asks filters and scores anew.
  void reload(PolicySet set, core::Time now);
  void enqueue(JobSlot slot, core::Time now);
  void dequeue(JobSlot slot);
};

}  // namespace nexa::scheduler
