#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "simulator/coordinator_figures.hpp"

namespace nexa::cli {

/// The object `coordinator` of a summary: what a dishonest one did. Times are seconds since the
/// beginning, null for what was not noticed.
nlohmann::ordered_json coordinator_json(const simulator::CoordinatorFigures& figures);

/// The same for people, in two lines.
std::string coordinator_text(const simulator::CoordinatorFigures& figures);

}  // namespace nexa::cli
