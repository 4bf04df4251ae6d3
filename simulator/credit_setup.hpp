#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/coordinator.hpp"
#include "core/credits.hpp"
#include "core/economy.hpp"
#include "core/time.hpp"
#include "ledger/job_terms.hpp"
#include "ledger/policy_descriptor.hpp"

namespace nexa::simulator {

/// How a simulated cluster pays for jobs.
struct CreditSetup {
  std::string origin = "simulation";  ///< the name of the ledger
  std::shared_ptr<const ledger::PricePolicy> price;
  std::shared_ptr<ledger::RewardPolicy> reward;
  std::uint32_t fee = 250;  ///< the platform's part of each charge, in basis points
  /// What is set aside for arbitration, in highest prices of a replica.
  std::uint32_t arbitration_copies = 2;
  ledger::RefundRules refunds;
  core::Duration dispute_window{};  ///< rewards vest not before
  core::Duration longest_vesting = core::seconds(std::int64_t{30} * 86'400);  ///< nor after
  std::uint32_t slash = ledger::basis_points;  ///< of a node's stake, that a conviction takes
  core::Credits stake_per_replica{};           ///< locked from start to verdict
  core::Credits bond{};                        ///< of who disputes a verdict
  core::Duration dispute_timeout = core::seconds(std::int64_t{7} * 86'400);
  ledger::StreamMode stream = ledger::StreamMode::none;
  core::Duration stream_grace = core::seconds(1);
  std::optional<core::Economy> economy;  ///< none: providers neither come nor go
};

}  // namespace nexa::simulator
