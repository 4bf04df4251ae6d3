#include "scheduler/engine.hpp"

#include <algorithm>
#include <utility>

#include "core/assert.hpp"
#include "scheduler/engine_state.hpp"
#include "scheduler/pass.hpp"

namespace nexa::scheduler {
namespace {

// How long a host may take to end a replica before it is asked again.
constexpr core::Duration cancel_again_after = core::seconds(30);

}  // namespace

Engine::Engine(PolicySet policies) : state_(std::make_unique<EngineState>(std::move(policies))) {}
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() = default;

void Engine::apply(const Event& event) {
  std::visit([&](const auto& fact) { apply(fact, event.time); }, event.fact);
}

void Engine::advance_to(core::Time time) {
  NEXA_ASSERT(time >= last_time_, "events and steps must come in the order of time");
  last_time_ = time;
}

void Engine::on(const JobSubmitted& fact, core::Time now) {
  const auto request_class = request_class_for(fact.job, fact.avoid);
  if (!request_class) return;
  const JobSlot slot = state_->jobs.add(fact.job.id);
  JobRecord& record = state_->jobs[slot];
  record.job = fact.job;
  // Whoever comes without a place of his own is behind all that came before.
  record.arrival = fact.place != 0 ? fact.place : state_->next_arrival;
  state_->next_arrival = std::max(state_->next_arrival, record.arrival + 1);
  record.request_class = *request_class;
  requeue(slot, now);
}

/// The request class of a job, which counts it; or nothing, and a rejection, if it can never run.
std::optional<std::uint32_t> Engine::request_class_for(const core::Job& job,
                                                       std::span<const core::FaultDomain> avoid) {
  const core::Request& request = job.request;
  NEXA_ASSERT(request.slots > 0 && request.per_slot.cores > 0, "a request must ask for something");
  NEXA_ASSERT(job.time_limit > core::Duration::zero(), "a time limit must be positive");
  state_->cluster.settle();
  const std::uint32_t index =
      avoid.empty() ? state_->cluster.intern(request) : state_->cluster.intern(request, avoid);
  RequestClass& request_class = state_->cluster.request_class(index);
  if (request_class.capacity_slots < request.slots) {
    rejections_.push_back({job.id, state_->cluster.hopelessness(request_class, request.slots)});
    return std::nullopt;
  }
  ++request_class.jobs;
  return index;
}

void Engine::requeue(JobSlot slot, core::Time now) {
  JobRecord& record = state_->jobs[slot];
  record.phase = Phase::waiting;
  record.cores = record.job.request.cores();
  state_->enqueue(slot, now);
  if (state_->plan) state_->plan->note_arrival(slot);
  if (record.replica == core::ReplicaId{0}) return;
  // Other policies may have left no node for a job that comes back, and it may need what was
  // promised to those behind its old place.
  some_may_be_hopeless_ = true;
  if (state_->plan) state_->plan->invalidate();
}

void Engine::on(const JobCancelled& fact, core::Time /*now*/) {
  const auto slot = state_->jobs.find(fact.job);
  if (!slot) return;
  JobRecord& record = state_->jobs[*slot];
  if (record.phase == Phase::running) {
    record.cancel_wanted = true;
    const bool noted =
        std::find(cancellations_.begin(), cancellations_.end(), fact.job) != cancellations_.end();
    if (!noted) cancellations_.push_back(fact.job);
    return;
  }
  state_->dequeue(*slot);
  if (state_->plan) state_->plan->withdraw(*slot);
  forget(*slot);
}

void Engine::on(const NodeAdded& fact, core::Time /*now*/) {
  NEXA_ASSERT(fact.spec.capacity.cores > 0, "a node has at least one core");
  state_->cluster.add_node(fact.node, fact.spec);
  some_may_be_hopeless_ = true;  // filters are asked anew
  if (state_->plan) state_->plan->invalidate();
}

void Engine::on(const NodeStateChanged& fact, core::Time /*now*/) {
  state_->cluster.set_offline(fact.node, fact.availability != core::NodeAvailability::up);
  if (state_->plan) state_->plan->invalidate();
}

void Engine::on(const NodeChanged& fact, core::Time /*now*/) {
  const auto move = state_->cluster.change_node(fact.node, fact.spec);
  if (!move) return;
  for (JobSlot slot = 0; move->is_busy && slot < state_->jobs.slot_limit(); ++slot) {
    if (state_->jobs[slot].phase == Phase::running) relocate(state_->jobs[slot].pieces, *move);
  }
  note_other_nodes();
}

void Engine::on(const NodeRemoved& fact, core::Time /*now*/) {
  if (state_->cluster.remove_node(fact.node)) note_other_nodes();
}

/// What was promised counted on the nodes as they were.
void Engine::note_other_nodes() {
  some_may_be_hopeless_ = true;
  state_->reservation.reset();
  if (state_->plan) state_->plan->invalidate();
}

void Engine::on(const ReplicaEnded& fact, core::Time now) {
  const auto slot = state_->jobs.find(fact.job);
  if (!slot) return;
  const JobRecord& record = state_->jobs[*slot];
  if (record.phase != Phase::running || record.replica != fact.replica) return;
  stop_running(*slot, now);
  if (fact.how == ReplicaEnd::node_failed && !record.cancel_wanted) {
    requeue(*slot, now);
  } else {
    forget(*slot);
  }
}

void Engine::on(const CommandRejected& fact, core::Time now) {
  const auto slot = state_->jobs.find(fact.job);
  if (!slot) return;
  JobRecord& record = state_->jobs[*slot];
  if (record.phase != Phase::running || record.replica != fact.replica) return;
  stop_running(*slot, now);
  record.refused_by_host = true;
  if (record.cancel_wanted) {
    forget(*slot);
  } else {
    requeue(*slot, now);
  }
}

void Engine::on(const Tick& /*fact*/, core::Time /*now*/) {}

void Engine::on(const JobChanged& fact, core::Time now) {
  const auto slot = state_->jobs.find(fact.job.id);
  if (!slot) return;
  // What the head needs, or what running jobs release, is no longer what was reckoned with.
  state_->reservation.reset();
  if (state_->jobs[*slot].phase == Phase::running) {
    change_limit(*slot, fact.job.time_limit);
  } else {
    change_waiting(*slot, fact.job, now);
  }
}

void Engine::change_waiting(JobSlot slot, const core::Job& job, core::Time now) {
  state_->dequeue(slot);
  if (state_->plan) state_->plan->withdraw(slot);
  // What it has to avoid is kept by its request class, which must not be forgotten before.
  const std::uint32_t before = state_->jobs[slot].request_class;
  const std::vector<core::FaultDomain> avoid = state_->cluster.request_class(before).domains;
  const auto request_class = request_class_for(job, avoid);
  --state_->cluster.request_class(before).jobs;
  if (!request_class) {
    state_->jobs.remove(slot);
    return;
  }
  JobRecord& record = state_->jobs[slot];
  const core::Time submit = record.job.submit;
  record.job = job;
  record.job.submit = submit;
  record.request_class = *request_class;
  record.cores = job.request.cores();
  state_->enqueue(slot, now);
  if (state_->plan) state_->plan->note_arrival(slot);
}

void Engine::change_limit(JobSlot slot, core::Duration limit) {
  NEXA_ASSERT(limit > core::Duration::zero(), "a time limit must be positive");
  JobRecord& record = state_->jobs[slot];
  const core::Duration longer = limit - record.job.time_limit;
  record.job.time_limit = limit;
  if (record.limit_enforced) return;
  state_->running.erase({record.planned_end, slot, record.cores});
  record.planned_end += longer;
  state_->running.insert({record.planned_end, slot, record.cores});
  if (state_->plan) state_->plan->invalidate();
}

void Engine::on(const PolicyReloaded& fact, core::Time now) {
  auto policies = parse_policy_set(fact.policies);
  NEXA_ASSERT(policies.has_value(), "a host checks the policies that it reloads");
  state_->reload(std::move(*policies), now);
  some_may_be_hopeless_ = true;
}

void Engine::reject_hopeless() {
  some_may_be_hopeless_ = false;
  std::vector<std::pair<JobSlot, RejectCode>> hopeless;
  state_->queue.entries().for_each([&](const QueueEntry& entry) {
    const RequestClass& request_class = state_->cluster.request_class(entry.request_class);
    const RejectCode why = state_->cluster.hopelessness(request_class, entry.slots);
    if (why != RejectCode::none) hopeless.emplace_back(entry.job, why);
    return true;
  });
  for (const auto& [slot, why] : hopeless) {
    rejections_.push_back({state_->jobs[slot].job.id, why});
    state_->dequeue(slot);
    if (state_->plan) state_->plan->withdraw(slot);
    forget(slot);
  }
}

void Engine::stop_running(JobSlot slot, core::Time /*now*/) {
  JobRecord& record = state_->jobs[slot];
  state_->cluster.release(record.pieces, state_->cluster.request_class(record.request_class));
  state_->running.erase({record.planned_end, slot, record.cores});
  record.pieces.clear();
  record.limit_enforced = false;
  if (state_->plan) state_->plan->note_end(slot);
}

void Engine::forget(JobSlot slot) {
  --state_->cluster.request_class(state_->jobs[slot].request_class).jobs;
  state_->jobs.remove(slot);
}

bool Engine::issue_cancellations(core::Time now) {
  bool issued = false;
  for (const core::JobId id : cancellations_) {
    const auto slot = state_->jobs.find(id);
    if (!slot || state_->jobs[*slot].phase != Phase::running) continue;
    state_->commands.add(
        CancelReplica{id, state_->jobs[*slot].replica, CancelReason::job_cancelled});
    issued = true;
  }
  while (!state_->running.empty() && state_->running.front().planned_end <= now) {
    const RunningEntry entry = state_->running.front();
    JobRecord& record = state_->jobs[entry.job];
    const bool told = std::find(cancellations_.begin(), cancellations_.end(), record.job.id) !=
                      cancellations_.end();
    if (!told) {
      state_->commands.add(CancelReplica{record.job.id, record.replica, CancelReason::time_limit});
    }
    state_->running.erase(entry);
    record.limit_enforced = true;
    record.planned_end = now + cancel_again_after;
    state_->running.insert({record.planned_end, entry.job, entry.cores});
    issued = true;
  }
  cancellations_.clear();
  return issued;
}

std::span<const Command> Engine::step(core::Time now) {
  advance_to(now);
  state_->commands.clear();
  state_->cluster.settle();
  if (some_may_be_hopeless_) reject_hopeless();
  for (const RejectJob& rejection : rejections_) state_->commands.add(rejection);
  rejections_.clear();
  pass_due_ = issue_cancellations(now);
  // A pass can only start waiting jobs. A plan is told of what has ended in any case.
  const bool pass_is_pointless = state_->queue.empty() && !state_->plan;
  if (!pass_due_ && !pass_is_pointless) run_pass(now);
  return state_->commands.list();
}

void Engine::run_pass(core::Time now) {
  state_->queue.refresh(now);
  if (state_->backfill_queue) state_->backfill_queue->refresh(now);
  state_->passes_beyond_head = false;
  Pass pass(*state_, now);
  state_->policies.backfill->run(pass);
  state_->fresh_jobs.clear();
}

std::optional<core::Time> Engine::next_wakeup() const {
  if (pass_due_) return last_time_;
  core::Time next = core::never;
  if (!state_->running.empty()) next = state_->running.front().planned_end;
  if (state_->plan) {
    const auto start = state_->plan->next_start(last_time_);
    if (start) next = std::min(next, *start);
  }
  return next == core::never ? std::nullopt : std::optional(next);
}

std::vector<core::JobId> Engine::waiting() const {
  std::vector<core::JobId> ids;
  ids.reserve(queue_length());
  state_->queue.entries().for_each([&](const QueueEntry& entry) {
    ids.push_back(state_->jobs[entry.job].job.id);
    return true;
  });
  return ids;
}

std::size_t Engine::queue_length() const {
  return state_->queue.size();
}
std::size_t Engine::running_jobs() const {
  return state_->running.size();
}
bool Engine::is_idle(core::NodeId node) const {
  return state_->cluster.is_idle(node);
}

namespace {

/// Two jobs at one place would have no order.
void check_places(const JobTable& jobs) {
  std::vector<std::uint64_t> places;
  for (JobSlot slot = 0; slot < jobs.slot_limit(); ++slot) {
    if (jobs[slot].phase != Phase::gone) places.push_back(jobs[slot].arrival);
  }
  std::sort(places.begin(), places.end());
  NEXA_ASSERT(std::adjacent_find(places.begin(), places.end()) == places.end(),
              "two jobs have one place in the order of arrival");
}

}  // namespace

void Engine::check() const {
  state_->cluster.check();
  check_places(state_->jobs);
  std::size_t waiting = 0;
  std::size_t running = 0;
  std::uint64_t held = 0;
  for (JobSlot slot = 0; slot < state_->jobs.slot_limit(); ++slot) {
    const JobRecord& record = state_->jobs[slot];
    if (record.phase == Phase::waiting) {
      ++waiting;
      const RequestClass& request_class = state_->cluster.request_class(record.request_class);
      const bool can_run = request_class.capacity_slots >= record.job.request.slots;
      NEXA_ASSERT(can_run || some_may_be_hopeless_, "a waiting job can never run");
    }
    if (record.phase != Phase::running) continue;
    ++running;
    held += record.cores;
    NEXA_ASSERT(!record.pieces.empty(), "a running job has no nodes");
  }
  NEXA_ASSERT(waiting == state_->queue.size(), "the queue miscounts the waiting jobs");
  NEXA_ASSERT(running == state_->running.size(), "the running jobs are miscounted");
  NEXA_ASSERT(waiting + running == state_->jobs.size(), "a job is neither waiting nor running");
  std::uint64_t capacity = 0;
  for (const NodeClass& node_class : state_->cluster.classes()) {
    capacity += std::uint64_t{node_class.node_count()} * node_class.spec().capacity.cores;
  }
  const bool all_up = !state_->cluster.any_offline();
  NEXA_ASSERT(!all_up || held + state_->cluster.free_cores() == capacity,
              "cores are neither free nor held");
}

}  // namespace nexa::scheduler
