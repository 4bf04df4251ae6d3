#include "scheduler/equal_jobs.hpp"

#include <algorithm>

#include "core/assert.hpp"

namespace nexa::scheduler {

void EqualJobs::Chunk::summarise() {
  const auto [low, high] = std::minmax_element(starts.begin(), starts.begin() + size);
  earliest = *low;
  latest = *high;
}

void EqualJobs::Chunk::move_range(std::uint32_t first, std::uint32_t last, std::uint32_t to) {
  const auto move = [&](auto& items) {
    const auto begin = items.begin();
    if (to > first) {
      std::copy_backward(begin + first, begin + last, begin + to + (last - first));
    } else {
      std::copy(begin + first, begin + last, begin + to);
    }
  };
  move(ranks);
  move(starts);
  move(jobs);
}

// The last chunk whose first job is not after `rank`, or the first chunk.
std::size_t EqualJobs::chunk_for(QueueRank rank) const {
  const auto after = std::upper_bound(first_ranks_.begin(), first_ranks_.end(), rank);
  return after == first_ranks_.begin() ? 0
                                       : static_cast<std::size_t>(after - first_ranks_.begin()) - 1;
}

std::size_t EqualJobs::split(std::size_t full, QueueRank rank) {
  auto upper = std::make_unique<Chunk>();
  Chunk& lower = *chunks_[full];
  // Where jobs are appended, the full chunk had best stay full.
  const bool appending = full + 1 == chunks_.size() && lower.ranks[chunk_capacity - 1] < rank;
  const std::uint32_t kept = appending ? chunk_capacity : chunk_capacity / 2;
  std::copy(lower.ranks.begin() + kept, lower.ranks.end(), upper->ranks.begin());
  std::copy(lower.starts.begin() + kept, lower.starts.end(), upper->starts.begin());
  std::copy(lower.jobs.begin() + kept, lower.jobs.end(), upper->jobs.begin());
  upper->size = chunk_capacity - kept;
  upper->earliest = lower.earliest;
  upper->latest = lower.latest;
  lower.size = kept;
  const bool into_upper = appending || !(rank < upper->ranks[0]);
  const auto next = static_cast<std::ptrdiff_t>(full) + 1;
  first_ranks_.insert(first_ranks_.begin() + next, appending ? rank : upper->ranks[0]);
  chunks_.insert(chunks_.begin() + next, std::move(upper));
  return into_upper ? full + 1 : full;
}

void EqualJobs::insert(QueueRank rank, JobSlot job, core::Time start) {
  if (chunks_.empty()) {
    chunks_.push_back(std::make_unique<Chunk>());
    first_ranks_.push_back(rank);
  }
  std::size_t number = chunk_for(rank);
  if (chunks_[number]->size == chunk_capacity) number = split(number, rank);
  Chunk& chunk = *chunks_[number];
  const auto ranks_end = chunk.ranks.begin() + chunk.size;
  const auto index = static_cast<std::uint32_t>(
      std::upper_bound(chunk.ranks.begin(), ranks_end, rank) - chunk.ranks.begin());
  chunk.move_range(index, chunk.size, index + 1);
  chunk.ranks[index] = rank;
  first_ranks_[number] = chunk.ranks[0];
  chunk.starts[index] = start;
  chunk.jobs[index] = job;
  chunk.earliest = chunk.size == 0 ? start : std::min(chunk.earliest, start);
  chunk.latest = chunk.size == 0 ? start : std::max(chunk.latest, start);
  ++chunk.size;
  latest_ = size_ == 0 ? start : std::max(latest_, start);
  ++size_;
}

void EqualJobs::erase(QueueRank rank) {
  const Place place = find(rank);
  Chunk& chunk = *chunks_[place.chunk];
  chunk.move_range(place.index + 1, chunk.size, place.index);
  --chunk.size;
  --size_;
  if (chunk.size == 0) return drop_chunk(place.chunk);
  first_ranks_[place.chunk] = chunk.ranks[0];
  join_with_next(place.chunk);
}

void EqualJobs::drop_chunk(std::size_t number) {
  chunks_.erase(chunks_.begin() + static_cast<std::ptrdiff_t>(number));
  first_ranks_.erase(first_ranks_.begin() + static_cast<std::ptrdiff_t>(number));
}

void EqualJobs::clear() {
  chunks_.clear();
  first_ranks_.clear();
  size_ = 0;
}

void EqualJobs::join_with_next(std::size_t number) {
  if (number + 1 == chunks_.size()) return;
  Chunk& chunk = *chunks_[number];
  const Chunk& next = *chunks_[number + 1];
  if (chunk.size + next.size > chunk_capacity / 2) return;
  std::copy_n(next.ranks.begin(), next.size, chunk.ranks.begin() + chunk.size);
  std::copy_n(next.starts.begin(), next.size, chunk.starts.begin() + chunk.size);
  std::copy_n(next.jobs.begin(), next.size, chunk.jobs.begin() + chunk.size);
  chunk.size += next.size;
  chunk.earliest = std::min(chunk.earliest, next.earliest);
  chunk.latest = std::max(chunk.latest, next.latest);
  drop_chunk(number + 1);
}

EqualJobs::Place EqualJobs::find(QueueRank rank) const {
  const std::size_t number = chunk_for(rank);
  NEXA_ASSERT(number < chunks_.size(), "a waiting job is missing in the plan");
  const Chunk& chunk = *chunks_[number];
  const auto ranks_end = chunk.ranks.begin() + chunk.size;
  const auto place = std::lower_bound(chunk.ranks.begin(), ranks_end, rank);
  NEXA_ASSERT(place != ranks_end && *place == rank, "a waiting job is missing in the plan");
  return {number, static_cast<std::uint32_t>(place - chunk.ranks.begin())};
}

EqualJobs::Place EqualJobs::first_after(QueueRank rank) const {
  if (chunks_.empty()) return {0, 0};
  const std::size_t number = chunk_for(rank);
  const Chunk& chunk = *chunks_[number];
  const auto ranks_end = chunk.ranks.begin() + chunk.size;
  const auto place = std::upper_bound(chunk.ranks.begin(), ranks_end, rank);
  if (place == ranks_end) return {number + 1, 0};
  return {number, static_cast<std::uint32_t>(place - chunk.ranks.begin())};
}

EqualJobs::Place EqualJobs::next(Place place) const {
  if (place.index + 1 < at(place).size) return {place.chunk, place.index + 1};
  return {place.chunk + 1, 0};
}

void EqualJobs::set_start(Place place, core::Time start) {
  Chunk& chunk = *chunks_[place.chunk];
  chunk.starts[place.index] = start;
  chunk.earliest = std::min(chunk.earliest, start);
  if (start <= chunk.latest) return;
  chunk.latest = start;
  latest_ = std::max(latest_, start);
}

std::optional<EqualJobs::Place> EqualJobs::first_starting_in(QueueRank after, core::Time from,
                                                             core::Time to) {
  if (size_ == 0 || latest_ < from) return std::nullopt;
  const Place first = first_after(after);
  std::uint32_t index = first.index;
  for (std::size_t number = first.chunk; number < chunks_.size(); ++number, index = 0) {
    Chunk& chunk = *chunks_[number];
    if (chunk.latest < from || chunk.earliest > to) continue;
    const bool whole = index == 0;
    for (; index < chunk.size; ++index) {
      if (chunk.starts[index] >= from && chunk.starts[index] <= to) return Place{number, index};
    }
    // The bounds let it in, but it holds none: sharper bounds will keep the next search out.
    if (whole) chunk.summarise();
  }
  if (first.chunk == 0 && first.index == 0) {
    latest_ = core::Time{core::Duration::min()};
    for (const auto& chunk : chunks_) latest_ = std::max(latest_, chunk->latest);
  }
  return std::nullopt;
}

}  // namespace nexa::scheduler
