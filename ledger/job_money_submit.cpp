#include <algorithm>

#include "ledger/id_text.hpp"
#include "ledger/job_money.hpp"

namespace nexa::ledger {

using core::ErrorCode;
using State = JobRecord::State;

core::Result<void> JobMoney::pledge(const JobTerms& terms, JobRecord& record) {
  for (std::uint32_t i = 0; i < terms.bounties.size(); ++i) {
    const BountyPledge& pledge = terms.bounties[i];
    Amount sum = pledge.amount;
    for (const BountyMoney& other : record.bounties) {
      if (other.account == pledge.account) sum += other.held;
    }
    const Amount left = bank_.available(pledge.account);
    if (sum > left) {
      return core::make_error(ErrorCode::refused,
                              "a bounty of " + to_decimal(pledge.amount) +
                                  " micro-credits for job " + text_of(record.id()) +
                                  " from an account that has " +
                                  to_decimal(left - std::min(left, sum - pledge.amount)),
                              "pay into the account first, or offer less");
    }
    const TransferId id = record.key(MoneyKind::pledge, i);
    draft_.reserve(id, pledge.account, record.escrow, pledge.amount, Reason::bounty, {},
                   terms.hold_timeout);
    BountyMoney& bounty = record.bounties.emplace_back();
    bounty.account = pledge.account;
    bounty.hold = id;
    bounty.held = pledge.amount;
  }
  return {};
}

core::Result<void> JobMoney::hold(const JobTerms& terms, JobRecord& record, core::Time now) {
  std::vector<Amount> available;
  available.reserve(terms.purses.size());
  for (const AccountId account : terms.purses) {
    Amount pledged = 0;
    for (const BountyMoney& bounty : record.bounties) {
      if (bounty.account == account) pledged += bounty.held;
    }
    available.push_back(std::min(bank_.available(account) - pledged,
                                 sponsors_.allowance(account, terms.user, now)));
  }
  auto purses = plan_purses(terms.purses, record.quote.job, available);
  if (!purses) {
    core::Error error = purses.error();
    error.message = "job " + text_of(record.id()) + ": " + error.message;
    return error;
  }
  record.purses = std::move(*purses);
  std::uint32_t part = 0;
  for (PurseShare& share : record.purses.shares()) {
    const TransferId id = record.key(MoneyKind::hold, part++);
    if (share.held == 0) continue;
    share.hold = id;
    draft_.reserve(id, share.account, record.escrow, share.held, Reason::escrow, {},
                   terms.hold_timeout);
    if (!sponsors_.has(share.account)) continue;
    draft_.effects.emplace_back(effect::SponsorHeld{share.account, terms.user, share.held});
  }
  return {};
}

core::Result<void> JobMoney::submit(const JobTerms& terms, core::Time now) {
  const core::JobId id = terms.about.job;
  if (const JobRecord* const known = find(id); known != nullptr) {
    if (known->is_of(terms)) return {};
    return core::make_error(ErrorCode::conflict,
                            "job " + text_of(id) + " was submitted before, with other terms",
                            "give the job a number of its own");
  }
  const auto quoted = quote(terms);
  if (!quoted) return quoted.error();
  const auto escrow = bank_.open("escrow:" + text_of(id), now);
  if (!escrow) return escrow.error();

  JobRecord record;
  record.about = terms.about;
  record.user = terms.user;
  record.escrow = *escrow;
  record.arbitration_reserve = terms.arbitration_reserve;
  record.quote = *quoted;
  record.limits = terms.limits;
  const auto failed = failed_rounds_.find(id);
  if (failed != failed_rounds_.end()) record.round = failed->second;
  if (terms.hold_timeout > core::Duration{}) record.hold_end = now + terms.hold_timeout;

  draft_.clear();
  if (auto status = pledge(terms, record); !status) return status;
  if (auto status = hold(terms, record, now); !status) return status;
  if (auto status = book(now); !status) {
    if (status.error().code == ErrorCode::refused) failed_rounds_[id] = record.round + 1;
    return status;
  }
  ++record.round;
  if (record.hold_end != core::never) hold_ends_.insert({record.hold_end, id});
  jobs_.add(std::move(record), terms);
  return {};
}

void JobMoney::renew_holds(JobRecord& next) {
  const auto renew = [&](TransferId& hold, std::uint32_t part, AccountId account, Amount amount,
                         Reason reason) {
    draft_.void_pending(next.key(MoneyKind::renew_void, part), hold, reason);
    hold = next.key(MoneyKind::renew_hold, part);
    draft_.reserve(hold, account, next.escrow, amount, reason, {});
  };
  std::uint32_t part = 0;
  for (PurseShare& share : next.purses.shares()) {
    if (share.held != 0) renew(share.hold, part, share.account, share.held, Reason::escrow);
    ++part;
  }
  for (BountyMoney& bounty : next.bounties) {
    if (bounty.held != 0) renew(bounty.hold, part, bounty.account, bounty.held, Reason::bounty);
    ++part;
  }
}

core::Result<void> JobMoney::lock_stake(const JobRecord& job, core::ReplicaId replica,
                                        NodeMoney& node) {
  const Amount amount = job.terms->stake_per_replica;
  if (amount == 0) return {};
  const Amount free = bank_.available(node.stake);
  if (free < amount) {
    return core::make_error(ErrorCode::refused,
                            "node " + text_of(node.id()) + " has a free stake of " +
                                to_decimal(free) + " micro-credits, job " + text_of(job.id()) +
                                " wants " + to_decimal(amount),
                            "raise the stake, or wait until other jobs of the node are decided");
  }
  const TransferId lock = job.key(MoneyKind::lock, replica.value);
  draft_.reserve(lock, node.stake, house_->slash, amount, Reason::stake,
                 money_group(MoneyKind::lock, node.id(), node.convictions));
  draft_.effects.emplace_back(
      effect::StakeLocked{&node, {job.id(), replica}, {.id = lock, .amount = amount}});
  return {};
}

core::Result<void> JobMoney::assign(core::JobId id, core::ReplicaId replica, core::NodeId node_id,
                                    core::Time now) {
  if (replica.value >= bounty_bit) {
    return core::make_error(ErrorCode::invalid_argument,
                            "replica " + text_of(replica) + " of job " + text_of(id),
                            "number replicas below " + std::to_string(bounty_bit));
  }
  if (const auto opened = house(now); !opened) return opened.error();
  const auto found = job(id);
  if (!found) return found.error();
  JobRecord& current = **found;
  const auto known = current.replicas.find(replica);
  if (known != current.replicas.end()) {
    if (known->second.node == node_id) return {};
    return core::make_error(ErrorCode::conflict,
                            "replica " + text_of(replica) + " of job " + text_of(id) +
                                " was assigned to node " + text_of(known->second.node),
                            "give each replica a number of its own");
  }
  if (current.state != State::held && current.state != State::running) {
    return core::make_error(ErrorCode::conflict,
                            "job " + text_of(id) + " is decided or was dropped",
                            "start no more replicas of it");
  }
  if (now >= current.hold_end) {
    return core::make_error(ErrorCode::refused, "the hold of job " + text_of(id) + " has expired",
                            "submit the job anew");
  }
  if (current.replicas.size() >= current.terms->max_replicas) {
    return core::make_error(ErrorCode::refused,
                            "job " + text_of(id) + " has had its " +
                                std::to_string(current.replicas.size()) + " replicas",
                            "the hold covers no more; allow more at submission");
  }
  const auto found_node = node(node_id, now);
  if (!found_node) return found_node.error();

  Step step(*this, current);
  if (auto status = lock_stake(current, replica, **found_node); !status) return status;
  if (current.hold_end != core::never) {
    renew_holds(current);
    draft_.effects.emplace_back(effect::HoldOver{current.hold_end, id});
    current.hold_end = core::never;
  }
  current.state = State::running;
  current.replicas[replica].node = node_id;
  return step.book(now);
}

core::Result<void> JobMoney::cancel(core::JobId id, core::Time now) {
  const auto found = job(id);
  if (!found) return found.error();
  JobRecord& current = **found;
  if (current.state == State::dropped) return {};
  if (current.state != State::held) {
    return core::make_error(ErrorCode::conflict, "job " + text_of(id) + " has started",
                            "settle it, with replicas that were cancelled");
  }
  Step step(*this, current);
  const bool expired = now >= current.hold_end;  // then the ledger has given all back by itself
  std::uint32_t part = 0;
  for (const PurseShare& share : current.purses.shares()) {
    const TransferId out = current.key(MoneyKind::collect, part++);
    if (share.held == 0) continue;
    if (!expired) draft_.void_pending(out, share.hold, Reason::refund);
    note_freed(current, share.account, share.held);
  }
  part = 0;
  for (BountyMoney& bounty : current.bounties) {
    const TransferId out = current.key(MoneyKind::bounty_out, part++);
    if (!expired && bounty.held != 0) draft_.void_pending(out, bounty.hold, Reason::refund);
    bounty.returned = bounty.held;
  }
  draft_.effects.emplace_back(effect::HoldOver{current.hold_end, id});
  current.state = State::dropped;
  current.hold_end = core::never;
  return step.book(now);
}

core::Result<void> JobMoney::expire_holds(core::Time now) {
  while (!hold_ends_.empty() && hold_ends_.begin()->first <= now) {
    if (auto status = cancel(hold_ends_.begin()->second, now); !status) return status;
  }
  return {};
}

}  // namespace nexa::ledger
