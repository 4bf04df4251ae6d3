#include "validator/job_book.hpp"

namespace nexa::validator {

void JobRecord::start_anew(core::JobId new_id) {
  core::ShortList<ReplicaRecord, 1> memory = std::move(replicas);
  memory.clear();
  std::vector<PairRecord> memory_of_pairs = std::move(pairs);
  memory_of_pairs.clear();
  *this = JobRecord{};
  replicas = std::move(memory);
  pairs = std::move(memory_of_pairs);
  id = new_id;
  phase = JobPhase::open;
}

JobSlot JobBook::add(core::JobId id) {
  JobSlot slot = 0;
  if (spare_.empty()) {
    slot = records_.size();
    records_.grow();
    holds_.emplace_back();
  } else {
    slot = spare_.back();
    spare_.pop_back();
  }
  by_id_.put(id.value, slot);
  records_[slot].start_anew(id);
  return slot;
}

void JobBook::remove(JobSlot slot) {
  // The rest is overwritten when the slot is used again, and may be far from the cache now.
  records_[slot].phase = JobPhase::gone;
  by_id_.erase(records_[slot].id.value);
  holds_[slot] = {};
  spare_.push_back(slot);
}

}  // namespace nexa::validator
