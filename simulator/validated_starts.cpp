// How replicas start in a validated simulation: where, for how long, and with what in mind.

#include <algorithm>
#include <utility>
#include <vector>

#include "simulator/validated_simulation.hpp"

namespace nexa::simulator {
namespace {

/// Shares of single machines, those of neighbours that give equally many slots made one.
std::vector<scheduler::NodeShare> merged(std::vector<scheduler::NodeShare> shares) {
  std::sort(shares.begin(), shares.end());
  std::vector<scheduler::NodeShare> runs;
  for (const scheduler::NodeShare& share : shares) {
    const bool goes_on = !runs.empty() && runs.back().slots_per_node == share.slots_per_node &&
                         runs.back().nodes.last + 1 == share.nodes.first;
    if (goes_on) {
      runs.back().nodes.last = share.nodes.last;
    } else {
      runs.push_back(share);
    }
  }
  return runs;
}

}  // namespace

Assignment ValidatedSimulation::assignment(const Run& run, core::NodeId node,
                                           core::Time now) const {
  const core::WorkloadJob& job = workload_.jobs[run.job.value];
  return {.job = run.job,
          .replica = run.replica.value,
          .attempt = 0,
          .node = identities_[node.value].machine,
          .host_class = spec_of(node).host_class.value,
          .job_class = class_of(run.job),
          .value = value_of(job),
          .run_time = run.run_time,
          .time_limit = job.time_limit,
          .answer_bits = setup_.answer_bits,
          .poison = requesters_.is_poison(run.job, job.user),
          .now = now};
}

std::uint32_t ValidatedSimulation::begin_run(const scheduler::StartReplica& start, core::Time now) {
  if (spare_runs_.empty()) {
    spare_runs_.push_back(static_cast<std::uint32_t>(runs_.size()));
    runs_.emplace_back();
  }
  const std::uint32_t number = spare_runs_.back();
  spare_runs_.pop_back();
  Run& run = runs_[number];
  const core::WorkloadJob& job = workload_.jobs[start.job.value];
  run.job = start.job;
  run.replica = start.replica;
  run.start = now;
  run.active = true;
  run.computed = true;
  run.inflation = {};
  run.nodes.clear();
  scratch_shares_.clear();
  for (const scheduler::NodeShare& share : start.nodes) {
    for (std::uint32_t node = share.nodes.first; node <= share.nodes.last; ++node) {
      run.nodes.emplace_back(node);
      const std::uint32_t machine = identities_[node].machine.value;
      scratch_shares_.push_back({{machine, machine}, share.slots_per_node});
    }
  }
  run.cores_held = index_.cores_held(scratch_shares_, workload_.request_of(job));
  run.run_time = index_.run_time_on(scratch_shares_, job.run_time);
  if (options_.record_load) note_load(run, start);
  return number;
}

Conduct ValidatedSimulation::conduct_of(const Run& run, core::Time now, core::NodeId& responsible) {
  Conduct conduct{.ending = Ending::result, .duration = run.run_time};
  responsible = run.nodes.front();
  if (population_.all_honest() && setup_.requesters.empty()) return conduct;
  for (const core::NodeId node : run.nodes) {
    const Conduct of_node = population_.begin(assignment(run, node, now));
    const bool ends_earlier =
        of_node.ending != Ending::result &&
        (conduct.ending == Ending::result || of_node.duration < conduct.duration);
    const bool takes_longer = of_node.ending == Ending::result &&
                              conduct.ending == Ending::result &&
                              of_node.duration > conduct.duration;
    if (!ends_earlier && !takes_longer) continue;
    conduct = of_node;
    responsible = node;
  }
  return conduct;
}

ValidatedSimulation::Given& ValidatedSimulation::give_to(Job& record) {
  if (record.given.capacity() == 0 && !spare_given_.empty()) {
    record.given = std::move(spare_given_.back());
    spare_given_.pop_back();
  }
  return record.given.emplace_back();
}

void ValidatedSimulation::on(const scheduler::StartReplica& start, core::Time now) {
  const std::uint32_t number = begin_run(start, now);
  Run& run = runs_[number];
  core::NodeId responsible;
  const Conduct conduct = conduct_of(run, now, responsible);
  run.ending = conduct.ending;
  const core::WorkloadJob& job = workload_.jobs[start.job.value];
  Job& record = jobs_[start.job.value];
  Given& given = give_to(record);
  given = {.replica = start.replica, .node = responsible, .run = number, .start = now};
  if (options_.results != nullptr) given.nodes = merged(scratch_shares_);
  if (options_.record_replicas) {
    given.purpose = coordinator_.purpose_of(start.job, start.replica);
  }
  if (record.first_start == core::never) {
    record.first_start = now;
    record.selected_by = start.selected_by;
    if (const auto after = requesters_.cancelled_after(start.job, job)) {
      foresee(now + *after, Happening::job_withdrawn, start.job.value);
    }
  }
  idle_changes_ = 0;
  collector_.replica_started(run.nodes, start.job.value, is_trusted(run.nodes.front()));
  // One that takes longer than its limit ends when the engine cancels it.
  const bool ends_by_itself =
      conduct.ending != Ending::no_reply && conduct.duration <= job.time_limit;
  run.overlong = conduct.ending != Ending::no_reply && !ends_by_itself;
  run.end_number =
      ends_by_itself ? foresee(now + conduct.duration, Happening::replica_ends, number) : 0;
}

void ValidatedSimulation::note_load(Run& run, const scheduler::StartReplica& start) {
  const core::Request request = workload_.request_of(workload_.jobs[start.job.value]);
  for (const scheduler::NodeShare& share : scratch_shares_) {
    const core::NodeSpec& spec = platform_.groups[index_.group_of(share.nodes.first)].spec;
    const std::uint32_t cores = request.sharing == core::Sharing::whole_nodes
                                    ? spec.capacity.cores
                                    : request.per_slot.cores * share.slots_per_node;
    run.tiers.emplace_back(spec.tier, cores);
    load_.change_busy_cores(spec.tier, cores);
  }
}

}  // namespace nexa::simulator
