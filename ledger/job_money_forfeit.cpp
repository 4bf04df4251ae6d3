#include "ledger/job_money.hpp"
#include "ledger/money_error.hpp"

namespace nexa::ledger {

core::Result<void> JobMoney::forfeit(core::JobId id, core::ReplicaId replica, core::Time now) {
  const auto found = job(id);
  if (!found) return found.error();
  JobRecord& current = **found;
  const auto known = current.replicas.find(replica);
  if (known == current.replicas.end()) {
    return money_error(core::ErrorCode::not_found,
                       "no replica " + text_of(replica) + " of job " + text_of(id) + " is known",
                       "assign it before it starts");
  }
  JobRecord next = current;
  MoneyDraft draft;
  ReplicaMoney& money = next.replicas.at(replica);
  money.vouched = false;
  const auto withdraw = [&](TransferId& reward, Amount& pending, std::uint32_t part) {
    if (reward == TransferId{}) return;
    draft.void_pending(next.key(MoneyKind::withdraw, part), reward, Reason::claw_back);
    draft.effects.emplace_back([this, voided = reward] { vesting_.remove(voided); });
    pending = 0;
    reward = {};
  };
  withdraw(money.reward, money.pending, replica.value);
  if (next.verdict.has_value() && next.verdict->canonical == replica) {
    for (std::uint32_t i = 0; i < next.bounties.size(); ++i) {
      withdraw(next.bounties[i].reward, next.bounties[i].pending, i | bounty_bit);
    }
  }
  if (draft.chain.empty()) return {};
  if (auto status = book(current, std::move(next), draft, now); !status) return status;
  owed_.insert(id);
  return {};
}

}  // namespace nexa::ledger
