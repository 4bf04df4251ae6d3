#include "ledger/purses.hpp"

#include <algorithm>

namespace nexa::ledger {
namespace {

Amount sum_of(const std::vector<PurseShare>& shares, Amount PurseShare::*member) {
  Amount sum = 0;
  for (const PurseShare& share : shares) sum += share.*member;
  return sum;
}

}  // namespace

Amount Purses::held() const {
  return sum_of(shares_, &PurseShare::held);
}

Amount Purses::posted() const {
  return sum_of(shares_, &PurseShare::posted);
}

Amount Purses::returned() const {
  return sum_of(shares_, &PurseShare::returned);
}

Amount Sponsors::allowance(AccountId account, core::UserId user, core::Time now) const {
  const auto terms = terms_.find(account);
  if (terms == terms_.end()) return whole_amount;
  if (now >= terms->second.expiry) return 0;
  const auto committed = committed_.find({account, user});
  const Amount used = committed == committed_.end() ? 0 : committed->second;
  const Amount left = terms->second.per_user - std::min(used, terms->second.per_user);
  return std::min(left, terms->second.per_job);
}

void Sponsors::note_held(AccountId account, core::UserId user, Amount amount) {
  if (terms_.contains(account)) committed_[{account, user}] += amount;
}

void Sponsors::note_freed(AccountId account, core::UserId user, Amount amount) {
  const auto committed = committed_.find({account, user});
  if (committed == committed_.end()) return;
  committed->second -= std::min(amount, committed->second);
}

core::Result<Purses> plan_purses(std::span<const AccountId> accounts, Amount need,
                                 std::span<const Amount> available) {
  Purses purses;
  Amount missing = need;
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    if (std::find(accounts.begin(), accounts.begin() + static_cast<std::ptrdiff_t>(i),
                  accounts[i]) != accounts.begin() + static_cast<std::ptrdiff_t>(i)) {
      return core::Error{.code = core::ErrorCode::invalid_argument,
                         .message = "account " + std::to_string(accounts[i].value) +
                                    " is named twice among the purses",
                         .hint = "name each purse once, in the order in which they pay",
                         .where = {}};
    }
    const Amount share = std::min(missing, available[i]);
    missing -= share;
    purses.add({.account = accounts[i], .hold = {}, .held = share});
  }
  if (missing == 0) return purses;
  return core::Error{.code = core::ErrorCode::refused,
                     .message = "the purses have " + to_decimal(need - missing) + " of " +
                                to_decimal(need) + " micro-credits",
                     .hint = "add credits or a sponsor, or lower the limits of the job",
                     .where = {}};
}

}  // namespace nexa::ledger
