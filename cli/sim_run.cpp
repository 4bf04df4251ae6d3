#include "cli/sim_run.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <optional>
#include <utility>

#include "cli/build_info.hpp"
#include "cli/errors.hpp"
#include "cli/progress.hpp"
#include "cli/sim_outputs.hpp"
#include "cli/sim_summary.hpp"
#include "cli/sim_validation.hpp"
#include "cli/stop_signals.hpp"
#include "simulator/simulation.hpp"
#include "simulator/validated_simulation.hpp"

namespace nexa::cli {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

double peak_rss_mib() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

io::RunMeta describe(const SimInputs& inputs, const SimFlags& flags) {
  io::RunMeta meta;
  meta.format_version = "1";
  meta.command_line = flags.command_line;
  meta.config_yaml = config_yaml(inputs.spec);
  meta.policy = inputs.policies.text;
  meta.platform_name = inputs.platform.name;
  meta.workload_name = inputs.workload_name;
  meta.seed = inputs.spec.seed;
  meta.commit = build_commit();
  meta.version = build_version();
  meta.compiler = build_compiler();
  return meta;
}

/// One run from inputs that are good to its figures.
class SimRun {
 public:
  SimRun(SimInputs inputs, const SimFlags& flags, const GlobalOptions& options,
         const ShowSummary& show, Clock::time_point begin)
      : inputs_(std::move(inputs)),
        flags_(flags),
        options_(options),
        show_(show),
        begin_(begin),
        read_s_(seconds_since(begin)),
        meta_(describe(inputs_, flags)) {}

  int run() {
    StopSignals::install();
    // These two carry the digests at their front, so the digests are waited for. Other outputs
    // have them at the end, and by then they are ready.
    if (!inputs_.spec.outputs.hdf5.empty() || !flags_.event_log.empty()) {
      meta_.inputs = inputs_.digests();
    }
    auto outputs = SimOutputs::open(inputs_, flags_, meta_);
    if (!outputs) return report_error(outputs.error(), options_);
    ProgressMeter progress(flags_.progress, options_, inputs_.workload.jobs.back().submit);
    const simulator::SimulationResult result = simulate(**outputs, progress);
    progress.next_phase("writing results");
    return conclude(result, **outputs);
  }

 private:
  simulator::SimulationResult simulate(SimOutputs& outputs, ProgressMeter& progress) {
    const Clock::time_point begin = Clock::now();
    simulator::SimulationOptions options;
    options.results = outputs.wants_jobs() ? &outputs : nullptr;
    options.recorder = outputs.recorder();
    options.journal = outputs.journal();
    options.record_load = outputs.wants_load();
    options.record_replicas = outputs.wants_replicas();
    options.stop = &StopSignals::stop_wanted();
    options.progress = [&progress](const simulator::Progress& now) { progress.update(now); };
    simulator::SimulationResult result = inputs_.spec.validation
                                             ? simulate_validated(std::move(options))
                                             : simulate_plainly(std::move(options));
    simulate_s_ = seconds_since(begin);
    return result;
  }

  simulator::SimulationResult simulate_plainly(simulator::SimulationOptions options) {
    return simulator::Simulation(inputs_.platform, inputs_.workload, inputs_.policies,
                                 std::move(options))
        .run();
  }

  simulator::SimulationResult simulate_validated(simulator::SimulationOptions options) {
    return simulator::ValidatedSimulation(inputs_.platform, inputs_.workload, inputs_.policies,
                                          validation_setup(inputs_), inputs_.spec.seed,
                                          std::move(options))
        .run();
  }

  int conclude(const simulator::SimulationResult& result, SimOutputs& outputs) {
    const double wall_s = seconds_since(begin_);
    if (meta_.inputs.empty()) meta_.inputs = inputs_.digests();
    const Clock::time_point before_writing = Clock::now();
    const RunSummary summary{.result = result,
                             .workload = inputs_.workload,
                             .platform = inputs_.platform,
                             .meta = meta_,
                             .read_s = read_s_,
                             .simulate_s = simulate_s_,
                             .wall_s = wall_s,
                             .peak_rss_mib = peak_rss_mib(),
                             .files = outputs.files(),
                             .complete = !result.stopped_early};
    if (auto status = outputs.finish(summary); !status) {
      return report_error(status.error(), options_);
    }
    if (options_.verbose > 0) {
      fmt::print(stderr, "read {:.3f} s, simulated {:.3f} s, wrote {:.3f} s\n", read_s_,
                 simulate_s_, seconds_since(before_writing));
    }
    show_(summary);
    return summary.complete ? exit_done : report_interruption(summary);
  }

  [[nodiscard]] int report_interruption(const RunSummary& summary) const {
    const int number = StopSignals::signal_received();
    fmt::print(stderr, "nexa: interrupted after {} of {} jobs; {}\n", summary.result.jobs_submitted,
               summary.workload.jobs.size(),
               summary.files.empty() ? "the figures are those of the part that ran"
                                     : "the files hold the part that ran");
    return number == SIGTERM ? exit_terminated : exit_interrupted;
  }

  SimInputs inputs_;
  const SimFlags& flags_;
  const GlobalOptions& options_;
  const ShowSummary& show_;
  Clock::time_point begin_;
  double read_s_;
  double simulate_s_ = 0;
  io::RunMeta meta_;
};

}  // namespace

void print_notes(const SimInputs& inputs, const GlobalOptions& options) {
  if (options.quiet) return;
  for (const std::string& note : inputs.notes) fmt::print(stderr, "note: {}\n", note);
}

std::string check_text(const SimInputs& inputs, bool as_json) {
  std::uint64_t repairs = 0;
  for (const core::Repair& repair : inputs.workload.repairs) repairs += repair.count;
  if (as_json) {
    return fmt::format(
        "{{\"schema\":\"nexa.sim_check/1\",\"ok\":true,\"jobs\":{},\"repairs\":{},"
        "\"nodes\":{},\"cores\":{}}}\n",
        inputs.workload.jobs.size(), repairs, inputs.platform.node_count(),
        inputs.platform.core_count());
  }
  return fmt::format("ok: {}, {} jobs, {} repairs, on {} nodes with {} cores, policy {}\n",
                     inputs.workload_name, inputs.workload.jobs.size(), repairs,
                     inputs.platform.node_count(), inputs.platform.core_count(),
                     inputs.policies.text);
}

int run_simulation(const SimFlags& flags, const GlobalOptions& options, const ShowSummary& show) {
  const Clock::time_point begin = Clock::now();
  io::Diagnostics diagnostics;
  std::optional<SimInputs> inputs = load_sim_inputs(flags, diagnostics);
  if (!inputs) return report_errors(diagnostics, options);
  print_notes(*inputs, options);
  return SimRun(std::move(*inputs), flags, options, show, begin).run();
}

}  // namespace nexa::cli
