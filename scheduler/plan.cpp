#include "scheduler/plan.hpp"

#include <algorithm>

#include "core/assert.hpp"

namespace nexa::scheduler {

Plan::Reservation& Plan::reservation(JobSlot slot) {
  if (slot >= reservations_.size()) reservations_.resize(std::size_t{slot} + 1);
  return reservations_[slot];
}

std::optional<core::Time> Plan::start_of(JobSlot slot) const {
  if (slot >= reservations_.size() || !reservations_[slot].held) return std::nullopt;
  return reservations_[slot].start;
}

std::optional<core::Time> Plan::next_start(core::Time now) const {
  const auto next = starts_.upper_bound({now, UINT32_MAX});
  if (next == starts_.end()) return std::nullopt;
  return next->first;
}

void Plan::note_end(JobSlot slot) {
  Reservation& held = reservation(slot);
  ended_.push_back({jobs_[slot].arrival, std::move(held), jobs_[slot].request_class});
  held = Reservation{};
}

void Plan::withdraw(JobSlot slot) {
  std::erase(arrived_, slot);
  Reservation& held = reservation(slot);
  if (!held.held) return;
  starts_.erase({held.start, slot});
  hold(held, cluster_.request_class(jobs_[slot].request_class), false);
  note_freed(held, held.start, held.end);
  held = Reservation{};
}

void Plan::admit_arrivals(core::Time now, const OrderedQueue& queue) {
  now_ = now;
  if (!valid_) return rebuild(now, queue);
  for (Lane& lane : lanes_) {
    for (StepProfile& profile : lane.count) profile.forget_before(now);
  }
  for (const JobSlot slot : arrived_) {
    const core::Job& job = jobs_[slot].job;
    reserve(slot, find_hole({cluster_.request_class(jobs_[slot].request_class), job.request.slots,
                             job.time_limit, now, core::never}));
  }
  arrived_.clear();
}

void Plan::free_ended(core::Time now, const OrderedQueue* compression_order) {
  std::sort(ended_.begin(), ended_.end(),
            [](const Ended& a, const Ended& b) { return a.arrival < b.arrival; });
  for (Ended& ended : ended_) {
    if (!ended.reservation.held) continue;
    ended.reservation.start = std::min(now, ended.reservation.end);
    hold(ended.reservation, cluster_.request_class(ended.request_class), false);
    if (compression_order == nullptr) continue;
    note_freed(ended.reservation, ended.reservation.start, ended.reservation.end);
    compress(now, *compression_order);
  }
  ended_.clear();
  if (compression_order == nullptr) freed_.clear();
}

void Plan::rebuild(core::Time now, const OrderedQueue& queue) {
  lanes_.clear();
  starts_.clear();
  arrived_.clear();
  ended_.clear();
  freed_.clear();
  reservations_.clear();
  for (const NodeClass& node_class : cluster_.classes()) {
    Lane& lane = lanes_.emplace_back();
    lane.by_count = node_class.spec().capacity.cores == 1;
    if (lane.by_count) {
      lane.count.emplace_back(std::int64_t{node_class.size()} - node_class.offline_count());
      continue;
    }
    for (std::uint32_t node = 0; node < node_class.size(); ++node) {
      const bool offline = node_class.level_of(node).offline;
      lane.nodes.emplace_back(offline ? core::Resources{} : node_class.spec().capacity);
    }
  }
  for (JobSlot slot = 0; slot < jobs_.slot_limit(); ++slot) {
    if (jobs_[slot].phase == Phase::running) hold_running(slot);
  }
  queue.entries().for_each([&](const QueueEntry& entry) {
    reserve(entry.job, find_hole({cluster_.request_class(entry.request_class), entry.slots,
                                  entry.time_limit, now, core::never}));
    return true;
  });
  valid_ = true;
}

void Plan::hold_running(JobSlot slot) {
  const JobRecord& record = jobs_[slot];
  Reservation& held = reservation(slot);
  held = {.held = true,
          .start = record.planned_end - record.job.time_limit,
          .end = record.planned_end,
          .shares = {}};
  for (const Piece& piece : record.pieces) {
    const NodeClass& node_class = cluster_.classes()[piece.node_class];
    for (std::uint32_t node = piece.nodes.first; node <= piece.nodes.last; ++node) {
      if (node_class.level_of(node).offline) continue;
      held.shares.push_back({piece.node_class, node, piece.slots_per_node});
    }
  }
  hold(held, cluster_.request_class(record.request_class), true);
}

void Plan::reserve(JobSlot slot, core::Time start) {
  Reservation& made = reservation(slot);
  made.held = start != core::never;
  if (!made.held) return;
  const JobRecord& record = jobs_[slot];
  const RequestClass& request_class = cluster_.request_class(record.request_class);
  made.start = start;
  made.end = start + record.job.time_limit;
  made.shares.clear();
  choose_nodes(request_class, record.job.request.slots, made);
  hold(made, request_class, true);
  starts_.insert({start, slot});
}

void Plan::hold(const Reservation& held, const RequestClass& request_class, bool take) {
  // Profiles forget the past, where an overdue reservation may begin.
  const core::Time from = std::max(held.start, now_);
  for (const PlannedShare& share : held.shares) {
    Lane& lane = lanes_[share.node_class];
    if (lane.by_count) {
      const std::int64_t nodes = share.slots;
      lane.count.front().add(from, held.end, take ? -nodes : nodes);
      continue;
    }
    const core::Resources amount = request_class.whole_nodes()
                                       ? cluster_.classes()[share.node_class].spec().capacity
                                       : request_class.request.per_slot * share.slots;
    NodeProfile& profile = lane.nodes[share.node];
    profile.forget_before(now_);
    take ? profile.take(from, held.end, amount) : profile.give(from, held.end, amount);
  }
}

void Plan::list_due(core::Time now, std::vector<JobSlot>& due) const {
  for (auto entry = starts_.begin(); entry != starts_.end() && entry->first <= now; ++entry) {
    due.push_back(entry->second);
  }
  std::sort(due.begin(), due.end(),
            [&](JobSlot a, JobSlot b) { return jobs_[a].arrival < jobs_[b].arrival; });
}

void Plan::note_start(JobSlot slot) {
  starts_.erase({reservations_[slot].start, slot});
}

bool Plan::is_free_now(JobSlot slot) const {
  const RequestClass& request_class = cluster_.request_class(jobs_[slot].request_class);
  return std::all_of(reservations_[slot].shares.begin(), reservations_[slot].shares.end(),
                     [&](const PlannedShare& share) {
                       const NodeClass& node_class = cluster_.classes()[share.node_class];
                       if (lanes_[share.node_class].by_count) {
                         const Level* idle = node_class.idle_level();
                         return idle != nullptr && idle->count >= share.slots;
                       }
                       const Level& level = node_class.level_of(share.node);
                       return !level.offline &&
                              slots_on_node(request_class, node_class.spec().capacity,
                                            level.free) >= share.slots;
                     });
}

void Plan::place(JobSlot slot, Pieces& out) const {
  for (const PlannedShare& share : reservations_[slot].shares) {
    if (lanes_[share.node_class].by_count) {
      cluster_.place_on_idle_nodes(share.node_class, share.slots, out);
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
