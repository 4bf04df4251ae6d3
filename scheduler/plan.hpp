#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "core/time.hpp"
#include "scheduler/cluster.hpp"
#include "scheduler/count_plan.hpp"
#include "scheduler/job_table.hpp"
#include "scheduler/node_profile.hpp"
#include "scheduler/ordered_queue.hpp"

namespace nexa::scheduler {

/// Nodes of one class that a reservation holds.
struct PlannedShare {
  std::uint32_t node_class = 0;
  std::uint32_t node = 0;   ///< local number; not used where the class is planned by count
  std::uint32_t slots = 0;  ///< on that node; planned by count: nodes
  /// Planned by count, until the start: nodes that are held beside, since as many of those that
  /// will be free may be ones that the job has to avoid.
  std::uint32_t spare = 0;
};

/// The reservations of conservative backfill: a start time, and nodes, for every waiting job.
///
/// A class of single-core nodes is planned by count, since any free node will do when the time
/// comes; other classes are planned node by node, so that what was promised fits when it is due.
/// Jobs that arrive at one instant are planned in the order of their places (see `JobSubmitted`).
/// After a job has ended, waiting jobs are moved to earlier holes, in the order of the queue
/// ("compression"); no job is ever moved to a later time, except when everything is planned anew:
/// after a change of the nodes, or when a job that had started comes back to the queue.
///
/// What a job has to avoid is left out where nodes are planned by name. A plan by count does not
/// know which nodes will be free, so a job that must not use some nodes of a class, but others of
/// it, keeps as many beside its own until it starts. That always suffices, and holds up others
/// where it would not have been needed.
///
/// A plan trusts time limits. A job that starts late, because another overran its limit and its
/// host has not ended it yet, is planned to end when it would have if it had started in time.
///
/// Jobs that can run in one class only, which is planned by count, are left to its `CountPlan`,
/// which knows which of them may move. Of the others ("mixed"), an end looks at each one, and
/// searches where nodes became free that it could use before its reservation is over. A search
/// costs a look at each node of the job's classes, per breakpoint.
class Plan {
 public:
  Plan(Cluster& cluster, const JobTable& jobs) : cluster_(cluster), jobs_(jobs) {}

  /// What happened since the last pass, in the order of facts.
  void note_arrival(JobSlot slot) { arrived_.push_back(slot); }
  void note_end(JobSlot slot);
  /// A waiting job leaves the queue without a start.
  void withdraw(JobSlot slot);
  /// Nodes came or went: everything is planned anew at the next pass.
  void invalidate() { valid_ = false; }

  /// The steps of a pass, in this order; see `Pass::follow_plan`.
  void admit_arrivals(core::Time now, const OrderedQueue& queue);
  void free_ended(core::Time now, const OrderedQueue* compression_order);
  /// Appends the jobs whose start has come, in the order of arrival.
  void list_due(core::Time now, std::vector<JobSlot>& due) const;
  /// Whether the nodes of a due job are free. A job that overruns its limit may be in the way; then
  /// the next pass tries again.
  [[nodiscard]] bool is_free_now(JobSlot slot) const;
  /// The nodes of a due job that are free.
  void place(JobSlot slot, Pieces& out) const;
  void note_start(JobSlot slot);

  [[nodiscard]] std::optional<core::Time> start_of(JobSlot slot) const;
  /// The next reserved start after `now`.
  [[nodiscard]] std::optional<core::Time> next_start(core::Time now) const;

 private:
  struct Reservation {
    enum class Kind : std::uint8_t {
      none,
      counted,  ///< of a waiting job, by the `CountPlan` of its only class
      mixed,    ///< of a waiting job, as said here
      running,  ///< of a job that has started, as said here
    };
    Kind kind = Kind::none;
    std::uint32_t lane = 0;    ///< counted
    CountPlan::Ticket ticket;  ///< counted
    core::Time start{};        ///< else
    core::Time end{};
    std::vector<PlannedShare> shares;
  };
  /// Capacity that became free, for the filter of mixed jobs.
  struct FreedRegion {
    std::uint32_t node_class = 0;
    core::Time from{};
    core::Time to{};
  };
  struct Ended {
    std::uint64_t arrival = 0;
    Reservation reservation;
    core::Request request;  ///< not its class, which may be forgotten before the next pass
  };
  /// The plan of one node class: one of counts, or one of amounts per node.
  struct Lane {
    std::unique_ptr<CountPlan> count;
    std::vector<NodeProfile> nodes;
  };
  struct Search {
    const RequestClass& request_class;
    std::uint32_t slots = 0;
    core::Duration length{};
    core::Time from{};
    core::Time limit{};  ///< give up here
  };

  Reservation& reservation(JobSlot slot);
  void rebuild(core::Time now, const OrderedQueue& queue);
  void make_lanes();
  void admit(const QueueEntry& entry, core::Time now);
  void reserve_mixed(JobSlot slot, core::Time start);
  void hold(const Reservation& reservation, const core::Request& request, bool take);
  void hold_running(JobSlot slot);
  [[nodiscard]] core::Time find_hole(const Search& search) const;
  [[nodiscard]] bool fits_at(const Search& search, core::Time start) const;
  [[nodiscard]] std::optional<std::uint32_t> only_counted_class(
      const RequestClass& request_class) const;
  [[nodiscard]] std::uint32_t slots_on(const RequestClass& request_class, std::uint32_t node_class,
                                       std::uint32_t node, core::Time from, core::Time to) const;
  void choose_nodes(const RequestClass& request_class, std::uint32_t slots,
                    Reservation& reservation) const;
  void choose_in_lane(const RequestClass& request_class, std::uint32_t node_class,
                      std::uint32_t& remaining, Reservation& reservation) const;
  void give_back_spare(std::uint32_t node_class, core::Time from, core::Time to,
                       std::uint32_t nodes);

  void compress(core::Time now, const OrderedQueue& order);
  void compress_counted_before(QueueRank rank);
  void compress_mixed(core::Time now, const OrderedQueue& order);
  void adopt_order(const OrderedQueue& order);
  void move_earlier(const QueueEntry& entry, core::Time now);
  [[nodiscard]] bool may_move(const QueueEntry& entry, const Reservation& held) const;
  void note_freed(const Reservation& reservation);
  void note_freed_counts();

  Cluster& cluster_;
  const JobTable& jobs_;
  bool valid_ = false;
  bool compresses_ = true;                 ///< by the last pass: else nobody asks what became free
  core::Time now_{};                       ///< of the last pass: what was before is forgotten
  std::vector<Lane> lanes_;                ///< by node class
  std::vector<Reservation> reservations_;  ///< by job slot; running jobs keep theirs to their end
  std::set<std::pair<core::Time, JobSlot>> mixed_starts_;
  std::vector<JobSlot> arrived_;
  std::vector<Ended> ended_;
  std::vector<FreedRegion> freed_;  ///< since the mixed job now examined was examined last, or more
  mutable std::vector<core::Time> scratch_times_;
};

}  // namespace nexa::scheduler
