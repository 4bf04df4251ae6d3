// Asking for replicas: on whose nodes, and apart from which others.
#include <algorithm>

#include "validator/state.hpp"

namespace nexa::validator {
namespace {

bool is_for_judge(Purpose purpose) {
  return purpose == Purpose::spot_check || purpose == Purpose::arbitration ||
         purpose == Purpose::arbiter_check || purpose == Purpose::revalidation;
}

bool is_for_vote(Purpose purpose) {
  return purpose == Purpose::work || purpose == Purpose::quorum || purpose == Purpose::audit;
}

}  // namespace

TrustBucket ValidatorState::least_trust(JobRecord& job, Purpose purpose) {
  if (is_for_judge(purpose)) return TrustBucket::trusted;
  if (!is_for_vote(purpose)) return TrustBucket::newcomer;
  const Policy& policy = policy_of(job.rules.policy);
  // Where most nodes have earned trust, newcomers get a small share of the work, however many they
  // are: a crowd of new identities then costs little.
  if (!policy.has_lottery() || !nodes.newcomers_are_guests()) return TrustBucket::newcomer;
  if (job.replicas.empty()) {
    newcomer_tokens += config.newcomer_share_ppm;
    const bool open = newcomer_tokens >= 1'000'000;
    if (open) newcomer_tokens -= 1'000'000;
    return open ? TrustBucket::newcomer : TrustBucket::established;
  }
  return job.open_to_newcomers ? TrustBucket::newcomer : TrustBucket::established;
}

std::span<const core::FaultDomain> ValidatorState::domains_to_avoid(const JobRecord& job,
                                                                    Purpose purpose) {
  std::vector<core::FaultDomain>& avoid = domain_scratch;
  avoid.clear();
  const auto add = [this, &avoid, &job](NodeSlot slot, bool whole) {
    for (const NodeSlot twin : nodes.machine_of(slot).nodes) {
      avoid.push_back(core::FaultDomain::of(nodes.node(twin).id));
    }
    if (!whole) return;
    const NodeRecord& node = nodes.node(slot);
    if ((job.rules.distinct & distinct_owner) != 0) {
      avoid.push_back(core::FaultDomain::of(node.owner));
    }
    if ((job.rules.distinct & distinct_site) != 0) {
      avoid.push_back(core::FaultDomain::of(node.site));
    }
    if ((job.rules.distinct & distinct_rack) != 0 && node.rack.value != 0) {
      avoid.push_back(core::FaultDomain::of(node.rack));
    }
  };
  for (const ReplicaRecord& replica : job.replicas) {
    if (!replica.placed) continue;
    const bool gone = replica.ended && !replica.has_result;
    // Trusted nodes are one tier of few owners: among them only the machine has to be another one.
    const bool whole = replica.votes && !gone && !(replica.trusted && is_for_judge(purpose));
    add(replica.node, whole);
    for (const NodeSlot node : replica.more_nodes) add(node, whole);
  }
  core::canonicalise(avoid);
  return domain_arena.copy(avoid);
}

void ValidatorState::send(JobSlot slot, Purpose purpose, std::optional<std::size_t> about) {
  JobRecord& job = jobs[slot];
  SendReplica wish;
  wish.job = job.id;
  wish.replica = replica_id(job.replicas.size());
  wish.purpose = purpose;
  wish.min_trust = least_trust(job, purpose);
  if (job.replicas.empty()) job.open_to_newcomers = false;
  if (purpose == Purpose::rerun) {
    wish.only_node = nodes.node(job.replicas[*about].node).id;
  } else {
    wish.avoid = domains_to_avoid(job, purpose);
  }
  const bool between_classes = job.cross_mismatch && is_for_judge(purpose);
  if (purpose == Purpose::cross_class || between_classes) {
    wish.other_than = job.host_class;  // such results are compared with a tolerance
  } else if (job.host_class.value != 0) {
    wish.host_class = job.host_class;
  } else if (is_for_vote(purpose) && !job.may_use_suspects &&
             policy_of(job.rules.policy).convicts()) {
    wish.other_than = class_to_avoid();
    if (wish.other_than.value == 0) job.may_use_suspects = true;
  }
  ReplicaRecord& replica = job.add_replica();
  replica.purpose = purpose;
  replica.min_trust = wish.min_trust;
  replica.kept_away = is_for_vote(purpose) && wish.other_than.value != 0;
  replica.votes = is_for_vote(purpose);
  replica.judges = is_for_judge(purpose);
  if (about) replica.against = replica_id(*about);
  building.emplace_back(wish);
}

void ValidatorState::cancel_outstanding(JobRecord& job) {
  for (std::size_t i = 0; i < job.replicas.size(); ++i) {
    ReplicaRecord& replica = job.replicas[i];
    if (replica.ended || replica.state == ReplicaState::not_needed) continue;
    if (replica.purpose == Purpose::rerun) continue;
    replica.state = ReplicaState::not_needed;
    if (!replica.placed) replica.ended = true;
    building.emplace_back(CancelReplica{job.id, replica_id(i)});
  }
}

}  // namespace nexa::validator
