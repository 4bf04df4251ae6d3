#pragma once

#include <cstdint>
#include <vector>

#include "ledger/contracts.hpp"
#include "ledger/job_record.hpp"

namespace nexa::ledger {

/// Whether all that there is to know of a job's money fits into `pack`: nothing of it will move any
/// more but for a revised verdict, and it had no streams, bounties, arbitrations or disputes.
bool can_pack(const JobRecord& job);

/// Appends such a record: a row of numbers of seven bits to a byte, the lowest first, with the
/// highest bit of all bytes but the last; about 100 bytes for a job of one replica. For this
/// process only.
void pack(const JobRecord& job, std::vector<std::uint8_t>& bytes);

/// The record that was packed.
JobRecord unpack(const std::uint8_t* bytes, const Contracts& contracts);

}  // namespace nexa::ledger
