#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <queue>
#include <vector>

#include "core/time.hpp"
#include "scheduler/equal_jobs.hpp"
#include "scheduler/job_table.hpp"
#include "scheduler/promised_starts.hpp"
#include "scheduler/queue_rank.hpp"
#include "scheduler/slide_sweep.hpp"
#include "scheduler/step_profile.hpp"

namespace nexa::scheduler {

/// The plan of one class of single-core nodes: how many are free when, and the starts that were
/// promised to waiting jobs which can run nowhere else.
///
/// Compression visits jobs in the order of the queue and moves each to the earliest start that the
/// plan allows. Looking at every job after every end would cost a search per waiting job. Instead
/// the plan knows at all times which jobs may have got room: a job can move only where nodes became
/// free since it was looked at last, and in one of two ways. It *slides* if there is room right
/// before its start, up to which the nodes stay free; or it *jumps* into a hole that lies wholly
/// before its start. Jobs of one shape share what is known of them, and slide together (see
/// `SlideSweep`).
///
/// With b breakpoints, g shapes that wait, and n jobs of a shape: an arrival costs O(b / 64 + g); a
/// jump or a line of slides O(b / 64 + g + n / 64), a step per job that moves, and a step per
/// different start in the time that it frees. In practice most shapes are ruled out by the length
/// of the hole. A shape takes 2 KiB of memory, with up to 64 jobs.
class CountPlan {
 public:
  /// How the plan finds a waiting job again.
  struct Ticket {
    std::uint32_t group = 0;
    QueueRank rank;
  };
  struct Interval {
    core::Time from;
    core::Time to;
  };

  explicit CountPlan(std::int64_t nodes) : free_(nodes) {}

  [[nodiscard]] const StepProfile& free() const { return free_; }

  /// Adds to the free nodes: of jobs that have no promise here, which are running ones and jobs
  /// that use several classes.
  void add(core::Time from, core::Time to, std::int64_t nodes);
  /// Nodes became free: other jobs may move.
  void note_freed(core::Time from, core::Time to);

  /// Promises the earliest start from `now` on; none if there never is room, which only a change of
  /// the nodes can mend.
  std::optional<Ticket> promise(QueueRank rank, JobSlot job, Shape shape, core::Time now);
  [[nodiscard]] core::Time start_of(const Ticket& ticket) const;
  [[nodiscard]] Shape shape_of(const Ticket& ticket) const { return groups_[ticket.group].shape; }
  /// The job leaves the queue. Returns when the nodes that it was promised are free.
  Interval withdraw(const Ticket& ticket);
  /// The job starts. Its nodes stay taken until they are added again.
  void fulfil(const Ticket& ticket);

  /// Appends the jobs whose start has come.
  void append_due(core::Time now, std::vector<JobSlot>& due) const;
  /// The next promised start after `now`; `core::never` if there is none.
  [[nodiscard]] core::Time next_start(core::Time now) const;

  /// Time has passed.
  void forget_before(core::Time now);
  /// The order of the queue has changed: gives the job of a ticket another rank. All jobs must be
  /// given theirs, in the new order, between `begin_reordering` and `end_reordering`.
  void begin_reordering() { reordered_.clear(); }
  void reorder(Ticket& ticket, QueueRank rank);
  void end_reordering();

  /// Compression, in the order of the queue: while there is a candidate, examine it.
  void begin_compression();
  /// The rank of the next job that may be able to move; `after_all` if there is none.
  [[nodiscard]] QueueRank next_candidate();
  /// Moves the next candidate, and jobs behind it that come before every other candidate and before
  /// `limit`, as far as they can move.
  void examine_next(QueueRank limit);
  /// Jobs up to this rank have had their turn.
  void pass_over(QueueRank rank) { cursor_ = std::max(cursor_, rank); }
  void end_compression() { compressing_ = false; }

  /// Where nodes became free, if somebody wants to know.
  void record_freed(bool wanted) { record_freed_ = wanted; }
  [[nodiscard]] std::vector<Interval>& freed() { return freed_; }

