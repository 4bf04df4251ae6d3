// Verdicts, their revision, and what follows from them for the replicas of the job.
#include <algorithm>

#include "core/assert.hpp"
#include "validator/state.hpp"

namespace nexa::validator {
namespace {

bool is_final(ReplicaState state) {
  return state == ReplicaState::too_late || state == ReplicaState::error ||
         state == ReplicaState::no_reply || state == ReplicaState::not_needed;
}

ReplicaVerdict verdict_of(const JobRecord& job, std::size_t index) {
  const ReplicaRecord& replica = job.replicas[index];
  return {.replica = replica_id(index),
          .state = replica.state,
          .ground = replica.ground,
          .against = replica.against,
          .class_number = 0,
          .domain = 0,
          .weight = 0,
          .trusted = replica.trusted};
}

}  // namespace

Finding ValidatorState::finding_of(const JobRecord& job, std::size_t index, const Case& results,
                                   const Settlement& how) const {
  const Vote& canonical = results.votes[how.canonical];
  for (std::size_t i = 0; i < results.votes.size(); ++i) {
    if (results.votes[i].entry != index) continue;
    if ((how.members >> i & 1) != 0) {
      return {ReplicaState::valid, Ground::agrees, canonical.replica};
    }
    if (results.equality.equal(i, how.canonical) || !how.others_are_wrong) {
      return {ReplicaState::inconclusive, Ground::undecided, canonical.replica};
    }
    if (how.judge && i != *how.judge) {
      return {ReplicaState::invalid, Ground::arbiter, results.votes[*how.judge].replica};
    }
    return {ReplicaState::invalid, Ground::disagrees, canonical.replica};
  }
  // It has no vote: copies for another host class are right or prove nothing.
  const ReplicaRecord& replica = job.replicas[index];
  if (replica.purpose == Purpose::cross_class && equal(job, index, canonical.entry)) {
    return {ReplicaState::valid, Ground::agrees, canonical.replica};
  }
  if (replica.ground == Ground::expelled) return {ReplicaState::inconclusive, Ground::expelled, {}};
  return {ReplicaState::inconclusive, Ground::undecided, canonical.replica};
}

void ValidatorState::take_findings(JobSlot slot, const Case& results, const Settlement& how) {
  JobRecord& job = jobs[slot];
  const bool was_replicated = distinct_domains(results.votes, how.members) >= 2 || how.judge;
  std::vector<std::size_t> changed;
  for (std::size_t i = 0; i < job.replicas.size(); ++i) {
    ReplicaRecord& replica = job.replicas[i];
    if (!replica.has_result || is_final(replica.state)) continue;
    const Finding finding = finding_of(job, i, results, how);
    if (replica.state == finding.state) continue;
    replica.state = finding.state;
    replica.ground = finding.ground;
    if (replica.purpose != Purpose::rerun) replica.against = finding.against;
    if (job.phase != JobPhase::open) changed.push_back(i);
    if (finding.ground == Ground::expelled) continue;
    for_each_machine(replica, [this, &finding, was_replicated](MachineRecord& machine, NodeSlot) {
      nodes.judged(machine, finding.state, was_replicated);
    });
  }
  if (job.phase == JobPhase::open) return;
  verdict_scratch.clear();
  for (const std::size_t index : changed) verdict_scratch.push_back(verdict_of(job, index));
  const core::ReplicaId canonical = results.votes[how.canonical].replica;
  const core::Digest& digest = results.votes[how.canonical].digest;
  const bool canonical_changed =
      !equal(job, results.votes[how.canonical].entry, job.canonical.value - 1);
  if (!canonical_changed && verdict_scratch.empty()) return;
  building.emplace_back(VerdictRevised{.job = job.id,
                                       .why = RevisedBecause::revalidation,
                                       .canonical_changed = canonical_changed,
                                       .canonical = canonical,
                                       .digest = digest,
                                       .replicas = verdict_arena.copy(verdict_scratch)});
}

void ValidatorState::number_class(std::span<const Vote> votes, ResultMask clique,
                                  std::uint8_t number) {
  for (std::size_t i = 0; i < votes.size(); ++i) {
    if ((clique >> i & 1) == 0) continue;
    for (ReplicaVerdict& verdict : verdict_scratch) {
      if (verdict.replica != votes[i].replica) continue;
      if (verdict.class_number == 0) verdict.class_number = number;
      verdict.domain = votes[i].domain;
      verdict.weight = votes[i].weight;
    }
  }
}

void ValidatorState::emit_verdict(const JobRecord& job, const Case& results, ResultMask members,
                                  Outcome outcome, FailedBecause why) {
  verdict_scratch.clear();
  for (std::size_t i = 0; i < job.replicas.size(); ++i) {
    if (job.replicas[i].purpose == Purpose::rerun) continue;
    verdict_scratch.push_back(verdict_of(job, i));
  }
  // The class that won has number 1; of overlapping ones, a result has the first.
  std::uint8_t number = 0;
  if (members != 0) number_class(results.votes, members, ++number);
  const std::size_t votes = results.votes.size();
  if (votes > 0 && members != all_results(votes)) {
    for (const ResultMask clique : maximal_cliques(results.equality)) {
      if (clique == members) continue;
      if (number == UINT8_MAX) break;
      number_class(results.votes, clique, ++number);
    }
  }
  const bool accepted = outcome == Outcome::accepted;
  building.emplace_back(
      Verdict{.job = job.id,
              .outcome = outcome,
              .why = why,
              .rule = job.rule,
              .canonical = accepted ? job.canonical : core::ReplicaId{},
              .digest = accepted ? job.replicas[job.canonical.value - 1].digest : core::Digest{},
              .confirmed = job.confirmed,
              .draw = job.draw ? std::optional(*job.draw) : fresh_draw,
              .replicas = verdict_arena.copy(verdict_scratch)});
}

void ValidatorState::settle(JobSlot slot, const Case& results, const Settlement& how) {
  JobRecord& job = jobs[slot];
  const bool first_time = job.phase == JobPhase::open;
  const bool is_news =
      !first_time && !equal(job, results.votes[how.canonical].entry, job.canonical.value - 1);
  cancel_outstanding(job);
  job.confirmed = job.confirmed || how.judge.has_value();
  take_findings(slot, results, how);
  job.rule = how.rule;
  job.canonical = results.votes[how.canonical].replica;
  job.phase = JobPhase::decided;
  job.reopened = false;
  --undecided;
  decide_dispute(job, is_news);
  if (first_time) {
    emit_verdict(job, results, how.members, Outcome::accepted, FailedBecause::none);
  }
  for (const ReplicaRecord& replica : job.replicas) {
    for_each_machine(replica, [this, slot](MachineRecord& machine, NodeSlot) {
      nodes.forget_active(machine, slot);
    });
  }
  ResultMask lost = 0;
  for (std::size_t i = 0; i < results.voting; ++i) lost |= mask_of(i);
  lost &= ~how.members;
  // Did several nodes of the class get the same, which another class and an arbiter contradict?
  bool class_defect = job.cross_mismatch && how.judge && distinct_domains(results.votes, lost) >= 2;
  for (std::size_t i = 0; i < results.voting; ++i) {
    if ((lost >> i & 1) != 0 && (lost & ~results.equality.row(i)) != 0) class_defect = false;
  }
  if (class_defect) suspect_class(job);
  reward(slot, distinct_domains(results.votes, how.members));
  for (std::size_t i = 0; i < job.replicas.size(); ++i) {
    ReplicaRecord& replica = job.replicas[i];
    if (replica.state != ReplicaState::invalid || replica.struck) continue;
    if (class_defect && replica.votes) {
      replica.struck = true;  // forgiven
    } else {
      strike(slot, i, replica.against);
    }
  }
  release_if_done(slot);
}

void ValidatorState::reward(JobSlot slot, std::uint32_t domains) {
  JobRecord& job = jobs[slot];
  const bool convicts = policy_of(job.rules.policy).convicts();
  for (std::size_t i = 0; i < job.replicas.size(); ++i) {
    ReplicaRecord& replica = job.replicas[i];
    if (replica.state != ReplicaState::valid) continue;
    if ((domains >= 2 || job.confirmed) && !replica.checked) {
      replica.checked = true;
      for_each_machine(replica, [this, &job](MachineRecord& machine, NodeSlot) {
        nodes.earn(machine, job.job_class);
      });
    }
    if (replica.vested) continue;
    if (convicts && is_expelled(replica)) {
      forfeit(slot, i);
      continue;
    }
    if (job.confirmed || !convicts || config.vest_results == 0) {
      vest(slot, i);
      continue;
    }
    for_each_machine(replica, [this, slot, i](MachineRecord& machine, NodeSlot) {
      machine.window.push({slot, static_cast<std::uint32_t>(i)}, config.vest_results + 1ULL);
      ++jobs.hold(slot).pins;
      if (machine.window.size() <= config.vest_results) return;
      const VestEntry oldest = machine.window.pop();
      vest(oldest.job, oldest.replica);
      unpin(oldest.job);
    });
  }
}

void ValidatorState::fail(JobSlot slot, Outcome outcome, FailedBecause why) {
  JobRecord& job = jobs[slot];
  if (job.phase == JobPhase::decided) return keep_verdict(slot);
  cancel_outstanding(job);
  for (ReplicaRecord& replica : job.replicas) {
    if (replica.has_result && replica.state == ReplicaState::revealed) {
      replica.state = ReplicaState::inconclusive;
      if (replica.ground != Ground::expelled) replica.ground = Ground::undecided;
      for_each_machine(replica, [this](MachineRecord& machine, NodeSlot) {
        nodes.judged(machine, ReplicaState::inconclusive, false);
      });
    }
    for_each_machine(replica, [this, slot](MachineRecord& machine, NodeSlot) {
      nodes.forget_active(machine, slot);
    });
  }
  job.rule = Rule::none;
  emit_verdict(job, gather(job, true), 0, outcome, why);
  job.phase = JobPhase::decided;
  job.failed = true;
  --undecided;
  release_if_done(slot);
}

void ValidatorState::keep_verdict(JobSlot slot) {
  JobRecord& job = jobs[slot];
  NEXA_ASSERT(job.reopened, "a verdict is kept that was in doubt");
  cancel_outstanding(job);
  for (ReplicaRecord& replica : job.replicas) {
    if (replica.has_result && replica.state == ReplicaState::revealed) {
      replica.state = ReplicaState::inconclusive;
      replica.ground = Ground::undecided;
    }
    for_each_machine(replica, [this, slot](MachineRecord& machine, NodeSlot) {
      nodes.forget_active(machine, slot);
    });
  }
  job.reopened = false;
  --undecided;
  decide_dispute(job, false);
  release_if_done(slot);
}

void ValidatorState::judge_late_results(JobSlot slot) {
  JobRecord& job = jobs[slot];
  verdict_scratch.clear();
  for (std::size_t i = 0; i < job.replicas.size(); ++i) {
    ReplicaRecord& replica = job.replicas[i];
    if (!replica.has_result) continue;
    if (replica.purpose == Purpose::rerun) {
      if (replica.state == ReplicaState::revealed) diagnose(job, i);
      replica.state = ReplicaState::inconclusive;
      continue;
    }
    if (replica.state != ReplicaState::not_needed || job.failed) continue;
    const std::size_t canonical = job.canonical.value - 1;
    const bool right = equal(job, i, canonical);
    const bool proves = right || replica.purpose != Purpose::cross_class;
    replica.state =
        right ? ReplicaState::valid : (proves ? ReplicaState::invalid : ReplicaState::inconclusive);
    replica.ground = right ? Ground::agrees : (proves ? Ground::disagrees : Ground::undecided);
    replica.against = job.canonical;
    for_each_machine(replica, [this, &replica](MachineRecord& machine, NodeSlot) {
      nodes.judged(machine, replica.state, true);
    });
    verdict_scratch.push_back(verdict_of(job, i));
  }
  if (!verdict_scratch.empty()) {
    building.emplace_back(VerdictRevised{.job = job.id,
                                         .why = RevisedBecause::late_result,
                                         .canonical_changed = false,
                                         .canonical = job.canonical,
                                         .digest = job.replicas[job.canonical.value - 1].digest,
                                         .replicas = verdict_arena.copy(verdict_scratch)});
    reward(slot, 1);
  }
  for (std::size_t i = 0; i < job.replicas.size(); ++i) {
    const ReplicaRecord& replica = job.replicas[i];
    if (replica.state == ReplicaState::invalid && !replica.struck) strike(slot, i, replica.against);
  }
  release_if_done(slot);
}

void ValidatorState::release_if_done(JobSlot slot) {
  if (jobs.hold(slot).pins > 0) return;
  JobRecord& job = jobs[slot];
  if (job.phase != JobPhase::decided || job.reopened || job.dirty) return;
  for (const ReplicaRecord& replica : job.replicas) {
    if (!replica.ended) return;
  }
  forgotten.push_back(job.id);
  jobs.remove(slot);
}

}  // namespace nexa::validator
