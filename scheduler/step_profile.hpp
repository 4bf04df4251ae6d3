#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/time.hpp"

namespace nexa::scheduler {

/// How many nodes are free over time: a step function on [-infinity, infinity), kept as sorted
/// breakpoints in small arrays with the least and the greatest value of each, so that a search
/// skips 64 breakpoints at a time and a change of a long range touches one number per array.
class StepProfile {
 public:
  explicit StepProfile(std::int64_t initial_value);

  /// Adds `delta` on [from, to). Costs a step per 64 breakpoints in the range.
  void add(core::Time from, core::Time to, std::int64_t delta);

  /// The earliest start t >= `from` of a hole: a value of at least `need` on [t, t + length), where
  /// all that is at or after `limit` counts as high enough. Returns `limit` if there is none
  /// before.
  [[nodiscard]] core::Time earliest_hole(std::int64_t need, core::Duration length, core::Time from,
                                         core::Time limit) const;

  [[nodiscard]] std::int64_t least(core::Time from, core::Time to) const;
  [[nodiscard]] std::int64_t greatest(core::Time from, core::Time to) const;

  /// Appends the breakpoints in (from, to).
  void append_breakpoints(core::Time from, core::Time to, std::vector<core::Time>& out) const;

  /// Drops the memory of what was before `now`; queries before it are no longer answered.
  void forget_before(core::Time now);

  /// The number of breakpoints, for tests and statistics.
  [[nodiscard]] std::size_t size() const;

 private:
  struct Point {
    core::Time time;
    std::int64_t value = 0;  ///< from here to the next point, less the chunk's `added`
  };
  struct Chunk {
    std::vector<Point> points;
    std::int64_t added = 0;  ///< to all values of the chunk
    std::int64_t least = 0;  ///< including `added`
    std::int64_t greatest = 0;

    void summarise();
  };
  struct Place {
    std::size_t chunk;
    std::size_t point;
  };

  [[nodiscard]] Place place_of(core::Time time) const;
  [[nodiscard]] core::Time end_of(const Place& place) const;
  Place split_at(core::Time time);
  void merge_at(core::Time time);
  /// Keeps chunks from thinning out: two neighbours that fill half a chunk become one.
  void join_with_next(std::size_t at);
  template <class Visit>
  void for_each_value(core::Time from, core::Time to, Visit visit) const;

  std::vector<std::unique_ptr<Chunk>> chunks_;
};

}  // namespace nexa::scheduler
