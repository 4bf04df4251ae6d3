#pragma once

#include <functional>
#include <string>

#include "cli/command.hpp"
#include "cli/sim_inputs.hpp"
#include "cli/sim_summary.hpp"

namespace nexa::cli {

/// What is done with the figures of a run, once all of its files are written.
using ShowSummary = std::function<void(const RunSummary&)>;

/// `nexa sim run` of one scenario: reads the inputs, runs the simulation, writes the outputs, and
/// shows the figures. Returns the exit code.
int run_simulation(const SimFlags& flags, const GlobalOptions& options, const ShowSummary& show);

/// What a person should know of the inputs, on standard error.
void print_notes(const SimInputs& inputs, const GlobalOptions& options);

/// What `--check` prints of inputs that are good.
std::string check_text(const SimInputs& inputs, bool as_json);

}  // namespace nexa::cli
