#include "validator/node_book.hpp"

#include <algorithm>
#include <functional>

#include "core/assert.hpp"

namespace nexa::validator {
namespace {

/// `first` doubled `level` times, at most `longest`.
core::Duration length_of(const BackOff& rule, std::uint32_t level) {
  core::Duration length = rule.first;
  for (std::uint32_t i = 0; i < level && length < rule.longest; ++i) length *= 2;
  return std::min(length, rule.longest);
}

core::Time later(core::Time now, core::Duration length) {
  return length >= core::never - now ? core::never : now + length;
}

}  // namespace

std::uint32_t MachineRecord::earned_with(JobClass job_class) const {
  for (const Earned& entry : earned) {
    if (entry.job_class == job_class) return entry.checked;
  }
  return 0;
}

NodeBook::NodeBook(const ValidatorConfig& config, std::vector<Decision>& out)
    : config_(config), out_(out) {}

void NodeBook::join(const NodeJoined& fact, core::Time now) {
  if (find(fact.node) != no_slot) return;
  const auto slot = static_cast<NodeSlot>(nodes_.size());
  by_id_.put(fact.node.value, slot);

  const auto known = by_fingerprint_.find(fact.machine);
  // Nobody becomes trusted, or harms a trusted machine, by claiming its fingerprint.
  const bool same_machine = fact.machine.value != 0 && known != by_fingerprint_.end() &&
                            machines_[known->second].trusted == fact.trusted;
  const auto index = same_machine ? known->second : static_cast<std::uint32_t>(machines_.size());
  if (!same_machine) {
    MachineRecord& machine = machines_.emplace_back();
    machine.id = fact.machine;
    machine.owner = fact.owner;
    machine.trusted = fact.trusted;
    machine.bucket = fact.trusted ? TrustBucket::trusted : TrustBucket::newcomer;
    if (fact.machine.value != 0) by_fingerprint_.try_emplace(fact.machine, index);
  }
  MachineRecord& machine = machines_[index];
  nodes_.push_back(
      {fact.node, fact.owner, fact.site, fact.rack, fact.host_class, index, fact.trusted, true});
  count(machine, -1);
  machine.nodes.push_back(slot);
  if (machine.owner != fact.owner) {  // what the last owner earned is not for sale
    machine.owner = fact.owner;
    machine.earned.clear();
    machine.earned_total = 0;
  }
  count(machine, 1);
  rebucket(machine);
  if (!same_machine) admit(machine, !owners_.contains(fact.owner), now);
  if (machine.quarantined_until) {
    out_.emplace_back(Quarantine{fact.node, *machine.quarantined_until, machine.quarantined_for});
    return;
  }
  if (machine.capped) {  // another name is no way around the cap
    out_.emplace_back(Quarantine{fact.node, core::never, QuarantineReason::in_flight});
  }
  if (machine.bucket != TrustBucket::newcomer && !machine.trusted) {
    out_.emplace_back(TrustChanged{fact.node, machine.bucket});
  }
}

void NodeBook::admit(MachineRecord& machine, bool is_new_owner, core::Time now) {
  OwnerRecord& owner = owners_[machine.owner];
  const std::uint64_t history = std::min<std::uint64_t>(owner.expelled, 9);
  machine.earned_needed = static_cast<std::uint32_t>(config_.newcomer_results * (1 + history));
  if (machine.trusted) return;
  if (history > 0) machine.inherited = config_.strikes_to_expel - 1;
  ++owner.admissions;
  const std::uint64_t burst = history > 0 ? 1 : config_.admission_burst;
  if (is_new_owner || owner.admissions <= burst) return;
  const core::Time begins = std::max(now, owner.next_admission);
  owner.next_admission = later(begins, config_.admission_period);
  if (owner.next_admission > now) {
    quarantine(machine, owner.next_admission, QuarantineReason::admission);
  }
}

void NodeBook::leave(core::NodeId id) {
  const NodeSlot slot = find(id);
  if (slot == no_slot || !nodes_[slot].present) return;
  count(machine_of(slot), -1);
  nodes_[slot].present = false;
  count(machine_of(slot), 1);
  follow_majority();
}

void NodeBook::come_back(core::NodeId id) {
  const NodeSlot slot = find(id);
  if (slot == no_slot || nodes_[slot].present) return;
  MachineRecord& machine = machine_of(slot);
  count(machine, -1);
  nodes_[slot].present = true;
  count(machine, 1);
  follow_majority();
  if (machine.quarantined_until) {
    out_.emplace_back(Quarantine{id, *machine.quarantined_until, machine.quarantined_for});
  }
}

void NodeBook::count(const MachineRecord& machine, std::int32_t sign) {
  if (machine.expelled) return;
  std::uint32_t& counter = machine.bucket == TrustBucket::trusted       ? counts_.trusted
                           : machine.bucket == TrustBucket::established ? counts_.established
                                                                        : counts_.newcomers;
  for (const NodeSlot slot : machine.nodes) {
    if (nodes_[slot].present) counter += static_cast<std::uint32_t>(sign);
  }
}

void NodeBook::rebucket(MachineRecord& machine) {
  TrustBucket bucket = TrustBucket::newcomer;
  if (machine.trusted) {
    bucket = TrustBucket::trusted;
  } else if (machine.earned_needed > 0 && machine.earned_total >= machine.earned_needed) {
    if (machine.bucket == TrustBucket::established ||
        reputation_ppm(machine.evidence) >= config_.established_quantile_ppm) {
      bucket = TrustBucket::established;
    }
  }
  if (bucket == machine.bucket) return;
  count(machine, -1);
  machine.bucket = bucket;
  count(machine, 1);
  follow_majority();
  for (const NodeSlot slot : machine.nodes) {
    out_.emplace_back(TrustChanged{nodes_[slot].id, bucket});
  }
}

void NodeBook::follow_majority() {
  const bool half_have_gone = counts_.established * 2ULL < most_established_;
  if (half_have_gone) most_established_ = 0;
  if (most_established_ > 0 || counts_.established > counts_.newcomers) {
    most_established_ = std::max(most_established_, counts_.established);
  }
}

void NodeBook::begin(MachineRecord& machine, ActiveEntry entry) {
  ++machine.in_flight;
  machine.active.push_back(entry);
  recap(machine);
}

void NodeBook::end(MachineRecord& machine) {
  NEXA_ASSERT(machine.in_flight > 0, "a replica ends that has begun");
  --machine.in_flight;
  recap(machine);
}

void NodeBook::forget_active(MachineRecord& machine, JobSlot job) {
  std::erase_if(machine.active, [job](const ActiveEntry& entry) { return entry.job == job; });
}

std::uint32_t NodeBook::cap_of(const MachineRecord& machine) const {
  const std::uint64_t cap = std::uint64_t{config_.in_flight_at_first} + machine.earned_total;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(cap, UINT32_MAX));
}

