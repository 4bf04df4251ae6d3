#include "ledger/job_money.hpp"

namespace nexa::ledger {

void JobMoney::apply(const effect::SponsorHeld& it, core::Time /*now*/) {
  sponsors_.note_held(it.account, it.user, it.amount);
}

void JobMoney::apply(const effect::SponsorFreed& it, core::Time /*now*/) {
  sponsors_.note_freed(it.account, it.user, it.amount);
}

void JobMoney::apply(const effect::HoldOver& it, core::Time /*now*/) {
  hold_ends_.erase({it.end, it.job});
}

void JobMoney::apply(const effect::DisputeBegun& it, core::Time /*now*/) {
  vesting_.freeze(it.job);
  dispute_ends_.insert({it.deadline, it.job});
}

void JobMoney::apply(const effect::DisputeOver& it, core::Time /*now*/) {
  vesting_.thaw(it.job);
  dispute_ends_.erase({it.deadline, it.job});
}

void JobMoney::apply(const effect::StakeLocked& it, core::Time /*now*/) {
  it.node->locks[it.replica] = it.lock;
}

void JobMoney::apply(const effect::StakeUnlocked& it, core::Time /*now*/) {
  it.node->locks.erase(it.replica);
}

void JobMoney::apply(const effect::StreamReserved& it, core::Time /*now*/) {
  it.node->streams.insert(it.replica);
}

void JobMoney::apply(const effect::StreamOver& it, core::Time /*now*/) {
  it.node->streams.erase(it.replica);
}

void JobMoney::apply(const effect::SlashUsed& it, core::Time /*now*/) {
  it.node->slashed -= it.amount;
}

void JobMoney::apply(const effect::ResultCounted& it, core::Time /*now*/) {
  vesting_.count_valid(it.node);
}

void JobMoney::apply(const effect::RewardPending& it, core::Time now) {
  ReplicaMoney& money = it.job->replicas.at(it.reward.replica);
  const RewardHandle handle = vesting_.add(it.reward, it.job->terms->vesting, money.vouched, now);
  (it.reward.bounty.has_value() ? it.job->bounties[*it.reward.bounty].reward : money.reward) =
      handle;
}

void JobMoney::apply(const effect::RewardOver& it, core::Time /*now*/) {
  vesting_.remove(it.reward);
}

void JobMoney::apply(const effect::RewardVouched& it, core::Time /*now*/) {
  vesting_.vouch(it.reward);
}

}  // namespace nexa::ledger
