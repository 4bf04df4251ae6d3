// What a validated simulation tells of replicas, verdicts and nodes where somebody keeps records.

#include "core/assert.hpp"
#include "simulator/validated_simulation.hpp"

namespace nexa::simulator {
namespace {

validator::ReplicaState state_of(ReplicaFate fate) {
  switch (fate) {
    case ReplicaFate::valid:
      return validator::ReplicaState::valid;
    case ReplicaFate::invalid:
      return validator::ReplicaState::invalid;
    case ReplicaFate::inconclusive:
      return validator::ReplicaState::inconclusive;
    case ReplicaFate::too_late:
      return validator::ReplicaState::too_late;
    case ReplicaFate::error:
      return validator::ReplicaState::error;
    case ReplicaFate::no_reply:
      return validator::ReplicaState::no_reply;
    case ReplicaFate::not_needed:
      break;
  }
  return validator::ReplicaState::not_needed;
}

}  // namespace

scheduler::ReplicaRecord ValidatedSimulation::record_of(core::JobId job, const Given& given) const {
  const Identity& identity = identities_[given.node.value];
  validator::ReplicaState state = state_of(given.fate);
  if (!given.judged && given.end == core::never) state = validator::ReplicaState::assigned;
  if (!given.judged && given.handed_in) state = validator::ReplicaState::revealed;
  return {.job = job,
          .replica = given.replica,
          .node = given.node,
          .machine = identity.machine,
          .owner = identity.owner,
          .behaviour = population_.label_of(identity.machine),
          .tier = spec_of(given.node).tier,
          .purpose = given.purpose,
          .state = state,
          .start = given.start,
          .end = given.end,
          .cores = index_.cores_held(given.nodes, workload_.request_of(workload_.jobs[job.value])),
          .wrong = is_wrong(given.answer),
          .trusted = is_trusted(given.node),
          .machines = given.nodes};
}

void ValidatedSimulation::record_replicas(core::JobId job) {
  for (const Given& given : jobs_[job.value].given) {
    options_.results->add_replica(record_of(job, given));
  }
}

void ValidatedSimulation::record_verdict(const validator::Verdict& verdict, core::Time now) {
  const Job& job = jobs_[verdict.job.value];
  options_.results->add_verdict({.job = verdict.job,
                                 .time = now,
                                 .outcome = verdict.outcome,
                                 .why = verdict.why,
                                 .rule = verdict.rule,
                                 .revised = std::nullopt,
                                 .canonical = verdict.canonical,
                                 .confirmed = verdict.confirmed,
                                 .wrong = job.accepted && job.wrong,
                                 .copies = static_cast<std::uint32_t>(job.given.size())});
}

void ValidatedSimulation::record_revision(const validator::VerdictRevised& revised,
                                          core::Time now) {
  const Job& job = jobs_[revised.job.value];
  options_.results->add_verdict(
      {.job = revised.job,
       .time = now,
       .outcome = job.accepted ? validator::Outcome::accepted : validator::Outcome::failed,
       .revised = revised.why,
       .canonical = revised.canonical,
       .wrong = job.accepted && job.wrong,
       .copies = static_cast<std::uint32_t>(job.given.size())});
}

scheduler::IdentityRecord ValidatedSimulation::record_of(core::NodeId node) const {
  const Identity& identity = identities_[node.value];
  const auto group = index_.group_of(identity.machine.value);
  const auto standing = coordinator_.validator().standing(node);
  NEXA_ASSERT(standing.has_value(), "the validator knows every node");
  return {.node = node,
          .machine = identity.machine,
          .owner = identity.owner,
          .node_class = static_cast<std::uint32_t>(group),
          .behaviour = population_.label_of(identity.machine),
          .intent = population_.intent_of(identity.machine),
          .joined = identity.joined,
          .first_wrong = collector_.first_wrong(node),
          .convicted = collector_.first_convicted(node),
          .trust = standing->bucket,
          .reputation_ppm = standing->reputation_ppm,
          .strikes = standing->strikes_that_count,
          .expelled = standing->expelled,
          .valid = standing->valid,
          .invalid = standing->invalid,
          .inconclusive = standing->inconclusive,
          .errors = standing->errors.total,
          .no_replies = standing->late.total,
          .aborted = standing->aborted};
}

void ValidatedSimulation::record_rest() {
  for (std::uint32_t job = 0; job < next_job_; ++job) record_replicas(core::JobId{job});
  for (std::uint32_t node = 0; node < identities_.size(); ++node) {
    options_.results->add_identity(record_of(core::NodeId{node}));
  }
}

}  // namespace nexa::simulator
