#include "scheduler/promised_starts.hpp"

#include <algorithm>

#include "core/assert.hpp"

namespace nexa::scheduler {

// A chunk may begin within a run of equal starts, so a search for the first of them begins in the
// last chunk that begins earlier.
PromisedStarts::Place PromisedStarts::lower_bound(core::Time start, std::uint32_t group) const {
  const auto not_earlier = std::lower_bound(first_starts_.begin(), first_starts_.end(), start);
  std::size_t number = not_earlier == first_starts_.begin()
                           ? 0
                           : static_cast<std::size_t>(not_earlier - first_starts_.begin()) - 1;
  for (; number < chunks_.size(); ++number) {
    const Chunk& chunk = *chunks_[number];
    const auto end = chunk.entries.begin() + chunk.size;
    const auto place = std::lower_bound(
        chunk.entries.begin(), end, start, [&](const Entry& entry, core::Time wanted) {
          return entry.start != wanted ? entry.start < wanted : entry.group < group;
        });
    if (place != end || number + 1 == chunks_.size() || first_starts_[number + 1] > start) {
      return {number, static_cast<std::uint32_t>(place - chunk.entries.begin())};
    }
  }
  return {number, 0};
}

PromisedStarts::Place PromisedStarts::first_after(core::Time time) const {
  return lower_bound(time, UINT32_MAX);
}

bool PromisedStarts::holds(Place place, core::Time start, std::uint32_t group) const {
  if (place.chunk == chunks_.size() || place.index == chunks_[place.chunk]->size) return false;
  const Entry& entry = chunks_[place.chunk]->entries[place.index];
  return entry.start == start && entry.group == group;
}

void PromisedStarts::add(core::Time start, std::uint32_t group, std::uint32_t nodes) {
  const Place place = lower_bound(start, group);
  if (holds(place, start, group)) {
    ++chunks_[place.chunk]->entries[place.index].jobs;
  } else {
    insert(place, {start, group, nodes, 1});
  }
}

void PromisedStarts::insert(Place before, const Entry& entry) {
  if (empty()) {
    chunks_.push_back(std::make_unique<Chunk>());
    first_starts_.push_back(entry.start);
  }
  Chunk* chunk = chunks_[before.chunk].get();
  if (chunk->size == chunk_capacity) {
    constexpr std::uint32_t middle = chunk_capacity / 2;
    auto upper = std::make_unique<Chunk>();
    std::copy(chunk->entries.begin() + middle, chunk->entries.end(), upper->entries.begin());
    upper->size = chunk_capacity - middle;
    chunk->size = middle;
    const auto next = static_cast<std::ptrdiff_t>(before.chunk) + 1;
    first_starts_.insert(first_starts_.begin() + next, upper->entries[0].start);
    chunks_.insert(chunks_.begin() + next, std::move(upper));
    if (before.index > middle) {
      before = {before.chunk + 1, before.index - middle};
      chunk = chunks_[before.chunk].get();
    }
  }
  const auto place = chunk->entries.begin() + before.index;
  std::copy_backward(place, chunk->entries.begin() + chunk->size,
                     chunk->entries.begin() + chunk->size + 1);
  *place = entry;
  ++chunk->size;
  first_starts_[before.chunk] = chunk->entries[0].start;
}

void PromisedStarts::remove(core::Time start, std::uint32_t group) {
  const Place place = lower_bound(start, group);
  NEXA_ASSERT(holds(place, start, group), "a promised start is missing");
  Chunk& chunk = *chunks_[place.chunk];
  const auto entry = chunk.entries.begin() + place.index;
  if (--entry->jobs > 0) return;
  std::copy(entry + 1, chunk.entries.begin() + chunk.size, entry);
  --chunk.size;
  if (chunk.size == 0) return drop_chunk(place.chunk);
  first_starts_[place.chunk] = chunk.entries[0].start;
  // Two neighbours that fill half a chunk become one, so that chunks do not thin out.
  if (place.chunk + 1 == chunks_.size()) return;
  const Chunk& next = *chunks_[place.chunk + 1];
  if (chunk.size + next.size > chunk_capacity / 2) return;
  std::copy_n(next.entries.begin(), next.size, chunk.entries.begin() + chunk.size);
  chunk.size += next.size;
  drop_chunk(place.chunk + 1);
}

void PromisedStarts::drop_chunk(std::size_t number) {
  chunks_.erase(chunks_.begin() + static_cast<std::ptrdiff_t>(number));
  first_starts_.erase(first_starts_.begin() + static_cast<std::ptrdiff_t>(number));
}

}  // namespace nexa::scheduler
