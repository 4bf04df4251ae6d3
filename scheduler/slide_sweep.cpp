#include "scheduler/slide_sweep.hpp"

#include <algorithm>

namespace nexa::scheduler {

void SlideSweep::find(const Line& line) {
  moves_.clear();
  stretches_.clear();
  next_stretch_ = 0;
  all_used_up_ = true;
  gap_begin_ = line.begin;
  seen_ = line.begin;
  at_ = line.free.place_of(line.begin);

  full_to_ = line.begin;
  const core::Time first_start = line.jobs.start(line.first);
  look_ahead(line, first_start);
  move(line.first, line.jobs.rank(line.first), first_start);
  line.jobs.for_each_from(
      line.jobs.next(line.first),
      [&](core::Time earliest, core::Time latest) {
        return earliest > seen_ && latest <= full_to_;
      },
      [&](EqualJobs::Place place, QueueRank rank, core::Time start) {
        // Most jobs start behind a stretch without room.
        if (start > seen_ && start <= full_to_) return true;
        return rank < line.limit && visit(line, place, rank, start);
      });
  find_steps();
}

// Moves a job if it can slide; false if the line ends before it.
bool SlideSweep::visit(const Line& line, EqualJobs::Place place, QueueRank rank, core::Time start) {
  if (moves_.size() == line.most_moves) return false;
  if (start < seen_) {
    if (start <= line.now) return true;
    if (start > line.begin) return all_used_up_;
    return line.free.value(line.free.place_before(start)) < line.shape.nodes;
  }
  if (start > line.begin + line.shape.length || start > line.latest) return false;
  look_ahead(line, start);
  if (gap_begin_ < start && seen_ == start) move(place, rank, start);
  return true;
}

// Adds the free nodes from `seen_` to `to`, or to a stretch without room that lasts until `to`.
void SlideSweep::look_ahead(const Line& line, core::Time to) {
  const auto moved = static_cast<std::int64_t>(moves_.size());
  while (seen_ < to) {
    const std::int64_t room = line.free.value(at_) / line.shape.nodes;
    const core::Time end = line.free.end(at_);
    if (room <= 0) {
      // What was left before a stretch without room is of no use to those who start behind it.
      if (gap_begin_ < seen_) all_used_up_ = false;
      next_stretch_ = stretches_.size();
      gap_begin_ = end;
      full_to_ = end;
      if (end >= to) return;
      seen_ = end;
    } else {
      if (room > 1) all_used_up_ = false;
      seen_ = std::min(end, to);
      // What is used up no later than a stretch behind it cannot decide where a job slides to.
      while (stretches_.size() > next_stretch_ && stretches_.back().used_up_by >= room + moved) {
        stretches_.pop_back();
      }
      stretches_.push_back({room + moved, seen_});
    }
    if (end <= to) line.free.advance(at_);
  }
}

void SlideSweep::move(EqualJobs::Place place, QueueRank rank, core::Time start) {
  moves_.push_back({place, rank, start, gap_begin_});
  const auto moved = static_cast<std::int64_t>(moves_.size());
  while (next_stretch_ < stretches_.size() && stretches_[next_stretch_].used_up_by <= moved) {
    gap_begin_ = stretches_[next_stretch_++].end;
  }
}

void SlideSweep::keep_first(std::size_t count) {
  moves_.resize(count);
  find_steps();
}

// Old and new starts both rise from move to move, so that one walk along both counts the jobs.
void SlideSweep::find_steps() {
  steps_.clear();
  std::int64_t jobs = 0;
  core::Time at{};
  auto begins = moves_.begin();
  for (auto ends = moves_.begin(); ends != moves_.end();) {
    const bool begins_first = begins != moves_.end() && begins->to <= ends->from;
    const core::Time time = begins_first ? begins->to : ends->from;
    if (jobs > 0 && time > at) {
      const bool goes_on = !steps_.empty() && steps_.back().to == at && steps_.back().jobs == jobs;
      if (goes_on) {
        steps_.back().to = time;
      } else {
        steps_.push_back({at, time, jobs});
      }
    }
    at = time;
    for (; begins != moves_.end() && begins->to == time; ++begins) ++jobs;
    for (; ends != moves_.end() && ends->from == time; ++ends) --jobs;
  }
}

}  // namespace nexa::scheduler
