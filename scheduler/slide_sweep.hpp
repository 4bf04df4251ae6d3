#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/time.hpp"
#include "scheduler/equal_jobs.hpp"
#include "scheduler/step_profile.hpp"

namespace nexa::scheduler {

/// What a job asks of a class of nodes that is planned by count.
struct Shape {
  std::uint32_t nodes = 0;
  core::Duration length{};

  friend constexpr auto operator<=>(const Shape&, const Shape&) = default;
};

/// Moves a whole line of equal jobs to earlier starts at once.
///
/// Where nodes are free right before a job, it slides to the time from which on they are. That
/// leaves the next job of its shape the nodes from there to its own start, and so on: a gap of one
/// node makes thousands of equal jobs take each the place of the one before. Moved one by one, each
/// costs a change of the plan; seen as a line, only the first place and the last one change.
class SlideSweep {
 public:
  struct Move {
    EqualJobs::Place place;
    QueueRank rank;
    core::Time from;  ///< the old start
    core::Time to;    ///< the new start, earlier
  };
  /// Over [from, to), `jobs` more of the shape run than before; over the same stretch a length
  /// later, so many fewer do.
  struct Step {
    core::Time from;
    core::Time to;
    std::int64_t jobs = 0;
  };
  struct Line {
    const StepProfile& free;
    const EqualJobs& jobs;
    Shape shape;
    EqualJobs::Place first;  ///< the first job to move
    core::Time begin;        ///< where it slides to, less than a length before its start
    core::Time now;
    core::Time latest;  ///< no job that starts later has room before it
    QueueRank limit;    ///< jobs from this rank on are left alone
    std::size_t most_moves = 0;
  };

  /// Finds the moves that jobs of the line make if each in turn, in the order of the queue, goes to
  /// the earliest time that it can slide to. Stops where that alone does not decide: at a job that
  /// starts more than a length after `begin`, or earlier than one before it. Costs a step per job
  /// and per breakpoint passed.
  void find(const Line& line);
  /// Forgets all but the first moves.
  void keep_first(std::size_t count);

  [[nodiscard]] std::span<const Move> moves() const { return moves_; }
  [[nodiscard]] std::span<const Step> steps() const { return steps_; }

 private:
  /// A stretch of free nodes that ends at `end` and is used up by so many moves in all.
  struct Stretch {
    std::int64_t used_up_by = 0;
    core::Time end;
  };

  bool visit(const Line& line, EqualJobs::Place place, QueueRank rank, core::Time start);
  void look_ahead(const Line& line, core::Time to);
  void move(EqualJobs::Place place, QueueRank rank, core::Time start);
  void find_steps();

  std::vector<Move> moves_;
  std::vector<Step> steps_;
  std::vector<Stretch> stretches_;  ///< from `next_stretch_` on: each outlasts those before it
  std::size_t next_stretch_ = 0;
  core::Time gap_begin_{};  ///< where the next job slides to
  core::Time seen_{};       ///< free nodes were looked at up to here
  core::Time full_to_{};    ///< if later: there is no room from `seen_` to here
  StepProfile::Place at_{};
  bool all_used_up_ = true;  ///< the moves leave no room in anything that was seen
};

}  // namespace nexa::scheduler
