#include <algorithm>

#include "ledger/id_text.hpp"
#include "ledger/job_money.hpp"

namespace nexa::ledger {

using core::ErrorCode;

core::Result<void> JobMoney::stake(core::NodeId id, AccountId from, Amount amount,
                                   std::uint32_t request, core::Time now) {
  const auto found = node(id, now);
  if (!found) return found.error();
  draft_.clear();
  draft_.move(money_id(MoneyKind::stake, id, request), from, (*found)->stake, amount,
              Reason::stake);
  return book(now);
}

core::Result<void> JobMoney::unstake(core::NodeId id, Amount amount, std::uint32_t request,
                                     core::Time now) {
  const auto found = node(id, now);
  if (!found) return found.error();
  draft_.clear();
  draft_.move(money_id(MoneyKind::unstake, id, request), (*found)->stake, (*found)->account, amount,
              Reason::unstake);
  return book(now);
}

void JobMoney::void_stream(const ReplicaKey& key) {
  ReplicaMoney& money = jobs_.at(key.first).replicas.at(key.second);
  money.pending = 0;
  money.stream_round = 0;
  money.forfeited = true;
  owed_.insert(key.first);
}

void JobMoney::void_reward(RewardHandle handle) {
  const PendingReward& reward = vesting_.at(handle);
  JobRecord& record = jobs_.at(reward.job);
  if (reward.bounty.has_value()) {
    record.bounties[*reward.bounty].pending = 0;
    record.bounties[*reward.bounty].reward = no_reward;
  } else {
    ReplicaMoney& money = record.replicas.at(reward.replica);
    money.pending -= reward.amount;
    money.reward = no_reward;
  }
  owed_.insert(reward.job);
  vesting_.remove(handle);
}

core::Result<void> JobMoney::convict(core::NodeId id, core::JobId job, core::ReplicaId replica,
                                     std::uint32_t share, core::Time now) {
  if (share > basis_points) {
    return core::make_error(ErrorCode::invalid_argument,
                            "a slash of " + std::to_string(share) + " basis points of the stake",
                            "it is a part of the stake, from 0 to 10000 basis points");
  }
  if (const auto opened = house(now); !opened) return opened.error();
  const auto found = node(id, now);
  if (!found) return found.error();
  NodeMoney& node = **found;
  const ReplicaKey evidence{job, replica};
  if (node.convicted_for.contains(evidence)) return {};

  draft_.clear();
  const std::vector<RewardHandle> rewards = vesting_.of_node(id);
  if (!rewards.empty() || !node.streams.empty()) {
    draft_.void_group(money_id(MoneyKind::void_rewards, id, node.round),
                      money_group(MoneyKind::reward, id, node.convictions), Reason::claw_back);
  }
  if (!node.locks.empty()) {
    draft_.void_group(money_id(MoneyKind::void_locks, id, node.round),
                      money_group(MoneyKind::lock, id, node.convictions), Reason::slash);
  }
  const Amount stake = bank_.available(node.stake) + locked_stake(id);
  const Amount slashed = multiply_divide(stake, share, basis_points);
  draft_.move(money_id(MoneyKind::slash, id, node.round), node.stake, house_->slash, slashed,
              Reason::slash);
  if (auto status = book(now); !status) {
    if (status.error().code == ErrorCode::refused) ++node.round;
    return status;
  }
  for (const RewardHandle reward : rewards) void_reward(reward);
  for (const ReplicaKey& key : node.streams) void_stream(key);
  node.streams.clear();
  node.locks.clear();
  node.slashed += slashed;
  node.convicted_for.insert(evidence);
  ++node.convictions;
  ++node.round;
  return {};
}

core::Result<void> JobMoney::vest(core::JobId id, core::ReplicaId replica, core::Time /*now*/) {
  const auto found = job(id);
  if (!found) return found.error();
  JobRecord& record = **found;
  const auto money = record.replicas.find(replica);
  if (money == record.replicas.end()) {
    return core::make_error(
        ErrorCode::not_found,
        "no replica " + text_of(replica) + " of job " + text_of(id) + " is known",
        "assign it before it starts");
  }
  // The word stands, whatever order it and the booking of the reward come in.
  money->second.vouched = true;
  vesting_.vouch(money->second.reward);
  if (record.verdict.has_value() && record.verdict->canonical == replica) {
    for (const BountyMoney& bounty : record.bounties) vesting_.vouch(bounty.reward);
  }
  return {};
}

core::Result<void> JobMoney::release(RewardHandle handle, core::Time now) {
  const PendingReward& reward = vesting_.at(handle);
  JobRecord& current = jobs_.at(reward.job);
  Step step(*this, current);
  const std::uint32_t part =
      reward.bounty.has_value() ? *reward.bounty | bounty_bit : reward.replica.value;
  draft_.post(current.key(MoneyKind::release, part), reward.id, reward.amount, Reason::unvest);
  if (reward.bounty.has_value()) {
    BountyMoney& bounty = current.bounties[*reward.bounty];
    bounty.paid += reward.amount;
    bounty.pending = 0;
    bounty.reward = no_reward;
  } else {
    ReplicaMoney& money = current.replicas.at(reward.replica);
    money.paid += reward.amount;
    money.pending -= reward.amount;
    money.reward = no_reward;
  }
  draft_.effects.emplace_back(effect::RewardOver{handle});
  return step.book(now);
}

core::Result<void> JobMoney::release_rewards(core::Time now) {
  for (const RewardHandle reward : vesting_.due(now)) {
    if (auto status = release(reward, now); !status) return status;
  }
  return {};
}

void JobMoney::return_bounties(JobRecord& next) {
  for (std::uint32_t i = 0; i < next.bounties.size(); ++i) {
    BountyMoney& bounty = next.bounties[i];
    const Amount amount = bounty.in_escrow();
    draft_.move(next.key(MoneyKind::bounty_back, i), next.escrow, bounty.account, amount,
                Reason::refund);
    bounty.returned += amount;
  }
}

core::Result<void> JobMoney::return_voided(core::Time now) {
  while (!owed_.empty()) {
    JobRecord& current = jobs_.at(*owed_.begin());
    if (current.state == JobRecord::State::settled) {
      Step step(*this, current);
      give_back(current, now);
      return_bounties(current);
      if (auto status = step.book(now); !status) return status;
    }
    // Of a job that runs, its verdict gives back what is left.
    owed_.erase(owed_.begin());
  }
  return {};
}

}  // namespace nexa::ledger
