#include "scheduler/coordinator.hpp"

#include <algorithm>
#include <utility>

#include "core/assert.hpp"
#include "core/digest.hpp"
#include "scheduler/coordinator_state.hpp"

namespace nexa::scheduler {

Coordinator::Coordinator(CoordinatorConfig config)
    : state_(std::make_unique<State>(std::move(config))) {}
Coordinator::Coordinator(Coordinator&&) noexcept = default;
Coordinator& Coordinator::operator=(Coordinator&&) noexcept = default;
Coordinator::~Coordinator() = default;

void Coordinator::attach(Recorder* recorder) {
  state_->recorder = recorder;
}

void Coordinator::add_node(core::NodeId node, const core::NodeSpec& spec,
                           validator::MachineId machine, core::Time now) {
  state_->add_node(node, spec, machine, now);
}

void Coordinator::set_availability(core::NodeId node, core::NodeAvailability availability,
                                   core::Time now) {
  state_->set_availability(node, availability, now);
}

void Coordinator::submit(const JobContracted& fact, core::Time now) {
  state_->jobs.add(fact.job, fact.rules.distinct);
  state_->validator.apply(validator::JobSubmitted{.job = fact.job.id,
                                                  .rules = fact.rules,
                                                  .value = fact.value,
                                                  .comparator = fact.comparator,
                                                  .job_class = fact.job_class},
                          now);
  state_->forget_if_over(fact.job.id);  // unless the validator has taken it
}

void Coordinator::cancel(core::JobId job, core::Time now) {
  state_->validator.apply(validator::JobCancelled{job}, now);
}

void Coordinator::tell(const validator::Fact& fact, core::Time now) {
  state_->validator.apply(fact, now);
}

void Coordinator::replica_left(core::JobId job, core::ReplicaId replica, core::Time now) {
  state_->replica_left(job, replica, now);
}

std::span<const CoordinatorCommand> Coordinator::step(core::Time now) {
  state_->commands.clear();
  // A verdict may ask for replicas, and placing one lets the next of its job into the queue.
  while (state_->decide(now) || state_->place(now)) {
  }
  return state_->commands.list();
}

std::optional<core::Time> Coordinator::next_wakeup() const {
  const auto engine = state_->engine.next_wakeup();
  const auto validator = state_->validator.next_wakeup();
  if (!engine || !validator) return engine ? engine : validator;
  return std::min(*engine, *validator);
}

const validator::Validator& Coordinator::validator() const {
  return state_->validator;
}
validator::Purpose Coordinator::purpose_of(core::JobId job, core::ReplicaId replica) const {
  Contract* contract = state_->jobs.find(job);
  const Task* task = contract == nullptr ? nullptr : contract->find(replica);
  NEXA_ASSERT(task != nullptr, "the replica runs");
  return task->purpose;
}
std::size_t Coordinator::queue_length() const {
  return state_->engine.queue_length() + state_->jobs.replicas_held_back();
}
std::size_t Coordinator::running_replicas() const {
  return state_->engine.running_jobs();
}
std::uint64_t Coordinator::engine_steps() const {
  return state_->steps;
}
std::uint64_t Coordinator::engine_events() const {
  return state_->events;
}
std::uint64_t Coordinator::command_hash() const {
  return state_->hash.value();
}

void Coordinator::check() const {
  state_->engine.check();
  state_->validator.check();
  state_->jobs.check();
  for (const core::JobId job : state_->jobs.known_jobs()) {
    const Contract& contract = *state_->jobs.find(job);
    const bool is_over = contract.tasks.empty() && contract.wanted.empty();
    NEXA_ASSERT(!is_over || state_->validator.knows(job), "the contract of a job outlives it");
  }
}

}  // namespace nexa::scheduler
