#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/time.hpp"
#include "ledger/ledger.hpp"

namespace nexa::ledger {

/// What happened to an account in one line of its statement.
enum class StatementEvent : std::uint8_t {
  transferred,  ///< moved at once
  reserved,     ///< by a pending transfer
  posted,       ///< of a pending transfer, alone or with its group
  voided,       ///< likewise
  expired,
};

std::string_view name(StatementEvent event);

/// A line of a statement. Amounts are in micro-credits.
struct StatementLine {
  core::Time time{};
  StatementEvent event{};
  TransferId transfer{};  ///< that did it; of an expiry, the pending one
  TransferId pending{};   ///< that was resolved, or zero
  AccountId other{};      ///< who paid, or was paid
  Reason reason{};
  bool is_debit = false;  ///< the account of the statement pays
  Amount moved = 0;       ///< into or out of the balance
  Amount reserved = 0;    ///< of a pending transfer: what it newly reserves
  Amount released = 0;    ///< what a resolved pending transfer had reserved
  Account after;          ///< the sums of the account behind this line
};

/// An account between two times: what it was before the first, each change, what it was after the
/// last. Every sum of `closing` is that of `opening` and of the lines.
struct Statement {
  AccountId account{};
  core::Time from{};
  core::Time until{};  ///< exclusive
  Account opening;
  std::vector<StatementLine> lines;
  Account closing;
};

/// The statement of an account that exists, for what happened at `from` or later and before
/// `until`, in the order of the journal. The ledger keeps no history per account, so this reads all
/// transfers: linear time in their number.
Statement statement(const Ledger& ledger, AccountId account, core::Time from, core::Time until);

}  // namespace nexa::ledger
