#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "core/assert.hpp"
#include "scheduler/chunk_items.hpp"

namespace nexa::scheduler {

/// A sorted sequence in small arrays ("chunks"), each with a summary that lets a scan skip it.
/// Insertion and removal cost a binary search and a move within one chunk; taking the first element
/// moves nothing; a scan reads memory in order. A summary is made anew only when somebody looks at
/// it. `Summary` has `void add(const T&)`, and `bool depends_on(const T&) const`: whether it
/// must be made anew when that element leaves the chunk. `Less` must be a strict total order: no
/// two elements may be equivalent.
template <class T, class Less, class Summary>
class SortedChunks {
 public:
  static constexpr std::size_t chunk_capacity = 64;

  class Chunk {
   public:
    [[nodiscard]] const ChunkItems<T, chunk_capacity>& items() const { return items_; }
    [[nodiscard]] const Summary& summary() const {
      if (summary_is_stale_) summarise();
      return summary_;
    }

   private:
    friend class SortedChunks;

    void summarise() const {
      summary_ = Summary{};
      for (const T& item : items_) summary_.add(item);
      summary_is_stale_ = false;
    }
    void clear() {
      items_.clear();
      summary_ = Summary{};
      summary_is_stale_ = false;
    }

    ChunkItems<T, chunk_capacity> items_;
    mutable Summary summary_;
    mutable bool summary_is_stale_ = false;
  };

  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] const T& front() const { return chunks_.front()->items_.front(); }

  /// The chunks in order, none empty. Valid until the next insertion or removal.
  [[nodiscard]] std::span<const std::unique_ptr<Chunk>> chunks() const { return chunks_; }

  void insert(const T& item) {
    ++size_;
    // Appending is by far the most frequent case: a queue in the order of arrival.
    if (chunks_.empty() || Less{}(chunks_.back()->items_.back(), item)) return append(item);
    std::size_t at = chunk_for(item);
    if (chunks_[at]->items_.full()) at = split(at, item);
    Chunk& chunk = *chunks_[at];
    const auto& items = chunk.items_;
    const T* const place = std::upper_bound(items.begin(), items.end(), item, Less{});
    NEXA_ASSERT(place == items.begin() || Less{}(*(place - 1), item),
                "two elements have one place in the order");
    chunk.items_.insert(place, item);
    chunk.summary_.add(item);
  }

  /// Removes the element equivalent to `item`, which must be there.
  void erase(const T& item) {
    const std::size_t at = chunk_for(item);
    const auto& items = chunks_[at]->items_;
    const T* const place = std::lower_bound(items.begin(), items.end(), item, Less{});
    NEXA_ASSERT(place != items.end() && !Less{}(item, *place), "an element to erase is missing");
    chunks_[at]->items_.erase(place);
    note_removal(at, item);
  }

  /// Removes the first element; there must be one.
  void pop_front() {
    const T item = front();
    chunks_.front()->items_.pop_front();
    note_removal(0, item);
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
      chunks_[at]->clear();
      chunks_[at]->items_.append(part.data(), part.data() + part.size());
      chunks_[at]->summary_is_stale_ = true;
    }
    size_ = items.size();
  }

  /// Calls `visit(item)` in order until it returns false.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const auto& chunk : chunks_) {
      for (const T& item : chunk->items_) {
        if (!visit(item)) return;
      }
    }
  }

 private:
  void append(const T& item) {
    if (chunks_.empty() || !chunks_.back()->items_.can_append_cheaply()) {
      chunks_.push_back(make_chunk());
    }
    Chunk& last = *chunks_.back();
    last.items_.push_back(item);
    last.summary_.add(item);
  }

  void note_removal(std::size_t at, const T& item) {
    --size_;
    Chunk& chunk = *chunks_[at];
    if (chunk.items_.empty()) return drop(at);
    if (chunk.summary_.depends_on(item)) chunk.summary_is_stale_ = true;
    merge_with_next(at);
  }

  /// An empty chunk, of which one is kept for a queue that is empty now and then.
  std::unique_ptr<Chunk> make_chunk() {
    if (spare_) return std::move(spare_);
    return std::make_unique<Chunk>();
  }

  void drop(std::size_t at) {
    spare_ = std::move(chunks_[at]);
    spare_->clear();
    chunks_.erase(chunks_.begin() + static_cast<std::ptrdiff_t>(at));
  }

  /// The last chunk whose first element is not after `item`, or the first chunk.
  std::size_t chunk_for(const T& item) const {
    if (chunks_.size() == 1) return 0;
    const auto after = std::upper_bound(
        chunks_.begin(), chunks_.end(), item,
        [](const T& value, const auto& chunk) { return Less{}(value, chunk->items_.front()); });
    return after == chunks_.begin() ? 0 : static_cast<std::size_t>(after - chunks_.begin()) - 1;
  }

  /// Keeps chunks from thinning out: two neighbours that fill half a chunk become one.
  void merge_with_next(std::size_t at) {
    if (at + 1 == chunks_.size()) return;
    Chunk& chunk = *chunks_[at];
    const Chunk& next = *chunks_[at + 1];
    if (chunk.items_.size() + next.items_.size() > chunk_capacity / 2) return;
    chunk.items_.append(next.items_.begin(), next.items_.end());
    chunk.summary_is_stale_ = true;
    drop(at + 1);
  }

  /// Makes room near `item` in a full chunk; returns the chunk that `item` belongs to now.
  std::size_t split(std::size_t at, const T& item) {
    Chunk& full = *chunks_[at];
    auto added = make_chunk();
    added->items_.append(full.items_.begin() + chunk_capacity / 2, full.items_.end());
    full.items_.truncate(chunk_capacity / 2);
    full.summary_is_stale_ = added->summary_is_stale_ = true;
    const bool into_added = !Less{}(item, added->items_.front());
    chunks_.insert(chunks_.begin() + static_cast<std::ptrdiff_t>(at) + 1, std::move(added));
    return into_added ? at + 1 : at;
  }

  std::vector<std::unique_ptr<Chunk>> chunks_;
  std::unique_ptr<Chunk> spare_;
  std::size_t size_ = 0;
};

}  // namespace nexa::scheduler
