#pragma once

#include <span>
#include <vector>

#include "io/attest/check.hpp"

// The parts of `check_bundle`. Each adds to the report what fails.

namespace nexa::io {

/// The same files with the same digests, in any order.
bool have_equal_outputs(std::vector<OutputFile> a, std::vector<OutputFile> b);

/// All statements are about one job, one contract and one comparator; a replica is attested by one
/// node, which says one thing about it; times go forward.
void check_one_job(BundleReport& report);

/// The verdict follows from the attestations; `report.quorum` is counted.
void check_verdict(const BundleDemands& demands, BundleReport& report);

/// The files that somebody holds have the digests of the canonical result.
void check_files(std::span<const HeldFile> files, BundleReport& report);

}  // namespace nexa::io
