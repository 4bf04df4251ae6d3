#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/coordinator.hpp"
#include "core/economy.hpp"
#include "ledger/credit_rules.hpp"
#include "ledger/policy_descriptor.hpp"

namespace nexa::simulator {

/// How a simulated cluster pays for jobs.
struct CreditSetup : ledger::CreditRules {
  std::string origin = "simulation";  ///< the name of the ledger
  std::shared_ptr<const ledger::PricePolicy> price;
  std::shared_ptr<ledger::RewardPolicy> reward;
  std::optional<core::Economy> economy;  ///< none: providers neither come nor go
};

}  // namespace nexa::simulator
