#include "cli/commands/node_show.hpp"

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>

#include "cli/commands/node_report.hpp"
#include "cli/errors.hpp"
#include "cli/progress.hpp"
#include "cli/scenario_options.hpp"
#include "cli/sim_validation.hpp"
#include "cli/stop_signals.hpp"
#include "io/values.hpp"
#include "simulator/population.hpp"
#include "simulator/validated_simulation.hpp"

namespace nexa::cli {

namespace {

struct ShowOptions {
  std::uint32_t node = 0;
  std::string at;
  std::uint32_t last = 20;
  SimFlags flags;
};

core::Error error_at(core::ErrorCode code, const std::string& file, std::string message,
                     std::string hint) {
  return {.code = code,
          .message = std::move(message),
          .hint = std::move(hint),
          .where = {.file = file, .line = 0, .column = 0}};
}

core::Result<core::Time> time_of(const std::string& text) {
  if (text.empty()) return core::never;
  auto length = io::parse_duration(text);
  if (!length) {
    core::Error error = length.error();
    error.where.file = "--at";
    return error;
  }
  return core::Time{*length};
}

const core::NodeGroup& group_of(const core::Platform& platform, core::NodeId machine) {
  std::uint64_t end = 0;
  for (const core::NodeGroup& group : platform.groups) {
    end += group.count;
    if (machine.value < end) return group;
  }
  return platform.groups.back();
}

core::Error no_such_node(const ShowOptions& options, std::size_t nodes, std::size_t names) {
  std::string hint = "nodes 0 to " + std::to_string(nodes - 1) + " are the platform's";
  if (names > nodes) {
    hint += ", " + std::to_string(nodes) + " to " + std::to_string(names - 1) +
            " are machines that came back under another name by then";
  }
  return error_at(core::ErrorCode::not_found, options.flags.scenario,
                  "there is no node " + std::to_string(options.node), std::move(hint));
}

/// One run of the scenario up to a time, with somebody who watches a node.
class WatchedRun {
 public:
  WatchedRun(const SimInputs& inputs, core::Time until) : inputs_(inputs), until_(until) {}

  /// The figures, and the validator as it then is, are there until the next call.
  void watch(simulator::NodeHistory& history, const GlobalOptions& options) {
    StopSignals::install();
    ProgressMeter progress("auto", options, inputs_.workload.jobs.back().submit);
    simulator::SimulationOptions how;
    how.until = until_;
    how.observer = &history;
    how.stop = &StopSignals::stop_wanted();
    how.progress = [&progress](const simulator::Progress& now) { progress.update(now); };
    simulation_.emplace(inputs_.platform, inputs_.workload, inputs_.policies,
                        validation_setup(inputs_), inputs_.spec.seed, std::move(how));
    is_over_ = !simulation_->run().stopped_early;
  }
  [[nodiscard]] const validator::Validator& validator() const { return simulation_->validator(); }
  /// Nothing happens any more.
  [[nodiscard]] bool is_over() const { return is_over_; }

 private:
  const SimInputs& inputs_;
  core::Time until_;
  std::optional<simulator::ValidatedSimulation> simulation_;
  bool is_over_ = false;
};

class Show {
 public:
  Show(const ShowOptions& options, const GlobalOptions& global)
      : options_(options), global_(global) {}

  int run() {
    const auto at = time_of(options_.at);
    if (!at) return report_error(at.error(), global_);
    io::Diagnostics diagnostics;
    inputs_ = load_sim_inputs(options_.flags, diagnostics);
    if (!inputs_) return report_errors(diagnostics, global_);
    if (!inputs_->spec.validation) {
      return report_error(
          error_at(core::ErrorCode::invalid_argument, options_.flags.scenario,
                   "the scenario has no 'validation', so nothing is known of its nodes",
                   "add a section such as 'validation: {policy: adaptive, target_nresults: 1}'"),
          global_);
    }
    if (!global_.quiet) {
      for (const std::string& note : inputs_->notes)
        std::fprintf(stderr, "note: %s\n", note.c_str());
    }
    return show(*at);
  }

