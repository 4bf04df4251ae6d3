#include "scheduler/job_table.hpp"

#include "core/assert.hpp"

namespace nexa::scheduler {

JobSlot JobTable::add(core::JobId id) {
  JobSlot slot = slot_limit();
  if (spare_.empty()) {
    records_.emplace_back();
  } else {
    slot = spare_.back();
    spare_.pop_back();
  }
  const std::size_t block = id.value / ids_per_block;
  if (block >= blocks_.size()) blocks_.resize(block + 1);
  if (!blocks_[block]) blocks_[block] = std::make_unique<Block>();
  JobSlot& entry = blocks_[block]->slots[id.value % ids_per_block];
  NEXA_ASSERT(entry == no_slot, "a job id must be new");
  entry = slot;
  ++blocks_[block]->live;
  records_[slot].job.id = id;
  return slot;
}

void JobTable::remove(JobSlot slot) {
  JobRecord& record = records_[slot];
  auto& block = blocks_[record.job.id.value / ids_per_block];
  block->slots[record.job.id.value % ids_per_block] = no_slot;
  if (--block->live == 0) block.reset();
  // The pieces' memory is kept for the next job.
  Pieces pieces = std::move(record.pieces);
  pieces.clear();
  record = JobRecord{};
  record.pieces = std::move(pieces);
  spare_.push_back(slot);
}

std::optional<JobSlot> JobTable::find(core::JobId id) const {
  const std::size_t block = id.value / ids_per_block;
  if (block >= blocks_.size() || !blocks_[block]) return std::nullopt;
  const JobSlot slot = blocks_[block]->slots[id.value % ids_per_block];
  if (slot == no_slot) return std::nullopt;
  return slot;
}

}  // namespace nexa::scheduler