void NodeBook::recap(MachineRecord& machine) {
  const bool capped = !machine.trusted && machine.in_flight >= cap_of(machine);
  if (capped == machine.capped) return;
  machine.capped = capped;
  if (machine.quarantined_until) return;  // it gets nothing in any case
  for (const NodeSlot slot : machine.nodes) {
    if (capped) {
      out_.emplace_back(Quarantine{nodes_[slot].id, core::never, QuarantineReason::in_flight});
    } else {
      out_.emplace_back(Release{nodes_[slot].id});
    }
  }
}

void NodeBook::run_of(MachineRecord& machine, Run& run, const BackOff& rule, QuarantineReason why,
                      core::Time now) {
  ++run.total;
  ++run.length;
  if (run.length % rule.after != 0 || rule.first == core::Duration{}) return;
  quarantine(machine, later(now, length_of(rule, run.level)), why);
  ++run.level;
}

void NodeBook::failed(MachineRecord& machine, FailureKind how, core::Time now) {
  switch (how) {
    case FailureKind::error:
      run_of(machine, machine.errors, config_.errors, QuarantineReason::errors, now);
      machine.boinc_consecutive_valid = 0;
      break;
    case FailureKind::no_reply:
      run_of(machine, machine.late, config_.late, QuarantineReason::late, now);
      machine.boinc_consecutive_valid = 0;
      break;
    case FailureKind::aborted:
      ++machine.aborted;
      break;
    case FailureKind::node_lost:
    case FailureKind::bad_proof:  // a strike follows
      break;
  }
}

void NodeBook::reported(MachineRecord& machine) {
  machine.errors.length = machine.errors.level = 0;
  machine.late.length = machine.late.level = 0;
}

