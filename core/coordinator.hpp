#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/time.hpp"

namespace nexa::core {

/// A span of simulated time.
struct TimeSpan {
  Time from{};
  Duration length{};
  friend constexpr auto operator<=>(const TimeSpan&, const TimeSpan&) = default;
};

/// What goes wrong, or is done wrong, at the coordinator of a simulation. The defaults are those of
/// an honest one whose bank is always there.
struct CoordinatorFaults {
  std::uint32_t skip_audit_ppm = 0;  ///< A25: audits that the lottery demands and that are skipped
  std::string favoured_group;        ///< only for nodes of this group; empty: for all
  std::uint64_t fork_at = 0;  ///< A25: from this ledger entry on, one reader sees another; 0: never
  Duration backdate_by{};     ///< A25: entries claim to be this much older
  std::vector<TimeSpan> bank_down;  ///< A31: the ledger answers nothing; sorted, apart

  friend bool operator==(const CoordinatorFaults&, const CoordinatorFaults&) = default;
};

}  // namespace nexa::core
