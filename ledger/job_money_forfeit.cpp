#include "ledger/id_text.hpp"
#include "ledger/job_money.hpp"

namespace nexa::ledger {

core::Result<void> JobMoney::forfeit(core::JobId id, core::ReplicaId replica, core::Time now) {
  const auto found = job(id);
  if (!found) return found.error();
  JobRecord& current = **found;
  const auto known = current.replicas.find(replica);
  if (known == current.replicas.end()) {
    return core::make_error(
        core::ErrorCode::not_found,
        "no replica " + text_of(replica) + " of job " + text_of(id) + " is known",
        "assign it before it starts");
  }
  Step step(*this, current);
  ReplicaMoney& money = known->second;
  const auto withdraw = [&](RewardHandle& reward, Amount& pending, std::uint32_t part) {
    if (reward == no_reward) return;
    draft_.void_pending(current.key(MoneyKind::withdraw, part), vesting_.at(reward).id,
                        Reason::claw_back);
    draft_.effects.emplace_back(effect::RewardOver{reward});
    pending = 0;
    reward = no_reward;
  };
  money.vouched = false;
  withdraw(money.reward, money.pending, replica.value);
  if (current.verdict.has_value() && current.verdict->canonical == replica) {
    for (std::uint32_t i = 0; i < current.bounties.size(); ++i) {
      withdraw(current.bounties[i].reward, current.bounties[i].pending, i | bounty_bit);
    }
  }
  if (draft_.chain.empty()) return {};
  if (auto status = step.book(now); !status) return status;
  owed_.insert(id);
  return {};
}

}  // namespace nexa::ledger
