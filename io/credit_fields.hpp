#pragma once

#include <cstdint>
#include <string>

#include "core/credits.hpp"
#include "core/time.hpp"
#include "io/yaml/codec.hpp"
#include "ledger/job_terms.hpp"

namespace nexa::io {

/// `credits` of a scenario: how jobs are paid for. The policies are known to exist, with these
/// parameters.
struct CreditSource {
  std::string price = "flat_per_tier";
  std::string reward = "as_priced";
  std::uint32_t fee = 250;               ///< basis points
  std::uint32_t arbitration_copies = 2;  ///< set aside, in highest prices of a replica
  ledger::RefundRules refunds;
  core::Duration dispute_window{};
  core::Duration longest_vesting = core::seconds(std::int64_t{30} * 86'400);
  std::uint32_t slash = ledger::basis_points;
  core::Credits stake_per_replica{};
  core::Credits bond{};
  core::Duration dispute_timeout = core::seconds(std::int64_t{7} * 86'400);
  ledger::StreamMode stream = ledger::StreamMode::none;
  core::Duration stream_grace = core::seconds(1);

  friend bool operator==(const CreditSource&, const CreditSource&) = default;
};

Codec<CreditSource> credits_codec();

}  // namespace nexa::io
