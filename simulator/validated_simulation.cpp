#include "simulator/validated_simulation.hpp"

#include <algorithm>
#include <utility>

#include "core/assert.hpp"
#include "core/rng.hpp"
#include "simulator/amounts.hpp"
#include "simulator/validation_observer.hpp"

namespace nexa::simulator {
namespace {

constexpr std::uint64_t steps_between_reports = 256;
constexpr int reputation_samples = 100;

}  // namespace

ValidatedSimulation::ValidatedSimulation(const core::Platform& platform,
                                         const core::Workload& workload,
                                         scheduler::PolicySet policies, ValidationSetup setup,
                                         std::uint64_t seed, SimulationOptions options)
    : platform_(platform),
      workload_(workload),
      setup_(without_absent_defences(std::move(setup))),
      seed_(seed),
      options_(std::move(options)),
      index_(platform),
      population_(platform, seed),
      requesters_(setup_.requesters, workload, seed),
      availability_(platform, setup_.availability, seed),
      insider_(Insider::install(setup_, seed)),
      coordinator_({.policies = std::move(policies),
                    .validation = setup_.config,
                    .trusted_tiers = setup_.trusted_tiers,
                    .sha256 = setup_.sha256}),
      next_owner_(static_cast<std::uint32_t>(platform.owners.size())),
      jobs_(workload.jobs.size()),
      collector_(workload.jobs.size()),
      load_(platform.tiers.size()) {
  absent_.resize(platform.node_count());
  if (setup_.credits) {
    books_ = std::make_unique<Books>(setup_, platform, workload, requesters_, seed,
                                     options_.record_replicas ? options_.results : nullptr,
                                     options_.journal, insider_ ? insider_->journal() : nullptr);
  }
  statistics_.reserve(workload.jobs.size());
  coordinator_.attach(options_.recorder);
  options_.record_replicas = options_.record_replicas && options_.results != nullptr;
  if (setup_.comparator == validator::ComparatorKind::tolerance) {
    comparison_ =
        setup_.defences.strict_structure ? Comparison::tolerance : Comparison::lax_structure;
  }
  if (!workload.jobs.empty()) {
    between_samples_ = std::max(workload.jobs.back().submit.time_since_epoch() / reputation_samples,
                                core::seconds(1));
  }
}

SimulationResult ValidatedSimulation::run() {
  add_nodes();
  foresee(core::Time{} + setup_.epoch, Happening::epoch_ends, 0);
  periodic_ = 1;
  if (books_ && books_->has_economy()) {
    foresee(core::Time{} + setup_.credits->economy->review_every, Happening::providers_reckon, 0);
    ++periodic_;
  }
  for (core::Time next = next_instant(); next != core::never; next = next_instant()) {
    if (next > options_.until) {
      result_.stopped_early = true;
      break;
    }
    now_ = next;
    const core::Time now = next;
    if (options_.record_load) load_.advance_to(now);
    if (books_) books_->advance(now);
    happen(now);
    change_nodes(now);
    submit_jobs(now);
    step(now);
    // What is cancelled ends at once, and is a fact of the same instant.
    while (!killed_.empty()) {
      for (const std::uint32_t run : std::exchange(killed_, {})) end_run(run, now);
      step(now);
    }
    if (now >= next_sample_) sample_reputation(now);
    if (options_.progress && result_.steps % steps_between_reports == 0) {
      options_.progress({now, next_job_, workload_.jobs.size(), coordinator_.engine_events(),
                         coordinator_.queue_length()});
    }
    if (options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed)) {
      result_.stopped_early = next_instant() != core::never;
      break;
    }
  }
  report_unfinished();
  if (options_.record_replicas) record_rest();
  result_.jobs_submitted = next_job_;
  result_.jobs = statistics_.summarise(platform_.core_count());
  result_.command_hash = coordinator_.command_hash();
  result_.events = coordinator_.engine_events();
  result_.validation = collector_.summarise();
  result_.replicas_started = result_.validation->replicas;
  result_.trust = collector_.series();
  if (books_) {
    books_->advance(now_);
    books_->close(now_);
    result_.credits = books_->summarise(population_, setup_.requesters, *result_.validation, now_);
  }
  if (insider_) result_.coordinator = insider_->figures();
  if (options_.record_load) result_.load = load_.series();
  return std::move(result_);
}

void ValidatedSimulation::add_nodes() {
  std::uint32_t node = 0;
  for (const core::NodeGroup& group : platform_.groups) {
    for (std::uint32_t i = 0; i < group.count; ++i, ++node) {
      register_node(core::NodeId{node}, core::NodeId{node}, group.spec_of(i).owner, true,
                    core::Time{});
    }
  }
}

