// Verdicts that somebody contests.
#include "validator/state.hpp"

namespace nexa::validator {

void ValidatorState::on(const VerdictDisputed& fact) {
  const JobSlot slot = jobs.find(fact.job);
  if (slot == no_slot || jobs[slot].confirmed || jobs[slot].failed) {
    // Nothing is left to look at, or the trusted tier has spoken.
    building.emplace_back(DisputeDecided{.job = fact.job, .upheld = false, .computed = false});
    return;
  }
  JobRecord& job = jobs[slot];
  if (job.phase != JobPhase::decided || job.disputed || nodes.counts().trusted == 0) return;
  job.disputed = true;
  if (job.reopened) return;
  look_again(slot);
  mark_dirty(slot);
}

void ValidatorState::decide_dispute(JobRecord& job, bool upheld) {
  if (!job.disputed) return;
  job.disputed = false;
  building.emplace_back(DisputeDecided{.job = job.id, .upheld = upheld, .computed = job.confirmed});
}

}  // namespace nexa::validator
