#pragma once

#include <vector>

#include "core/resources.hpp"
#include "core/time.hpp"

namespace nexa::scheduler {

/// What one shared node has free over time: a step function of amounts. A node has few jobs at a
/// time, so a plain sorted array serves.
class NodeProfile {
 public:
  explicit NodeProfile(const core::Resources& free);

  void take(core::Time from, core::Time to, const core::Resources& amount);
  void give(core::Time from, core::Time to, const core::Resources& amount);

  /// The componentwise least amounts over [from, to): what a job may count on there.
  [[nodiscard]] core::Resources least(core::Time from, core::Time to) const;

  /// Appends the breakpoints in (from, to).
  void append_breakpoints(core::Time from, core::Time to, std::vector<core::Time>& out) const;
  void forget_before(core::Time now);

 private:
  struct Point {
    core::Time time;
    core::Resources free;  ///< from here to the next point
  };
  std::size_t place_of(core::Time time) const;
  std::size_t split_at(core::Time time);
  void merge_around(core::Time time);
  template <class Change>
  void change(core::Time from, core::Time to, Change change_one);

  std::vector<Point> points_;
};

}  // namespace nexa::scheduler