void NodeBook::judged(MachineRecord& machine, ReplicaState state, bool was_replicated) {
  if (state == ReplicaState::valid) {
    ++machine.judged;
    ++machine.valid;
    if (!was_replicated) return;  // nobody has compared it with anything
    machine.evidence.add(true, config_.forget_permille);
    crowds_.right(number_of(machine));
    machine.wrong.length = machine.wrong.level = 0;
    ++machine.boinc_consecutive_valid;
    ++machine.poco_score;
  } else if (state == ReplicaState::invalid) {
    ++machine.judged;
    ++machine.invalid;
    machine.evidence.add(false, config_.forget_permille);
    machine.boinc_consecutive_valid = 0;
    machine.poco_score = machine.poco_score * 2 / 3;
  } else {
    ++machine.inconclusive;
  }
}

void NodeBook::compared(NodeSlot node, NodeSlot other, std::int32_t lean_permille) {
  LeanTest& lean = machine_of(node).lean;
  if (!lean.add(lean_permille, nodes_[other].machine)) return;
  out_.emplace_back(Leaning{.node = nodes_[node].id,
                            .leans = lean.leans(),
                            .mean_permille = lean.mean_permille(),
                            .comparisons = lean.comparisons()});
}

std::vector<NodeSlot> NodeBook::culprits(std::span<const NodeSlot> crowd) {
  std::vector<std::uint32_t> machines;
  machines.reserve(crowd.size());
  for (const NodeSlot node : crowd) machines.push_back(nodes_[node].machine);
  const std::vector<std::uint32_t> parts = crowds_.wrong(machines);
  std::vector<NodeSlot> found;
  for (std::size_t i = 0; i < crowd.size(); ++i) {
    if (parts[i] >= config_.crowd_blame_ppm) found.push_back(crowd[i]);
  }
  return found;
}

void NodeBook::doubt(MachineRecord& machine) {
  forget_earned(machine);
  recap(machine);
}

void NodeBook::forget_earned(MachineRecord& machine) {
  machine.earned.clear();
  machine.earned_total = 0;
  if (!machine.trusted) rebucket(machine);
}

void NodeBook::earn(MachineRecord& machine, JobClass job_class) {
  const auto entry =
      std::find_if(machine.earned.begin(), machine.earned.end(),
                   [job_class](const Earned& e) { return e.job_class == job_class; });
  if (entry == machine.earned.end()) {
    machine.earned.push_back({job_class, 1});
  } else {
    ++entry->checked;
  }
  ++machine.earned_total;
  rebucket(machine);
  recap(machine);
}

std::uint32_t NodeBook::strikes_that_count(const MachineRecord& machine) const {
  std::uint32_t count = machine.inherited;
  for (const Strike& strike : machine.strikes) {
    if (machine.judged - strike.at_result < config_.strike_memory) ++count;
  }
  return count;
}

bool NodeBook::strike(MachineRecord& machine, NodeSlot node, Strike strike, core::Time now) {
  strike.time = now;
  strike.at_result = machine.judged;
  bool convicted = true;
  if (strike.kind != StrikeKind::soft) {
    crowds_.wrong_alone(number_of(machine));
  } else {
    const std::uint64_t window = config_.soft_strike_window;
    std::erase_if(machine.soft_strikes, [&machine, window](const Strike& old) {
      return machine.judged - old.at_result >= window;
    });
    machine.soft_strikes.push_back(strike);
    convicted = machine.soft_strikes.size() >= config_.soft_strikes_to_hard;
    if (convicted) machine.soft_strikes.clear();
  }
  if (convicted) {
    const std::uint64_t memory = config_.strike_memory;
    std::erase_if(machine.strikes, [&machine, memory](const Strike& old) {
      return machine.judged - old.at_result >= memory;
    });
    machine.strikes.push_back(strike);
  }
  const std::uint32_t count_now = strikes_that_count(machine);
  const bool expelled_now = convicted && !machine.expelled && count_now >= config_.strikes_to_expel;
  out_.emplace_back(Convict{.node = nodes_[node].id,
                            .kind = strike.kind,
                            .convicted = convicted,
                            .job = strike.job,
                            .replica = strike.replica,
                            .against = strike.against,
                            .strikes = count_now,
                            .expelled = machine.expelled || expelled_now});
  if (!convicted) return false;
  forget_earned(machine);
  if (expelled_now) {
    expel(machine);
  } else if (!machine.expelled) {
    run_of(machine, machine.wrong, config_.wrong, QuarantineReason::wrong, now);
  }
  recap(machine);
  return true;
}

void NodeBook::expel(MachineRecord& machine) {
  count(machine, -1);
  machine.expelled = true;
  follow_majority();
  ++owners_[machine.owner].expelled;
  quarantine(machine, core::never, QuarantineReason::expelled);
}

