#pragma once

#include "core/workload.hpp"
#include "io/report_trust.hpp"
#include "simulator/credit_figures.hpp"
#include "simulator/validation_statistics.hpp"

namespace nexa::cli {

/// What a report shows of the figures of a validated run. The parts of the series begin with the
/// submissions of their first jobs.
io::ReportTrust report_trust(const simulator::ValidationFigures& figures,
                             const simulator::TrustSeries& series, const core::Workload& workload);

/// What a report shows of the books. Flows that brought nothing on balance are left out; those that
/// brought less than came back are turned round.
io::ReportMoney report_money(const simulator::CreditFigures& figures);

}  // namespace nexa::cli
