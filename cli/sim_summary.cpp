#include "cli/sim_summary.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/coordinator_summary.hpp"
#include "cli/credit_summary.hpp"
#include "cli/progress.hpp"
#include "cli/validation_summary.hpp"
#include "cli/words.hpp"

namespace nexa::cli {

namespace {

using Json = nlohmann::ordered_json;

Json to_json(const simulator::Distribution& distribution) {
  return {{"mean", distribution.mean},
          {"p50", distribution.p50},
          {"p95", distribution.p95},
          {"max", distribution.max}};
}

/// A digest that could not be taken, as of a pipe, is null.
Json to_json(const std::vector<io::InputFile>& inputs) {
  Json list = Json::array();
  for (const io::InputFile& input : inputs) {
    list.push_back({{"path", input.path},
                    {"sha256", input.sha256.empty() ? Json() : Json(input.sha256)},
                    {"bytes", input.bytes}});
  }
  return list;
}

Json to_json(const std::vector<core::Repair>& repairs) {
  Json list = Json::array();
  for (const core::Repair& repair : repairs) {
    list.push_back(
        {{"what", repair.what}, {"count", repair.count}, {"first_line", repair.first_line}});
  }
  return list;
}

/// Copies per job that ran. Of a run that was stopped it is not known, since the engine still holds
/// copies.
Json redundancy(const RunSummary& summary) {
  const std::uint64_t ran = summary.result.jobs.finished + summary.result.jobs.cancelled;
  if (!summary.complete || ran == 0) return nullptr;
  return static_cast<double>(summary.result.replicas_started) / static_cast<double>(ran);
}

template <class Print>
std::string distribution_row(std::string_view label, const simulator::Distribution& values,
                             Print print) {
  return fmt::format("{:<14}{:>11}{:>11}{:>11}{:>11}\n", label, print(values.mean),
                     print(values.p50), print(values.p95), print(values.max));
}

std::string job_counts(const RunSummary& summary) {
  const simulator::JobStatistics& jobs = summary.result.jobs;
  std::string text = fmt::format("{} finished", jobs.finished);
  const auto add = [&](std::uint64_t count, std::string_view what) {
    if (count > 0) text += fmt::format(", {} {}", count, what);
  };
  add(jobs.timed_out, "of them stopped at their time limit");
  add(jobs.failed, "of them without a result");
  add(jobs.rejected, "rejected");
  add(jobs.cancelled, "cancelled");
  add(summary.unfinished(), "unfinished");
  return text;
}

std::string repair_rows(const std::vector<core::Repair>& repairs) {
  std::string text;
  for (const core::Repair& repair : repairs) {
    text += labelled_line(
        text.empty() ? "repairs" : "",
        fmt::format("{} x {} (first in line {})", repair.count, repair.what, repair.first_line));
  }
  return text;
}

std::string file_rows(const std::vector<std::string>& files) {
  std::string text;
  for (const std::string& file : files) text += labelled_line(text.empty() ? "files" : "", file);
  return text;
}

std::string next_step(const RunSummary& summary) {
  for (const std::string& file : summary.files) {
    if (file.ends_with(".html")) return labelled_line("next", "open " + file + " in a browser");
  }
  return labelled_line("next", "add --report FILE.html for charts, --json for programs");
}

}  // namespace

std::uint64_t RunSummary::unfinished() const {
  return result.jobs.unfinished + (workload.jobs.size() - result.jobs_submitted);
}

std::string rough_duration(double seconds) {
  if (seconds < 0.9995) return fmt::format("{:.3g}s", seconds);
  if (seconds < 60) return fmt::format("{:.4g}s", seconds);
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 3600) return fmt::format("{}m {:02}s", whole / 60, whole % 60);
  const std::int64_t minutes = std::llround(seconds / 60);
  if (minutes < 1440) return fmt::format("{}h {:02}m", minutes / 60, minutes % 60);
  const std::int64_t hours = std::llround(seconds / 3600);
  return fmt::format("{}d {:02}h", hours / 24, hours % 24);
}

