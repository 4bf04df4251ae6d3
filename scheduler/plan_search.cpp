// The search for holes in a plan, and compression.
#include <algorithm>

#include "core/assert.hpp"
#include "scheduler/plan.hpp"

namespace nexa::scheduler {

std::optional<std::uint32_t> Plan::only_counted_class(const RequestClass& request_class) const {
  const std::vector<Candidate>& candidates = cluster_.terms_of(request_class).candidates;
  if (candidates.size() - request_class.avoided_classes.size() != 1) return std::nullopt;
  const auto only = std::find_if(candidates.begin(), candidates.end(), [&](const Candidate& c) {
    return !request_class.avoids(c.node_class);
  });
  return lanes_[only->node_class].count ? std::optional(only->node_class) : std::nullopt;
}

core::Time Plan::find_hole(const Search& search) const {
  if (fits_at(search, search.from)) return search.from;
  std::vector<core::Time>& times = scratch_times_;
  times.clear();
  for (const Candidate& candidate : cluster_.terms_of(search.request_class).candidates) {
    if (search.request_class.avoids(candidate.node_class)) continue;
    const Lane& lane = lanes_[candidate.node_class];
    if (lane.count) lane.count->free().append_breakpoints(search.from, search.limit, times);
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
  for (const Candidate& candidate : cluster_.terms_of(search.request_class).candidates) {
    if (search.request_class.avoids(candidate.node_class)) continue;
    const Lane& lane = lanes_[candidate.node_class];
    if (lane.count) {
      const std::int64_t spare =
          cluster_.avoided_online(candidate.node_class, search.request_class);
      slots += static_cast<std::uint64_t>(
          std::max<std::int64_t>(lane.count->free().least(start, end) - spare, 0));
    }
    const std::span<const AvoidedNodes> avoided =
        search.request_class.avoided_in(candidate.node_class);
    for (std::uint32_t node = 0; node < lane.nodes.size() && slots < search.slots; ++node) {
      if (is_avoided(node, avoided)) continue;
      slots += slots_on(search.request_class, candidate.node_class, node, start, end);
    }
    if (slots >= search.slots) return true;
  }
  return false;
}

void Plan::choose_nodes(const RequestClass& request_class, std::uint32_t slots,
                        Reservation& made) const {
  std::uint32_t remaining = slots;
  for (const Candidate& candidate : cluster_.terms_of(request_class).candidates) {
    if (remaining == 0) return;
    if (request_class.avoids(candidate.node_class)) continue;
    choose_in_lane(request_class, candidate.node_class, remaining, made);
  }
  NEXA_ASSERT(remaining == 0, "a hole in the plan is smaller than the search said");
}

void Plan::choose_in_lane(const RequestClass& request_class, std::uint32_t node_class,
                          std::uint32_t& remaining, Reservation& made) const {
  const Lane& lane = lanes_[node_class];
  if (lane.count) {
    const std::uint32_t spare = cluster_.avoided_online(node_class, request_class);
    const std::int64_t free = lane.count->free().least(made.start, made.end) - spare;
    const auto taken =
        static_cast<std::uint32_t>(std::clamp<std::int64_t>(free, 0, std::int64_t{remaining}));
    if (taken != 0) made.shares.push_back({node_class, 0, taken, spare});
    remaining -= taken;
    return;
  }
  std::vector<std::pair<core::Resources, std::uint32_t>> fullest_first;
  const std::span<const AvoidedNodes> avoided = request_class.avoided_in(node_class);
  for (std::uint32_t node = 0; node < lane.nodes.size(); ++node) {
    if (is_avoided(node, avoided)) continue;
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

void Plan::note_freed(const Reservation& freed) {
  if (!compresses_ || freed.start >= freed.end) return;
  for (const PlannedShare& share : freed.shares) {
    const Lane& lane = lanes_[share.node_class];
    if (lane.count) {
      lane.count->note_freed(freed.start, freed.end);
      continue;
    }
    const bool known = !freed_.empty() && freed_.back().node_class == share.node_class &&
                       freed_.back().from == freed.start && freed_.back().to == freed.end;
    if (!known) freed_.push_back({share.node_class, freed.start, freed.end});
  }
}

// Takes over what count plans have freed since the last call.
void Plan::note_freed_counts() {
  for (std::uint32_t node_class = 0; node_class < lanes_.size(); ++node_class) {
    if (!lanes_[node_class].count) continue;
    std::vector<CountPlan::Interval>& freed = lanes_[node_class].count->freed();
    for (const auto& [from, to] : freed) freed_.push_back({node_class, from, to});
    freed.clear();
  }
}

bool Plan::may_move(const QueueEntry& entry, const Reservation& held) const {
  const RequestClass& request_class = cluster_.request_class(entry.request_class);
  const std::vector<std::uint32_t>& slots = cluster_.terms_of(request_class).slots_per_idle_node;
  return std::any_of(freed_.begin(), freed_.end(), [&](const FreedRegion& region) {
    return region.from < held.end && slots[region.node_class] != 0 &&
           !request_class.avoids(region.node_class);
  });
}

void Plan::adopt_order(const OrderedQueue& order) {
  if (!order.keys_depend_on_time()) return;
  for (const Lane& lane : lanes_) {
    if (lane.count) lane.count->begin_reordering();
  }
  order.entries().for_each([&](const QueueEntry& entry) {
    Reservation& held = reservations_[entry.job];
    if (held.kind == Reservation::Kind::counted) {
      lanes_[held.lane].count->reorder(held.ticket, entry.rank());
    }
    return true;
  });
  for (const Lane& lane : lanes_) {
    if (lane.count) lane.count->end_reordering();
  }
}

void Plan::compress(core::Time now, const OrderedQueue& order) {
  for (const Lane& lane : lanes_) {
    if (lane.count) lane.count->begin_compression();
  }
  if (mixed_starts_.empty()) {
    note_freed_counts();
    freed_.clear();
  } else {
    compress_mixed(now, order);
  }
  compress_counted_before(QueueRank::after_all());
  for (const Lane& lane : lanes_) {
    if (lane.count) lane.count->end_compression();
  }
}

// The classes do not meddle with each other: only mixed jobs use several.
void Plan::compress_counted_before(QueueRank rank) {
  for (const Lane& lane : lanes_) {
    if (!lane.count) continue;
    while (lane.count->next_candidate() < rank) lane.count->examine_next(rank);
    lane.count->pass_over(rank);
  }
}

void Plan::compress_mixed(core::Time now, const OrderedQueue& order) {
  note_freed_counts();
  const std::size_t seen_by_all = freed_.size();
  order.entries().for_each([&](const QueueEntry& entry) {
    const Reservation& held = reservations_[entry.job];
    if (held.kind != Reservation::Kind::mixed) return true;
    compress_counted_before(entry.rank());
    note_freed_counts();
    if (held.start > now && may_move(entry, held)) move_earlier(entry, now);
    return true;
  });
  compress_counted_before(QueueRank::after_all());
  note_freed_counts();
  // What the moves of this pass have freed was not seen by the jobs before them in the order.
  freed_.erase(freed_.begin(), freed_.begin() + static_cast<std::ptrdiff_t>(seen_by_all));
}

void Plan::move_earlier(const QueueEntry& entry, core::Time now) {
  Reservation& held = reservations_[entry.job];
  const RequestClass& request_class = cluster_.request_class(entry.request_class);
  const core::Request& request = jobs_[entry.job].job.request;
  hold(held, request, false);
  const core::Time found =
      find_hole({request_class, entry.slots, entry.time_limit, now, held.start});
  if (found >= held.start) return hold(held, request, true);
  mixed_starts_.erase({held.start, entry.job});
  const Reservation before = held;
  reserve_mixed(entry.job, found);
  note_freed(before);
}

}  // namespace nexa::scheduler