void NodeBook::quarantine(MachineRecord& machine, core::Time until, QuarantineReason why) {
  if (machine.quarantined_until && *machine.quarantined_until >= until) return;
  machine.quarantined_until = until;
  machine.quarantined_for = why;
  if (until != core::never) {
    releases_.emplace_back(until, static_cast<std::uint32_t>(&machine - machines_.data()));
    std::push_heap(releases_.begin(), releases_.end(), std::greater<>{});
  }
  for (const NodeSlot slot : machine.nodes) {
    out_.emplace_back(Quarantine{nodes_[slot].id, until, why});
  }
}

void NodeBook::release_until(core::Time now) {
  while (!releases_.empty() && releases_.front().first <= now) {
    const auto [until, index] = releases_.front();
    std::pop_heap(releases_.begin(), releases_.end(), std::greater<>{});
    releases_.pop_back();
    MachineRecord& machine = machines_[index];
    if (machine.quarantined_until == until) release(machine);
  }
}

void NodeBook::release(MachineRecord& machine) {
  machine.quarantined_until.reset();
  for (const NodeSlot slot : machine.nodes) {
    if (machine.capped) {
      out_.emplace_back(Quarantine{nodes_[slot].id, core::never, QuarantineReason::in_flight});
    } else {
      out_.emplace_back(Release{nodes_[slot].id});
    }
  }
}

std::optional<core::Time> NodeBook::next_release() const {
  if (releases_.empty()) return std::nullopt;
  return releases_.front().first;
}

NodeStanding NodeBook::standing(NodeSlot slot) const {
  const NodeRecord& node = nodes_[slot];
  const MachineRecord& machine = machine_of(slot);
  constexpr double scale = BetaEvidence::one;
  NodeStanding result{.node = node.id,
                      .owner = node.owner,
                      .machine = machine.id,
                      .bucket = machine.bucket,
                      .earned = machine.earned,
                      .earned_needed = machine.earned_needed,
                      .valid = machine.valid,
                      .invalid = machine.invalid,
                      .inconclusive = machine.inconclusive,
                      .good = static_cast<double>(machine.evidence.good) / scale,
                      .bad = static_cast<double>(machine.evidence.bad) / scale,
                      .reputation_ppm = reputation_ppm(machine.evidence),
                      .errors = machine.errors,
                      .wrong = machine.wrong,
                      .late = machine.late,
                      .aborted = machine.aborted,
                      .strikes = machine.strikes,
                      .soft_strikes = machine.soft_strikes,
                      .suspicion_ppm = crowds_.suspicion_ppm(node.machine),
                      .wrong_crowds = crowds_.wrong_crowds(node.machine),
                      .lean_permille = machine.lean.mean_permille(),
                      .lean_comparisons = machine.lean.comparisons(),
                      .leans = machine.lean.leans(),
                      .strikes_that_count = strikes_that_count(machine),
                      .inherited_strikes = machine.inherited,
                      .expelled = machine.expelled,
                      .quarantined_until = machine.quarantined_until,
                      .quarantined_for = machine.quarantined_for,
                      .in_flight = machine.in_flight,
                      .in_flight_cap = cap_of(machine),
                      .unvested = static_cast<std::uint32_t>(machine.window.size()),
                      .intermittent = machine.intermittent};
  return result;
}

void NodeBook::check() const {
  NodeCounts counted;
  for (const NodeRecord& node : nodes_) {
    const MachineRecord& machine = machines_[node.machine];
    if (!node.present || machine.expelled) continue;
    if (machine.bucket == TrustBucket::trusted) ++counted.trusted;
    if (machine.bucket == TrustBucket::established) ++counted.established;
    if (machine.bucket == TrustBucket::newcomer) ++counted.newcomers;
  }
  NEXA_ASSERT(counted.trusted == counts_.trusted && counted.established == counts_.established &&
                  counted.newcomers == counts_.newcomers,
              "nodes are counted by what they have earned");
  for (const MachineRecord& machine : machines_) {
    std::uint64_t total = 0;
    for (const Earned& entry : machine.earned) total += entry.checked;
    NEXA_ASSERT(total == machine.earned_total, "what was earned adds up over job classes");
    NEXA_ASSERT(machine.window.size() <= config_.vest_results, "a vesting window has its size");
    NEXA_ASSERT(!machine.expelled || machine.quarantined_until == core::never,
                "who was expelled gets no work");
  }
}

}  // namespace nexa::validator
