#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/time.hpp"

namespace nexa::scheduler {

/// An amount over time, constant between breakpoints: the nodes of a class that are free according
/// to a plan. At most 2^31 - 1.
///
/// Breakpoints lie in small arrays ("chunks"), each with bounds of its values, so that a search
/// skips most of them, and with an offset, so that a change of a long range touches each chunk in
/// it once. With b breakpoints: a lookup costs O(log b), a change or a search O(b / 64) plus a
/// chunk at each end.
class StepProfile {
 public:
  /// A position: the breakpoint that rules some instant. Valid until the next change.
  struct Place {
    std::size_t chunk = 0;
    std::uint32_t point = 0;
  };

  explicit StepProfile(std::int64_t initial_value);

  /// Adds `delta` over [from, to).
  void add(core::Time from, core::Time to, std::int64_t delta);

  /// The place that rules `time`, and the one that rules the instant before it.
  [[nodiscard]] Place place_of(core::Time time) const;
  [[nodiscard]] Place place_before(core::Time time) const { return place_of(time - tick); }
  [[nodiscard]] std::int64_t value(Place place) const;
  [[nodiscard]] core::Time begin(Place place) const;
  [[nodiscard]] core::Time end(Place place) const;
  /// Moves to the next breakpoint; false at the last one.
  bool advance(Place& place) const;
  /// The place that rules the instant before `time`, starting at an earlier place.
  [[nodiscard]] Place advance_to_before(Place place, core::Time time) const;

  /// Where values of at least `need` begin that last until `place`, whose value is such; not
  /// earlier than `stop`.
  [[nodiscard]] core::Time run_begin(Place place, std::int64_t need, core::Time stop) const;
  /// Where values of at least `need` end that go on from `place`, whose value is such. If the run
  /// lasts until `stop`, some time from `stop` on that it lasts until.
  [[nodiscard]] core::Time run_end(Place place, std::int64_t need, core::Time stop) const;
  /// Moves to the first place from `place` on with a value of at least `need` that begins before
  /// `limit`; false if there is none.
  bool find_at_least(Place& place, std::int64_t need, core::Time limit) const;

  /// The earliest time from `from` on at which the value stays at or above `need` for `length`.
  /// Returns `limit` if there is none that is earlier. A run that reaches `limit` counts as long
  /// enough, whatever follows. Times after `latest` need not be looked at: if the answer is later,
  /// then it is any later time.
  [[nodiscard]] core::Time earliest_hole(std::int64_t need, core::Duration length, core::Time from,
                                         core::Time limit, core::Time latest = core::never) const;

  /// The least value over [from, to).
  [[nodiscard]] std::int64_t least(core::Time from, core::Time to) const;

  /// Appends the breakpoints in (from, to).
  void append_breakpoints(core::Time from, core::Time to, std::vector<core::Time>& out) const;

  /// Drops the memory of what was before `now`; queries before it are no longer answered.
  void forget_before(core::Time now);

  /// The number of breakpoints, for tests and statistics.
  [[nodiscard]] std::size_t size() const;

 private:
  static constexpr std::uint32_t chunk_capacity = 64;
  static constexpr core::Duration tick{1};

  struct Chunk {
    std::array<core::Time, chunk_capacity> times;
    std::array<std::int32_t, chunk_capacity> values;  ///< from that time on, less `added`
    std::uint32_t size = 0;
    std::int32_t added = 0;  ///< to all values of the chunk
    std::int32_t least = 0;  ///< no value, `added` included, is less; it may be too low
    std::int32_t greatest = 0;

    void summarise();
    /// Repeats the value of a point at a later time.
    void insert_after(std::uint32_t point, core::Time time);
    void erase(std::uint32_t point);
    void move_upper_half_to(Chunk& upper);
    void append(const Chunk& next);
  };

  Place split_at(core::Time time);
  void merge_at(core::Time time);
  bool add_within_chunk(Place first, core::Time from, core::Time to, std::int32_t delta);
  void insert_chunk(std::size_t at, std::unique_ptr<Chunk> chunk);
  void erase_chunk(std::size_t at);
  /// Keeps chunks from thinning out: two neighbours that fill half a chunk become one.
  void join_with_next(std::size_t at);
  [[nodiscard]] core::Time end_of_chunk(std::size_t at) const;

  std::vector<std::unique_ptr<Chunk>> chunks_;
  std::vector<core::Time> first_times_;  ///< of the chunks, side by side for the search
};

}  // namespace nexa::scheduler
