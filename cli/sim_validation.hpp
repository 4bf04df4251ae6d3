#pragma once

#include "cli/sim_inputs.hpp"
#include "simulator/validation_setup.hpp"

namespace nexa::cli {

/// Reports sections of the scenario that the run would read and then ignore: what needs validation
/// where there is none, and what needs a ledger, which simulations do not keep.
void check_sections(const io::ScenarioSpec& spec, io::Diagnostics& diagnostics);

/// What the scenario says of validation; it must have such a section. `inputs` must outlive it.
simulator::ValidationSetup validation_setup(const SimInputs& inputs);

}  // namespace nexa::cli
