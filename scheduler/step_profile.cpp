#include "scheduler/step_profile.hpp"

#include <algorithm>

#include "core/assert.hpp"

namespace nexa::scheduler {
namespace {

constexpr std::size_t chunk_capacity = 64;
constexpr core::Time beginning{core::Duration{INT64_MIN / 2}};

}  // namespace

void StepProfile::Chunk::summarise() {
  least = INT64_MAX;
  greatest = INT64_MIN;
  for (const Point& point : points) {
    least = std::min(least, point.value + added);
    greatest = std::max(greatest, point.value + added);
  }
}

StepProfile::StepProfile(std::int64_t initial_value) {
  chunks_.push_back(std::make_unique<Chunk>());
  chunks_.front()->points.push_back({beginning, initial_value});
  chunks_.front()->summarise();
}

StepProfile::Place StepProfile::place_of(core::Time time) const {
  const auto after_chunk = std::upper_bound(
      chunks_.begin(), chunks_.end(), time,
      [](core::Time t, const auto& chunk) { return t < chunk->points.front().time; });
  const auto chunk =
      static_cast<std::size_t>(std::max<std::ptrdiff_t>(after_chunk - chunks_.begin() - 1, 0));
  const auto& points = chunks_[chunk]->points;
  const auto after = std::upper_bound(points.begin(), points.end(), time,
                                      [](core::Time t, const Point& p) { return t < p.time; });
  return {chunk, static_cast<std::size_t>(std::max<std::ptrdiff_t>(after - points.begin() - 1, 0))};
}

core::Time StepProfile::end_of(const Place& place) const {
  const auto& points = chunks_[place.chunk]->points;
  if (place.point + 1 < points.size()) return points[place.point + 1].time;
  if (place.chunk + 1 < chunks_.size()) return chunks_[place.chunk + 1]->points.front().time;
  return core::never;
}

StepProfile::Place StepProfile::split_at(core::Time time) {
  Place place = place_of(time);
  Chunk* chunk = chunks_[place.chunk].get();
  if (chunk->points[place.point].time == time) return place;
  if (chunk->points.size() == chunk_capacity) {
    auto upper = std::make_unique<Chunk>();
    const auto middle = chunk->points.begin() + chunk_capacity / 2;
    upper->points.assign(middle, chunk->points.end());
    upper->added = chunk->added;
    chunk->points.erase(middle, chunk->points.end());
    chunk->summarise();
    upper->summarise();
    if (place.point >= chunk->points.size()) {
      place = {place.chunk + 1, place.point - chunk->points.size()};
      chunk = upper.get();
      chunks_.insert(chunks_.begin() + static_cast<std::ptrdiff_t>(place.chunk), std::move(upper));
    } else {
      chunks_.insert(chunks_.begin() + static_cast<std::ptrdiff_t>(place.chunk) + 1,
                     std::move(upper));
    }
  }
  const std::int64_t value = chunk->points[place.point].value;
  chunk->points.insert(chunk->points.begin() + static_cast<std::ptrdiff_t>(place.point) + 1,
                       {time, value});
  return {place.chunk, place.point + 1};
}

void StepProfile::merge_at(core::Time time) {
  const Place place = place_of(time);
  Chunk& chunk = *chunks_[place.chunk];
  const Point& point = chunk.points[place.point];
  if (point.time != time || (place.chunk == 0 && place.point == 0)) return;
  std::int64_t before = 0;
  if (place.point != 0) {
    before = chunk.points[place.point - 1].value + chunk.added;
  } else {
    const Chunk& previous = *chunks_[place.chunk - 1];
    before = previous.points.back().value + previous.added;
  }
  if (before != point.value + chunk.added) return;
  chunk.points.erase(chunk.points.begin() + static_cast<std::ptrdiff_t>(place.point));
  if (chunk.points.empty()) {
    chunks_.erase(chunks_.begin() + static_cast<std::ptrdiff_t>(place.chunk));
    return;
  }
  join_with_next(place.chunk);
  chunk.summarise();
}

void StepProfile::join_with_next(std::size_t at) {
  if (at + 1 == chunks_.size()) return;
  Chunk& chunk = *chunks_[at];
  const Chunk& next = *chunks_[at + 1];
  if (chunk.points.size() + next.points.size() > chunk_capacity / 2) return;
  for (const Point& point : next.points) {
    chunk.points.push_back({point.time, point.value + next.added - chunk.added});
  }
  chunks_.erase(chunks_.begin() + static_cast<std::ptrdiff_t>(at) + 1);
}

void StepProfile::add(core::Time from, core::Time to, std::int64_t delta) {
  if (from >= to || delta == 0) return;
  split_at(to);
  const Place first = split_at(from);
  for (std::size_t c = first.chunk; c < chunks_.size(); ++c) {
    Chunk& chunk = *chunks_[c];
    if (chunk.points.front().time >= to) break;
    if (chunk.points.front().time >= from && c + 1 < chunks_.size() &&
        chunks_[c + 1]->points.front().time <= to) {
      chunk.added += delta;
      chunk.least += delta;
      chunk.greatest += delta;
      continue;
    }
    for (Point& point : chunk.points) {
      if (point.time >= from && point.time < to) point.value += delta;
    }
    chunk.summarise();
  }
  merge_at(to);
  merge_at(from);
}

core::Time StepProfile::earliest_hole(std::int64_t need, core::Duration length, core::Time from,
                                      core::Time limit) const {
  const Place first = place_of(from);
  bool in_run = false;
  core::Time run_start = from;
  for (std::size_t c = first.chunk; c < chunks_.size(); ++c) {
    const Chunk& chunk = *chunks_[c];
    if (chunk.points.front().time >= limit) break;
    if (chunk.greatest < need) {
      in_run = false;
      continue;
    }
    const bool all_high = chunk.least >= need;
    std::size_t p = c == first.chunk ? first.point : 0;
    if (all_high) {
      if (!in_run) run_start = std::max(from, chunk.points[p].time);
      in_run = true;
      if (end_of({c, chunk.points.size() - 1}) - run_start >= length) {
        return std::min(run_start, limit);
      }
      continue;
    }
    const std::int64_t raw_need = need - chunk.added;
    const core::Time chunk_end = end_of({c, chunk.points.size() - 1});
    const Point* const last = &chunk.points.back();
    for (const Point* point = &chunk.points[p]; point <= last && point->time < limit; ++point) {
      if (point->value < raw_need) {
        in_run = false;
        continue;
      }
      if (!in_run) run_start = std::max(from, point->time);
      in_run = true;
      const core::Time end = point == last ? chunk_end : point[1].time;
      if (end - run_start >= length) return std::min(run_start, limit);
    }
  }
  return in_run ? std::min(run_start, limit) : limit;
}

template <class Visit>
void StepProfile::for_each_value(core::Time from, core::Time to, Visit visit) const {
  const Place first = place_of(from);
  for (std::size_t c = first.chunk; c < chunks_.size(); ++c) {
    const Chunk& chunk = *chunks_[c];
    if (chunk.points.front().time >= to) return;
    const bool whole =
        c != first.chunk && c + 1 < chunks_.size() && chunks_[c + 1]->points.front().time <= to;
    if (whole) {
      visit(chunk.least, chunk.greatest);
      continue;
    }
    for (std::size_t p = c == first.chunk ? first.point : 0; p < chunk.points.size(); ++p) {
      const Point& point = chunk.points[p];
      if (point.time >= to) return;
      visit(point.value + chunk.added, point.value + chunk.added);
    }
  }
}

std::int64_t StepProfile::least(core::Time from, core::Time to) const {
  std::int64_t value = INT64_MAX;
  for_each_value(from, to, [&](std::int64_t low, std::int64_t) { value = std::min(value, low); });
  return value;
}

std::int64_t StepProfile::greatest(core::Time from, core::Time to) const {
  std::int64_t value = INT64_MIN;
  for_each_value(from, to, [&](std::int64_t, std::int64_t high) { value = std::max(value, high); });
  return value;
}

void StepProfile::append_breakpoints(core::Time from, core::Time to,
                                     std::vector<core::Time>& out) const {
  for (std::size_t c = place_of(from).chunk; c < chunks_.size(); ++c) {
    for (const Point& point : chunks_[c]->points) {
      if (point.time >= to) return;
      if (point.time > from) out.push_back(point.time);
    }
  }
}

void StepProfile::forget_before(core::Time now) {
  while (chunks_.size() > 1 && chunks_[1]->points.front().time <= now) {
    chunks_.erase(chunks_.begin());
  }
}

std::size_t StepProfile::size() const {
  std::size_t points = 0;
  for (const auto& chunk : chunks_) points += chunk->points.size();
  return points;
}

}  // namespace nexa::scheduler
