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

std::vector<Amount> Purses::collect(Amount amount) const {
  std::vector<Amount> parts;
  for (const PurseShare& share : shares_) {
    parts.push_back(std::min(amount, share.held));
    amount -= parts.back();
  }
  NEXA_ASSERT(amount == 0, "no more is collected than is held");
  return parts;
}

std::vector<Amount> Purses::give_back(Amount amount) const {
  std::vector<Amount> parts(shares_.size());
  for (std::size_t i = shares_.size(); i-- > 0;) {
    parts[i] = std::min(amount, shares_[i].posted - shares_[i].returned);
    amount -= parts[i];
  }
  NEXA_ASSERT(amount == 0, "no more goes back than was paid");
  return parts;
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
                                 const std::function<Amount(AccountId)>& available) {
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
    const Amount share = std::min(missing, available(accounts[i]));
    missing -= share;
    purses.add({.account = accounts[i], .held = share});
  }
  if (missing == 0) return purses;
  return core::Error{.code = core::ErrorCode::refused,
                     .message = "the purses have " + to_decimal(need - missing) + " of " +
                                to_decimal(need) + " micro-credits",
                     .hint = "add credits or a sponsor, or lower the limits of the job",
                     .where = {}};
}

}  // namespace nexa::ledger
