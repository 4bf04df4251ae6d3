#pragma once

#include <cstdint>

#include "core/assert.hpp"
#include "core/credits.hpp"
#include "ledger/amount.hpp"

/// Amounts of the ledger as figures of a simulation, and the width that products of them need.
namespace nexa::simulator {

__extension__ using Wide = __int128;

inline constexpr Wide microseconds_per_hour = Wide{3600} * 1'000'000;

/// The policies of price and reward bound what a job costs far below the largest figure.
inline core::Credits credits_of(ledger::Amount amount) {
  NEXA_ASSERT(amount <= ledger::Amount{INT64_MAX}, "credits overflow");
  return core::Credits::from_micro(static_cast<std::int64_t>(amount));
}

}  // namespace nexa::simulator
