#include <algorithm>

#include "ledger/job_money.hpp"
#include "ledger/money_error.hpp"

namespace nexa::ledger {

using core::ErrorCode;

core::Result<void> JobMoney::stake(core::NodeId id, AccountId from, Amount amount,
                                   std::uint32_t request, core::Time now) {
  const auto found = node(id, now);
  if (!found) return found.error();
  MoneyDraft draft;
  draft.move(money_id(MoneyKind::stake, id, request), from, (*found)->stake, amount, Reason::stake);
  return book(draft, now);
}

core::Result<void> JobMoney::unstake(core::NodeId id, Amount amount, std::uint32_t request,
                                     core::Time now) {
  const auto found = node(id, now);
  if (!found) return found.error();
  MoneyDraft draft;
  draft.move(money_id(MoneyKind::unstake, id, request), (*found)->stake, (*found)->account, amount,
             Reason::unstake);
  return book(draft, now);
}

void JobMoney::void_stream(core::JobId job, core::ReplicaId replica) {
  ReplicaMoney& money = jobs_.at(job).replicas.at(replica);
  money.pending = 0;
  money.stream_pending = {};
  money.forfeited = true;
  owed_.insert(job);
}

void JobMoney::void_reward(const PendingReward& reward) {
  JobRecord& record = jobs_.at(reward.job);
  if (reward.bounty.has_value()) {
    record.bounties[*reward.bounty].pending = 0;
    record.bounties[*reward.bounty].reward = {};
  } else {
    ReplicaMoney& money = record.replicas.at(reward.replica);
    money.pending -= reward.amount;
    money.reward = {};
  }
  vesting_.remove(reward.id);
  owed_.insert(reward.job);
}

core::Result<void> JobMoney::convict(core::NodeId id, core::JobId job, core::ReplicaId replica,
                                     std::uint32_t share, core::Time now) {
  if (share > basis_points) {
    return money_error(ErrorCode::invalid_argument,
                       "a slash of " + std::to_string(share) + " basis points of the stake",
                       "it is a part of the stake, from 0 to 10000 basis points");
  }
  if (const auto opened = house(now); !opened) return opened.error();
  const auto found = node(id, now);
  if (!found) return found.error();
  NodeMoney& node = **found;
  const std::pair evidence{job, replica};
  if (node.convicted_for.contains(evidence)) return {};

  MoneyDraft draft;
  const std::vector<PendingReward> rewards = vesting_.of_node(id);
  if (!rewards.empty() || !node.streams.empty()) {
    draft.void_group(money_id(MoneyKind::void_rewards, id, node.round),
                     money_group(MoneyKind::reward, id, node.convictions), Reason::claw_back);
  }
  if (!node.locks.empty()) {
    draft.void_group(money_id(MoneyKind::void_locks, id, node.round),
                     money_group(MoneyKind::lock, id, node.convictions), Reason::slash);
  }
  const Amount stake = bank_.available(node.stake) + locked_stake(id);
  const Amount slashed = multiply_divide(stake, share, basis_points);
  draft.move(money_id(MoneyKind::slash, id, node.round), node.stake, house_->slash, slashed,
             Reason::slash);
  if (auto status = book(draft, now); !status) {
    if (status.error().code == ErrorCode::refused) ++node.round;
    return status;
  }
  for (const PendingReward& reward : rewards) void_reward(reward);
  for (const auto& [of_job, of_replica] : node.streams) void_stream(of_job, of_replica);
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
    return money_error(ErrorCode::not_found,
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

core::Result<void> JobMoney::release(const PendingReward& reward, core::Time now) {
  JobRecord& current = jobs_.at(reward.job);
  JobRecord next = current;
  MoneyDraft draft;
  const std::uint32_t part =
      reward.bounty.has_value() ? *reward.bounty | bounty_bit : reward.replica.value;
  draft.post(next.key(MoneyKind::release, part), reward.id, reward.amount, Reason::unvest);
  if (reward.bounty.has_value()) {
    BountyMoney& bounty = next.bounties[*reward.bounty];
    bounty.paid += reward.amount;
    bounty.pending = 0;
    bounty.reward = {};
  } else {
    ReplicaMoney& money = next.replicas.at(reward.replica);
    money.paid += reward.amount;
    money.pending -= reward.amount;
    money.reward = {};
  }
  draft.effects.emplace_back([this, id = reward.id] { vesting_.remove(id); });
  return book(current, std::move(next), draft, now);
}

core::Result<void> JobMoney::release_rewards(core::Time now) {
  for (const PendingReward& reward : vesting_.due(now)) {
    if (auto status = release(reward, now); !status) return status;
  }
  return {};
}

void JobMoney::return_bounties(JobRecord& next, MoneyDraft& draft) {
  for (std::uint32_t i = 0; i < next.bounties.size(); ++i) {
    BountyMoney& bounty = next.bounties[i];
    const Amount amount = bounty.in_escrow();
    draft.move(next.key(MoneyKind::bounty_back, i), next.escrow, bounty.account, amount,
               Reason::refund);
    bounty.returned += amount;
  }
}

core::Result<void> JobMoney::return_voided(core::Time now) {
  while (!owed_.empty()) {
    const core::JobId id = *owed_.begin();
    JobRecord& current = jobs_.at(id);
    if (current.state == JobRecord::State::settled) {
      JobRecord next = current;
      MoneyDraft draft;
      give_back(next, draft, now);
      return_bounties(next, draft);
      if (auto status = book(current, std::move(next), draft, now); !status) return status;
    }
    // Of a job that runs, its verdict gives back what is left.
    owed_.erase(id);
  }
  return {};
}

}  // namespace nexa::ledger
