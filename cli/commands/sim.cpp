#include "cli/commands/sim.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/scenario_options.hpp"
#include "cli/sim_runs.hpp"

namespace nexa::cli {

namespace {

void add_inputs(CLI::App& run, std::vector<std::string>& scenarios, SimFlags& flags) {
  run.add_option("scenario", scenarios, "Scenarios to run in turn; the options below override them")
      ->type_name("SCENARIO.yaml");
  add_scenario_overrides(run, flags);
}

void add_outputs(CLI::App& run, SimFlags& flags) {
  run.add_option("--out", flags.out, "Write all jobs and series, HDF5")->type_name("FILE.h5");
  run.add_option("--csv", flags.csv, "Write DIR/jobs.csv in Batsim's form")->type_name("DIR");
  run.add_option("--report", flags.report, "Write a report page")->type_name("FILE.html");
  run.add_option("--ledger", flags.ledger, "Write the journal that 'nexa ledger verify' reads")
      ->type_name("FILE");
  run.add_option("--event-log", flags.event_log, "Write what 'nexa replay' reads")
      ->type_name("FILE.jsonl");
  run.add_flag("--check", flags.check, "Check all inputs, run nothing, write nothing");
  run.add_option("--progress", flags.progress, "What to show while it runs")
      ->check(CLI::IsMember({"auto", "json", "none"}))
      ->type_name("HOW");
}

}  // namespace

void add_sim_commands(CLI::App& root, CommandContext& context, std::string command_line) {
  CLI::App* sim = root.add_subcommand("sim", "Simulate a cluster");
  sim->require_subcommand(1);
  sim->fallthrough();
  sim->footer(
      "Examples:\n"
      "  nexa sim run configs/scenarios/demo.yaml\n"
      "  nexa sim run --workload trace.swf --platform cores:100");
  CLI::App* run = sim->add_subcommand("run", "Run simulations and print their figures");
  run->fallthrough();
  const auto flags = std::make_shared<SimFlags>();
  flags->command_line = std::move(command_line);
  const auto scenarios = std::make_shared<std::vector<std::string>>();
  add_inputs(*run, *scenarios, *flags);
  add_outputs(*run, *flags);
  run->footer(
      "Examples:\n"
      "  nexa sim run configs/scenarios/demo.yaml --report demo.html\n"
      "  nexa sim run configs/attacks/*.yaml --policy sjf+easy --json");
  run->callback([scenarios, flags, &context] {
    context.exit_code = run_simulations(*scenarios, *flags, context.options);
  });
}

}  // namespace nexa::cli
