#pragma once

#include <cstdint>

#include "core/result.hpp"
#include "ledger/ledger.hpp"

namespace nexa::ledger {

/// Sums over all accounts, in micro-credits: held = minted - burned. They saturate at 128 bits.
struct Totals {
  Balance minted;       ///< what `op:mint` gave less what came back
  Balance burned;       ///< what `op:burn` took less what it gave back
  Amount held = 0;      ///< the balances of all other accounts
  Amount reserved = 0;  ///< by open pending transfers
};

/// Linear in the number of accounts.
Totals totals(const Ledger& ledger);

/// Recounts the whole ledger from its records: that every sum of every account is what its
/// transfers make it, and the invariants L1 (posted debits are posted credits), L2 (likewise
/// pending), L3 (no limited account is overdrawn), L4 (a pending transfer ends in one way), L5 (a
/// post moves at most what was reserved), L6 (an id names one transfer), L10 (nothing is open that
/// is due) and L11 (minted less burned is held). Errors: `internal`, with the first that is
/// broken. Linear in the number of accounts and transfers, in time and memory.
core::Result<void> check(const Ledger& ledger);

/// A hash of the whole state: equal for ledgers that answer every further call alike. It tells
/// states apart, it resists no adversary. Linear in the number of accounts and transfers.
std::uint64_t state_hash(const Ledger& ledger);

}  // namespace nexa::ledger
