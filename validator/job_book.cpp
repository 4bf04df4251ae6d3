#include "validator/job_book.hpp"

#include <utility>

namespace nexa::validator {

JobSlot JobBook::add(core::JobId id) {
  JobSlot slot = 0;
  if (spare_.empty()) {
    slot = static_cast<JobSlot>(records_.size());
    records_.emplace_back();
    holds_.emplace_back();
  } else {
    slot = spare_.back();
    spare_.pop_back();
  }
  by_id_.put(id.value, slot);
  records_[slot].id = id;
  records_[slot].phase = JobPhase::open;
  return slot;
}

void JobBook::remove(JobSlot slot) {
  JobRecord& old = records_[slot];
  by_id_.erase(old.id.value);
  // The arrays keep their memory for the next job.
  JobRecord fresh;
  fresh.replicas = std::move(old.replicas);
  fresh.replicas.clear();
  fresh.pairs = std::move(old.pairs);
  fresh.pairs.clear();
  old = std::move(fresh);
  holds_[slot] = {};
  spare_.push_back(slot);
}

}  // namespace nexa::validator
