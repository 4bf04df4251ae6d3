#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "simulator/credit_figures.hpp"

namespace nexa::cli {

/// The object `credits` of a summary. Amounts are integers of micro-credits.
nlohmann::ordered_json credits_json(const simulator::CreditFigures& figures);

/// The same as lines of text, in credits: what was paid, what cheating earned, who paid whom.
std::string credits_text(const simulator::CreditFigures& figures);

}  // namespace nexa::cli
