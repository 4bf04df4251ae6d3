#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "simulator/validation_statistics.hpp"

namespace nexa::cli {

/// `validation` of the JSON summary.
nlohmann::ordered_json validation_json(const simulator::ValidationFigures& figures);

/// The same for people: a few rows, and a table of behaviours.
std::string validation_text(const simulator::ValidationFigures& figures);

}  // namespace nexa::cli
