#include "scheduler/replica_use.hpp"

namespace nexa::scheduler {

using ledger::ReplicaOutcome;
using validator::ReplicaState;

namespace {

ReplicaOutcome outcome_of_failure(ReplicaEnding ending, const JobDecision& decision) {
  switch (ending) {
    case ReplicaEnding::node_lost:
      return ReplicaOutcome::node_error;
    case ReplicaEnding::no_reply:
      return ReplicaOutcome::no_reply;
    case ReplicaEnding::error:
      return decision.why == validator::FailedBecause::poison ? ReplicaOutcome::user_error
                                                              : ReplicaOutcome::node_error;
    default:
      break;
  }
  return decision.outcome == validator::Outcome::cancelled ? ReplicaOutcome::cancelled
                                                           : ReplicaOutcome::not_needed;
}

}  // namespace

ReplicaOutcome outcome_of(ReplicaState state, ReplicaEnding ending, const JobDecision& decision) {
  switch (state) {
    case ReplicaState::valid:
      return ReplicaOutcome::valid;
    case ReplicaState::invalid:
      return ReplicaOutcome::invalid;
    case ReplicaState::too_late:
      return ReplicaOutcome::late;
    case ReplicaState::no_reply:
      return ReplicaOutcome::no_reply;
    default:
      break;
  }
  if (ending != ReplicaEnding::result) return outcome_of_failure(ending, decision);
  // A result that a requester did not want to wait for is work that was done for it.
  return decision.outcome == validator::Outcome::cancelled ? ReplicaOutcome::cancelled
                                                           : ReplicaOutcome::inconclusive;
}

}  // namespace nexa::scheduler
