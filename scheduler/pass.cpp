#include "scheduler/pass.hpp"

#include <algorithm>
#include <optional>
#include <span>

namespace nexa::scheduler {

bool Pass::fits(const QueueEntry& entry) {
  if (entry.cores > state_.cluster.free_cores()) return false;
  RequestClass& request_class = state_.cluster.request_class(entry.request_class);
  return state_.cluster.can_host(request_class, entry.slots);
}

void Pass::start_in_order() {
  while (!state_.queue.empty() && fits(state_.queue.front())) {
    const QueueEntry head = state_.queue.front();
    state_.scratch_pieces.clear();
    state_.cluster.place(state_.cluster.request_class(head.request_class), head.slots,
                         state_.scratch_pieces);
    state_.dequeue(head.job);
    start(head.job, state_.scratch_pieces, core::SelectedBy::order);
    state_.reservation.reset();
  }
}

void Pass::backfill_around_head(std::uint64_t depth) {
  state_.passes_beyond_head = true;
  if (state_.queue.size() < 2) return;
  const QueueEntry head = state_.queue.front();
  std::vector<JobSlot>& started = state_.scratch_jobs;
  started.clear();
  // The reservation is computed when a job is found that fits, since most passes find none.
  const bool current = state_.reservation && state_.reservation->is_current(head);
  if (!current) state_.reservation.reset();
  if (current && depth == 0 && state_.refusals_stand) {
    scan_fresh_jobs(head, started);
  } else {
    // The head is passed over in the scan and does not count, wherever the backfill order puts it.
    const bool passes_head = depth != 0 && state_.backfill_order().position(head.job) < depth;
    scan_queue(head, depth == 0 ? UINT64_MAX : depth + (passes_head ? 1 : 0), started);
  }
  // Where nodes differ, a job that started may have pushed a refused one to nodes that the head
  // does not need, so the refused one has to be asked again.
  state_.refusals_stand =
      started.empty() || (state_.reservation && state_.reservation->counts_all_cores());
  for (const JobSlot slot : started) state_.dequeue(slot);
}

void Pass::scan_queue(const QueueEntry& head, std::uint64_t depth, std::vector<JobSlot>& started) {
  for (const auto& chunk : state_.backfill_order().entries().chunks()) {
    const std::span<const QueueEntry> items =
        std::span(chunk->items()).first(std::min<std::uint64_t>(depth, chunk->items().size()));
    if (items.empty()) return;
    depth -= items.size();
    const SmallestDemand& smallest = chunk->summary();
    if (smallest.cores > state_.cluster.free_cores()) continue;
    const std::optional<HeadReservation>& reservation = state_.reservation;
    const bool none_may_start = reservation && now_ + smallest.time_limit > reservation->shadow() &&
                                !reservation->may_spare(smallest.cores);
    if (none_may_start) continue;
    for (const QueueEntry& entry : items) {
      // Most jobs are too large; the test of `fits` is repeated here to save the call.
      if (entry.cores > state_.cluster.free_cores() || entry.job == head.job) continue;
      if (try_backfill(entry, head)) started.push_back(entry.job);
    }
  }
}

void Pass::scan_fresh_jobs(const QueueEntry& head, std::vector<JobSlot>& started) {
  const OrderedQueue& queue = state_.backfill_order();
  std::vector<JobSlot>& fresh = state_.fresh_jobs;
  std::erase_if(fresh, [&](JobSlot slot) { return state_.jobs[slot].phase != Phase::waiting; });
  std::sort(fresh.begin(), fresh.end(),
            [&](JobSlot a, JobSlot b) { return EarlierInQueue{}(queue.entry(a), queue.entry(b)); });
  // A job that left and came back, or one in the slot of another, stands there twice.
  fresh.erase(std::unique(fresh.begin(), fresh.end()), fresh.end());
  for (const JobSlot slot : fresh) {
    if (slot != head.job && try_backfill(queue.entry(slot), head)) started.push_back(slot);
  }
}

bool Pass::try_backfill(const QueueEntry& entry, const QueueEntry& head) {
  if (!fits(entry)) return false;
  std::optional<HeadReservation>& reservation = state_.reservation;
  if (!reservation) {
    reservation.emplace(state_.cluster, state_.jobs, state_.running, head, state_.projected);
  }
  const core::Time end = now_ + entry.time_limit;
  if (end > reservation->shadow() && !reservation->may_spare(entry.cores)) return false;
  const RequestClass& request_class = state_.cluster.request_class(entry.request_class);
  state_.scratch_pieces.clear();
  if (!reservation->place(request_class, entry.slots, end, state_.scratch_pieces)) return false;
  start(entry.job, state_.scratch_pieces, core::SelectedBy::backfill);
  return true;
}

void Pass::follow_plan(bool compress) {
  Plan& plan = *state_.plan;
  plan.admit_arrivals(now_, state_.queue);
  plan.free_ended(now_, compress ? &state_.queue : nullptr);
  state_.scratch_jobs.clear();
  plan.list_due(now_, state_.scratch_jobs);
  for (const JobSlot slot : state_.scratch_jobs) {
    if (!plan.is_free_now(slot)) continue;
    state_.scratch_pieces.clear();
    plan.place(slot, state_.scratch_pieces);
    plan.note_start(slot);
    state_.dequeue(slot);
    start(slot, state_.scratch_pieces, core::SelectedBy::reservation);
  }
}

void Pass::start(JobSlot slot, Pieces& pieces, core::SelectedBy selected_by) {
  JobRecord& record = state_.jobs[slot];
  const RequestClass& request_class = state_.cluster.request_class(record.request_class);
  state_.cluster.allocate(pieces, request_class);
  std::swap(record.pieces, pieces);
  record.phase = Phase::running;
  record.replica = core::ReplicaId{record.replica.value + 1};
  record.selected_by = selected_by;
  record.refused_by_host = false;
  record.planned_end = now_ + record.job.time_limit;
  if (request_class.whole_nodes()) {
    record.cores = state_.cluster.cores_held(record.pieces, request_class);
  }
  state_.running.insert({record.planned_end, slot, record.cores});
  std::vector<NodeShare>& shares = state_.commands.next_shares();
  state_.cluster.append_shares(record.pieces, shares);
  state_.commands.add(
      StartReplica{record.job.id, record.replica, shares, record.planned_end, selected_by});
}

}  // namespace nexa::scheduler
