#include "scheduler/plan.hpp"

#include <algorithm>
#include <utility>

#include "core/assert.hpp"

namespace nexa::scheduler {

Plan::Reservation& Plan::reservation(JobSlot slot) {
  if (slot >= reservations_.size()) reservations_.resize(std::size_t{slot} + 1);
  return reservations_[slot];
}

std::optional<core::Time> Plan::start_of(JobSlot slot) const {
  if (slot >= reservations_.size()) return std::nullopt;
  const Reservation& held = reservations_[slot];
  if (held.kind == Reservation::Kind::none) return std::nullopt;
  if (held.kind != Reservation::Kind::counted) return held.start;
  return lanes_[held.lane].count->start_of(held.ticket);
}

std::optional<core::Time> Plan::next_start(core::Time now) const {
  core::Time next = core::never;
  for (const Lane& lane : lanes_) {
    if (lane.count) next = std::min(next, lane.count->next_start(now));
  }
  const auto mixed = mixed_starts_.upper_bound({now, UINT32_MAX});
  if (mixed != mixed_starts_.end()) next = std::min(next, mixed->first);
  return next == core::never ? std::nullopt : std::optional(next);
}

void Plan::note_end(JobSlot slot) {
  Reservation& held = reservation(slot);
  ended_.push_back({jobs_[slot].arrival, std::move(held), jobs_[slot].job.request});
  held = Reservation{};
}

void Plan::withdraw(JobSlot slot) {
  std::erase(arrived_, slot);
  Reservation& held = reservation(slot);
  if (held.kind == Reservation::Kind::counted) {
    CountPlan& count = *lanes_[held.lane].count;
    const auto [from, to] = count.withdraw(held.ticket);
    if (compresses_) count.note_freed(from, to);
  }
  if (held.kind == Reservation::Kind::mixed) {
    mixed_starts_.erase({held.start, slot});
    hold(held, jobs_[slot].job.request, false);
    note_freed(held);
  }
  held = Reservation{};
}

void Plan::admit_arrivals(core::Time now, const OrderedQueue& queue) {
  now_ = now;
  if (!valid_) return rebuild(now, queue);
  for (const Lane& lane : lanes_) {
    if (lane.count) lane.count->forget_before(now);
  }
  std::sort(arrived_.begin(), arrived_.end(),
            [&](JobSlot a, JobSlot b) { return jobs_[a].arrival < jobs_[b].arrival; });
  for (const JobSlot slot : arrived_) admit(queue.entry(slot), now);
  arrived_.clear();
}

void Plan::admit(const QueueEntry& entry, core::Time now) {
  const RequestClass& request_class = cluster_.request_class(entry.request_class);
  if (const auto lane = only_counted_class(request_class)) {
    const std::uint32_t nodes = entry.slots + cluster_.avoided_online(*lane, request_class);
    const auto ticket =
        lanes_[*lane].count->promise(entry.rank(), entry.job, {nodes, entry.time_limit}, now);
    Reservation& made = reservation(entry.job);
    made = Reservation{};
    if (!ticket) return;
    made.kind = Reservation::Kind::counted;
    made.lane = *lane;
    made.ticket = *ticket;
    return;
  }
  reserve_mixed(entry.job,
                find_hole({request_class, entry.slots, entry.time_limit, now, core::never}));
}

void Plan::free_ended(core::Time now, const OrderedQueue* compression_order) {
  compresses_ = compression_order != nullptr;
  for (const Lane& lane : lanes_) {
    if (lane.count) lane.count->record_freed(compresses_ && !mixed_starts_.empty());
  }
  if (!ended_.empty() && compresses_) adopt_order(*compression_order);
  std::sort(ended_.begin(), ended_.end(),
            [](const Ended& a, const Ended& b) { return a.arrival < b.arrival; });
  for (Ended& ended : ended_) {
    if (ended.reservation.kind == Reservation::Kind::none) continue;
    ended.reservation.start = std::min(now, ended.reservation.end);
    hold(ended.reservation, ended.request, false);
    if (!compresses_) continue;
    note_freed(ended.reservation);
    compress(now, *compression_order);
  }
  ended_.clear();
}

void Plan::rebuild(core::Time now, const OrderedQueue& queue) {
  mixed_starts_.clear();
  arrived_.clear();
  ended_.clear();
  freed_.clear();
  reservations_.clear();
  make_lanes();
  for (JobSlot slot = 0; slot < jobs_.slot_limit(); ++slot) {
    if (jobs_[slot].phase == Phase::running) hold_running(slot);
  }
  queue.entries().for_each([&](const QueueEntry& entry) {
    admit(entry, now);
    return true;
  });
  valid_ = true;
}

void Plan::make_lanes() {
  lanes_.clear();
  for (const NodeClass& node_class : cluster_.classes()) {
    Lane& lane = lanes_.emplace_back();
    if (node_class.spec().capacity.cores == 1) {
      const std::int64_t nodes = std::int64_t{node_class.node_count()} - node_class.offline_count();
      lane.count = std::make_unique<CountPlan>(nodes);
      lane.count->forget_before(now_);
      continue;
    }
    for (std::uint32_t node = 0; node < node_class.size(); ++node) {
      const bool offline = node_class.level_of(node).offline;
      lane.nodes.emplace_back(offline ? core::Resources{} : node_class.spec().capacity);
    }
  }
}

void Plan::hold_running(JobSlot slot) {
  const JobRecord& record = jobs_[slot];
  Reservation& held = reservation(slot);
  held.kind = Reservation::Kind::running;
  held.start = record.planned_end - record.job.time_limit;
  held.end = record.planned_end;
  for (const Piece& piece : record.pieces) {
    const NodeClass& node_class = cluster_.classes()[piece.node_class];
    for (std::uint32_t node = piece.nodes.first; node <= piece.nodes.last; ++node) {
      if (node_class.level_of(node).offline) continue;
      held.shares.push_back({piece.node_class, node, piece.slots_per_node});
    }
  }
  hold(held, record.job.request, true);
}

void Plan::reserve_mixed(JobSlot slot, core::Time start) {
  Reservation& made = reservation(slot);
  made.kind = start == core::never ? Reservation::Kind::none : Reservation::Kind::mixed;
  if (made.kind == Reservation::Kind::none) return;
  const JobRecord& record = jobs_[slot];
  const RequestClass& request_class = cluster_.request_class(record.request_class);
  made.start = start;
  made.end = start + record.job.time_limit;
  made.shares.clear();
  choose_nodes(request_class, record.job.request.slots, made);
  hold(made, record.job.request, true);
  mixed_starts_.insert({start, slot});
}

void Plan::hold(const Reservation& held, const core::Request& request, bool take) {
  // Profiles forget the past, where an overdue reservation may begin.
  const core::Time from = std::max(held.start, now_);
  for (const PlannedShare& share : held.shares) {
    Lane& lane = lanes_[share.node_class];
    if (lane.count) {
      const std::int64_t nodes = std::int64_t{share.slots} + share.spare;
      lane.count->add(from, held.end, take ? -nodes : nodes);
      continue;
    }
    const core::Resources amount = request.sharing == core::Sharing::whole_nodes
                                       ? cluster_.classes()[share.node_class].spec().capacity
                                       : request.per_slot * share.slots;
    NodeProfile& profile = lane.nodes[share.node];
    profile.forget_before(now_);
    take ? profile.take(from, held.end, amount) : profile.give(from, held.end, amount);
  }
}

void Plan::list_due(core::Time now, std::vector<JobSlot>& due) const {
  for (const Lane& lane : lanes_) {
    if (lane.count) lane.count->append_due(now, due);
  }
  for (auto entry = mixed_starts_.begin(); entry != mixed_starts_.end() && entry->first <= now;
       ++entry) {
    due.push_back(entry->second);
  }
  std::sort(due.begin(), due.end(),
            [&](JobSlot a, JobSlot b) { return jobs_[a].arrival < jobs_[b].arrival; });
}

void Plan::note_start(JobSlot slot) {
  Reservation& held = reservations_[slot];
  if (held.kind == Reservation::Kind::counted) {
    CountPlan& count = *lanes_[held.lane].count;
    const Shape shape = count.shape_of(held.ticket);
    held.start = count.start_of(held.ticket);
    held.end = held.start + shape.length;
    const std::uint32_t nodes = jobs_[slot].job.request.slots;
    held.shares.assign(1, {held.lane, 0, nodes, shape.nodes - nodes});
    count.fulfil(held.ticket);
  } else {
    mixed_starts_.erase({held.start, slot});
  }
  for (PlannedShare& share : held.shares) {
    give_back_spare(share.node_class, held.start, held.end, std::exchange(share.spare, 0));
  }
  held.kind = Reservation::Kind::running;
}

void Plan::give_back_spare(std::uint32_t node_class, core::Time from, core::Time to,
                           std::uint32_t nodes) {
  if (nodes == 0) return;
  CountPlan& count = *lanes_[node_class].count;
  count.add(from, to, nodes);
  if (compresses_) count.note_freed(from, to);
}

bool Plan::is_free_now(JobSlot slot) const {
  const Reservation& held = reservations_[slot];
  const RequestClass& request_class = cluster_.request_class(jobs_[slot].request_class);
  if (held.kind == Reservation::Kind::counted) {
    return cluster_.idle_nodes(held.lane, request_class) >= jobs_[slot].job.request.slots;
  }
  return std::all_of(held.shares.begin(), held.shares.end(), [&](const PlannedShare& share) {
    if (lanes_[share.node_class].count) {
      return cluster_.idle_nodes(share.node_class, request_class) >= share.slots;
    }
    const NodeClass& node_class = cluster_.classes()[share.node_class];
    const auto& level = node_class.level_of(share.node);
    return !level.offline &&
           slots_on_node(request_class, node_class.spec().capacity, level.free) >= share.slots;
  });
}

void Plan::place(JobSlot slot, Pieces& out) const {
  const Reservation& held = reservations_[slot];
  const RequestClass& request_class = cluster_.request_class(jobs_[slot].request_class);
  if (held.kind == Reservation::Kind::counted) {
    const std::uint32_t nodes = jobs_[slot].job.request.slots;
    return cluster_.place_on_idle_nodes(held.lane, request_class, nodes, out);
  }
  for (const PlannedShare& share : held.shares) {
    if (lanes_[share.node_class].count) {
      cluster_.place_on_idle_nodes(share.node_class, request_class, share.slots, out);
    } else if (!out.empty() && out.back().node_class == share.node_class &&
               out.back().slots_per_node == share.slots &&
               out.back().nodes.last + 1 == share.node) {
      out.back().nodes.last = share.node;
    } else {
      out.push_back({share.node_class, {share.node, share.node}, share.slots});
    }
  }
}

}  // namespace nexa::scheduler