std::string to_text(const RunSummary& summary) {
  const simulator::SimulationResult& result = summary.result;
  const simulator::JobStatistics& jobs = result.jobs;
  std::string text =
      labelled_line("workload", fmt::format("{}, {}", summary.meta.workload_name,
                                            counted(summary.workload.jobs.size(), "job")));
  text += repair_rows(summary.workload.repairs);
  text += labelled_line("platform", fmt::format("{}, {}, {}", summary.platform.name,
                                                counted(summary.platform.node_count(), "node"),
                                                counted(summary.platform.core_count(), "core")));
  text += labelled_line("policy", summary.meta.policy);
  text += labelled_line("jobs", job_counts(summary));
  text += labelled_line("makespan", rough_duration(jobs.makespan_s));
  text += labelled_line("utilization", fmt::format("{:.1f} %", jobs.utilization * 100));
  if (result.validation) text += validation_text(*result.validation);
  if (result.coordinator) text += coordinator_text(*result.coordinator);
  if (result.credits) text += credits_text(*result.credits);
  if (jobs.finished > 0) {
    const auto number = [](double value) { return fmt::format("{:.2f}", value); };
    text += fmt::format("\n{:<14}{:>11}{:>11}{:>11}{:>11}\n", "", "mean", "p50", "p95", "max");
    text += distribution_row("wait", jobs.wait_s, rough_duration);
    text += distribution_row("turnaround", jobs.turnaround_s, rough_duration);
    text += distribution_row("slowdown", jobs.bounded_slowdown, number);
  }
  text += '\n';
  const double speed =
      summary.simulate_s > 0 ? static_cast<double>(result.events) / summary.simulate_s : 0;
  text += labelled_line(
      "run",
      fmt::format("{} in {}, {} events/s, peak memory {:.0f} MiB", counted(result.events, "event"),
                  rough_duration(summary.wall_s), short_count(speed), summary.peak_rss_mib));
  text += labelled_line(
      "commands",
      fmt::format("hash {}, seed {}", core::to_hex(result.command_hash), summary.meta.seed));
  if (!summary.complete) text += labelled_line("incomplete", "the run was stopped before its end");
  text += file_rows(summary.files);
  return text + next_step(summary);
}

std::string to_json(const RunSummary& summary) {
  const simulator::SimulationResult& result = summary.result;
  const simulator::JobStatistics& jobs = result.jobs;
  Json document;
  document["schema"] = "nexa.sim_run/1";
  document["complete"] = summary.complete;
  document["jobs"] = summary.workload.jobs.size();
  document["jobs_finished"] = jobs.finished;
  document["jobs_rejected"] = jobs.rejected;
  document["jobs_timed_out"] = jobs.timed_out;
  document["jobs_unfinished"] = summary.unfinished();
  document["events"] = result.events;
  document["makespan_s"] = jobs.makespan_s;
  document["wait_s"] = to_json(jobs.wait_s);
  document["turnaround_s"] = to_json(jobs.turnaround_s);
  document["bounded_slowdown"] = to_json(jobs.bounded_slowdown);
  document["utilization"] = jobs.utilization;
  document["longest_queue"] = result.longest_queue;
  document["replicas"] = result.replicas_started;
  document["jobs_failed"] = jobs.failed;
  if (result.validation) {
    document["wrong_accepted"] = result.validation->wrong_share();
    document["redundancy"] = result.validation->copies_per_job;
    document["validation"] = validation_json(*result.validation);
  } else {
    document["wrong_accepted"] = nullptr;
    document["redundancy"] = redundancy(summary);
  }
  document["credits"] = result.credits ? credits_json(*result.credits) : Json();
  document["coordinator"] = result.coordinator ? coordinator_json(*result.coordinator) : Json();
  document["read_s"] = summary.read_s;
  document["simulate_s"] = summary.simulate_s;
  document["wall_s"] = summary.wall_s;
  document["peak_rss_mib"] = summary.peak_rss_mib;
  document["seed"] = summary.meta.seed;
  document["version"] = summary.meta.version;
  document["commit"] = summary.meta.commit;
  document["command_hash"] = core::to_hex(result.command_hash);
  document["policy"] = summary.meta.policy;
  document["platform"] = summary.meta.platform_name;
  document["workload"] = summary.meta.workload_name;
  document["inputs"] = to_json(summary.meta.inputs);
  document["repairs"] = to_json(summary.workload.repairs);
  document["files"] = summary.files;
  // Names of files need not be UTF-8.
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace nexa::cli
