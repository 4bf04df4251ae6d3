// Compression: moving waiting jobs to earlier starts, in the order of the queue.
#include <algorithm>
#include <utility>

#include "scheduler/count_plan.hpp"

namespace nexa::scheduler {
namespace {

// A line of slides that collides with another candidate is found in vain for the part behind it,
// so the lines tried grow only while they are made as found.
constexpr std::size_t fewest_moves = 2;
constexpr std::size_t greatest_most_moves = 4096;

}  // namespace

void CountPlan::begin_compression() {
  compressing_ = true;
  cursor_ = QueueRank::before_all();
  list_again();
}

// What became free for jobs that the last compression had passed already is theirs to take now.
void CountPlan::list_again() {
  const std::vector<std::uint32_t> listed = std::exchange(listed_, {});
  for (const std::uint32_t number : listed) {
    Group& group = groups_[number];
    group.listed = false;
    if (group.jobs.size() == 0) {
      spare_groups_.push_back(number);
      continue;
    }
    find_slide_candidate(number);
    if (group.slide_candidate == QueueRank::after_all()) forget_slides(group);
    group.jump_candidate = QueueRank::after_all();
    if (has_hole(group)) find_jump_candidate(number);
    if (group.jump_candidate == QueueRank::after_all()) forget_holes(group);
    const bool may_move = group.slide_from != core::never || group.hole_from != core::never;
    if (may_move) list(number);
  }
}

QueueRank CountPlan::next_candidate() {
  for (; !candidates_.empty(); candidates_.pop()) {
    const Candidate& next = candidates_.top();
    const Group& group = groups_[next.group];
    if (next.rank == (next.jump ? group.jump_candidate : group.slide_candidate)) return next.rank;
  }
  return QueueRank::after_all();
}

void CountPlan::examine_next(QueueRank limit) {
  const Candidate next = candidates_.top();
  candidates_.pop();
  Group& group = groups_[next.group];
  // Since the job became a candidate, others may have taken what was free.
  if (next.jump) {
    group.jump_candidate = QueueRank::after_all();
    if (!has_hole(group)) return;
    const auto first = first_that_jumps(group);
    if (!first) return;
    if (group.jobs.rank(*first) == next.rank) return examine(next.group, *first, limit);
    return find_jump_candidate(next.group);
  }
  const EqualJobs::Place place = group.jobs.find(next.rank);
  const core::Time start = group.jobs.start(place);
  if (start > now_ && free_.value(free_.place_before(start)) >= group.shape.nodes) {
    return examine(next.group, place, limit);
  }
  find_slide_candidate(next.group);
}

// Moves a job to the earliest start that the plan allows; there is an earlier one.
void CountPlan::examine(std::uint32_t number, EqualJobs::Place place, QueueRank limit) {
  Group& group = groups_[number];
  const Shape shape = group.shape;
  const core::Time start = group.jobs.start(place);
  const bool hole = has_hole(group);
  group.slide_candidate = QueueRank::after_all();
  group.jump_candidate = QueueRank::after_all();
  core::Time slides_to = start;
  if (start > now_) {
    const StepProfile::Place before = free_.place_before(start);
    if (free_.value(before) >= shape.nodes) {
      slides_to = free_.run_begin(before, shape.nodes, now_);
    }
  }
  if (hole && group.hole_from < slides_to) {
    jump(number, place, group.hole_from);
  } else if (start - slides_to > shape.length) {
    jump(number, place, slides_to);
  } else {
    slide(number, place, slides_to, limit);
  }
  find_slide_candidate(number);
  if (groups_[number].hole_from != core::never) find_jump_candidate(number);
}

void CountPlan::jump(std::uint32_t number, EqualJobs::Place place, core::Time start) {
  EqualJobs& jobs = groups_[number].jobs;
  const Shape shape = groups_[number].shape;
  const core::Time before = jobs.start(place);
  const core::Time freed_from = std::max(before, start + shape.length);
  free_.add(start, std::min(before, start + shape.length), -std::int64_t{shape.nodes});
  free_.add(freed_from, before + shape.length, shape.nodes);
  jobs.set_start(place, start);
  starts_.remove(before, number);
  starts_.add(start, number, shape.nodes);
  cursor_ = jobs.rank(place);
  note_freed(freed_from, before + shape.length);
}

// Candidates are found in a plan that has more free than at any time while the jobs move one by
// one: all that the line leaves is free, nothing that it goes to is taken. So none is missed. If
// one comes before the end of the line, the line is cut there.
void CountPlan::slide(std::uint32_t number, EqualJobs::Place place, core::Time begin,
                      QueueRank limit) {
  EqualJobs& jobs = groups_[number].jobs;
  const Shape shape = groups_[number].shape;
  sweep_.find({free_, jobs, shape, place, begin, now_, groups_[number].slide_to,
               std::min(limit, next_candidate()), most_moves_});
  const std::size_t found = sweep_.moves().size();
  add_steps(shape.length, shape.nodes);
  set_starts(jobs, 0, true);
  cursor_ = sweep_.moves().front().rank;
  note_steps_freed(shape.length);

  const QueueRank next = next_candidate();
  const auto moves = sweep_.moves();
  const auto late = std::find_if(moves.begin() + 1, moves.end(),
                                 [&](const SlideSweep::Move& move) { return !(move.rank < next); });
  const auto kept = static_cast<std::size_t>(late - moves.begin());
  if (kept < found) {
    set_starts(jobs, kept, false);
    add_steps(shape.length, -std::int64_t{shape.nodes});
    sweep_.keep_first(kept);
    add_steps(shape.length, shape.nodes);
    most_moves_ = std::max(fewest_moves, kept);
  } else {
    most_moves_ = std::min(greatest_most_moves, 2 * most_moves_);
  }
  add_steps(core::Duration{0}, -std::int64_t{shape.nodes});
  move_starts(number);
  cursor_ = sweep_.moves().back().rank;
}

void CountPlan::set_starts(EqualJobs& jobs, std::size_t first_move, bool moved) {
  for (const SlideSweep::Move& move : sweep_.moves().subspan(first_move)) {
    jobs.set_start(move.place, moved ? move.to : move.from);
  }
}

void CountPlan::add_steps(core::Duration later, std::int64_t nodes) {
  for (const SlideSweep::Step& step : sweep_.steps()) {
    free_.add(step.from + later, step.to + later, step.jobs * nodes);
  }
}

void CountPlan::note_steps_freed(core::Duration length) {
  const auto steps = sweep_.steps();
  for (auto first = steps.begin(); first != steps.end();) {
    auto last = first;
    while (last + 1 != steps.end() && (last + 1)->from == last->to) ++last;
    note_freed(first->from + length, last->to + length);
    first = last + 1;
  }
}

// Old and new starts both rise, and most new ones are old ones of the job before.
void CountPlan::move_starts(std::uint32_t number) {
  const std::uint32_t nodes = groups_[number].shape.nodes;
  const auto moves = sweep_.moves();
  auto taken = moves.begin();
  auto left = moves.begin();
  while (taken != moves.end() || left != moves.end()) {
    if (taken != moves.end() && left != moves.end() && taken->to == left->from) {
      ++taken;
      ++left;
    } else if (left == moves.end() || (taken != moves.end() && taken->to < left->from)) {
      starts_.add((taken++)->to, number, nodes);
    } else {
      starts_.remove((left++)->from, number);
    }
  }
}

}  // namespace nexa::scheduler
