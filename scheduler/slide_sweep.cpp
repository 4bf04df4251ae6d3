#include "scheduler/slide_sweep.hpp"

#include <algorithm>

namespace nexa::scheduler {

void SlideSweep::find(const Line& line) {
  moves_.clear();
  stretches_.clear();
  next_stretch_ = 0;
  room_for_one_ = true;
  gap_begin_ = line.begin;
  seen_ = line.begin;
  at_ = line.free.place_of(line.begin);

  const core::Time first_start = line.jobs.start(line.first);
  look_ahead(line, first_start);
  move(line.first, line.jobs.rank(line.first), first_start);
  EqualJobs::Place place = line.jobs.next(line.first);
  for (; !line.jobs.at_end(place); place = line.jobs.next(place)) {
    const QueueRank rank = line.jobs.rank(place);
    if (moves_.size() == line.most_moves || !(rank < line.limit)) break;
    const core::Time start = line.jobs.start(place);
    if (start < seen_) {
      const bool used_up = start > line.begin && room_for_one_;
      if (used_up || start <= line.now) continue;
      if (start > line.begin) break;
      if (line.free.value(line.free.place_before(start)) >= line.shape.nodes) break;
      continue;
    }
    if (start > line.begin + line.shape.length || !look_ahead(line, start)) break;
    if (gap_begin_ < start) move(place, rank, start);
  }
  find_steps();
}

// Adds the free nodes from `seen_` to `to`; false if there are too few for a job somewhere.
bool SlideSweep::look_ahead(const Line& line, core::Time to) {
  const auto moved = static_cast<std::int64_t>(moves_.size());
  while (seen_ < to) {
    const std::int64_t room = line.free.value(at_) / line.shape.nodes;
    if (room <= 0) return false;
    if (room > 1) room_for_one_ = false;
    const core::Time end = line.free.end(at_);
    seen_ = std::min(end, to);
    // What is used up no later than a stretch behind it cannot decide where a job slides to.
    while (stretches_.size() > next_stretch_ && stretches_.back().used_up_by >= room + moved) {
      stretches_.pop_back();
    }
    stretches_.push_back({room + moved, seen_});
    if (end <= to) line.free.advance(at_);
  }
  return true;
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
