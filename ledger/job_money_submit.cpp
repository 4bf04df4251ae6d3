#include <algorithm>

#include "ledger/job_money.hpp"
#include "ledger/money_error.hpp"

namespace nexa::ledger {

using core::ErrorCode;
using State = JobRecord::State;

core::Result<void> JobMoney::pledge(JobRecord& record, MoneyDraft& draft) const {
  std::map<AccountId, Amount> pledged;
  for (std::uint32_t i = 0; i < record.terms->bounties.size(); ++i) {
    const BountyPledge& pledge = record.terms->bounties[i];
    Amount& sum = pledged[pledge.account];
    const Amount left = bank_.available(pledge.account);
    sum += pledge.amount;
    if (sum > left) {
      return money_error(ErrorCode::refused,
                         "a bounty of " + to_decimal(pledge.amount) + " micro-credits for job " +
                             text_of(record.id()) + " from an account that has " +
                             to_decimal(left - std::min(left, sum - pledge.amount)),
                         "pay into the account first, or offer less");
    }
    const TransferId id = record.key(MoneyKind::pledge, i);
    draft.reserve(id, pledge.account, record.escrow, pledge.amount, Reason::bounty, {},
                  record.terms->hold_timeout);
    record.bounties.push_back(
        {.account = pledge.account, .hold = id, .held = pledge.amount, .node = {}});
  }
  return {};
}

core::Result<void> JobMoney::hold(JobRecord& record, MoneyDraft& draft, core::Time now) {
  const JobTerms& terms = *record.terms;
  const auto available = [&](AccountId account) {
    Amount pledged = 0;
    for (const BountyMoney& bounty : record.bounties) {
      if (bounty.account == account) pledged += bounty.held;
    }
    return std::min(bank_.available(account) - pledged,
                    sponsors_.allowance(account, terms.user, now));
  };
  auto purses = plan_purses(terms.purses, record.quote.job, available);
  if (!purses) {
    core::Error error = purses.error();
    error.message = "job " + text_of(record.id()) + ": " + error.message;
    return error;
  }
  record.purses = std::move(*purses);
  for (std::uint32_t i = 0; i < record.purses.shares().size(); ++i) {
    const PurseShare& share = record.purses.shares()[i];
    const TransferId id = share.held == 0 ? TransferId{} : record.key(MoneyKind::hold, i);
    draft.reserve(id, share.account, record.escrow, share.held, Reason::escrow, {},
                  terms.hold_timeout);
    record.holds.push_back(id);
    draft.effects.emplace_back([this, account = share.account, user = terms.user,
                                held = share.held] { sponsors_.note_held(account, user, held); });
  }
  return {};
}

core::Result<void> JobMoney::submit(const JobTerms& terms, core::Time now) {
  const core::JobId id = terms.about.job;
  if (const JobRecord* const known = find(id); known != nullptr) {
    if (*known->terms == terms) return {};
    return money_error(ErrorCode::conflict,
                       "job " + text_of(id) + " was submitted before, with other terms",
                       "give the job a number of its own");
  }
  const auto quoted = quote(terms);
  if (!quoted) return quoted.error();
  const auto escrow = bank_.open("escrow:" + text_of(id), now);
  if (!escrow) return escrow.error();

  JobRecord record;
  record.terms = std::make_shared<const JobTerms>(terms);
  record.quote = *quoted;
  record.escrow = *escrow;
  const auto failed = failed_rounds_.find(id);
  if (failed != failed_rounds_.end()) record.round = failed->second;
  if (terms.hold_timeout > core::Duration{}) record.hold_end = now + terms.hold_timeout;

  MoneyDraft draft;
  if (auto status = pledge(record, draft); !status) return status;
  if (auto status = hold(record, draft, now); !status) return status;
  if (auto status = book(draft, now); !status) {
    if (status.error().code == ErrorCode::refused) failed_rounds_[id] = record.round + 1;
    return status;
  }
  ++record.round;
  if (record.hold_end != core::never) hold_ends_.insert({record.hold_end, id});
  jobs_.emplace(id, std::move(record));
  return {};
}

void JobMoney::renew_holds(JobRecord& next, MoneyDraft& draft) {
  const auto renew = [&](TransferId& hold, std::uint32_t part, AccountId account, Amount amount,
                         Reason reason) {
    draft.void_pending(next.key(MoneyKind::renew_void, part), hold, reason);
    hold = next.key(MoneyKind::renew_hold, part);
    draft.reserve(hold, account, next.escrow, amount, reason, {});
  };
  const auto purses = static_cast<std::uint32_t>(next.purses.shares().size());
  for (std::uint32_t i = 0; i < purses; ++i) {
    const PurseShare& share = next.purses.shares()[i];
    if (share.held != 0) renew(next.holds[i], i, share.account, share.held, Reason::escrow);
  }
  for (std::uint32_t i = 0; i < next.bounties.size(); ++i) {
    BountyMoney& bounty = next.bounties[i];
    if (bounty.held == 0) continue;
    renew(bounty.hold, purses + i, bounty.account, bounty.held, Reason::bounty);
  }
}

core::Result<void> JobMoney::lock_stake(const JobRecord& job, core::ReplicaId replica,
                                        core::NodeId id, NodeMoney& node, MoneyDraft& draft) {
  const Amount amount = job.terms->stake_per_replica;
  if (amount == 0) return {};
  const Amount free = bank_.available(node.stake);
  if (free < amount) {
    return money_error(ErrorCode::refused,
                       "node " + text_of(id) + " has a free stake of " + to_decimal(free) +
                           " micro-credits, job " + text_of(job.id()) + " wants " +
                           to_decimal(amount),
                       "raise the stake, or wait until other jobs of the node are decided");
  }
  const TransferId lock = job.key(MoneyKind::lock, replica.value);
  draft.reserve(lock, node.stake, house_->slash, amount, Reason::stake,
                money_group(MoneyKind::lock, id, node.convictions));
  draft.effects.emplace_back([&node, key = std::pair{job.id(), replica}, lock, amount] {
    node.locks[key] = {lock, amount};
  });
  return {};
}

core::Result<void> JobMoney::assign(core::JobId id, core::ReplicaId replica, core::NodeId node_id,
                                    core::Time now) {
  if (replica.value >= bounty_bit) {
    return money_error(ErrorCode::invalid_argument,
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
    return money_error(ErrorCode::conflict,
                       "replica " + text_of(replica) + " of job " + text_of(id) +
                           " was assigned to node " + text_of(known->second.node),
                       "give each replica a number of its own");
  }
  if (current.state != State::held && current.state != State::running) {
    return money_error(ErrorCode::conflict, "job " + text_of(id) + " is decided or was dropped",
                       "start no more replicas of it");
  }
  if (now >= current.hold_end) {
    return money_error(ErrorCode::refused, "the hold of job " + text_of(id) + " has expired",
                       "submit the job anew");
  }
  if (current.replicas.size() >= current.terms->max_replicas) {
    return money_error(ErrorCode::refused,
                       "job " + text_of(id) + " has had its " +
                           std::to_string(current.replicas.size()) + " replicas",
                       "the hold covers no more; allow more at submission");
  }
  const auto found_node = node(node_id, now);
  if (!found_node) return found_node.error();

  MoneyDraft draft;
  JobRecord next = current;
  if (auto status = lock_stake(current, replica, node_id, **found_node, draft); !status) {
    return status;
  }
  if (next.hold_end != core::never) {
    renew_holds(next, draft);
    next.hold_end = core::never;
    draft.effects.emplace_back(
        [this, key = std::pair{current.hold_end, id}] { hold_ends_.erase(key); });
  }
  next.state = State::running;
  next.replicas[replica].node = node_id;
  return book(current, std::move(next), draft, now);
}

core::Result<void> JobMoney::cancel(core::JobId id, core::Time now) {
  const auto found = job(id);
  if (!found) return found.error();
  JobRecord& current = **found;
  if (current.state == State::dropped) return {};
  if (current.state != State::held) {
    return money_error(ErrorCode::conflict, "job " + text_of(id) + " has started",
                       "settle it, with replicas that were cancelled");
  }
  JobRecord next = current;
  MoneyDraft draft;
  const bool expired = now >= current.hold_end;  // then the ledger has given all back by itself
  for (std::uint32_t i = 0; i < next.purses.shares().size(); ++i) {
    const Amount held = next.purses.shares()[i].held;
    if (held == 0) continue;
    if (!expired) {
      draft.void_pending(next.key(MoneyKind::collect, i), next.holds[i], Reason::refund);
    }
    note_freed(next, i, held, draft);
  }
  for (std::uint32_t i = 0; i < next.bounties.size(); ++i) {
    BountyMoney& bounty = next.bounties[i];
    if (!expired && bounty.held != 0) {
      draft.void_pending(next.key(MoneyKind::bounty_out, i), bounty.hold, Reason::refund);
    }
    bounty.returned = bounty.held;
  }
  next.state = State::dropped;
  next.hold_end = core::never;
  draft.effects.emplace_back(
      [this, key = std::pair{current.hold_end, id}] { hold_ends_.erase(key); });
  return book(current, std::move(next), draft, now);
}

core::Result<void> JobMoney::expire_holds(core::Time now) {
  while (!hold_ends_.empty() && hold_ends_.begin()->first <= now) {
    if (auto status = cancel(hold_ends_.begin()->second, now); !status) return status;
  }
  return {};
}

}  // namespace nexa::ledger
