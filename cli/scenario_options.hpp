#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>

#include "cli/sim_inputs.hpp"

namespace nexa::cli {

/// Accepts whole decimal numbers in a range; the parser alone would take -1 for a very large one.
CLI::Validator whole_number(std::uint64_t least, std::uint64_t most);

/// Adds the options that override a scenario's inputs, from `--workload` to `--catalog`. `flags`
/// must outlive `command`.
void add_scenario_overrides(CLI::App& command, SimFlags& flags);

}  // namespace nexa::cli