 private:
  /// Waiting jobs of one shape, and what may have become possible for them.
  struct Group {
    Shape shape;
    EqualJobs jobs;
    /// Jobs with a start in this range may have got room right before it.
    core::Time slide_from = core::never;
    core::Time slide_to{core::Duration::min()};
    /// A hole may begin in this range.
    core::Time hole_from = core::never;
    core::Time hole_latest{core::Duration::min()};
    QueueRank slide_candidate = QueueRank::after_all();  ///< in the heap; `after_all`: none
    QueueRank jump_candidate = QueueRank::after_all();
    bool listed = false;
    core::Time marked_from = core::never;  ///< of `note_slides`
    core::Time marked_to{};
  };
  /// What tells most groups from those that a hole may serve, apart from the rest of them.
  struct Member {
    core::Duration length{};
    core::Time latest_start{};  ///< no job starts later
    std::uint32_t group = 0;
  };
  /// The groups of one number of nodes, by length.
  struct Width {
    std::uint32_t nodes = 0;
    std::vector<Member> members;
    core::Time latest_start{core::Duration::min()};  ///< no job starts later
  };
  struct Candidate {
    QueueRank rank;
    std::uint32_t group = 0;
    bool jump = false;
  };
  struct ComesLater {
    bool operator()(const Candidate& a, const Candidate& b) const { return b.rank < a.rank; }
  };
  struct Reordered {
    Ticket ticket;
    JobSlot job = 0;
    core::Time start;
  };

  std::uint32_t group_of(Shape shape);
  void note_promise(std::uint32_t group, core::Time start);
  void end_waiting(std::uint32_t group);
  Width& width_of(std::uint32_t nodes);
  core::Time remove_job(const Ticket& ticket);

  void note_slides(core::Time from, core::Time to);
  void note_marked_slides();
  void note_jumps(core::Time from, core::Time to);
  core::Duration note_jumps_of(Width& width, core::Time from, core::Time to,
                               StepProfile::Place place);
  void note_hole(std::uint32_t group, core::Time from, core::Time latest);

  void add_slide_candidate(std::uint32_t group, QueueRank rank);
  void find_jump_candidate(std::uint32_t group);
  void find_slide_candidate(std::uint32_t group);
  std::optional<EqualJobs::Place> next_that_slides(const Group& group) const;
  std::optional<EqualJobs::Place> first_that_jumps(Group& group) const;
  bool has_hole(Group& group) const;
  static void forget_slides(Group& group);
  static void forget_holes(Group& group);
  void list(std::uint32_t group);
  void list_again();

  void examine(std::uint32_t group, EqualJobs::Place place, QueueRank limit);
  void slide(std::uint32_t group, EqualJobs::Place place, core::Time begin, QueueRank limit);
  void jump(std::uint32_t group, EqualJobs::Place place, core::Time start);
  void set_starts(EqualJobs& jobs, std::size_t first_move, bool moved);
  void add_steps(core::Duration later, std::int64_t nodes);
  void note_steps_freed(core::Duration length);
  void move_starts(std::uint32_t group);

  StepProfile free_;
  std::vector<Group> groups_;
  std::vector<std::uint32_t> spare_groups_;
  std::map<Shape, std::uint32_t> group_of_;
  std::vector<Width> widths_;
  PromisedStarts starts_;
  core::Time now_{};

  std::priority_queue<Candidate, std::vector<Candidate>, ComesLater> candidates_;
  std::vector<std::uint32_t> listed_;  ///< groups that may move, now or in the next compression
  std::vector<std::uint32_t> marked_;  ///< groups, of `note_slides`
  QueueRank cursor_;                   ///< the job that was examined last
  bool compressing_ = false;
  SlideSweep sweep_;
  std::size_t most_moves_ = 16;  ///< in one line of slides

  bool record_freed_ = false;
  std::vector<Interval> freed_;
  std::vector<Reordered> reordered_;
};

}  // namespace nexa::scheduler
