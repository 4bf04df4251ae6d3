#pragma once

#include <nlohmann/json_fwd.hpp>

#include "io/report_trust.hpp"

namespace nexa::io {

/// The parts `trust` and `money` of a report's document. Amounts are credits, for drawing.
nlohmann::ordered_json trust_json(const ReportTrust& trust);
nlohmann::ordered_json money_json(const ReportMoney& money);

}  // namespace nexa::io
