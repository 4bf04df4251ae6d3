#include "cli/sim_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "cli/report_trust.hpp"

namespace nexa::cli {

namespace {

constexpr double slowdown_floor_s = 10;  // as the simulator's statistics

io::ReportSpread spread(const simulator::Distribution& values) {
  return {values.mean, values.p50, values.p95, values.max};
}

io::ReportSummary summary_of(const RunSummary& run) {
  const simulator::JobStatistics& jobs = run.result.jobs;
  io::ReportSummary summary;
  summary.jobs = run.workload.jobs.size();
  summary.completed = jobs.finished - jobs.timed_out - jobs.failed;
  summary.failed = jobs.failed;
  summary.timed_out = jobs.timed_out;
  summary.cancelled = jobs.cancelled;
  summary.rejected = jobs.rejected;
  summary.unfinished = run.unfinished();
  summary.makespan_s = jobs.makespan_s;
  summary.utilization = jobs.utilization;
  summary.wait_s = spread(jobs.wait_s);
  summary.turnaround_s = spread(jobs.turnaround_s);
  summary.bounded_slowdown = spread(jobs.bounded_slowdown);
  return summary;
}

std::vector<io::ReportFact> provenance(const RunSummary& run) {
  const io::RunMeta& meta = run.meta;
  std::vector<io::ReportFact> facts{
      {"policy", meta.policy},
      {"workload", fmt::format("{}, {} jobs", meta.workload_name, run.workload.jobs.size())},
      {"platform", fmt::format("{}, {} nodes, {} cores", meta.platform_name,
                               run.platform.node_count(), run.platform.core_count())},
      {"seed", std::to_string(meta.seed)},
      {"command hash", core::to_hex(run.result.command_hash)}};
  for (const core::Repair& repair : run.workload.repairs) {
    facts.push_back({"repair of the trace", fmt::format("{} x {}", repair.count, repair.what)});
  }
  for (const io::InputFile& input : meta.inputs) {
    facts.push_back({input.path, input.sha256.empty() ? "no digest: it could be read once only"
                                                      : "sha256:" + input.sha256});
  }
  facts.push_back({"version", "nexapod " + meta.version});
  facts.push_back({"commit", meta.commit});
  facts.push_back({"compiler", meta.compiler});
  facts.push_back({"command", meta.command_line});
  facts.push_back({"configuration", meta.config_yaml});
  return facts;
}

io::BarFate fate_of(const scheduler::ReplicaRecord& replica) {
  switch (replica.state) {
    case validator::ReplicaState::valid:
      return replica.wrong ? io::BarFate::undetected : io::BarFate::valid;
    case validator::ReplicaState::invalid:
      return io::BarFate::invalid;
    case validator::ReplicaState::error:
    case validator::ReplicaState::no_reply:
    case validator::ReplicaState::too_late:
      return io::BarFate::failed;
    case validator::ReplicaState::not_needed:
    case validator::ReplicaState::inconclusive:
      return io::BarFate::unused;
    case validator::ReplicaState::assigned:
    case validator::ReplicaState::committed:
    case validator::ReplicaState::revealed:
      break;
  }
  return io::BarFate::open;
}

}  // namespace

ReportCollector::ReportCollector(const core::Platform& platform, const core::Workload& workload)
    : platform_(platform), workload_(workload) {
  std::uint32_t first = 0;
  for (const core::NodeGroup& group : platform.groups) {
    first_node_of_group_.push_back(first);
    first += group.count;
  }
}

void ReportCollector::note_commands(std::span<const scheduler::Command> commands) {
  for (const scheduler::Command& command : commands) {
    if (const auto* start = std::get_if<scheduler::StartReplica>(&command)) note_start(*start);
  }
}

void ReportCollector::note_start(const scheduler::StartReplica& start) {
  const core::Request request = workload_.request_of(workload_.jobs[start.job.value]);
  Shares& shares = running_[start.job.value];
  shares.clear();
  for (const scheduler::NodeShare& nodes : start.nodes) add_cores(shares, nodes, request);
}

void ReportCollector::add_cores(Shares& shares, const scheduler::NodeShare& nodes,
                                const core::Request& request) {
  std::uint32_t node = nodes.nodes.first;
  while (node <= nodes.nodes.last) {
    const auto after =
        std::upper_bound(first_node_of_group_.begin(), first_node_of_group_.end(), node);
    const auto lane = static_cast<std::uint32_t>(after - first_node_of_group_.begin() - 1);
    const core::NodeGroup& group = platform_.groups[lane];
    const std::uint32_t last =
        std::min(nodes.nodes.last, first_node_of_group_[lane] + group.count - 1);
    const std::uint32_t per_node = request.sharing == core::Sharing::whole_nodes
                                       ? group.spec.capacity.cores
                                       : request.per_slot.cores * nodes.slots_per_node;
    const std::uint32_t cores = per_node * (last - node + 1);
    const auto known = std::find_if(shares.begin(), shares.end(),
                                    [&](const io::LaneShare& s) { return s.lane == lane; });
    if (known == shares.end()) {
      shares.push_back({lane, cores});
    } else {
      known->cores += cores;
    }
    node = last + 1;
  }
}

std::uint32_t ReportCollector::number_of(std::uint32_t workload_index) const {
  const std::uint32_t number = workload_.jobs[workload_index].number;
  return number != 0 ? number : workload_index;
}

void ReportCollector::add_replica(const scheduler::ReplicaRecord& replica) {
  const core::WorkloadJob& job = workload_.jobs[replica.job.value];
  const bool has_ended = replica.end != core::never;
  if (has_ended) latest_ = std::max(latest_, replica.end);
  Shares shares;
  for (const scheduler::NodeShare& nodes : replica.machines) {
    add_cores(shares, nodes, workload_.request_of(job));
  }
  // What still runs when a run is stopped comes after all that has ended.
  bars_.add({.number = number_of(replica.job.value),
             .start_s = core::to_seconds(replica.start),
             .end_s = core::to_seconds(has_ended ? replica.end : std::max(latest_, replica.start)),
             .wait_s = core::to_seconds(replica.start - job.submit),
             .state = has_ended ? core::JobState::completed : core::JobState::unfinished,
             .replica = replica.replica.value,
             .fate = fate_of(replica)},
            shares);
}

void ReportCollector::add(const core::JobOutcome& outcome) {
  if (!outcome.started) return;
  const double wait = core::to_seconds(outcome.start - outcome.submit);
  const auto shares = running_.find(outcome.id.value);
  if (shares != running_.end()) {
    bars_.add({.number = number_of(outcome.workload_index),
               .start_s = core::to_seconds(outcome.start),
               .end_s = core::to_seconds(outcome.end),
               .wait_s = wait,
               .state = outcome.state},
              shares->second);
    running_.erase(shares);
  }
  if (outcome.state == core::JobState::unfinished) return;
  const double run = core::to_seconds(outcome.end - outcome.start);
  waits_.push_back(wait);
  slowdowns_.push_back(
      {outcome.request.cores(), std::max(1.0, (wait + run) / std::max(run, slowdown_floor_s))});
}

io::ReportData ReportCollector::data(const RunSummary& summary, std::string snippet) {
  io::ReportData data;
  data.title =
      summary.meta.workload_name + " on " + summary.meta.platform_name + ", " + summary.meta.policy;
  if (!summary.complete) {
    data.notice = fmt::format("This run was stopped before its end: {} of {} jobs had arrived.",
                              summary.result.jobs_submitted, summary.workload.jobs.size());
  }
  data.snippet = std::move(snippet);
  data.provenance = provenance(summary);
  data.summary = summary_of(summary);
  for (const std::string& tier : platform_.tiers) data.tiers.push_back({tier, 0});
  for (const core::NodeGroup& group : platform_.groups) {
    const double cores = static_cast<double>(group.count) * group.spec.capacity.cores;
    data.tiers[group.spec.tier.value].cores += cores;
    data.lanes.push_back({group.name, group.spec.tier.value, cores});
  }
  data.load = summary.result.load;
  data.wait_ecdf = io::ecdf(std::move(waits_));
  data.slowdown_by_size = io::slowdown_by_size(slowdowns_);
  data.bars = bars_.bars();
  data.bar_stride = bars_.stride();
  const simulator::SimulationResult& result = summary.result;
  if (result.validation && result.trust) {
    data.trust = report_trust(*result.validation, *result.trust, workload_);
  }
  if (result.credits) data.money = report_money(*result.credits);
  return data;
}

}  // namespace nexa::cli
