#pragma once

#include <cstdint>

#include "core/credits.hpp"
#include "core/time.hpp"
#include "ledger/job_terms.hpp"

namespace nexa::ledger {

/// What holds for the money of all jobs of a cluster, but for prices and rewards.
struct CreditRules {
  std::uint32_t fee = 250;  ///< the platform's part of each charge, in basis points
  /// What is set aside for arbitration, in highest prices of a replica.
  std::uint32_t arbitration_copies = 2;
  RefundRules refunds;
  core::Duration dispute_window{};  ///< rewards vest not before
  core::Duration longest_vesting = core::seconds(std::int64_t{30} * 86'400);  ///< nor after
  std::uint32_t slash = basis_points;  ///< of a node's stake, that a conviction takes
  core::Credits stake_per_replica{};   ///< locked from start to verdict
  core::Credits bond{};                ///< of who disputes a verdict
  core::Duration dispute_timeout = core::seconds(std::int64_t{7} * 86'400);
  StreamMode stream = StreamMode::none;
  core::Duration stream_grace = core::seconds(1);

  friend bool operator==(const CreditRules&, const CreditRules&) = default;
};

}  // namespace nexa::ledger
