#include "cli/commands/sim.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdint>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "cli/sim_run.hpp"

namespace nexa::cli {

namespace {

/// The parser alone would take -1 for a very large number.
CLI::Validator whole_number(std::uint64_t least, std::uint64_t most) {
  const auto check = [least, most](const std::string& text) -> std::string {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, status] = std::from_chars(text.data(), end, value);
    if (status == std::errc{} && stop == end && value >= least && value <= most) return {};
    return "'" + text + "' is no whole number from " + std::to_string(least) + " to " +
           std::to_string(most);
  };
  return CLI::Validator(check, "");
}

void add_inputs(CLI::App& run, SimFlags& flags) {
  run.add_option("scenario", flags.scenario, "Scenario file; the options below override it")
      ->type_name("SCENARIO.yaml");
  run.add_option("--workload", flags.workload, "Trace, .swf or .swf.gz")->type_name("FILE");
  run.add_option("--platform", flags.platform, "Platform file, or cores:N for N single-core nodes")
      ->type_name("FILE|cores:N");
  run.add_option("--policy", flags.policy, "Policy, as 'sjf+easy:order=saf' (default: easy)")
      ->type_name("TEXT|FILE");
  run.add_option("--seed", flags.seed, "Seed of all random draws (default: 1)")
      ->check(whole_number(0, INT64_MAX))
      ->type_name("N");
  run.add_option("--first", flags.first, "Only the first N jobs")
      ->check(whole_number(1, UINT32_MAX))
      ->type_name("N");
  run.add_flag("--strict", flags.strict, "Stop at the first wrong line of the trace");
  run.add_option("--catalog", flags.catalog, "Tier catalogue (default: the built-in one)")
      ->type_name("FILE");
}

void add_outputs(CLI::App& run, SimFlags& flags) {
  run.add_option("--out", flags.out, "Write all jobs and series, HDF5")->type_name("FILE.h5");
  run.add_option("--csv", flags.csv, "Write DIR/jobs.csv in Batsim's form")->type_name("DIR");
  run.add_option("--report", flags.report, "Write a report page")->type_name("FILE.html");
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
  CLI::App* run = sim->add_subcommand("run", "Run one simulation and print its figures");
  run->fallthrough();
  const auto flags = std::make_shared<SimFlags>();
  flags->command_line = std::move(command_line);
  add_inputs(*run, *flags);
  add_outputs(*run, *flags);
  run->footer(
      "Examples:\n"
      "  nexa sim run configs/scenarios/demo.yaml --report demo.html\n"
      "  nexa sim run --workload trace.swf.gz --platform cores:100 --policy sjf+easy --json");
  run->callback([flags, &context] { context.exit_code = run_simulation(*flags, context.options); });
}

}  // namespace nexa::cli
