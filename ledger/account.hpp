#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "ledger/slot_table.hpp"
#include "ledger/transfer.hpp"

namespace nexa::ledger {

/// Whose money an account holds: the word before the colon of its name.
enum class AccountKind : std::uint8_t {
  op,       ///< `op:mint` makes credits and `op:burn` takes them away; nothing else exists here
  user,     ///< what somebody can spend
  org,      ///< likewise, of an organisation
  escrow,   ///< held for one job until its verdict
  node,     ///< earned by a node, and free to spend
  vest,     ///< earned, and held back until nobody can dispute it any more
  stake,    ///< pledged by a node; a conviction takes of it
  fee,      ///< the platform's share
  bounty,   ///< offered for a result by anybody
  sponsor,  ///< pays for the jobs of others
  slash,    ///< what was taken from stakes
  arb,      ///< the cost of arbitration
};

std::string_view name(AccountKind kind);

/// Whether debits, posted and pending, must never exceed posted credits. True of all kinds but
/// `op`, whose accounts are where credits come from and go to.
constexpr bool is_limited(AccountKind kind) {
  return kind != AccountKind::op;
}

/// The parts of an account's name, as views of it.
struct AccountName {
  AccountKind kind{};
  std::string_view rest;
};

/// Longest part after the colon, in bytes: a digest in hexadecimal digits and a word.
inline constexpr std::size_t longest_account_name = 96;

/// Takes `kind:name` apart. The name is 1 to 96 letters, digits and `. _ - + / @`; behind `op:` it
/// is `mint` or `burn`. Put no personal data into it, since a ledger forgets nothing: a random id,
/// and a table outside that says who it is, can be erased.
///
/// Errors: `invalid_argument`.
core::Result<AccountName> parse_account_name(std::string_view text);

/// The four sums of an account, in micro-credits. They only grow, but for the pending ones.
struct Account {
  Amount debits_pending = 0;
  Amount debits_posted = 0;
  Amount credits_pending = 0;
  Amount credits_posted = 0;

  friend constexpr bool operator==(const Account&, const Account&) = default;

  /// What was paid in less what was paid out.
  [[nodiscard]] constexpr Balance balance() const {
    return balance_of(credits_posted, debits_posted);
  }
  /// What can be spent now: the balance less what is reserved. Never negative where the kind of
  /// the account is limited.
  [[nodiscard]] constexpr Balance available() const {
    return balance_of(credits_posted, debits_posted + debits_pending);
  }
};

/// The names of a ledger's accounts, both ways. Names and ids live as long as this.
class AccountNames {
 public:
  /// Constant time.
  [[nodiscard]] std::optional<AccountId> find(std::string_view name) const;

  /// The name of an account that exists.
  [[nodiscard]] std::string_view operator[](AccountId account) const {
    NEXA_ASSERT(contains(account), "the account exists");
    return names_[account.value - 1];
  }
  [[nodiscard]] bool contains(AccountId account) const {
    return account.value != 0 && account.value <= names_.size();
  }
  /// Accounts are numbered from 1 to this.
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }

  /// Gives the next number to a name that is new.
  AccountId add(std::string_view name);

 private:
  std::deque<std::string> names_;
  SlotTable places_;
};

}  // namespace nexa::ledger
