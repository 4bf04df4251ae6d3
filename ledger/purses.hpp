#pragma once

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/ids.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "ledger/transfer.hpp"

namespace nexa::ledger {

/// What a sponsor pays at most. `whole_amount`: no cap.
struct SponsorTerms {
  Amount per_user = whole_amount;  ///< held and spent for one user, over all jobs
  Amount per_job = whole_amount;
  core::Time expiry = core::never;  ///< no job is sponsored from then on
};

/// What one purse contributes to a job, in three sums that only grow.
struct PurseShare {
  AccountId account{};
  TransferId hold{};    ///< zero: nothing is held of it
  Amount held = 0;      ///< set aside at submission
  Amount posted = 0;    ///< moved into the escrow
  Amount returned = 0;  ///< came back from the escrow
};

/// The purses of a job in the order in which they pay. Sponsors come before the user by being named
/// before.
class Purses {
 public:
  [[nodiscard]] const std::vector<PurseShare>& shares() const { return shares_; }
  [[nodiscard]] std::vector<PurseShare>& shares() { return shares_; }
  [[nodiscard]] Amount held() const;
  [[nodiscard]] Amount posted() const;
  [[nodiscard]] Amount returned() const;
  /// Posted and not returned.
  [[nodiscard]] Amount paid() const { return posted() - returned(); }

  void add(const PurseShare& share) { shares_.push_back(share); }

 private:
  std::vector<PurseShare> shares_;
};

/// Sponsors with what is left of their caps.
class Sponsors {
 public:
  void set(AccountId account, const SponsorTerms& terms) { terms_[account] = terms; }
  [[nodiscard]] bool has(AccountId account) const { return terms_.contains(account); }

  /// The most that this purse may contribute to a new job of the user; no cap for other accounts.
  [[nodiscard]] Amount allowance(AccountId account, core::UserId user, core::Time now) const;

  /// What was held, and what of it is free again.
  void note_held(AccountId account, core::UserId user, Amount amount);
  void note_freed(AccountId account, core::UserId user, Amount amount);

 private:
  std::map<AccountId, SponsorTerms> terms_;
  std::map<std::pair<AccountId, core::UserId>, Amount> committed_;
};

/// Divides `need` among the accounts in their order. `available` says what each of them has left.
/// Errors: `refused` where all together have too little, `invalid_argument` for one named twice.
core::Result<Purses> plan_purses(std::span<const AccountId> accounts, Amount need,
                                 std::span<const Amount> available);

}  // namespace nexa::ledger
