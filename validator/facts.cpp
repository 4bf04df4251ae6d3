// What facts change in the state. Nothing is decided here, and a fact that contradicts what is
// known changes nothing.
#include <algorithm>
#include <functional>

#include "validator/state.hpp"

namespace nexa::validator {

ValidatorState::ValidatorState(const ValidatorConfig& given_config, core::Sha256 sha256)
    : config(given_config), lottery(config.lottery_secret, sha256), nodes(config, building) {}

void ValidatorState::on(const NodeJoined& fact) {
  nodes.join(fact, now);
}

void ValidatorState::on(const NodeLeft& fact) {
  nodes.leave(fact.node);
}

void ValidatorState::on(const NodeReturned& fact) {
  nodes.come_back(fact.node);
}

void ValidatorState::on(const JobSubmitted& fact) {
  if (!validator::check(fact.rules) || jobs.find(fact.job) != no_slot) return;
  const JobSlot slot = jobs.add(fact.job);
  JobRecord& job = jobs[slot];
  job.rules = fact.rules;
  job.value = fact.value;
  job.comparator = fact.comparator;
  job.job_class = fact.job_class;
  ++undecided;
  // The mean follows the last thousand jobs or so; what nobody could pay does not move it.
  constexpr std::int64_t memory = 1024;
  constexpr std::int64_t most = std::int64_t{1} << 50;
  values_seen = std::min(values_seen + 1, memory);
  mean_value += (std::clamp<std::int64_t>(fact.value.micro(), 0, most) - mean_value) / values_seen;
  mark_dirty(slot);
}

void ValidatorState::on(const JobCancelled& fact) {
  const JobSlot slot = jobs.find(fact.job);
  if (slot == no_slot || jobs[slot].phase != JobPhase::open) return;
  jobs[slot].cancel_wanted = true;
  mark_dirty(slot);
}

ReplicaRecord* ValidatorState::find(core::JobId job, core::ReplicaId replica, JobSlot& slot) {
  slot = jobs.find(job);
  return slot == no_slot ? nullptr : jobs[slot].replica(replica);
}

bool ValidatorState::is_expelled(const ReplicaRecord& replica) {
  bool expelled = false;
  for_each_machine(replica, [&expelled](const MachineRecord& machine, NodeSlot) {
    expelled = expelled || machine.expelled;
  });
  return expelled;
}

void ValidatorState::on(const ReplicaPlaced& fact) {
  JobSlot slot = no_slot;
  ReplicaRecord* const replica = find(fact.job, fact.replica, slot);
  if (replica == nullptr || replica->placed || replica->ended || fact.nodes.empty()) return;
  for (std::size_t i = 0; i < fact.nodes.size(); ++i) {
    if (nodes.find(fact.nodes[i]) == no_slot) return;
  }
  replica->placed = true;
  replica->node = nodes.find(fact.nodes[0]);
  replica->more_nodes.reserve(fact.nodes.size() - 1);
  for (const core::NodeId node : fact.nodes.subspan(1)) {
    replica->more_nodes.push_back(nodes.find(node));
  }
  replica->machines_repeat = do_machines_repeat(*replica);
  replica->trusted = nodes.node(replica->node).trusted;
  for (const NodeSlot node : replica->more_nodes) {
    replica->trusted = replica->trusted && nodes.node(node).trusted;
  }
  JobRecord& job = jobs[slot];
  if (replica->judges && !replica->trusted) {  // the host did not do what it was asked to
    replica->judges = false;
    ++job.arbiter_failures;
  }
  const auto index = static_cast<std::uint32_t>(replica - job.replicas.data());
  for_each_machine(*replica, [this, slot, index](MachineRecord& machine, NodeSlot) {
    nodes.begin(machine, {slot, index});
  });
  if (is_expelled(*replica)) replica->votes = replica->judges = false;
  if (job.rules.host_class != HostClassRule::none && job.host_class.value == 0 && replica->votes) {
    job.host_class = nodes.node(replica->node).host_class;
  }
  if (job.rules.delay_bound > core::Duration{}) {
    const core::Duration bound = job.rules.delay_bound;
    replica->deadline = bound >= core::never - now ? core::never : now + bound;
    deadlines.push_back({replica->deadline, {fact.job, fact.replica}});
    std::push_heap(deadlines.begin(), deadlines.end(), std::greater<>{});
  }
  mark_dirty(slot);
}

void ValidatorState::on(const ReplicaUnplaceable& fact) {
  JobSlot slot = no_slot;
  ReplicaRecord* const replica = find(fact.job, fact.replica, slot);
  if (replica == nullptr || replica->placed || replica->ended) return;
  JobRecord& job = jobs[slot];
  replica->ended = true;
  replica->state = ReplicaState::not_needed;
  switch (replica->purpose) {
    case Purpose::work:
    case Purpose::quorum:
    case Purpose::audit:
      if (replica->kept_away) {
        job.may_use_suspects = true;  // one relaxation at a time
      } else if (replica->min_trust == TrustBucket::newcomer) {
        job.unplaceable = true;
      } else {
        job.open_to_newcomers = true;
      }
      break;
    case Purpose::arbiter_check:
      job.no_second_arbiter = true;
      break;
    case Purpose::spot_check:
    case Purpose::arbitration:
    case Purpose::revalidation:
      job.no_arbiter = true;
      break;
    case Purpose::cross_class:
    case Purpose::rerun:
      break;
  }
  mark_dirty(slot);
}

void ValidatorState::on(const ResultCommitted& fact) {
  JobSlot slot = no_slot;
  ReplicaRecord* const replica = find(fact.job, fact.replica, slot);
  if (replica == nullptr || !replica->placed || replica->ended) return;
  if (replica->state == ReplicaState::assigned) replica->state = ReplicaState::committed;
}

void ValidatorState::end_of(ReplicaRecord& replica) {
  replica.ended = true;
  for_each_machine(replica, [this](MachineRecord& machine, NodeSlot) { nodes.end(machine); });
}

void ValidatorState::on(const ResultReported& fact) {
  JobSlot slot = no_slot;
  ReplicaRecord* const replica = find(fact.job, fact.replica, slot);
  if (replica == nullptr || !replica->placed) return;
  if (replica->ended) {
    if (replica->state != ReplicaState::no_reply) return;
    replica->state = ReplicaState::too_late;
    replica->digest = fact.digest;
    return;
  }
  JobRecord& job = jobs[slot];
  end_of(*replica);
  if (job.results == max_results) {  // more than can be compared; the limits allow it to no job
    replica->state = ReplicaState::inconclusive;
    mark_dirty(slot);
    return;
  }
  replica->has_result = true;
  replica->digest = fact.digest;
  replica->order = ++job.results;
  if (replica->state != ReplicaState::not_needed) replica->state = ReplicaState::revealed;
  const auto own = static_cast<std::uint8_t>(replica - job.replicas.data());
  for (const Comparison& comparison : fact.comparisons) {
    const ReplicaRecord* const other = job.replica(comparison.other);
    if (other == nullptr || other == replica || !other->has_result) continue;
    job.pairs.push_back({static_cast<std::uint8_t>(other - job.replicas.data()), own,
                         comparison.equal, comparison.distance});
    if (comparison.equal) note_lean(job, *replica, *other, comparison.lean_permille);
  }
  const Policy& policy = policy_of(job.rules.policy);
  std::uint64_t score = UINT64_MAX;
  replica->checks = UINT32_MAX;
  for_each_machine(*replica, [&](MachineRecord& machine, NodeSlot) {
    nodes.reported(machine);
    replica->newcomer = replica->newcomer || machine.bucket == TrustBucket::newcomer;
    replica->checks = std::min(replica->checks, machine.earned_with(job.job_class));
    score = std::min(score, machine.poco_score);
  });
  replica->weight = policy.weight(replica->newcomer, score);
  if (replica->votes) job.error_run = 0;
  if (replica->votes) job.error_nodes.clear();
  mark_dirty(slot);
}

void ValidatorState::on(const ReplicaFailed& fact) {
  JobSlot slot = no_slot;
  ReplicaRecord* const replica = find(fact.job, fact.replica, slot);
  if (replica == nullptr || !replica->placed || replica->ended) return;
  JobRecord& job = jobs[slot];
  end_of(*replica);
  mark_dirty(slot);
  if (replica->state == ReplicaState::not_needed) return;
  for_each_machine(*replica, [this, &fact](MachineRecord& machine, NodeSlot) {
    nodes.failed(machine, fact.how, now);
  });
  if (replica->judges) ++job.arbiter_failures;
  switch (fact.how) {
    case FailureKind::error:
      replica->state = ReplicaState::error;
      if (!replica->votes) break;
      ++job.errors;
      ++job.error_run;
      if (std::find(job.error_nodes.begin(), job.error_nodes.end(), replica->node) ==
          job.error_nodes.end()) {
        job.error_nodes.push_back(replica->node);
      }
      break;
    case FailureKind::no_reply:
      replica->state = ReplicaState::no_reply;
      break;
    case FailureKind::aborted:
    case FailureKind::node_lost:
      replica->state = ReplicaState::not_needed;
      break;
    case FailureKind::bad_proof:
      replica->state = ReplicaState::invalid;
      replica->ground = Ground::bad_proof;
      replica->against = fact.replica;
      break;
  }
}

void ValidatorState::on(const EpochEnded&) {
  ++epochs_to_end;
}

void ValidatorState::drop_old_deadlines() {
  while (!deadlines.empty()) {
    const auto [when, who] = deadlines.front();
    JobSlot slot = no_slot;
    const ReplicaRecord* const replica = find(who.first, who.second, slot);
    if (replica != nullptr && !replica->ended && replica->deadline == when) return;
    std::pop_heap(deadlines.begin(), deadlines.end(), std::greater<>{});
    deadlines.pop_back();
  }
}

void ValidatorState::expire_deadlines() {
  while (!deadlines.empty() && deadlines.front().first <= now) {
    const auto [when, who] = deadlines.front();
    std::pop_heap(deadlines.begin(), deadlines.end(), std::greater<>{});
    deadlines.pop_back();
    JobSlot slot = no_slot;
    ReplicaRecord* const replica = find(who.first, who.second, slot);
    if (replica == nullptr || replica->ended || replica->deadline != when) continue;
    const bool was_needed = replica->state != ReplicaState::not_needed;
    end_of(*replica);
    mark_dirty(slot);
    if (!was_needed) continue;
    replica->state = ReplicaState::no_reply;
    building.emplace_back(CancelReplica{who.first, who.second});
    if (replica->judges) ++jobs[slot].arbiter_failures;
    for_each_machine(*replica, [this](MachineRecord& machine, NodeSlot) {
      nodes.failed(machine, FailureKind::no_reply, now);
    });
  }
}

}  // namespace nexa::validator
