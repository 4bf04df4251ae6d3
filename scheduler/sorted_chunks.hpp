#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "core/assert.hpp"

namespace nexa::scheduler {

/// A sorted sequence in small arrays ("chunks"), each with a summary that lets a scan skip it.
/// Insertion and removal cost a binary search and a move within one chunk; a scan reads memory in
/// order. `Summary` has `void add(const T&)`, and `bool depends_on(const T&) const`: whether it
/// must be rebuilt when that element leaves the chunk. `Less` must be a strict total order: no two
/// elements may be equivalent.
template <class T, class Less, class Summary>
class SortedChunks {
 public:
  static constexpr std::size_t chunk_capacity = 64;

  struct Chunk {
    Summary summary;
    std::vector<T> items;
  };

  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] const T& front() const { return chunks_.front()->items.front(); }

  /// The chunks in order, none empty. Valid until the next insertion or removal.
  [[nodiscard]] std::span<const std::unique_ptr<Chunk>> chunks() const { return chunks_; }

  void insert(const T& item) {
    ++size_;
    if (chunks_.empty()) chunks_.push_back(make_chunk());
    Chunk& last = *chunks_.back();
    // Appending is by far the most frequent case: a queue in the order of arrival.
    if (last.items.size() < chunk_capacity &&
        (last.items.empty() || !Less{}(item, last.items.back()))) {
      last.items.push_back(item);
      last.summary.add(item);
      return;
    }
    std::size_t at = chunk_for(item);
    if (chunks_[at]->items.size() == chunk_capacity) at = split(at, item);
    Chunk& chunk = *chunks_[at];
    chunk.items.insert(std::upper_bound(chunk.items.begin(), chunk.items.end(), item, Less{}),
                       item);
    chunk.summary.add(item);
  }

  /// Removes the element equivalent to `item`, which must be there.
  void erase(const T& item) {
    const std::size_t at = chunk_for(item);
    auto& items = chunks_[at]->items;
    const auto place = std::lower_bound(items.begin(), items.end(), item, Less{});
    NEXA_ASSERT(place != items.end() && !Less{}(item, *place), "an element to erase is missing");
    items.erase(place);
    --size_;
    if (items.empty()) return drop(at);
    if (merge_with_next(at) || chunks_[at]->summary.depends_on(item)) summarise(*chunks_[at]);
  }

  void clear() {
    chunks_.clear();
    size_ = 0;
  }

  /// Replaces the content by elements that are sorted already.
  void assign_sorted(std::span<const T> items) {
    const std::size_t wanted = (items.size() + chunk_capacity - 1) / chunk_capacity;
    while (chunks_.size() < wanted) chunks_.push_back(make_chunk());
    chunks_.resize(wanted);
    for (std::size_t at = 0; at < wanted; ++at) {
      const auto part = items.subspan(at * chunk_capacity,
                                      std::min(chunk_capacity, items.size() - at * chunk_capacity));
      chunks_[at]->items.assign(part.begin(), part.end());
      summarise(*chunks_[at]);
    }
    size_ = items.size();
  }

  /// Calls `visit(item)` in order until it returns false.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const auto& chunk : chunks_) {
      for (const T& item : chunk->items) {
        if (!visit(item)) return;
      }
    }
  }

 private:
  /// An empty chunk, of which one is kept for a queue that is empty now and then.
  std::unique_ptr<Chunk> make_chunk() {
    if (spare_) return std::move(spare_);
    auto chunk = std::make_unique<Chunk>();
    chunk->items.reserve(chunk_capacity);
    return chunk;
  }

  void drop(std::size_t at) {
    spare_ = std::move(chunks_[at]);
    spare_->items.clear();
    spare_->summary = Summary{};
    chunks_.erase(chunks_.begin() + static_cast<std::ptrdiff_t>(at));
  }

  static void summarise(Chunk& chunk) {
    chunk.summary = Summary{};
    for (const T& item : chunk.items) chunk.summary.add(item);
  }

  /// The last chunk whose first element is not after `item`, or the first chunk.
  std::size_t chunk_for(const T& item) const {
    if (chunks_.size() == 1) return 0;
    const auto after = std::upper_bound(
        chunks_.begin(), chunks_.end(), item, [](const T& value, const auto& chunk) {
          return !chunk->items.empty() && Less{}(value, chunk->items.front());
        });
    return after == chunks_.begin() ? 0 : static_cast<std::size_t>(after - chunks_.begin()) - 1;
  }

  /// Keeps chunks from thinning out: two neighbours that fill half a chunk become one.
  bool merge_with_next(std::size_t at) {
    if (at + 1 == chunks_.size()) return false;
    auto& items = chunks_[at]->items;
    const auto& next = chunks_[at + 1]->items;
    if (items.size() + next.size() > chunk_capacity / 2) return false;
    items.insert(items.end(), next.begin(), next.end());
    drop(at + 1);
    return true;
  }

  /// Makes room near `item` in a full chunk; returns the chunk that `item` belongs to now.
  std::size_t split(std::size_t at, const T& item) {
    Chunk& full = *chunks_[at];
    auto added = make_chunk();
    // Where elements are appended, the full chunk had best stay full.
    const bool appending = at + 1 == chunks_.size() && !Less{}(item, full.items.back());
    if (!appending) {
      const auto middle = full.items.begin() + chunk_capacity / 2;
      added->items.assign(middle, full.items.end());
      full.items.erase(middle, full.items.end());
      summarise(full);
      summarise(*added);
    }
    const bool into_added = appending || !Less{}(item, added->items.front());
    chunks_.insert(chunks_.begin() + static_cast<std::ptrdiff_t>(at) + 1, std::move(added));
    return into_added ? at + 1 : at;
  }

  std::vector<std::unique_ptr<Chunk>> chunks_;
  std::unique_ptr<Chunk> spare_;
  std::size_t size_ = 0;
};

}  // namespace nexa::scheduler
