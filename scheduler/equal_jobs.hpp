#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/time.hpp"
#include "scheduler/job_table.hpp"
#include "scheduler/queue_rank.hpp"

namespace nexa::scheduler {

/// The waiting jobs that ask for the same nodes for the same time, in the order of the queue, each
/// with the start that it was promised.
///
/// They lie in small arrays ("chunks") with bounds of their starts. Finding a job costs O(log n),
/// finding the next one with a start in some range a step per chunk, plus the jobs of a chunk.
class EqualJobs {
 public:
  /// Where a job stands. Valid until a job comes or goes.
  struct Place {
    std::size_t chunk = 0;
    std::uint32_t index = 0;
  };

  void insert(QueueRank rank, JobSlot job, core::Time start);
  /// The job must be there.
  void erase(QueueRank rank);
  void clear();

  [[nodiscard]] std::size_t size() const { return size_; }
  /// No job starts later; it may be too late.
  [[nodiscard]] core::Time latest_start() const { return latest_; }

  /// The place of a job that is there.
  [[nodiscard]] Place find(QueueRank rank) const;
  /// The first job after a rank.
  [[nodiscard]] Place first_after(QueueRank rank) const;
  [[nodiscard]] Place next(Place place) const;

  [[nodiscard]] QueueRank rank(Place place) const { return at(place).ranks[place.index]; }
  [[nodiscard]] JobSlot job(Place place) const { return at(place).jobs[place.index]; }
  [[nodiscard]] core::Time start(Place place) const { return at(place).starts[place.index]; }
  void set_start(Place place, core::Time start);

  /// The first job after a rank whose start is in [from, to].
  std::optional<Place> first_starting_in(QueueRank after, core::Time from, core::Time to);

  /// Calls `visit(place, rank, start)` for the jobs from `place` on until it returns false.
  /// `skip(earliest, latest)` says that jobs that start in that range need not be visited.
  template <class Skip, class Visit>
  void for_each_from(Place place, Skip skip, Visit visit) const {
    for (; place.chunk < chunks_.size(); ++place.chunk, place.index = 0) {
      const Chunk& chunk = *chunks_[place.chunk];
      if (skip(chunk.earliest, chunk.latest)) continue;
      for (; place.index < chunk.size; ++place.index) {
        if (!visit(place, chunk.ranks[place.index], chunk.starts[place.index])) return;
      }
    }
  }
  /// The first job from `place` on for which `accept(start)` holds.
  template <class Skip, class Accept>
  std::optional<Place> first_of(Place place, Skip skip, Accept accept) const {
    std::optional<Place> found;
    for_each_from(place, skip, [&](Place at, QueueRank /*rank*/, core::Time start) {
      if (accept(start)) found = at;
      return !found;
    });
    return found;
  }

 private:
  static constexpr std::uint32_t chunk_capacity = 64;

  struct Chunk {
    std::array<QueueRank, chunk_capacity> ranks;
    std::array<core::Time, chunk_capacity> starts;
    std::array<JobSlot, chunk_capacity> jobs;
    std::uint32_t size = 0;
    core::Time earliest{};  ///< no job starts before it; it may be too early
    core::Time latest{};    ///< no job starts after it; it may be too late

    void summarise();
    void move_range(std::uint32_t first, std::uint32_t last, std::uint32_t to);
  };

  [[nodiscard]] const Chunk& at(Place place) const { return *chunks_[place.chunk]; }
  [[nodiscard]] std::size_t chunk_for(QueueRank rank) const;
  std::size_t split(std::size_t full, QueueRank rank);
  void drop_chunk(std::size_t number);
  /// Keeps chunks from thinning out: two neighbours that fill half a chunk become one.
  void join_with_next(std::size_t number);

  std::vector<std::unique_ptr<Chunk>> chunks_;
  std::vector<QueueRank> first_ranks_;  ///< of the chunks, side by side for the search
  std::size_t size_ = 0;
  core::Time latest_{core::Duration::min()};
};

}  // namespace nexa::scheduler
