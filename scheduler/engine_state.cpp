#include "scheduler/engine_state.hpp"

namespace nexa::scheduler {
namespace {

NodePreference preference_of(const PolicySet& set) {
  return [filters = set.filters, scores = set.scores](const RequestView& request,
                                                      NodeClasses classes, std::span<bool> accepted,
                                                      std::span<double> sums) {
    for (const auto& filter : filters) filter->filter(request, classes, accepted);
    for (const auto& score : scores) score->score(request, classes, sums);
  };
}

}  // namespace

EngineState::EngineState(PolicySet set)
    : policies(std::move(set)), cluster(preference_of(policies)), queue(*policies.order) {
  if (policies.backfill_order) backfill_queue.emplace(*policies.backfill_order);
  if (policies.backfill->plans_reservations()) plan = std::make_unique<Plan>(cluster, jobs);
}

void EngineState::reload(PolicySet set, core::Time now) {
  policies = std::move(set);
  cluster.prefer(preference_of(policies));
  queue = OrderedQueue(*policies.order);
  backfill_queue.reset();
  if (policies.backfill_order) backfill_queue.emplace(*policies.backfill_order);
  plan.reset();
  if (policies.backfill->plans_reservations()) plan = std::make_unique<Plan>(cluster, jobs);
  reservation.reset();
  fresh_jobs.clear();
  for (JobSlot slot = 0; slot < jobs.slot_limit(); ++slot) {
    if (jobs[slot].phase == Phase::waiting) enqueue(slot, now);
  }
}

void EngineState::enqueue(JobSlot slot, core::Time now) {
  queue.insert(slot, jobs[slot], now);
  if (backfill_queue) backfill_queue->insert(slot, jobs[slot], now);
  fresh_jobs.push_back(slot);
}

void EngineState::dequeue(JobSlot slot) {
  queue.erase(slot);
  if (backfill_queue) backfill_queue->erase(slot);
}

}  // namespace nexa::scheduler
