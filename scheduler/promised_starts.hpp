#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/time.hpp"

namespace nexa::scheduler {

/// How many jobs of each group of equal jobs were promised which start, sorted by start.
///
/// Adding and removing costs O(log n) and a move of at most 64 entries; a scan reads memory in
/// order.
class PromisedStarts {
 public:
  struct Entry {
    core::Time start;
    std::uint32_t group = 0;
    std::uint32_t nodes = 0;  ///< of each job
    std::uint32_t jobs = 0;
  };

  [[nodiscard]] bool empty() const { return chunks_.empty(); }
  void add(core::Time start, std::uint32_t group, std::uint32_t nodes);
  /// There must be such a job.
  void remove(core::Time start, std::uint32_t group);

  /// Calls `visit(entry)` in the order of starts until it returns false.
  template <class Visit>
  void for_each(Visit visit) const {
    visit_from({0, 0}, visit);
  }
  /// The same for starts after `time`.
  template <class Visit>
  void for_each_after(core::Time time, Visit visit) const {
    if (!empty()) visit_from(first_after(time), visit);
  }

 private:
  static constexpr std::uint32_t chunk_capacity = 64;

  struct Place {
    std::size_t chunk = 0;
    std::uint32_t index = 0;
  };
  struct Chunk {
    std::array<Entry, chunk_capacity> entries;
    std::uint32_t size = 0;
  };

  template <class Visit>
  void visit_from(Place place, Visit visit) const {
    for (; place.chunk < chunks_.size(); ++place.chunk, place.index = 0) {
      const Chunk& chunk = *chunks_[place.chunk];
      for (; place.index < chunk.size; ++place.index) {
        if (!visit(chunk.entries[place.index])) return;
      }
    }
  }
  [[nodiscard]] Place first_after(core::Time time) const;
  [[nodiscard]] Place lower_bound(core::Time start, std::uint32_t group) const;
  [[nodiscard]] bool holds(Place place, core::Time start, std::uint32_t group) const;
  void insert(Place before, const Entry& entry);
  void drop_chunk(std::size_t number);

  std::vector<std::unique_ptr<Chunk>> chunks_;
  std::vector<core::Time> first_starts_;  ///< of the chunks, side by side for the search
};

}  // namespace nexa::scheduler
