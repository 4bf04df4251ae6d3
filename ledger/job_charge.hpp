#pragma once

#include <vector>

#include "core/result.hpp"
#include "ledger/job_record.hpp"

namespace nexa::ledger {

/// Whether the reports of a verdict fit the job: on assigned replicas, each once, with usage that
/// is not negative, and the canonical one among the valid. Errors: `invalid_argument`.
core::Result<void> check_reports(const JobRecord& job, const Verdict& verdict);

/// What the price policy makes of the usage of a replica, at most what is held for it. Of negative
/// usage it is zero.
Amount price_of(const JobRecord& job, const ReplicaReport& report, const Factors& factors);

/// What each replica is charged, by the order of their ids, whatever the order of the reports. A
/// replica that streamed has the price that is due by evidence until `now`; another the price of
/// its usage, at most what is held for it. The reward policy is asked once about those that are
/// valid.
std::vector<Charge> charges_of(const JobRecord& job, std::vector<ReplicaReport> reports,
                               core::Time now);

}  // namespace nexa::ledger
