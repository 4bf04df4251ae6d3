#pragma once

#include <string>

#include "io/yaml/codec.hpp"
#include "ledger/credit_rules.hpp"

namespace nexa::io {

/// `credits` of a scenario: how jobs are paid for. The policies are known to exist, with these
/// parameters.
struct CreditSource : ledger::CreditRules {
  std::string price = "flat_per_tier";
  std::string reward = "as_priced";

  friend bool operator==(const CreditSource&, const CreditSource&) = default;
};

Codec<CreditSource> credits_codec();

}  // namespace nexa::io