 private:
  int show(core::Time at) {
    const core::NodeId node{options_.node};
    const std::size_t nodes = inputs_->platform.node_count();
    WatchedRun run(*inputs_, at);
    core::NodeId machine = node;
    if (node.value >= nodes) {
      // Which machine comes back under this name, only a run can tell.
      simulator::NodeHistory names(node, node, {}, 0);
      run.watch(names, global_);
      if (StopSignals::stop_wanted()) return interrupted();
      const std::vector<core::NodeId>& machines = names.machines();
      if (node.value >= machines.size()) {
        return report_error(no_such_node(options_, nodes, machines.size()), global_);
      }
      machine = machines[node.value];
    }
    const core::NodeGroup& group = group_of(inputs_->platform, machine);
    simulator::NodeHistory history(node, machine, group.spec.host_class, options_.last);
    run.watch(history, global_);
    if (StopSignals::stop_wanted()) return interrupted();
    if (run.is_over() && at != core::never && history.last_instant() < at) {
      return report_error(
          error_at(core::ErrorCode::invalid_argument, "--at",
                   "the run is over at " + io::to_text(history.last_instant().time_since_epoch()) +
                       ", before " + options_.at,
                   "name an earlier time, or none for the end of the run"),
          global_);
    }
    return print(run.validator(), history, group, run.is_over() ? history.last_instant() : at);
  }

  int print(const validator::Validator& validator, const simulator::NodeHistory& history,
            const core::NodeGroup& group, core::Time at) {
    auto standing = validator.standing(history.node());
    if (!standing) return report_error(standing.error(), global_);
    const simulator::ValidationSetup setup =
        simulator::without_absent_defences(validation_setup(*inputs_));
    const simulator::Population population(inputs_->platform, inputs_->spec.seed);
    const auto behaviours = population.behaviours_of(history.machine());
    const NodeShow show{.inputs = *inputs_,
                        .setup = setup,
                        .history = history,
                        .at = at,
                        .group = group,
                        .standing = std::move(*standing),
                        .host_class = validator.standing(group.spec.host_class),
                        .behaviours = {behaviours.begin(), behaviours.end()}};
    const std::string text = global_.json ? json_text(to_json(show)) : to_text(show, global_);
    std::fputs(text.c_str(), stdout);
    return exit_done;
  }

  [[nodiscard]] int interrupted() const {
    const bool terminated = StopSignals::signal_received() == SIGTERM;
    if (!global_.quiet) std::fputs("nexa: interrupted before the node could be shown\n", stderr);
    return terminated ? exit_terminated : exit_interrupted;
  }

  const ShowOptions& options_;
  const GlobalOptions& global_;
  std::optional<SimInputs> inputs_;
};

}  // namespace

void add_node_show_command(CLI::App& node, CommandContext& context) {
  CLI::App* command =
      node.add_subcommand("show", "Show a node of a simulated run, and what made its numbers");
  command->fallthrough();
  const auto options = std::make_shared<ShowOptions>();
  command->add_option("node", options->node, "Number of the node, from 0")
      ->required()
      ->check(whole_number(0, UINT32_MAX - 1))
      ->type_name("N");
  command->add_option("--scenario", options->flags.scenario, "Scenario with a 'validation' section")
      ->required()
      ->type_name("FILE");
  command->add_option("--at", options->at, "When in the run, as 12h (default: its end)")
      ->type_name("TIME");
  command->add_option("--last", options->last, "How many changes to list (default: 20)")
      ->check(whole_number(0, 1'000'000))
      ->type_name("N");
  add_scenario_overrides(*command, options->flags);
  command->footer(
      "Examples:\n"
      "  nexa node show 17 --scenario configs/attacks/mix-colluders.yaml\n"
      "  nexa node show 17 --scenario configs/attacks/mix-colluders.yaml --at 12h --json");
  command->callback(
      [options, &context] { context.exit_code = Show(*options, context.options).run(); });
}

}  // namespace nexa::cli
