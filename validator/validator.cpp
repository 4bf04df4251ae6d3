#include "validator/validator.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "core/assert.hpp"
#include "validator/state.hpp"

namespace nexa::validator {

Validator::Validator(const ValidatorConfig& config, core::Sha256 sha256)
    : state_(std::make_unique<ValidatorState>(config, sha256)) {
  NEXA_ASSERT(validator::check(config), "the parameters of a validator have been checked");
}
Validator::Validator(Validator&&) noexcept = default;
Validator& Validator::operator=(Validator&&) noexcept = default;
Validator::~Validator() = default;

void Validator::apply(const Fact& fact, core::Time now) {
  state_->now = std::max(state_->now, now);
  std::visit([this](const auto& known) { state_->on(known); }, fact);
}

std::span<const Decision> Validator::decide(core::Time now) {
  ValidatorState& state = *state_;
  state.now = std::max(state.now, now);
  state.domain_arena.clear();
  state.verdict_arena.clear();
  state.forgotten.clear();
  if (!std::exchange(state.seed_is_committed, true)) {
    state.building.emplace_back(SeedCommitted{state.lottery.epoch(), state.lottery.commitment()});
  }
  for (; state.epochs_to_end > 0; --state.epochs_to_end) {
    state.building.emplace_back(SeedRevealed{state.lottery.epoch(), state.lottery.seed()});
    state.lottery.next_epoch();
    state.building.emplace_back(SeedCommitted{state.lottery.epoch(), state.lottery.commitment()});
  }
  state.nodes.release_until(state.now);
  state.expire_deadlines();
  std::vector<JobSlot>& batch = state.batch;
  while (!state.dirty.empty()) {
    batch.clear();
    batch.swap(state.dirty);
    // By job id: facts of one instant may come in any order.
    std::sort(batch.begin(), batch.end(),
              [&state](JobSlot a, JobSlot b) { return state.jobs[a].id < state.jobs[b].id; });
    for (const JobSlot slot : batch) state.consider(slot);
  }
  state.drop_old_deadlines();
  state.shown.clear();
  state.shown.swap(state.building);
  return state.shown;
}

std::optional<core::Time> Validator::next_wakeup() const {
  std::optional<core::Time> earliest = state_->nodes.next_release();
  if (!state_->deadlines.empty()) {
    const core::Time deadline = state_->deadlines.front().first;
    earliest = earliest ? std::min(*earliest, deadline) : deadline;
  }
  return earliest;
}

core::Result<NodeStanding> Validator::standing(core::NodeId node) const {
  const NodeSlot slot = state_->nodes.find(node);
  if (slot == no_slot) {
    return core::Error{.code = core::ErrorCode::not_found,
                       .message = "no node " + std::to_string(node.value),
                       .hint = "the validator knows the nodes that have joined",
                       .where = {}};
  }
  return state_->nodes.standing(slot);
}

std::optional<std::uint32_t> Validator::reputation(core::NodeId node) const {
  const NodeSlot slot = state_->nodes.find(node);
  if (slot == no_slot) return std::nullopt;
  return reputation_ppm(state_->nodes.machine_of(slot).evidence);
}

HostClassStanding Validator::standing(core::HostClassId host_class) const {
  const std::vector<HostClassRecord>& records = state_->host_classes;
  const HostClassRecord record =
      host_class.value < records.size() ? records[host_class.value] : HostClassRecord{};
  constexpr double scale = BetaEvidence::one;
  return {.host_class = host_class,
          .good = static_cast<double>(record.evidence.good) / scale,
          .bad = static_cast<double>(record.evidence.bad) / scale,
          .reputation_ppm = reputation_ppm(record.evidence),
          .samples = record.samples,
          .mismatches = record.mismatches,
          .clean_run = record.clean_run,
          .suspected = record.suspected};
}

bool Validator::knows(core::JobId job) const {
  return state_->jobs.find(job) != no_slot;
}

std::span<const core::JobId> Validator::forgotten() const {
  return state_->forgotten;
}

std::size_t Validator::undecided_jobs() const {
  return state_->undecided;
}

std::size_t Validator::known_jobs() const {
  return state_->jobs.size();
}

void Validator::check() const {
  const ValidatorState& state = *state_;
  state.nodes.check();
  std::vector<std::uint32_t> pins(state.jobs.slot_limit(), 0);
  for (const MachineRecord& machine : state.nodes.machines()) {
    for (const VestEntry& entry : machine.window.entries()) ++pins[entry.job];
  }
  std::vector<std::uint32_t> in_flight(state.nodes.machines().size(), 0);
  std::size_t undecided = 0;
  for (JobSlot slot = 0; slot < state.jobs.slot_limit(); ++slot) {
    const JobRecord& job = state.jobs[slot];
    NEXA_ASSERT(pins[slot] == state.jobs.hold(slot).pins,
                "a job knows the vesting windows that hold it");
    if (job.phase == JobPhase::gone) continue;
    NEXA_ASSERT(state.jobs.find(job.id) == slot, "a job is found by its id");
    if (job.undecided()) ++undecided;
    std::size_t unplaced = 0;
    for (const ReplicaRecord& replica : job.replicas) {
      if (!replica.placed && !replica.ended) ++unplaced;
      NEXA_ASSERT(replica.state != ReplicaState::invalid || replica.ground != Ground::none,
                  "what is invalid has evidence against it");
      if (!replica.placed || replica.ended) continue;
      in_flight[state.nodes.node(replica.node).machine] += 1;
      for (std::size_t i = 0; i < replica.more_nodes.size(); ++i) {
        if (!state.is_first_of_machine(replica, i)) continue;
        in_flight[state.nodes.node(replica.more_nodes[i]).machine] += 1;
      }
    }
    NEXA_ASSERT(unplaced <= 1 || !state.dirty.empty() || job.phase == JobPhase::decided,
                "replicas of a job are placed one after the other");
    NEXA_ASSERT(job.phase != JobPhase::decided || job.failed || job.canonical.value != 0,
                "an accepted job has a canonical result");
  }
  NEXA_ASSERT(undecided == state.undecided, "undecided jobs are counted");
  for (std::size_t i = 0; i < in_flight.size(); ++i) {
    NEXA_ASSERT(in_flight[i] == state.nodes.machines()[i].in_flight,
                "replicas in flight are counted by machine");
  }
}

}  // namespace nexa::validator
