#include "scheduler/step_profile.hpp"

#include <algorithm>

#include "core/assert.hpp"

namespace nexa::scheduler {
namespace {

constexpr core::Time beginning{core::Duration{INT64_MIN / 2}};

/// The last of `count` sorted times that is not after `time`; 0 if there is none. Each round looks
/// at seven times at once: they do not wait for each other, as the steps of a binary search do.
std::size_t last_not_after(const core::Time* times, std::size_t count, core::Time time) {
  constexpr std::size_t parts = 8;
  std::size_t first = 0;
  while (count > parts) {
    const std::size_t step = count / parts;
    std::size_t before = 0;
    for (std::size_t part = 1; part < parts; ++part) {
      before += static_cast<std::size_t>(times[first + part * step] <= time);
    }
    first += before * step;
    count = before + 1 == parts ? count - before * step : step;
  }
  std::size_t before = 0;
  for (std::size_t i = 1; i < count; ++i) {
    before += static_cast<std::size_t>(times[first + i] <= time);
  }
  return first + before;
}

}  // namespace

void StepProfile::Chunk::summarise() {
  std::int32_t low = INT32_MAX;
  std::int32_t high = INT32_MIN;
  for (std::uint32_t point = 0; point < size; ++point) {
    low = std::min(low, values[point]);
    high = std::max(high, values[point]);
  }
  least = low + added;
  greatest = high + added;
}

void StepProfile::Chunk::insert_after(std::uint32_t point, core::Time time) {
  std::copy_backward(&times[point + 1], times.data() + size, times.data() + size + 1);
  std::copy_backward(&values[point + 1], values.data() + size, values.data() + size + 1);
  times[point + 1] = time;
  values[point + 1] = values[point];
  ++size;
}

void StepProfile::Chunk::erase(std::uint32_t point) {
  std::copy(times.data() + point + 1, times.data() + size, &times[point]);
  std::copy(values.data() + point + 1, values.data() + size, &values[point]);
  --size;
}

void StepProfile::Chunk::move_upper_half_to(Chunk& upper) {
  constexpr std::uint32_t middle = chunk_capacity / 2;
  std::copy(times.begin() + middle, times.end(), upper.times.begin());
  std::copy(values.begin() + middle, values.end(), upper.values.begin());
  upper.size = chunk_capacity - middle;
  upper.added = added;
  size = middle;
  summarise();
  upper.summarise();
}

void StepProfile::Chunk::append(const Chunk& next) {
  for (std::uint32_t point = 0; point < next.size; ++point) {
    times[size] = next.times[point];
    values[size] = next.values[point] + next.added - added;
    ++size;
  }
  summarise();
}

StepProfile::StepProfile(std::int64_t initial_value) {
  NEXA_ASSERT(initial_value >= 0 && initial_value <= INT32_MAX, "too many nodes for a profile");
  auto chunk = std::make_unique<Chunk>();
  chunk->times[0] = beginning;
  chunk->values[0] = static_cast<std::int32_t>(initial_value);
  chunk->size = 1;
  chunk->summarise();
  insert_chunk(0, std::move(chunk));
}

void StepProfile::insert_chunk(std::size_t at, std::unique_ptr<Chunk> chunk) {
  const auto offset = static_cast<std::ptrdiff_t>(at);
  first_times_.insert(first_times_.begin() + offset, chunk->times[0]);
  chunks_.insert(chunks_.begin() + offset, std::move(chunk));
}

void StepProfile::erase_chunk(std::size_t at) {
  const auto offset = static_cast<std::ptrdiff_t>(at);
  first_times_.erase(first_times_.begin() + offset);
  chunks_.erase(chunks_.begin() + offset);
}

StepProfile::Place StepProfile::place_of(core::Time time) const {
  const std::size_t chunk = last_not_after(first_times_.data(), first_times_.size(), time);
  const Chunk& found = *chunks_[chunk];
  return {chunk, static_cast<std::uint32_t>(last_not_after(found.times.data(), found.size, time))};
}

std::int64_t StepProfile::value(Place place) const {
  const Chunk& chunk = *chunks_[place.chunk];
  return std::int64_t{chunk.values[place.point]} + chunk.added;
}

core::Time StepProfile::begin(Place place) const {
  return chunks_[place.chunk]->times[place.point];
}

core::Time StepProfile::end(Place place) const {
  const Chunk& chunk = *chunks_[place.chunk];
  if (place.point + 1 < chunk.size) return chunk.times[place.point + 1];
  return end_of_chunk(place.chunk);
}

core::Time StepProfile::end_of_chunk(std::size_t at) const {
  return at + 1 < chunks_.size() ? first_times_[at + 1] : core::never;
}

bool StepProfile::advance(Place& place) const {
  if (place.point + 1 < chunks_[place.chunk]->size) {
    ++place.point;
    return true;
  }
  if (place.chunk + 1 == chunks_.size()) return false;
  place = {place.chunk + 1, 0};
  return true;
}

StepProfile::Place StepProfile::advance_to_before(Place place, core::Time time) const {
  if (end_of_chunk(place.chunk) < time) return place_before(time);
  const Chunk& chunk = *chunks_[place.chunk];
  while (place.point + 1 < chunk.size && chunk.times[place.point + 1] < time) ++place.point;
  return place;
}

StepProfile::Place StepProfile::split_at(core::Time time) {
  Place place = place_of(time);
  Chunk* chunk = chunks_[place.chunk].get();
  if (chunk->times[place.point] == time) return place;
  if (chunk->size == chunk_capacity) {
    auto upper = std::make_unique<Chunk>();
    chunk->move_upper_half_to(*upper);
    Chunk* const added = upper.get();
    insert_chunk(place.chunk + 1, std::move(upper));
    if (place.point >= chunk->size) {
      place = {place.chunk + 1, place.point - chunk->size};
      chunk = added;
    }
  }
  chunk->insert_after(place.point, time);
  return {place.chunk, place.point + 1};
}

void StepProfile::merge_at(core::Time time) {
  const Place place = place_of(time);
  Chunk& chunk = *chunks_[place.chunk];
  if (chunk.times[place.point] != time || (place.chunk == 0 && place.point == 0)) return;
  const Place before = place.point != 0
                           ? Place{place.chunk, place.point - 1}
                           : Place{place.chunk - 1, chunks_[place.chunk - 1]->size - 1};
  if (value(before) != value(place)) return;
  chunk.erase(place.point);
  if (chunk.size == 0) return erase_chunk(place.chunk);
  first_times_[place.chunk] = chunk.times[0];
  join_with_next(place.chunk);
}

void StepProfile::join_with_next(std::size_t at) {
  if (at + 1 == chunks_.size()) return;
  if (chunks_[at]->size + chunks_[at + 1]->size > chunk_capacity / 2) return;
  chunks_[at]->append(*chunks_[at + 1]);
  erase_chunk(at + 1);
}

void StepProfile::add(core::Time from, core::Time to, std::int64_t delta) {
  if (from >= to || delta == 0) return;
  const auto change = static_cast<std::int32_t>(delta);
  if (add_within_chunk(place_of(from), from, to, change)) return;
  split_at(to);
  const Place first = split_at(from);
  for (std::size_t at = first.chunk; at < chunks_.size() && first_times_[at] < to; ++at) {
    Chunk& chunk = *chunks_[at];
    if (first_times_[at] >= from && end_of_chunk(at) <= to) {
      chunk.added += change;
      chunk.least += change;
      chunk.greatest += change;
      continue;
    }
    std::uint32_t point = at == first.chunk ? first.point : 0;
    for (; point < chunk.size && chunk.times[point] < to; ++point) chunk.values[point] += change;
    chunk.summarise();
  }
  merge_at(to);
  merge_at(from);
}

// The frequent case, a short range, without the four searches of the general one.
bool StepProfile::add_within_chunk(Place first, core::Time from, core::Time to,
                                   std::int32_t delta) {
  Chunk& chunk = *chunks_[first.chunk];
  if (first.point == 0 || chunk.size + 2 > chunk_capacity || end_of_chunk(first.chunk) <= to) {
    return false;
  }
  std::uint32_t begin = first.point;
  if (chunk.times[begin] != from) chunk.insert_after(begin++, from);
  std::uint32_t end = begin;
  while (end + 1 < chunk.size && chunk.times[end + 1] <= to) ++end;
  if (chunk.times[end] != to) chunk.insert_after(end++, to);
  for (std::uint32_t point = begin; point < end; ++point) chunk.values[point] += delta;
  if (chunk.values[end] == chunk.values[end - 1]) chunk.erase(end);
  if (chunk.values[begin] == chunk.values[begin - 1]) chunk.erase(begin);
  chunk.summarise();
  return true;
}

core::Time StepProfile::run_begin(Place place, std::int64_t need, core::Time stop) const {
  std::size_t at = place.chunk;
  std::uint32_t point = place.point;
  while (true) {
    const Chunk& chunk = *chunks_[at];
    if (chunk.least < need) {
      const std::int64_t raw_need = need - chunk.added;
      while (chunk.values[point] >= raw_need) {
        if (chunk.times[point] <= stop) return stop;
        if (point == 0) break;
        --point;
      }
      if (chunk.values[point] < raw_need) return end({at, point});
    }
    if (first_times_[at] <= stop || at == 0) return stop;
    --at;
    point = chunks_[at]->size - 1;
  }
}

core::Time StepProfile::run_end(Place place, std::int64_t need, core::Time stop) const {
  std::size_t at = place.chunk;
  std::uint32_t point = place.point + 1;
  while (true) {
    const Chunk& chunk = *chunks_[at];
    if (chunk.least < need) {
      const std::int64_t raw_need = need - chunk.added;
      while (point < chunk.size && chunk.values[point] >= raw_need && chunk.times[point] < stop) {
        ++point;
      }
      if (point < chunk.size) return chunk.times[point];
    }
    const core::Time chunk_end = end_of_chunk(at);
    if (chunk_end >= stop) return chunk_end;
    ++at;
    point = 0;
  }
}

bool StepProfile::find_at_least(Place& place, std::int64_t need, core::Time limit) const {
  std::uint32_t point = place.point;
  for (std::size_t at = place.chunk; at < chunks_.size(); ++at, point = 0) {
    const Chunk& chunk = *chunks_[at];
    if (at != place.chunk && chunk.times[0] >= limit) return false;
    if (chunk.greatest < need) continue;
    const std::int64_t raw_need = need - chunk.added;
    while (point < chunk.size && chunk.values[point] < raw_need) ++point;
    if (point == chunk.size) continue;
    const bool is_start = at == place.chunk && point == place.point;
    place = {at, point};
    return is_start || chunk.times[point] < limit;
  }
  return false;
}

core::Time StepProfile::earliest_hole(std::int64_t need, core::Duration length, core::Time from,
                                      core::Time limit, core::Time latest) const {
  const Place first = place_of(from);
  bool in_run = false;
  core::Time run_start = from;
  for (std::size_t at = first.chunk; at < chunks_.size(); ++at) {
    const Chunk& chunk = *chunks_[at];
    if (first_times_[at] >= limit || (!in_run && first_times_[at] > latest)) break;
    if (chunk.greatest < need) {
      in_run = false;
      continue;
    }
    std::uint32_t point = at == first.chunk ? first.point : 0;
    const core::Time chunk_end = end_of_chunk(at);
    if (chunk.least >= need) {
      if (!in_run) run_start = std::max(from, chunk.times[point]);
      in_run = true;
      if (chunk_end - run_start >= length) return std::min(run_start, limit);
      continue;
    }
    const std::int64_t raw_need = need - chunk.added;
    for (; point < chunk.size && chunk.times[point] < limit; ++point) {
      if (chunk.values[point] < raw_need) {
        in_run = false;
        continue;
      }
      if (!in_run) run_start = std::max(from, chunk.times[point]);
      in_run = true;
      const core::Time end = point + 1 < chunk.size ? chunk.times[point + 1] : chunk_end;
      if (end - run_start >= length) return std::min(run_start, limit);
    }
  }
  return in_run ? std::min(run_start, limit) : limit;
}

std::int64_t StepProfile::least(core::Time from, core::Time to) const {
  std::int64_t low = INT64_MAX;
  Place place = place_of(from);
  do {
    low = std::min(low, value(place));
  } while (advance(place) && begin(place) < to);
  return low;
}

void StepProfile::append_breakpoints(core::Time from, core::Time to,
                                     std::vector<core::Time>& out) const {
  for (Place place = place_of(from); advance(place) && begin(place) < to;) {
    out.push_back(begin(place));
  }
}

void StepProfile::forget_before(core::Time now) {
  std::size_t past = 0;
  while (past + 1 < chunks_.size() && first_times_[past + 1] <= now) ++past;
  chunks_.erase(chunks_.begin(), chunks_.begin() + static_cast<std::ptrdiff_t>(past));
  first_times_.erase(first_times_.begin(),
                     first_times_.begin() + static_cast<std::ptrdiff_t>(past));
}

std::size_t StepProfile::size() const {
  std::size_t points = 0;
  for (const auto& chunk : chunks_) points += chunk->size;
  return points;
}

}  // namespace nexa::scheduler
