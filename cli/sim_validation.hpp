#pragma once

#include "cli/sim_inputs.hpp"
#include "simulator/validation_setup.hpp"

namespace nexa::cli {

/// Reports what the run would read and then ignore: sections of the scenario that need validation,
/// or somebody who pays, where there is none; a name for a ledger's file likewise.
void check_sections(const io::ScenarioSpec& spec, const SimFlags& flags,
                    io::Diagnostics& diagnostics);

/// What the scenario says of validation; it must have such a section. `inputs` must outlive it.
simulator::ValidationSetup validation_setup(const SimInputs& inputs);

}  // namespace nexa::cli