void ValidatedSimulation::register_node(core::NodeId node, core::NodeId machine,
                                        core::OwnerId owner, bool is_new, core::Time now) {
  NEXA_ASSERT(node.value == identities_.size(), "identities are numbered without gaps");
  const core::Intent intent = population_.intent_of(machine);
  identities_.push_back({machine, owner, intent == core::Intent::hostile, now});
  if (is_new) {
    name_of_machine_.push_back(node);
  } else {
    name_of_machine_[machine.value] = node;
  }
  core::NodeSpec spec = platform_.groups[index_.group_of(machine.value)].spec;
  spec.owner = owner;
  if (insider_) insider_->node_joined(platform_.groups[index_.group_of(machine.value)].name);
  const validator::MachineId fingerprint{setup_.recognises_machines ? machine.value + 1ULL : 0};
  coordinator_.add_node(node, spec, fingerprint, now);
  if (books_) {
    books_->add_node(node, {machine, is_trusted(node)});
    absent_[machine.value] = is_new && !books_->takes_part_at_first(machine);
    if (absent_[machine.value]) {
      coordinator_.set_availability(node, core::NodeAvailability::down, now);
    } else {
      books_->node_joined(node, !is_new, now);
    }
  }
  collector_.identity_joined(node, population_.label_of(machine), intent, is_new);
  if (options_.observer != nullptr) {
    options_.observer->on_identity(node, machine, owner, coordinator_.validator(), now);
  }
}

void ValidatedSimulation::tell(const validator::Fact& fact, core::Time now) {
  coordinator_.tell(fact, now);
  if (options_.observer != nullptr) {
    options_.observer->on_fact(fact, coordinator_.validator(), now);
  }
}

bool ValidatedSimulation::is_over() const {
  return next_job_ == workload_.jobs.size() && undecided_ == 0 && open_disputes_ == 0 &&
         without_bank_.empty() && spare_runs_.size() == runs_.size();
}

core::Time ValidatedSimulation::next_instant() const {
  if (is_over()) return core::never;
  core::Time next = core::never;
  if (next_job_ < workload_.jobs.size()) next = workload_.jobs[next_job_].submit;
  if (const auto wakeup = coordinator_.next_wakeup()) next = std::min(next, *wakeup);
  const bool nothing_runs = spare_runs_.size() == runs_.size();
  // A node that comes back may take what waits, but not if all of them came back in vain.
  if (!nothing_runs || idle_changes_ < 4 * identities_.size()) {
    next = std::min(next, availability_.next_time());
  }
  if (!without_bank_.empty()) next = std::min(next, books_->next_bank_change(now_));
  // Periodic events alone keep nothing going, but for providers who may still come to take what
  // waits.
  const bool only_periodic = next == core::never && nothing_runs && pending_.size() == periodic_;
  const bool may_still_come =
      books_ && books_->has_economy() && undecided_ > 0 && idle_changes_ < 4 * identities_.size();
  if (!only_periodic || may_still_come) next = std::min(next, pending_.front().time);
  return next;
}

void ValidatedSimulation::change_nodes(core::Time now) {
  while (availability_.next_time() <= now) {
    const NodeChange change = availability_.pop();
    ++idle_changes_;
    if (absent_[change.node.value]) continue;
    const core::NodeId node = name_of_machine_[change.node.value];
    std::erase(without_stake_, node);
    if (change.availability == core::NodeAvailability::down) lose_replicas(node, now);
    coordinator_.set_availability(node, change.availability, now);
  }
}

void ValidatedSimulation::lose_replicas(core::NodeId node, core::Time now) {
  for (std::uint32_t number = 0; number < runs_.size(); ++number) {
    const Run& run = runs_[number];
    if (!run.active || std::find(run.nodes.begin(), run.nodes.end(), node) == run.nodes.end()) {
      continue;
    }
    runs_[number].ended = scheduler::ReplicaEnding::node_lost;
    fail(run, validator::FailureKind::node_lost, ReplicaFate::not_needed, now);
    leave(number, now);
  }
}

std::uint64_t ValidatedSimulation::foresee(core::Time time, Happening what, std::uint32_t subject) {
  pending_.push({time, what, ++foreseen_, subject});
  return foreseen_;
}

void ValidatedSimulation::happen(core::Time now) {
  while (!pending_.empty() && pending_.front().time <= now) {
    const Pending pending = pending_.front();
    pending_.pop();
    switch (pending.what) {
      case Happening::replica_ends:
        // A run that was killed in between has made room for another.
        if (runs_[pending.subject].active && runs_[pending.subject].end_number == pending.number) {
          end_run(pending.subject, now);
        }
        break;
      case Happening::node_returns: {
        if (books_ && !books_->bank_is_up()) {  // nobody could take its stake
          foresee(books_->next_bank_change(now), Happening::node_returns, pending.subject);
          break;
        }
        const core::NodeId machine{pending.subject};
        const auto node = static_cast<std::uint32_t>(identities_.size());
        register_node(core::NodeId{node}, machine, core::OwnerId{next_owner_++}, false, now);
        break;
      }
      case Happening::job_withdrawn:
        coordinator_.cancel(core::JobId{pending.subject}, now);
        break;
      case Happening::epoch_ends:
        tell(validator::EpochEnded{}, now);
        foresee(now + setup_.epoch, Happening::epoch_ends, 0);
        break;
      case Happening::verdict_disputed:
        dispute(core::JobId{pending.subject}, now);
        break;
      case Happening::providers_reckon:
        let_providers_reckon(now);
        foresee(now + setup_.credits->economy->review_every, Happening::providers_reckon, 0);
        break;
    }
  }
}

