#pragma once

#include <cstdint>

#include "core/time.hpp"
#include "scheduler/engine_state.hpp"

namespace nexa::scheduler {

/// One look at the queue at one instant: what a backfill policy may do. All facts of the instant
/// have been applied before.
class Pass {
 public:
  Pass(EngineState& state, core::Time now) : state_(state), now_(now) {}

  [[nodiscard]] core::Time now() const { return now_; }

  /// Starts jobs in the order of the queue while they fit.
  void start_in_order();

  /// Starts jobs behind a head that does not fit, in the order of the backfill pass, where that
  /// leaves the head its reservation. Looks at `depth` jobs beside the head at the most; 0 means
  /// all.
  void backfill_around_head(std::uint64_t depth);

  /// For policies that plan reservations: gives new jobs the earliest hole in the plan, moves jobs
  /// to earlier holes if `compress` and a job has ended, and starts those whose time has come.
  void follow_plan(bool compress);

 private:
  void scan_queue(const QueueEntry& head, std::uint64_t depth, std::vector<JobSlot>& started);
  void scan_fresh_jobs(const QueueEntry& head, std::vector<JobSlot>& started);
  bool try_backfill(const QueueEntry& entry, const QueueEntry& head);
  bool fits(const QueueEntry& entry);
  void start(JobSlot slot, Pieces& pieces, core::SelectedBy selected_by);

  EngineState& state_;
  core::Time now_;
};

}  // namespace nexa::scheduler
