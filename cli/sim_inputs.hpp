#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "core/platform.hpp"
#include "core/workload.hpp"
#include "io/run_meta.hpp"
#include "io/scenario_file.hpp"
#include "io/sha256.hpp"
#include "io/yaml/diagnostics.hpp"
#include "scheduler/policy_set.hpp"

namespace nexa::cli {

/// What was typed behind `nexa sim run`. Empty texts mean "not given".
struct SimFlags {
  std::string scenario;
  std::string workload;
  std::string platform;
  std::string policy;
  std::optional<std::uint64_t> seed;
  std::optional<std::uint64_t> first;
  bool strict = false;
  std::string catalog;

  std::string out;
  std::string csv;
  std::string report;
  std::string event_log;
  std::string ledger;
  bool check = false;
  std::string progress = "auto";

  std::string command_line;
};

/// Everything that a simulation needs, read and checked.
struct SimInputs {
  io::ScenarioSpec spec;  ///< as in force, after the flags
  core::Platform platform;
  scheduler::PolicySet policies;
  core::Workload workload;
  std::string workload_name;
  std::vector<core::FailureTrace> failures;  ///< by `spec.availability`; empty without a trace
  std::vector<std::string> notes;            ///< what a person should know, for standard error
  std::deque<io::BackgroundDigest> files;    ///< digests of the files read, computed meanwhile

  /// Path, size and digest of each file; waits for the digests.
  [[nodiscard]] std::vector<io::InputFile> digests();
};

/// Reads the scenario and what it names, or what the flags name. Flags override the scenario. All
/// errors go to `diagnostics`; nothing is returned then.
std::optional<SimInputs> load_sim_inputs(const SimFlags& flags, io::Diagnostics& diagnostics);

/// `trace.swf.gz` without folders and endings: what people call a workload.
std::string workload_name_of(const std::string& file);

/// The effective configuration as a scenario file. Names of files are relative to the folder in
/// which the command ran.
std::string config_yaml(const io::ScenarioSpec& spec);

/// The policy that an option names, a text or a file. Errors in a text name the option as their
/// file.
core::Result<io::PolicyText> load_policy_option(const std::string& option,
                                                const std::string& text_or_file,
                                                io::Diagnostics& diagnostics);

/// Whether the parts of a policy text are known, fit the extension point at which they stand, and
/// go together. For `io::check_policy`.
core::Result<void> check_policy_component(const io::PolicyComponent& component);

}  // namespace nexa::cli
