// What is next for a job that something has happened to.
#include <algorithm>

#include "core/assert.hpp"
#include "validator/state.hpp"

namespace nexa::validator {
namespace {

bool votes_and_runs(const ReplicaRecord& replica) {
  return replica.votes && !replica.ended && replica.state != ReplicaState::not_needed;
}

bool was_asked_to_vote(const ReplicaRecord& replica) {
  return replica.purpose == Purpose::work || replica.purpose == Purpose::quorum ||
         replica.purpose == Purpose::audit;
}

/// Policies that do not convict do without the trusted tier, too: the systems that they stand for
/// have none.
bool asks_arbiters(const Policy& policy) {
  return policy.convicts();
}

/// value / mean in 1/1024, between one and `most` times.
std::uint64_t value_weight(std::int64_t value, std::int64_t mean, std::uint32_t most) {
  constexpr std::int64_t unit = 1024;
  if (mean <= 0 || value <= mean) return unit;
  const std::int64_t capped = std::min(value, std::int64_t{1} << 50);
  const auto weight = static_cast<std::uint64_t>(capped * unit / mean);
  return std::min(weight, std::uint64_t{most} * unit);
}

}  // namespace

void ValidatorState::mark_dirty(JobSlot slot) {
  if (jobs[slot].dirty) return;
  jobs[slot].dirty = true;
  dirty.push_back(slot);
}

Candidate ValidatorState::candidate_of(const JobRecord& job, std::size_t index) const {
  const ReplicaRecord& replica = job.replicas[index];
  Candidate candidate{.lottery = lottery,
                      .job = job.id,
                      .replica = replica_id(index),
                      .node = nodes.node(replica.node).id,
                      .earned = UINT32_MAX,
                      .earned_needed = 0,
                      .boinc_consecutive_valid = UINT32_MAX,
                      .trusted = replica.trusted,
                      .in_good_standing = true};
  const auto add = [this, &candidate, &job](NodeSlot node) {
    const MachineRecord& machine = nodes.machine_of(node);
    candidate.earned = std::min(candidate.earned, machine.earned_with(job.job_class));
    candidate.earned_needed = std::max(candidate.earned_needed, machine.earned_needed);
    candidate.boinc_consecutive_valid =
        std::min(candidate.boinc_consecutive_valid, machine.boinc_consecutive_valid);
    candidate.in_good_standing = candidate.in_good_standing && machine.in_good_standing();
  };
  add(replica.node);
  for (const NodeSlot node : replica.more_nodes) add(node);
  return candidate;
}

std::optional<std::size_t> ValidatorState::lone_replica(const JobRecord& job) {
  std::optional<std::size_t> only;
  for (std::size_t i = 0; i < job.replicas.size(); ++i) {
    const ReplicaRecord& replica = job.replicas[i];
    if (!replica.votes || !replica.placed || (replica.ended && !replica.has_result)) continue;
    if (only) return std::nullopt;
    only = i;
  }
  return only;
}

void ValidatorState::look_at_placement(JobRecord& job) {
  if (job.replicated || job.phase != JobPhase::open) return;
  const std::optional<std::size_t> only = lone_replica(job);
  if (!only || job.replicas[*only].looked_at) return;
  job.replicas[*only].looked_at = true;
  const Candidate candidate = candidate_of(job, *only);
  if (!policy_of(job.rules.policy).relies_on(candidate, config)) job.replicated = true;
}

bool ValidatorState::has_arbiter(const JobRecord& job) const {
  return nodes.counts().trusted > 0 && !job.no_arbiter &&
         job.arbiter_failures < most_arbiter_failures;
}

void ValidatorState::consider(JobSlot slot) {
  JobRecord& job = jobs[slot];
  job.dirty = false;
  fresh_draw.reset();
  if (job.phase == JobPhase::gone) return;
  if (!job.undecided()) return judge_late_results(slot);
  if (job.cancel_wanted && job.phase == JobPhase::open) {
    return fail(slot, Outcome::cancelled, FailedBecause::none);
  }
  for (std::size_t i = 0; i < job.replicas.size(); ++i) {
    ReplicaRecord& replica = job.replicas[i];
    if (replica.ground != Ground::bad_proof || replica.struck) continue;
    for_each_machine(replica, [this](MachineRecord& machine, NodeSlot) {
      nodes.judged(machine, ReplicaState::invalid, true);
    });
    strike(slot, i, replica_id(i));
    job.replicas[i].struck = true;  // by its number, since a strike may send another
  }
  look_at_placement(job);
  if (bench_is_sitting(job)) return hear_bench(slot);
  if (job.errors > job.rules.max_error_results) {
    return fail(slot, Outcome::failed, FailedBecause::too_many_errors);
  }
  if (job.error_run >= config.poison_errors && job.error_nodes.size() >= config.poison_nodes) {
    return fail(slot, Outcome::failed, FailedBecause::poison);
  }
  if (job.unplaceable) return fail(slot, Outcome::failed, FailedBecause::unplaceable);

  const Case results = gather(job, false);
  const Agreement agreement = agree(results.votes, results.equality);
  const Policy& policy = policy_of(job.rules.policy);
  const auto count = [&job](auto condition) {
    return static_cast<std::uint32_t>(
        std::count_if(job.replicas.begin(), job.replicas.end(), condition));
  };
  bool relied_on = false;
  std::uint32_t earned = 0;
  if (!job.replicated && results.votes.size() == 1) {
    const Candidate candidate = candidate_of(job, results.votes[0].entry);
    relied_on = !policy.asks_again() || policy.relies_on(candidate, config);
    earned = candidate.earned;
  }
  const Hearing hearing{.rules = job.rules,
                        .config = config,
                        .votes = results.votes,
                        .equality = results.equality,
                        .agreement = agreement,
                        .outstanding = count(votes_and_runs),
                        .issued = count(was_asked_to_vote),
                        .heaviest_vote = policy.weight(false, 0),
                        .exact = job.comparator == ComparatorKind::exact && job.pairs.empty(),
                        .replicated = job.replicated,
                        .relied_on = relied_on,
                        .earned = earned,
                        .has_arbiter = asks_arbiters(policy) && has_arbiter(job),
                        .reopened = job.reopened};
  carry_out(slot, hearing, policy.rule(hearing), results);
}

void ValidatorState::carry_out(JobSlot slot, const Hearing& hearing, const Ruling& ruling,
                               const Case& results) {
  JobRecord& job = jobs[slot];
  switch (ruling.move) {
    case Move::wait:
      return;
    case Move::send: {
      const bool one_waits = std::any_of(
          job.replicas.begin(), job.replicas.end(),
          [](const ReplicaRecord& replica) { return !replica.placed && !replica.ended; });
      // One at a time, so that the next one knows where to keep away from.
      if (one_waits) return;
      if (hearing.outstanding > 0 || !results.votes.empty()) job.replicated = true;
      const bool at_first = hearing.issued < hearing.rules.target_nresults && results.votes.empty();
      return send(slot, hearing.issued == 0 || at_first ? Purpose::work : Purpose::quorum);
    }
    case Move::accept:
      if (lottery_wants_more(slot, hearing, ruling, results)) return;
      return settle(slot, results,
                    {.rule = ruling.rule,
                     .canonical = ruling.canonical,
                     .members = ruling.members,
                     .judge = std::nullopt,
                     .others_are_wrong = ruling.others_are_wrong});
    case Move::arbitrate:
      for (std::size_t i = 0; i < job.replicas.size(); ++i) {
        ReplicaRecord& replica = job.replicas[i];
        if (replica.placed || replica.ended) continue;
        replica.ended = true;
        replica.state = ReplicaState::not_needed;
        building.emplace_back(CancelReplica{job.id, replica_id(i)});
      }
      return send(slot, Purpose::arbitration);
    case Move::fail:
      return fail(slot, Outcome::failed, ruling.why);
  }
}

Draw ValidatorState::draw_for(const JobRecord& job, const Hearing& hearing, const Ruling& ruling,
                              const Vote& vote) const {
  const ReplicaRecord& replica = job.replicas[vote.entry];
  const bool alone = ruling.rule == Rule::earned;
  Draw draw{.epoch = lottery.epoch(),
            .job = job.id,
            .replica = vote.replica,
            .node = nodes.node(replica.node).id};
  bool only_newcomers = true;
  for (std::size_t i = 0; i < hearing.votes.size(); ++i) {
    if ((ruling.members >> i & 1) != 0 && !hearing.votes[i].newcomer) only_newcomers = false;
  }
  if (hearing.has_arbiter) {
    draw.spot_check_below = threshold_of_ppm(alone && replica.trusted ? config.arbiter_check_ppm
                                             : only_newcomers ? config.newcomer_spot_check_ppm
                                                              : config.spot_check_ppm);
  }
  draw.audit_below = draw.spot_check_below;
  if (alone && !replica.trusted) {
    const Threshold by_record = every_draw * config.audit_numerator / (1ULL + hearing.earned);
    const Threshold least = threshold_of_ppm(config.audit_min_ppm);
    const std::uint64_t weight =
        value_weight(job.value.micro(), mean_value, config.value_weight_max);
    const Threshold chance =
        std::min(every_draw, std::min(every_draw, std::max(by_record, least)) * weight / 1024);
    draw.audit_below = std::min(every_draw, draw.spot_check_below + chance);
  }
  if (job.host_class.value != 0) {
    draw.cross_class_from = every_draw - cross_class_share(job.host_class);
    draw.cross_class_from = std::max(draw.cross_class_from, draw.audit_below);
  }
  draw.value = lottery.draw(draw.job, draw.replica, draw.node);
  if (config.tamperer != nullptr) config.tamperer->tamper(draw);
  return draw;
}

bool ValidatorState::lottery_wants_more(JobSlot slot, const Hearing& hearing, const Ruling& ruling,
                                        const Case& results) {
  JobRecord& job = jobs[slot];
  if (!policy_of(job.rules.policy).has_lottery() || job.reopened) return false;
  if (job.drawn) return cross_class_wants_more(slot, ruling, results);
  const Vote* first = nullptr;
  for (std::size_t i = 0; i < results.votes.size(); ++i) {
    if ((ruling.members >> i & 1) == 0) continue;
    if (first == nullptr || results.votes[i].replica < first->replica) first = &results.votes[i];
  }
  NEXA_ASSERT(first != nullptr, "an accepted class has members");
  job.drawn = true;
  const Draw draw = draw_for(job, hearing, ruling, *first);
  fresh_draw = draw;
  Purpose purpose = Purpose::spot_check;
  if (draw.value >= draw.spot_check_below) {
    if (draw.value < draw.audit_below) {
      purpose = Purpose::audit;
      job.replicated = true;
    } else if (draw.value >= draw.cross_class_from) {
      purpose = Purpose::cross_class;
      job.cross_checked = true;
    } else {
      return false;
    }
  }
  job.draw = std::make_unique<Draw>(draw);
  send(slot, purpose);
  return true;
}

}  // namespace nexa::validator
