#pragma once

#include "cli/command.hpp"
#include "cli/sim_inputs.hpp"

namespace nexa::cli {

/// `nexa sim run`: reads the inputs, runs the simulation, writes the outputs, prints the figures.
/// Returns the exit code.
int run_simulation(const SimFlags& flags, const GlobalOptions& options);

}  // namespace nexa::cli
