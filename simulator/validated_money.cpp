// What a validated simulation does where somebody pays: usage, stakes, and providers who reckon.

#include <algorithm>
#include <variant>

#include "core/assert.hpp"
#include "simulator/validated_simulation.hpp"

namespace nexa::simulator {

void ValidatedSimulation::stop_unpaid(std::span<const scheduler::RefusedStart> refused) {
  for (const scheduler::RefusedStart& start : refused) {
    const std::uint32_t number = given_of(start.job, start.replica).run;
    if (is_killed(number)) continue;
    runs_[number].ending = Ending::abort;
    killed_.push_back(number);
  }
}

void ValidatedSimulation::watch_stakes(std::span<const scheduler::CoordinatorCommand> commands,
                                       core::Time now) {
  if (!books_->locks_stakes()) return;
  // A node gets no more replicas than it can answer for, rather than being refused one by one.
  for (const scheduler::CoordinatorCommand& command : commands) {
    const auto* start = std::get_if<scheduler::StartReplica>(&command);
    if (start == nullptr) continue;
    const core::NodeId node{start->nodes.front().nodes.first};
    if (is_trusted(node) || books_->can_answer_for_more(node)) continue;
    if (std::find(without_stake_.begin(), without_stake_.end(), node) != without_stake_.end()) {
      continue;
    }
    without_stake_.push_back(node);
    coordinator_.set_availability(node, core::NodeAvailability::draining, now);
  }
  std::erase_if(without_stake_, [&](core::NodeId node) {
    const core::NodeId machine = identities_[node.value].machine;
    if (name_of_machine_[machine.value] != node || absent_[machine.value]) return true;
    if (!books_->can_answer_for_more(node)) return false;
    coordinator_.set_availability(node, core::NodeAvailability::up, now);
    return true;
  });
}

void ValidatedSimulation::note_claim(Run& run, const Report& report) const {
  run.computed = run.computed && report.computed;
  __extension__ using Wide = __int128;
  // A20 and A17 gain only by what the defences leave them: usage by the node's own word.
  if (!setup_.defences.usage_by_peers) {
    const Wide beyond = Wide{run.run_time.count()} * (report.claimed_permille - std::int64_t{1000});
    run.inflation += core::Duration{static_cast<std::int64_t>(beyond / 1000)};
  }
  if (!setup_.defences.ledger_time) run.inflation += report.end_error - report.start_error;
}

void ValidatedSimulation::tell_books(const Run& run, core::Time now) {
  const core::WorkloadJob& job = workload_.jobs[run.job.value];
  const core::NodeId node = run.nodes.front();
  const core::Duration elapsed = std::max(now - run.start + run.inflation, core::Duration::zero());
  const scheduler::ReplicaUse use{
      .tier = spec_of(node).tier,
      .usage = usage_of(workload_.request_of(job), run.cores_held, elapsed),
      .ending = run.ended};
  books_->replica_ended(run.job, run.replica, node, use, run.computed, now);
}

void ValidatedSimulation::consider_dispute(core::JobId job, core::Time now) {
  const std::uint32_t user = workload_.jobs[job.value].user;
  if (requesters_.rating_after(job, user)) books_->note_rating_refused();
  if (!requesters_.disputes(job, user, jobs_[job.value].wrong)) return;
  foresee(now + books_->dispute_window() / 2, Happening::verdict_disputed, job.value);
  ++open_disputes_;
}

void ValidatedSimulation::dispute(core::JobId job, core::Time now) {
  if (books_->bank_is_up() && books_->dispute(job, now)) {
    coordinator_.tell(validator::VerdictDisputed{job}, now);
  } else {
    --open_disputes_;
  }
}

void ValidatedSimulation::on(const validator::DisputeDecided& /*decided*/, core::Time /*now*/) {
  NEXA_ASSERT(open_disputes_ > 0, "a dispute is decided once");
  --open_disputes_;
}

void ValidatedSimulation::let_providers_reckon(core::Time now) {
  ++idle_changes_;
  // What a move costs must be booked.
  if (!books_->bank_is_up()) return;
  std::vector<bool> is_opportunist(absent_.size());
  for (std::uint32_t number = 0; number < absent_.size(); ++number) {
    const core::NodeId machine{number};
    const auto behaviours = population_.behaviours_of(machine);
    is_opportunist[number] =
        std::any_of(behaviours.begin(), behaviours.end(), [](const core::BehaviourShare& share) {
          return std::holds_alternative<core::Opportunist>(share.behaviour);
        });
    if (is_opportunist[number]) {
      population_.set_cheating_pays(machine, cheating_pays(books_->record_of(machine)));
    }
  }
  for (const ProviderMove& move : books_->review(is_opportunist)) {
    if (!is_trusted(name_of_machine_[move.node.value])) carry_out(move, now);
  }
}

void ValidatedSimulation::carry_out(const ProviderMove& move, core::Time now) {
  const core::NodeId machine = move.node;
  const core::NodeId known_as = name_of_machine_[machine.value];
  // One that is about to come back under a new name anyway needs no second one.
  if (move.step == ProviderStep::join && !absent_[machine.value]) return;
  books_->note_move(move.step);
  if (move.step != ProviderStep::join) {
    coordinator_.set_availability(known_as, core::NodeAvailability::draining, now);
    books_->node_left(known_as, now);
    absent_[machine.value] = true;
    if (move.step == ProviderStep::leave) return;
  }
  absent_[machine.value] = false;
  if (!books_->has_joined(known_as)) {
    books_->node_joined(known_as, true, now);
    coordinator_.set_availability(known_as, core::NodeAvailability::up, now);
    return;
  }
  population_.renew_identity(machine);
  const auto node = static_cast<std::uint32_t>(identities_.size());
  register_node(core::NodeId{node}, machine, core::OwnerId{next_owner_++}, false, now);
}

}  // namespace nexa::simulator
