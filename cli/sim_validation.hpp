#pragma once

#include "cli/sim_inputs.hpp"
#include "simulator/validation_setup.hpp"

namespace nexa::cli {

/// What the scenario says of validation; it must have such a section. `inputs` must outlive it.
simulator::ValidationSetup validation_setup(const SimInputs& inputs);

}  // namespace nexa::cli
