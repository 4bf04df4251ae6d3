#pragma once

#include <cstdint>

#include "core/ids.hpp"
#include "ledger/job_terms.hpp"
#include "validator/decision.hpp"

namespace nexa::scheduler {

/// How a replica left its nodes, as its host saw it.
enum class ReplicaEnding : std::uint8_t {
  result,     ///< and handed one in
  error,      ///< crashed, or left no result that can be read
  no_reply,   ///< past its deadline
  aborted,    ///< stopped after a CancelReplica
  node_lost,  ///< with its node
};

/// What a replica used, measured from outside, and how it ended.
struct ReplicaUse {
  core::TierId tier;
  ledger::Usage usage;
  ReplicaEnding ending = ReplicaEnding::result;
};

/// How a job was decided, as far as it matters for what its replicas are charged.
struct JobDecision {
  validator::Outcome outcome = validator::Outcome::accepted;
  validator::FailedBecause why = validator::FailedBecause::none;
};

/// The row of the refund matrix for a replica that has ended. What the validator found of a result
/// counts first; a failure is the node's fault unless the job was found to fail everywhere, or the
/// requester stopped it.
ledger::ReplicaOutcome outcome_of(validator::ReplicaState state, ReplicaEnding ending,
                                  const JobDecision& decision);

}  // namespace nexa::scheduler
