#include "cli/sim_runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "cli/errors.hpp"
#include "cli/sim_run.hpp"

namespace nexa::cli {

namespace {

core::Error wrong_use(std::string message, std::string hint) {
  return core::make_error(core::ErrorCode::invalid_argument, std::move(message), std::move(hint));
}

/// Options that name one file cannot serve several runs.
core::Result<void> check_outputs(const SimFlags& flags) {
  const std::pair<std::string_view, const std::string&> outputs[] = {
      {"--out", flags.out},
      {"--csv", flags.csv},
      {"--report", flags.report},
      {"--ledger", flags.ledger},
      {"--event-log", flags.event_log}};
  for (const auto& [option, value] : outputs) {
    if (value.empty()) continue;
    return wrong_use(fmt::format("{} cannot be given with several scenarios", option),
                     "run them one by one, or say under 'outputs' of each what to write");
  }
  return {};
}

std::vector<std::string> files_of(const io::OutputFiles& outputs) {
  std::vector<std::string> files{outputs.hdf5, outputs.csv, outputs.json, outputs.report};
  std::erase(files, "");
  return files;
}

/// Two runs under one name would leave the second alone.
core::Result<void> check_files(const std::string& scenario, const io::OutputFiles& outputs,
                               std::map<std::string, std::string>& written_by) {
  for (const std::string& file : files_of(outputs)) {
    const std::string name = std::filesystem::path(file).lexically_normal();
    const auto [known, is_new] = written_by.try_emplace(name, scenario);
    if (is_new) continue;
    return wrong_use(fmt::format("'{}' and '{}' both write '{}'", known->second, scenario, file),
                     "give each scenario 'outputs' of its own");
  }
  return {};
}

SimFlags flags_for(const std::string& scenario, const SimFlags& flags) {
  SimFlags own = flags;
  own.scenario = scenario;
  return own;
}

std::string of_count(std::uint64_t count, std::uint64_t all) {
  return fmt::format("{} of {}", count, all);
}

/// Figures of several runs side by side, a line as each of them ends.
class RunTable {
 public:
  explicit RunTable(const std::vector<std::string>& scenarios) {
    for (const std::string& scenario : scenarios) {
      width_ = std::max(width_, name_of(scenario).size());
    }
  }

  void print(const std::string& scenario, const RunSummary& summary) {
    if (std::exchange(is_first_, false)) print_head();
    const simulator::SimulationResult& result = summary.result;
    fmt::print("{:<{}}{:>10}{:>10}{:>7.3f}", name_of(scenario), width_,
               summary.workload.jobs.size(), rough_duration(result.jobs.wait_s.mean),
               result.jobs.utilization);
    if (result.validation) print_validation(*result.validation);
    fmt::print("\n");
    std::fflush(stdout);
  }

 private:
  static std::string name_of(const std::string& scenario) {
    std::string name = scenario.substr(scenario.find_last_of('/') + 1);
    for (const std::string_view ending : {".yaml", ".yml"}) {
      if (name.ends_with(ending)) name.resize(name.size() - ending.size());
    }
    return name;
  }

  void print_head() const {
    fmt::print("{:<{}}{:>10}{:>10}{:>7}{:>9}{:>9}{:>8}{:>10}{:>14}{:>8}\n", "scenario", width_,
               "jobs", "wait", "util", "copies", "steady", "wrong", "at first", "honest conv.",
               "missed");
  }

  static void print_validation(const simulator::ValidationFigures& figures) {
    fmt::print("{:>9.3f}{:>9.3f}{:>8}{:>10}{:>14}{:>8}", figures.copies_per_job,
               figures.copies_per_job_steady, figures.wrong_accepted, figures.wrong_at_first,
               of_count(figures.honest_convicted, figures.honest_identities), figures.undetected);
  }

  std::size_t width_ = std::string_view("scenario").size();
  bool is_first_ = true;
};

/// The document `{"schema": ..., LIST: [{"scenario": ..., ELEMENT: {...}}, ...]}`.
class DocumentList {
 public:
  DocumentList(std::string_view schema, std::string_view list, std::string_view element)
      : element_(element), text_(fmt::format("{{\"schema\":\"{}\",\"{}\":[", schema, list)) {}

  void add(const std::string& scenario, std::string_view document) {
    if (!std::exchange(is_first_, false)) text_ += ',';
    text_ += fmt::format("{{\"scenario\":{},\"{}\":{}}}", nlohmann::json(scenario).dump(), element_,
                         document.substr(0, document.find_last_not_of('\n') + 1));
  }
  void print() { fmt::print("{}]}}\n", text_); }

 private:
  std::string_view element_;
  std::string text_;
  bool is_first_ = true;
};

/// Reads all scenarios, and drops them again: together they may be larger than memory.
std::optional<int> find_errors(const std::vector<std::string>& scenarios, const SimFlags& flags,
                               const GlobalOptions& options) {
  io::Diagnostics diagnostics;
  std::map<std::string, std::string> written_by;
  DocumentList documents("nexa.sim_checks/1", "checks", "check");
  std::string lines;
  for (const std::string& scenario : scenarios) {
    const auto inputs = load_sim_inputs(flags_for(scenario, flags), diagnostics);
    if (!inputs) continue;
    if (const auto apart = check_files(scenario, inputs->spec.outputs, written_by); !apart) {
      diagnostics.add(apart.error());
    }
    if (!flags.check) continue;
    print_notes(*inputs, options);
    const std::string text = check_text(*inputs, options.json);
    documents.add(scenario, text);
    lines += text;
  }
  if (!diagnostics.ok()) return report_errors(diagnostics, options);
  if (!flags.check) return std::nullopt;
  if (options.json) {
    documents.print();
  } else {
    fmt::print("{}", lines);
  }
  return exit_done;
}

int run_all(const std::vector<std::string>& scenarios, const SimFlags& flags,
            const GlobalOptions& options) {
  RunTable table(scenarios);
  DocumentList documents("nexa.sim_runs/1", "runs", "run");
  int code = exit_done;
  for (const std::string& scenario : scenarios) {
    code = run_simulation(flags_for(scenario, flags), options, [&](const RunSummary& summary) {
      if (options.json) {
        documents.add(scenario, to_json(summary));
      } else {
        table.print(scenario, summary);
      }
    });
    if (code != exit_done) break;
  }
  // After an error its document stands alone.
  const bool has_figures = code == exit_done || code == exit_interrupted || code == exit_terminated;
  if (options.json && has_figures) documents.print();
  return code;
}

int run_one(const SimFlags& flags, const GlobalOptions& options) {
  if (!flags.check) {
    return run_simulation(flags, options, [&options](const RunSummary& summary) {
      fmt::print("{}", options.json ? to_json(summary) : to_text(summary));
    });
  }
  io::Diagnostics diagnostics;
  const std::optional<SimInputs> inputs = load_sim_inputs(flags, diagnostics);
  if (!inputs) return report_errors(diagnostics, options);
  print_notes(*inputs, options);
  fmt::print("{}", check_text(*inputs, options.json));
  return exit_done;
}

}  // namespace

int run_simulations(const std::vector<std::string>& scenarios, const SimFlags& flags,
                    const GlobalOptions& options) {
  if (scenarios.size() < 2) {
    return run_one(flags_for(scenarios.empty() ? "" : scenarios.front(), flags), options);
  }
  if (const auto outputs = check_outputs(flags); !outputs) {
    return report_error(outputs.error(), options);
  }
  if (const auto code = find_errors(scenarios, flags, options)) return *code;
  return run_all(scenarios, flags, options);
}

}  // namespace nexa::cli
