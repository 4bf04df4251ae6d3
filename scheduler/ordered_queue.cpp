#include "scheduler/ordered_queue.hpp"

#include <cmath>

#include "core/assert.hpp"

namespace nexa::scheduler {

double OrderedQueue::key_of(const JobView& view, core::Time now) const {
  const double key = order_->key(view, now);
  NEXA_ASSERT(!std::isnan(key), "an order policy returned a key that is not a number");
  return key;
}

void OrderedQueue::insert(JobSlot slot, const JobRecord& record, core::Time now) {
  const core::Job& job = record.job;
  const JobView view{job.submit, job.time_limit, record.cores, job.request.slots, job.user};
  if (slot >= entry_of_.size()) entry_of_.resize(std::size_t{slot} + 1);
  const QueueEntry entry{key_of(view, now),
                         record.arrival,
                         job.time_limit,
                         record.cores,
                         job.request.slots,
                         record.request_class,
                         slot};
  entry_of_[slot] = entry;
  entries_.insert(entry);
  if (!keys_depend_on_time_) return;
  if (slot >= view_of_.size()) view_of_.resize(std::size_t{slot} + 1);
  view_of_[slot] = view;
}

void OrderedQueue::erase(JobSlot slot) {
  // Most jobs leave from the front, which needs no search.
  if (front().job == slot) return entries_.pop_front();
  entries_.erase(entry_of_[slot]);
}

void OrderedQueue::sort_anew(core::Time now) {
  scratch_.clear();
  entries_.for_each([&](const QueueEntry& entry) {
    QueueEntry& kept = entry_of_[entry.job];
    kept.key = key_of(view_of_[entry.job], now);
    scratch_.push_back(kept);
    return true;
  });
  std::sort(scratch_.begin(), scratch_.end(), EarlierInQueue{});
  entries_.assign_sorted(scratch_);
}

std::size_t OrderedQueue::position(JobSlot slot) const {
  std::size_t before = 0;
  for (const auto& chunk : entries_.chunks()) {
    if (!EarlierInQueue{}(chunk->items().back(), entry_of_[slot])) {
      for (const QueueEntry& entry : chunk->items()) {
        if (entry.job == slot) return before;
        ++before;
      }
    }
    before += chunk->items().size();
  }
  return before;
}

}  // namespace nexa::scheduler
