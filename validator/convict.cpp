// What follows from a wrong result for its node: rule V7, and V9.
#include <algorithm>

#include "validator/state.hpp"

namespace nexa::validator {

void ValidatorState::strike(JobSlot slot, std::size_t index, core::ReplicaId against) {
  JobRecord& job = jobs[slot];
  ReplicaRecord& replica = job.replicas[index];
  if (replica.struck || !policy_of(job.rules.policy).convicts()) return;
  replica.struck = true;
  const bool proven = replica.ground == Ground::bad_proof;
  const std::vector<NodeSlot> crowd = machines_of(replica);
  const bool one_culprit = crowd.size() == 1;
  // What an arbiter's or a plurality's word proves of one machine is a hard strike; numerics, and
  // those of a crowd who are likely to be the culprit, get a soft one.
  const bool hard = one_culprit && (proven || job.comparator == ComparatorKind::exact);
  const StrikeKind kind = !hard            ? StrikeKind::soft
                          : replica.judges ? StrikeKind::arbiter
                                           : StrikeKind::hard;
  const Strike evidence{.kind = kind,
                        .job = job.id,
                        .replica = replica_id(index),
                        .against = against,
                        .time = {},
                        .at_result = 0};
  bool ask_again = false;
  const bool has_result = replica.has_result;
  // Numbers that are off cost a machine nothing at first, and its company no more.
  if (!one_culprit && job.comparator == ComparatorKind::exact) {
    for (const NodeSlot node : crowd) nodes.doubt(nodes.machine_of(node));
  }
  for (const NodeSlot node : one_culprit ? crowd : nodes.culprits(crowd)) {
    MachineRecord& machine = nodes.machine_of(node);
    if (!nodes.strike(machine, node, evidence, now)) continue;
    ask_again = ask_again || !machine.expelled;
    backtrack(machine);  // which may send another replica of this job, and move its records
    if (machine.expelled) withdraw(machine);
  }
  if (config.rerun_after_strike && ask_again && hard && has_result) {
    send(slot, Purpose::rerun, index);
  }
}

std::vector<NodeSlot> ValidatorState::machines_of(const ReplicaRecord& replica) {
  std::vector<NodeSlot> machines;
  for_each_machine(replica,
                   [&machines](MachineRecord&, NodeSlot node) { machines.push_back(node); });
  return machines;
}

void ValidatorState::backtrack(MachineRecord& machine) {
  for (const VestEntry& entry : machine.window.take_all()) {
    --jobs.hold(entry.job).pins;
    reopen(entry.job, entry.replica);
    forfeit(entry.job, entry.replica);  // later, so that a host does not think that the job is over
    mark_dirty(entry.job);              // it may have been kept for this window only
  }
}

void ValidatorState::reopen(JobSlot slot, std::size_t index) {
  JobRecord& job = jobs[slot];
  const bool doubtful =
      job.phase == JobPhase::decided && !job.reopened && !job.confirmed && !job.failed;
  const bool may_ask_arbiters = nodes.counts().trusted > 0;
  // Without a trusted tier, what others have agreed to cannot be told better by asking more.
  if (!config.backtrack || !doubtful || (!may_ask_arbiters && job.replicas[index].checked)) return;
  look_again(slot);
}

void ValidatorState::look_again(JobSlot slot) {
  JobRecord& job = jobs[slot];
  job.reopened = true;
  job.replicated = true;
  job.no_arbiter = job.unplaceable = job.no_second_arbiter = false;
  job.arbiter_failures = 0;
  ++undecided;
  if (nodes.counts().trusted > 0) send(slot, Purpose::revalidation);
}

void ValidatorState::withdraw(MachineRecord& machine) {
  const std::vector<ActiveEntry> entries = machine.active;
  for (const ActiveEntry& entry : entries) {
    JobRecord& job = jobs[entry.job];
    if (!job.undecided()) continue;
    ReplicaRecord& replica = job.replicas[entry.replica];
    if (!replica.votes && !replica.judges) continue;
    const bool was_found_wrong = replica.state == ReplicaState::invalid;
    if (was_found_wrong) continue;
    replica.votes = false;
    replica.judges = false;
    replica.ground = Ground::expelled;
    if (!replica.ended && replica.state != ReplicaState::not_needed) {
      replica.state = ReplicaState::not_needed;
      building.emplace_back(CancelReplica{job.id, replica_id(entry.replica)});
    }
    mark_dirty(entry.job);
  }
}

void ValidatorState::vest(JobSlot slot, std::size_t index) {
  if (jobs.hold(slot).is_vested_early(index)) return;
  JobRecord& job = jobs[slot];
  ReplicaRecord& replica = job.replicas[index];
  if (replica.vested || replica.state != ReplicaState::valid) return;
  replica.vested = true;
  jobs.hold(slot).note_vested(index);
  building.emplace_back(Vested{job.id, replica_id(index)});
}

void ValidatorState::forfeit(JobSlot slot, std::size_t index) {
  JobRecord& job = jobs[slot];
  ReplicaRecord& replica = job.replicas[index];
  if (replica.vested || replica.state != ReplicaState::valid) return;
  replica.vested = true;
  jobs.hold(slot).note_vested(index);
  building.emplace_back(Forfeited{job.id, replica_id(index)});
}

void ValidatorState::unpin(JobSlot slot) {
  if (--jobs.hold(slot).pins > 0) return;
  release_if_done(slot);
}

void ValidatorState::diagnose(const JobRecord& job, std::size_t rerun) {
  const ReplicaRecord& again = job.replicas[rerun];
  const bool same = equal(job, rerun, again.against.value - 1);
  MachineRecord& machine = nodes.machine_of(again.node);
  if (!same) ++machine.intermittent;
  building.emplace_back(
      Diagnosed{.node = nodes.node(again.node).id,
                .job = job.id,
                .replica = again.against,
                .rerun = replica_id(rerun),
                .diagnosis = same ? Diagnosis::repeatable : Diagnosis::intermittent});
}

}  // namespace nexa::validator
