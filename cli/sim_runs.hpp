#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/sim_inputs.hpp"

namespace nexa::cli {

/// `nexa sim run` of any number of scenarios, each with the same overrides: one prints its figures,
/// several a row each, or one JSON document with all. All scenarios are checked before the first
/// one runs. Files can be written by several only as each scenario says, under names of their own.
/// Returns the exit code: the first that is not 0 ends the command.
int run_simulations(const std::vector<std::string>& scenarios, const SimFlags& flags,
                    const GlobalOptions& options);

}  // namespace nexa::cli
