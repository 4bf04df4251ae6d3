#pragma once

#include <cstdint>
#include <string>

#include "core/coordinator.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"

namespace nexa::simulator {

/// A25: whether anything is done wrong on purpose.
[[nodiscard]] bool is_dishonest(const core::CoordinatorFaults& faults);

/// A25: whether the coordinator leaves out an audit that the lottery demands, of a replica on a
/// node of that group. The lottery's draws can be recomputed by anybody once its seed is revealed,
/// so what is left out is found; see V6 of the validator.
[[nodiscard]] bool skips_audit(const core::CoordinatorFaults& faults, std::uint64_t seed,
                               core::JobId job, std::uint32_t replica, core::NodeId node,
                               const std::string& group);

/// A25: whether this entry is one that the coordinator shows differently to one reader.
[[nodiscard]] bool forks(const core::CoordinatorFaults& faults, std::uint64_t entry);

/// A25: the time that an entry of this instant claims.
[[nodiscard]] core::Time claimed_time(const core::CoordinatorFaults& faults, core::Time now);

/// A31: whether the ledger answers.
[[nodiscard]] bool bank_is_up(const core::CoordinatorFaults& faults, core::Time now);

/// A31: when that changes next; `core::never` if it does not.
[[nodiscard]] core::Time next_bank_change(const core::CoordinatorFaults& faults, core::Time now);

}  // namespace nexa::simulator
