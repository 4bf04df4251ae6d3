#pragma once

#include <string>
#include <variant>

#include "core/time.hpp"
#include "ledger/status.hpp"
#include "ledger/transfer.hpp"

namespace nexa::ledger {

/// The first entry of a journal: whose books these are, and of what.
struct Genesis {
  std::string ledger;       ///< its origin, which also names its checkpoints
  std::string unit{"ucr"};  ///< of all amounts: micro-credits

  friend bool operator==(const Genesis&, const Genesis&) = default;
};

/// An account begins to exist. A journal may leave it out: an account also begins with the first
/// transfer that names it (the paying one before the paid one), see `Ledger::replay_account`.
struct AccountOpened {
  AccountId account{};  ///< for those who number accounts as the ledger does; replay ignores it
  std::string name;

  friend bool operator==(const AccountOpened&, const AccountOpened&) = default;
};

/// Nothing can be booked on the account any more.
struct AccountClosed {
  AccountId account{};

  friend bool operator==(const AccountClosed&, const AccountClosed&) = default;
};

/// A transfer was asked for and refused, and its id stays so (`is_sticky`).
struct TransferFailed {
  TransferId id{};
  Status status{};

  friend bool operator==(const TransferFailed&, const TransferFailed&) = default;
};

/// A pending transfer reached its timeout. The time of the entry is exactly the time of booking
/// and the timeout.
struct PendingExpired {
  TransferId pending{};

  friend bool operator==(const PendingExpired&, const PendingExpired&) = default;
};

/// What others put on record: verdicts, keys, prices. The ledger keeps its place among the entries
/// and its time, and interprets nothing.
struct Note {
  std::string type;  ///< the word behind `type` in the journal, none that the ledger uses
  std::string body;  ///< the further members of the line, as the journal's format writes them

  friend bool operator==(const Note&, const Note&) = default;
};

/// What happened. A transfer stands as it was booked: a post, void or group operation has the
/// accounts of the pending transfer (a group none), a post the amount that it moved, a void the
/// amount that it released, a group operation zero. Fed back, those fields may be missing, but for
/// the amount of a post.
///
/// The entries of a linked chain follow each other at one time, all but the last with `linked`;
/// a journal that ends before the last one ends before the chain (`Ledger::unfinished_chain`).
using EntryBody = std::variant<Transfer, AccountOpened, AccountClosed, TransferFailed,
                               PendingExpired, Genesis, Note>;

/// One line of the ledger's journal. The state of a ledger is a function of its entries, and of
/// nothing else.
struct Entry {
  core::Time time{};  ///< the ledger's time, never before that of the entry before it
  EntryBody body;

  friend bool operator==(const Entry&, const Entry&) = default;
};

}  // namespace nexa::ledger
