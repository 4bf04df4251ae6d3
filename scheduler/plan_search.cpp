// The search for holes in a plan, and compression.
#include <algorithm>
#include <tuple>

#include "core/assert.hpp"
#include "scheduler/plan.hpp"

namespace nexa::scheduler {

bool Plan::planned_by_one_count(const RequestClass& request_class) const {
  return request_class.candidates.size() == 1 &&
         lanes_[request_class.candidates.front().node_class].by_count;
}

core::Time Plan::find_hole(const Search& search) const {
  if (planned_by_one_count(search.request_class)) {
    const Lane& lane = lanes_[search.request_class.candidates.front().node_class];
    return lane.count.front().earliest_hole(search.slots, search.length, search.from, search.limit);
  }
  if (fits_at(search, search.from)) return search.from;
  std::vector<core::Time>& times = scratch_times_;
  times.clear();
  for (const Candidate& candidate : search.request_class.candidates) {
    const Lane& lane = lanes_[candidate.node_class];
    for (const StepProfile& profile : lane.count) {
      profile.append_breakpoints(search.from, search.limit, times);
    }
    for (const NodeProfile& profile : lane.nodes) {
      profile.append_breakpoints(search.from, search.limit, times);
    }
  }
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  const auto found = std::find_if(times.begin(), times.end(),
                                  [&](core::Time time) { return fits_at(search, time); });
  return found == times.end() ? search.limit : *found;
}

std::uint32_t Plan::slots_on(const RequestClass& request_class, std::uint32_t node_class,
                             std::uint32_t node, core::Time from, core::Time to) const {
  return slots_on_node(request_class, cluster_.classes()[node_class].spec().capacity,
                       lanes_[node_class].nodes[node].least(from, to));
}

bool Plan::fits_at(const Search& search, core::Time start) const {
  const core::Time end = start + search.length;
  std::uint64_t slots = 0;
  for (const Candidate& candidate : search.request_class.candidates) {
    const Lane& lane = lanes_[candidate.node_class];
    if (lane.by_count) {
      slots += static_cast<std::uint64_t>(
          std::max<std::int64_t>(lane.count.front().least(start, end), 0));
    }
    for (std::uint32_t node = 0; node < lane.nodes.size() && slots < search.slots; ++node) {
      slots += slots_on(search.request_class, candidate.node_class, node, start, end);
    }
    if (slots >= search.slots) return true;
  }
  return false;
}

void Plan::choose_nodes(const RequestClass& request_class, std::uint32_t slots,
                        Reservation& made) const {
  std::uint32_t remaining = slots;
  for (const Candidate& candidate : request_class.candidates) {
    if (remaining == 0) return;
    choose_in_lane(request_class, candidate.node_class, remaining, made);
  }
  NEXA_ASSERT(remaining == 0, "a hole in the plan is smaller than the search said");
}

void Plan::choose_in_lane(const RequestClass& request_class, std::uint32_t node_class,
                          std::uint32_t& remaining, Reservation& made) const {
  const Lane& lane = lanes_[node_class];
  if (lane.by_count) {
    const std::int64_t free = lane.count.front().least(made.start, made.end);
    const auto taken =
        static_cast<std::uint32_t>(std::clamp<std::int64_t>(free, 0, std::int64_t{remaining}));
    if (taken != 0) made.shares.push_back({node_class, 0, taken});
    remaining -= taken;
    return;
  }
  std::vector<std::pair<core::Resources, std::uint32_t>> fullest_first;
  for (std::uint32_t node = 0; node < lane.nodes.size(); ++node) {
    const core::Resources free = lane.nodes[node].least(made.start, made.end);
    const core::Resources& capacity = cluster_.classes()[node_class].spec().capacity;
    if (slots_on_node(request_class, capacity, free) != 0) fullest_first.emplace_back(free, node);
  }
  std::sort(fullest_first.begin(), fullest_first.end());
  for (const auto& [free, node] : fullest_first) {
    if (remaining == 0) return;
    const std::uint32_t slots = slots_on(request_class, node_class, node, made.start, made.end);
    const std::uint32_t taken = std::min(slots, remaining);
    made.shares.push_back({node_class, node, taken});
    remaining -= taken;
  }
}

void Plan::note_freed(const Reservation& freed, core::Time from, core::Time to) {
  if (from >= to) return;
  for (const PlannedShare& share : freed.shares) {
    const Lane& lane = lanes_[share.node_class];
    const bool known = !lane.by_count && !freed_.empty() &&
                       freed_.back().node_class == share.node_class && freed_.back().from == from &&
                       freed_.back().to == to;
    if (known) continue;
    const std::int64_t greatest = lane.by_count ? lane.count.front().greatest(from, to) : 0;
    freed_.push_back({share.node_class, from, to, greatest});
  }
}

bool Plan::may_move(const QueueEntry& entry, const Reservation& held) const {
  const RequestClass& request_class = cluster_.request_class(entry.request_class);
  if (planned_by_one_count(request_class)) {
    // Where its own reservation lies the job has room already, so only what became free before
    // its start can help, and only if there is enough of it.
    const std::uint32_t node_class = request_class.candidates.front().node_class;
    return std::any_of(freed_.begin(), freed_.end(), [&](const FreedRegion& region) {
      return region.node_class == node_class && region.from < held.start &&
             region.greatest >= entry.slots;
    });
  }
  return std::any_of(freed_.begin(), freed_.end(), [&](const FreedRegion& region) {
    return region.from < held.end && request_class.slots_per_idle_node[region.node_class] != 0;
  });
}

void Plan::compress(core::Time now, const OrderedQueue& order) {
  if (freed_.empty()) return;
  const std::size_t seen_by_all = freed_.size();
  order.entries().for_each([&](const QueueEntry& entry) {
    const Reservation& held = reservations_[entry.job];
    if (held.held && held.start > now && may_move(entry, held)) move_earlier(entry, now);
    return true;
  });
  // What the moves of this pass have freed was not seen by the jobs before them in the order.
  freed_.erase(freed_.begin(), freed_.begin() + static_cast<std::ptrdiff_t>(seen_by_all));
}

core::Time Plan::earlier_hole(const QueueEntry& entry, core::Time now) {
  const Reservation& held = reservations_[entry.job];
  const RequestClass& request_class = cluster_.request_class(entry.request_class);
  const Search search{request_class, entry.slots, entry.time_limit, now, held.start};
  if (planned_by_one_count(request_class)) return find_hole(search);
  hold(held, request_class, false);
  const core::Time found = find_hole(search);
  hold(held, request_class, true);
  return found;
}

void Plan::move_earlier(const QueueEntry& entry, core::Time now) {
  Reservation& held = reservations_[entry.job];
  const core::Time found = earlier_hole(entry, now);
  if (found >= held.start) return;
  starts_.erase({held.start, entry.job});
  hold(held, cluster_.request_class(entry.request_class), false);
  const Reservation before = held;
  reserve(entry.job, found);
  // Where the new reservation covers the old one nothing became free, if it is the same nodes;
  // nodes planned one by one may differ, so all of it counts there.
  const bool by_count = planned_by_one_count(cluster_.request_class(entry.request_class));
  note_freed(before, by_count ? std::max(before.start, held.end) : before.start, before.end);
}

}  // namespace nexa::scheduler