void ValidatedSimulation::submit_jobs(core::Time now) {
  if (!without_bank_.empty() && books_->bank_is_up()) {
    for (const core::JobId job : std::exchange(without_bank_, {})) submit(job, now);
  }
  for (; next_job_ < workload_.jobs.size() && workload_.jobs[next_job_].submit == now;
       ++next_job_) {
    submit(core::JobId{next_job_}, now);
  }
}

core::TierMask ValidatedSimulation::tiers_of(const core::Request& request) const {
  return request.tiers | setup_.trusted_tiers;
}

void ValidatedSimulation::submit(core::JobId id, core::Time now) {
  const core::WorkloadJob& job = workload_.jobs[id.value];
  const core::Request request = workload_.request_of(job);
  if (books_) {
    switch (books_->submit(id, setup_.rules.max_total_results, tiers_of(request), now)) {
      case Books::Admission::paid:
        break;
      case Books::Admission::no_bank:
        without_bank_.push_back(id);
        return;
      case Books::Admission::refused:
        jobs_[id.value].decided = true;
        note_job(id, core::JobState::rejected, now);
        return;
    }
  }
  ++undecided_;
  coordinator_.submit({.job = {.id = id,
                               .user = core::UserId{job.user},
                               .submit = job.submit,
                               .time_limit = job.time_limit,
                               .request = request},
                       .rules = setup_.rules,
                       .value = value_of(job),
                       .comparator = setup_.comparator,
                       .job_class = validator::JobClass{class_of(id)}},
                      now);
}

void ValidatedSimulation::step(core::Time now) {
  ++result_.steps;
  const std::span<const scheduler::CoordinatorCommand> commands = coordinator_.step(now);
  if (options_.observer != nullptr) {
    options_.observer->on_commands(commands, coordinator_.validator(), now);
  }
  std::span<const scheduler::RefusedStart> refused;
  if (books_) refused = books_->take(commands, coordinator_.validator(), now);
  for (const scheduler::CoordinatorCommand& command : commands) {
    std::visit([&](const auto& alternative) { on(alternative, now); }, command);
  }
  stop_unpaid(refused);
  if (books_) watch_stakes(commands, now);
  result_.longest_queue = std::max(result_.longest_queue, coordinator_.queue_length());
  if (options_.record_load) {
    load_.set_jobs(coordinator_.queue_length(), coordinator_.running_replicas());
  }
  if (!options_.check_invariants) return;
  coordinator_.check();
  if (books_) books_->check();
}

core::Credits ValidatedSimulation::value_of(const core::WorkloadJob& job) const {
  const auto core_microseconds =
      Wide{job.time_limit.count()} * static_cast<std::int64_t>(workload_.request_of(job).cores());
  const Wide micro = core_microseconds * setup_.value_per_core_hour.micro() / microseconds_per_hour;
  return core::Credits::from_micro(static_cast<std::int64_t>(micro));
}

std::uint32_t ValidatedSimulation::class_of(core::JobId job) const {
  if (setup_.job_classes == 1) return 0;
  return static_cast<std::uint32_t>(core::random_below(
      {.seed = seed_, .stream = core::RandomStream::job_class, .entity = job.value},
      setup_.job_classes));
}

const core::NodeSpec& ValidatedSimulation::spec_of(core::NodeId node) const {
  return platform_.groups[index_.group_of(identities_[node.value].machine.value)].spec;
}

bool ValidatedSimulation::is_trusted(core::NodeId node) const {
  return (setup_.trusted_tiers >> spec_of(node).tier.value & 1) != 0;
}

void ValidatedSimulation::sample_reputation(core::Time now) {
  while (next_sample_ <= now) next_sample_ += between_samples_;
  double sum[2] = {0, 0};
  double count[2] = {0, 0};
  for (std::uint32_t node = 0; node < identities_.size(); ++node) {
    if (is_trusted(core::NodeId{node})) continue;
    const auto reputation = coordinator_.validator().reputation(core::NodeId{node});
    if (!reputation) continue;
    const std::size_t side = identities_[node].hostile ? 1 : 0;
    sum[side] += *reputation / 1e6;
    ++count[side];
  }
  collector_.sample_reputation(now, count[0] > 0 ? sum[0] / count[0] : 0,
                               count[1] > 0 ? sum[1] / count[1] : 0);
}

void ValidatedSimulation::report_unfinished() {
  for (std::uint32_t job = 0; job < next_job_; ++job) {
    if (!jobs_[job].decided) statistics_.add(core::JobState::unfinished);
  }
}

}  // namespace nexa::simulator
