#include "scheduler/node_profile.hpp"

#include <algorithm>

#include "core/assert.hpp"

namespace nexa::scheduler {

NodeProfile::NodeProfile(const core::Resources& free)
    : points_{{core::Time{core::Duration{INT64_MIN / 2}}, free}} {}

std::size_t NodeProfile::place_of(core::Time time) const {
  const auto after = std::upper_bound(points_.begin(), points_.end(), time,
                                      [](core::Time t, const Point& p) { return t < p.time; });
  return after == points_.begin() ? 0 : static_cast<std::size_t>(after - points_.begin()) - 1;
}

std::size_t NodeProfile::split_at(core::Time time) {
  const std::size_t place = place_of(time);
  if (points_[place].time == time) return place;
  points_.insert(points_.begin() + static_cast<std::ptrdiff_t>(place) + 1,
                 {time, points_[place].free});
  return place + 1;
}

void NodeProfile::merge_around(core::Time time) {
  const std::size_t place = place_of(time);
  if (place == 0 || points_[place].time != time) return;
  if (points_[place].free != points_[place - 1].free) return;
  points_.erase(points_.begin() + static_cast<std::ptrdiff_t>(place));
}

template <class Change>
void NodeProfile::change(core::Time from, core::Time to, Change change_one) {
  if (from >= to) return;
  split_at(to);
  for (std::size_t i = split_at(from); points_[i].time != to; ++i) change_one(points_[i].free);
  merge_around(to);
  merge_around(from);
}

void NodeProfile::take(core::Time from, core::Time to, const core::Resources& amount) {
  change(from, to, [&](core::Resources& free) {
    NEXA_ASSERT(free.contains(amount), "a plan gave a node more work than it has room for");
    free -= amount;
  });
}

void NodeProfile::give(core::Time from, core::Time to, const core::Resources& amount) {
  change(from, to, [&](core::Resources& free) { free += amount; });
}

core::Resources NodeProfile::least(core::Time from, core::Time to) const {
  core::Resources low{UINT32_MAX, UINT32_MAX, UINT64_MAX};
  for (std::size_t i = place_of(from); i < points_.size() && points_[i].time < to; ++i) {
    low.cores = std::min(low.cores, points_[i].free.cores);
    low.gpus = std::min(low.gpus, points_[i].free.gpus);
    low.memory_kib = std::min(low.memory_kib, points_[i].free.memory_kib);
  }
  return low;
}

void NodeProfile::append_breakpoints(core::Time from, core::Time to,
                                     std::vector<core::Time>& out) const {
  for (const Point& point : points_) {
    if (point.time >= to) return;
    if (point.time > from) out.push_back(point.time);
  }
}

void NodeProfile::forget_before(core::Time now) {
  const std::size_t place = place_of(now);
  points_.erase(points_.begin(), points_.begin() + static_cast<std::ptrdiff_t>(place));
}

}  // namespace nexa::scheduler
