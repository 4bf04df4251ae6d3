#include "simulator/simulation.hpp"

#include <algorithm>
#include <utility>

#include "core/assert.hpp"

namespace nexa::simulator {
namespace {

constexpr std::uint64_t steps_between_looks = 256;

}  // namespace

Simulation::Simulation(const core::Platform& platform, const core::Workload& workload,
                       scheduler::PolicySet policies, SimulationOptions options)
    : platform_(platform),
      workload_(workload),
      options_(std::move(options)),
      engine_(std::move(policies)),
      index_(platform),
      load_(platform.tiers.size()) {
  statistics_.reserve(workload.jobs.size());
}

SimulationResult Simulation::run() {
  add_nodes();
  core::Time now{};
  for (core::Time next = next_instant(); next != core::never; next = next_instant()) {
    if (next > options_.until) {
      result_.stopped_early = true;
      break;
    }
    now = next;
    if (options_.record_load) load_.advance_to(now);
    end_runs(now);
    submit_jobs(now);
    step(now);
    // What the engine cancels ends at once, and is a fact of the same instant.
    while (!killed_.empty()) {
      for (const std::uint32_t run : std::exchange(killed_, {})) {
        const Run& killed = runs_[run];
        tell(now, scheduler::ReplicaEnded{core::JobId{killed.workload_index}, killed.replica,
                                          scheduler::ReplicaEnd::killed});
        finish(run, now, core::JobState::timed_out);
      }
      step(now);
    }
    if (result_.steps % steps_between_looks == 0) show_progress(now);
    if (stop_is_wanted()) break;
  }
  report_unfinished(now);
  result_.jobs_submitted = next_job_;
  result_.jobs = statistics_.summarise(platform_.core_count());
  result_.command_hash = hash_.value();
  if (options_.record_load) result_.load = load_.series();
  return std::move(result_);
}

void Simulation::add_nodes() {
  std::uint32_t node = 0;
  for (const core::NodeGroup& group : platform_.groups) {
    for (std::uint32_t i = 0; i < group.count; ++i, ++node) {
      tell(core::Time{}, scheduler::NodeAdded{core::NodeId{node}, group.spec_of(i)});
    }
  }
}

core::Time Simulation::next_instant() const {
  core::Time next = core::never;
  if (next_job_ < workload_.jobs.size()) next = workload_.jobs[next_job_].submit;
  if (!ends_.empty()) next = std::min(next, ends_.front().time);
  const std::optional<core::Time> wakeup = engine_.next_wakeup();
  return wakeup && *wakeup < next ? *wakeup : next;
}

template <class AnyFact>
void Simulation::tell(core::Time now, const AnyFact& fact) {
  ++result_.events;
  if (options_.recorder != nullptr) options_.recorder->on_event({now, fact});
  engine_.apply(fact, now);
}

void Simulation::end_runs(core::Time now) {
  while (!ends_.empty() && ends_.front().time == now) {
    const PendingEnd end = ends_.front();
    ends_.pop();
    tell(now, scheduler::ReplicaEnded{core::JobId{end.workload_index}, runs_[end.run].replica,
                                      scheduler::ReplicaEnd::completed});
    finish(end.run, now, core::JobState::completed);
  }
}

void Simulation::submit_jobs(core::Time now) {
  for (; next_job_ < workload_.jobs.size() && workload_.jobs[next_job_].submit == now;
       ++next_job_) {
    const core::WorkloadJob& job = workload_.jobs[next_job_];
    tell(now, scheduler::JobSubmitted{{.id = core::JobId{next_job_},
                                       .user = core::UserId{job.user},
                                       .submit = job.submit,
                                       .time_limit = job.time_limit,
                                       .request = workload_.request_of(job)}});
  }
}

void Simulation::step(core::Time now) {
  const std::span<const scheduler::Command> commands = engine_.step(now);
  ++result_.steps;
  if (options_.recorder != nullptr) options_.recorder->on_step(now, commands);
  for (const scheduler::Command& command : commands) {
    scheduler::add_to_hash(hash_, command);
    std::visit([&](const auto& alternative) { carry_out(alternative, now); }, command);
  }
  result_.longest_queue = std::max(result_.longest_queue, engine_.queue_length());
  if (options_.record_load) load_.set_jobs(engine_.queue_length(), engine_.running_jobs());
  if (options_.check_invariants) engine_.check();
}

void Simulation::carry_out(const scheduler::StartReplica& start, core::Time now) {
  ++result_.replicas_started;
  std::uint32_t number = static_cast<std::uint32_t>(runs_.size());
  if (spare_runs_.empty()) {
    runs_.emplace_back();
  } else {
    number = spare_runs_.back();
    spare_runs_.pop_back();
  }
  const core::WorkloadJob& job = workload_.jobs[start.job.value];
  Run& run = runs_[number];
  run.workload_index = start.job.value;
  run.replica = start.replica;
  run.start = now;
  run.selected_by = start.selected_by;
  run.cores_held = index_.cores_held(start.nodes, workload_.request_of(job));
  run.nodes.clear();
  if (options_.results != nullptr) {
    for (const scheduler::NodeShare& share : start.nodes) run.nodes.push_back(share.nodes);
    core::canonicalise(run.nodes);
  }
  if (options_.record_load) note_load(run, start);
  const core::Duration run_time = index_.run_time_on(start.nodes, job.run_time);
  if (run_time > job.time_limit) {
    overlong_.emplace(start.job.value, number);
  } else {
    ends_.push({now + run_time, start.job.value, number});
  }
}

void Simulation::carry_out(const scheduler::CancelReplica& cancel, core::Time /*now*/) {
  const auto run = overlong_.find(cancel.job.value);
  NEXA_ASSERT(run != overlong_.end(), "the engine cancelled a replica that keeps its limit");
  killed_.push_back(run->second);
  overlong_.erase(run);
}

void Simulation::carry_out(const scheduler::RejectJob& reject, core::Time now) {
  statistics_.add(core::JobState::rejected);
  if (options_.results == nullptr) return;
  Run none;
  none.workload_index = reject.job.value;
  report(none, now, core::JobState::rejected);
}

void Simulation::finish(std::uint32_t number, core::Time now, core::JobState state) {
  Run& run = runs_[number];
  const core::Time submit = workload_.jobs[run.workload_index].submit;
  statistics_.add_finished(run.start - submit, now - run.start, run.cores_held, now);
  statistics_.add(state);
  for (const auto& [tier, cores] : run.tiers) load_.change_busy_cores(tier, -cores);
  if (options_.results != nullptr) report(run, now, state);
  run.tiers.clear();
  spare_runs_.push_back(number);
}

void Simulation::report(const Run& run, core::Time end, core::JobState state) {
  const core::WorkloadJob& job = workload_.jobs[run.workload_index];
  core::JobOutcome outcome{.id = core::JobId{run.workload_index},
                           .workload_index = run.workload_index,
                           .state = state,
                           .selected_by = run.selected_by,
                           .submit = job.submit,
                           .start = run.start,
                           .end = end,
                           .started = !run.nodes.empty(),
                           .time_limit = job.time_limit,
                           .request = workload_.request_of(job),
                           .cores_held = run.cores_held,
                           .nodes = run.nodes};
  if (outcome.started) {
    const std::size_t group = index_.group_of(run.nodes.front().first);
    outcome.node_class = static_cast<std::uint32_t>(group);
    outcome.tier = platform_.groups[group].spec.tier;
    for (const core::Interval& nodes : run.nodes) {
      for (std::size_t g = index_.group_of(nodes.first); g <= index_.group_of(nodes.last); ++g) {
        outcome.tier = std::min(outcome.tier, platform_.groups[g].spec.tier);
      }
    }
  }
  options_.results->add(outcome);
}

void Simulation::note_load(Run& run, const scheduler::StartReplica& start) {
  const core::Request request = workload_.request_of(workload_.jobs[start.job.value]);
  for (const scheduler::NodeShare& share : start.nodes) {
    std::uint32_t node = share.nodes.first;
    while (node <= share.nodes.last) {
      const std::size_t group = index_.group_of(node);
      const core::NodeGroup& g = platform_.groups[group];
      const std::uint32_t last = std::min(share.nodes.last, index_.end_of_group(group) - 1);
      const std::uint32_t per_node = request.sharing == core::Sharing::whole_nodes
                                         ? g.spec.capacity.cores
                                         : request.per_slot.cores * share.slots_per_node;
      const auto cores = static_cast<double>(std::uint64_t{per_node} * (last - node + 1));
      run.tiers.emplace_back(g.spec.tier, cores);
      load_.change_busy_cores(g.spec.tier, cores);
      node = last + 1;
    }
  }
}

void Simulation::report_unfinished(core::Time now) {
  for (const core::JobId job : engine_.waiting()) {
    statistics_.add(core::JobState::unfinished);
    if (options_.results == nullptr) continue;
    Run waiting;
    waiting.workload_index = job.value;
    report(waiting, now, core::JobState::unfinished);
  }
  std::vector<bool> spare(runs_.size());
  for (const std::uint32_t run : spare_runs_) spare[run] = true;
  for (std::uint32_t run = 0; run < runs_.size(); ++run) {
    if (spare[run]) continue;
    statistics_.add(core::JobState::unfinished);
    if (options_.results != nullptr) report(runs_[run], now, core::JobState::unfinished);
  }
}

bool Simulation::stop_is_wanted() {
  if (options_.stop == nullptr || !options_.stop->load(std::memory_order_relaxed)) return false;
  result_.stopped_early = next_instant() != core::never;
  return true;
}

void Simulation::show_progress(core::Time now) {
  if (!options_.progress) return;
  options_.progress(
      {now, next_job_, workload_.jobs.size(), result_.events, engine_.queue_length()});
}

}  // namespace nexa::simulator
