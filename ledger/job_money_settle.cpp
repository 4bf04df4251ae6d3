#include <algorithm>

#include "ledger/job_charge.hpp"
#include "ledger/job_money.hpp"
#include "ledger/money_error.hpp"

namespace nexa::ledger {

using core::ErrorCode;
using State = JobRecord::State;

Amount JobMoney::claw_back(AccountId from, Amount amount, TransferId id, const JobRecord& job,
                           MoneyDraft& draft) {
  Amount& claimed = draft.claimed[from];
  const Amount taken = std::min(amount, bank_.available(from) - claimed);
  claimed += taken;
  draft.move(id, from, job.escrow, taken, Reason::claw_back);
  return taken;
}

void JobMoney::end_stream(ReplicaMoney& money, core::ReplicaId replica, const Charge& charge,
                          JobRecord& next, MoneyDraft& draft) {
  if (money.pending != 0) {
    draft.void_pending(next.key(MoneyKind::stream_void, replica.value), money.stream_pending,
                       Reason::stream);
    money.pending = 0;
  }
  money.stream_pending = {};
  draft.effects.emplace_back([&node = nodes_.at(money.node), key = std::pair{next.id(), replica}] {
    node.streams.erase(key);
  });
  if (money.paid > charge.reward()) {
    money.paid -= claw_back(nodes_.at(money.node).account, money.paid - charge.reward(),
                            next.key(MoneyKind::claw_back, replica.value), next, draft);
  }
  if (money.fee > charge.fee) {
    money.fee -= claw_back(house_->fee, money.fee - charge.fee,
                           next.key(MoneyKind::fee_back, replica.value), next, draft);
  }
}

void JobMoney::pay_replica(const Charge& charge, JobRecord& next, MoneyDraft& draft,
                           core::Time now) {
  const core::ReplicaId replica = charge.report.replica;
  ReplicaMoney& money = next.replicas.at(replica);
  const Amount earned = money.earned();
  const Amount amount = charge.reward() - std::min(earned, charge.reward());
  if (amount == 0) return;
  const NodeMoney& node = nodes_.at(money.node);
  const TransferId id = next.key(MoneyKind::reward, replica.value);
  draft.reserve(id, next.escrow, node.account, amount, Reason::reward,
                money_group(MoneyKind::reward, money.node, node.convictions));
  money.reward = id;
  money.pending += amount;
  const PendingReward reward{.id = id,
                             .job = next.id(),
                             .replica = replica,
                             .node = money.node,
                             .amount = amount,
                             .bounty = {}};
  draft.effects.emplace_back(
      [this, reward, rules = next.terms->vesting, now] { vesting_.add(reward, rules, now); });
  draft.payments.push_back(payment(next, id, Reason::reward, amount, now));
  Payment& why = draft.payments.back();
  why.replica = replica;
  why.node = money.node;
  why.policy = next.terms->reward->name();
  why.factors = charge.factors;
}

void JobMoney::pay_fees(const std::vector<Charge>& charges, JobRecord& next, MoneyDraft& draft,
                        core::Time now) {
  Amount due = 0;
  Amount charged = 0;
  for (const Charge& charge : charges) {
    ReplicaMoney& money = next.replicas.at(charge.report.replica);
    const Amount missing = charge.fee - std::min(charge.fee, money.fee);
    money.fee += missing;
    due += missing;
    charged += charge.amount;
  }
  if (due == 0) return;
  const TransferId id = next.key(MoneyKind::fee);
  draft.move(id, next.escrow, house_->fee, due, Reason::fee);
  draft.payments.push_back(payment(next, id, Reason::fee, due, now));
  draft.payments.back().factors = {{"charged for replicas", charged, "micro-credits"},
                                   {"fee rate", next.terms->fee, "basis points"}};
}

Amount JobMoney::charge_loser(core::NodeId id, Amount cost, AccountId to, TransferId transfer,
                              Reason reason, MoneyDraft& draft) {
  const auto found = nodes_.find(id);
  if (found == nodes_.end()) return 0;
  NodeMoney& node = found->second;
  Amount& used = draft.slash_used[id];
  Amount& claimed = draft.claimed[house_->slash];
  const Amount share =
      std::min({cost, node.slashed - used, bank_.available(house_->slash) - claimed});
  if (share == 0) return 0;
  used += share;
  claimed += share;
  draft.move(transfer, house_->slash, to, share, reason);
  draft.effects.emplace_back([&node, share] { node.slashed -= share; });
  return share;
}

Amount JobMoney::charge_losers(std::span<const core::NodeId> losers, Amount cost,
                               const JobRecord& job, MoneyDraft& draft) {
  Amount borne = 0;
  for (const core::NodeId id : losers) {
    borne += charge_loser(id, cost - borne, house_->arbitration,
                          job.key(MoneyKind::losers_pay, id.value), Reason::arbitration, draft);
  }
  return borne;
}

void JobMoney::pay_arbitration(const Arbitration& arbitration, JobRecord& next, MoneyDraft& draft,
                               core::Time now) {
  if (arbitration.cost == 0) return;
  std::vector<core::NodeId> losers;
  for (const auto& [replica, money] : next.replicas) {
    const bool wrong = money.report.has_value() && money.report->outcome == ReplicaOutcome::invalid;
    if (wrong && std::find(losers.begin(), losers.end(), money.node) == losers.end()) {
      losers.push_back(money.node);
    }
  }
  const Amount by_losers = charge_losers(losers, arbitration.cost, next, draft);
  const Amount reserve = next.terms->arbitration_reserve - next.arbitration;
  const Amount by_requester = std::min({arbitration.cost - by_losers, reserve, next.free()});
  const TransferId id = next.key(MoneyKind::arbitration);
  draft.move(id, next.escrow, house_->arbitration, by_requester, Reason::arbitration);
  next.arbitration += by_requester;
  if (arbitration.arbiter.has_value()) {
    draft.move(next.key(MoneyKind::arbiter), house_->arbitration,
               nodes_.at(*arbitration.arbiter).account, by_losers + by_requester,
               Reason::arbitration);
  }
  if (by_losers + by_requester == 0) return;
  draft.payments.push_back(payment(next, id, Reason::arbitration, by_losers + by_requester, now));
  draft.payments.back().factors = {{"cost", arbitration.cost, "micro-credits"},
                                   {"paid by slashed stakes", by_losers, "micro-credits"},
                                   {"paid from the reserve", by_requester, "micro-credits"}};
}

void JobMoney::pay_bounties(JobRecord& next, MoneyDraft& draft, core::Time now) {
  for (std::uint32_t i = 0; i < next.bounties.size(); ++i) {
    BountyMoney& bounty = next.bounties[i];
    const bool won = next.verdict->canonical.has_value();
    if (!bounty.posted && bounty.held != 0 && bounty.returned == 0) {
      const TransferId out = next.key(MoneyKind::bounty_out, i);
      draft.post(out, bounty.hold, won ? bounty.held : 0, Reason::bounty);
      bounty.posted = won;
      if (!won) bounty.returned = bounty.held;
    }
    const Amount amount = bounty.in_escrow();
    if (!won || amount == 0) continue;
    const core::ReplicaId winner = *next.verdict->canonical;
    const core::NodeId node_id = next.replicas.at(winner).node;
    const NodeMoney& node = nodes_.at(node_id);
    const TransferId id = next.key(MoneyKind::bounty, i);
    draft.reserve(id, next.escrow, node.account, amount, Reason::bounty,
                  money_group(MoneyKind::reward, node_id, node.convictions));
    bounty.reward = id;
    bounty.node = node_id;
    bounty.pending = amount;
    const PendingReward reward{.id = id,
                               .job = next.id(),
                               .replica = winner,
                               .node = node_id,
                               .amount = amount,
                               .bounty = i};
    draft.effects.emplace_back(
        [this, reward, rules = next.terms->vesting, now] { vesting_.add(reward, rules, now); });
    draft.payments.push_back(payment(next, id, Reason::bounty, amount, now));
    draft.payments.back().replica = winner;
    draft.payments.back().node = node_id;
    draft.payments.back().factors = {{"bounty for the canonical result", amount, "micro-credits"}};
  }
}

void JobMoney::unlock(const std::vector<ReplicaReport>& reports, const JobRecord& next,
                      MoneyDraft& draft) {
  for (const ReplicaReport& report : reports) {
    const core::NodeId id = next.replicas.at(report.replica).node;
    NodeMoney& node = nodes_.at(id);
    const std::pair key{next.id(), report.replica};
    const auto lock = node.locks.find(key);
    if (lock != node.locks.end()) {
      draft.void_pending(next.key(MoneyKind::unlock, report.replica.value), lock->second.first,
                         Reason::unstake);
      draft.effects.emplace_back([&node, key] { node.locks.erase(key); });
    }
  }
}

core::Result<void> JobMoney::book_verdict(JobRecord& current, JobRecord next,
                                          const std::vector<ReplicaReport>& reports,
                                          const Arbitration& arbitration, core::Time now) {
  if (const auto opened = house(now); !opened) return opened.error();
  if (arbitration.arbiter.has_value()) {
    if (const auto arbiter = node(*arbitration.arbiter, now); !arbiter) return arbiter.error();
  }
  MoneyDraft draft;
  const std::vector<Charge> charges = charges_of(next, reports, now);
  Amount needed = 0;
  for (const Charge& charge : charges) {
    ReplicaMoney& money = next.replicas.at(charge.report.replica);
    money.report = charge.report;
    if (charge.report.outcome == ReplicaOutcome::valid) {
      // Before this result's own reward begins to vest: it counts for earlier ones.
      draft.effects.emplace_back([this, on = money.node] { vesting_.count_valid(on); });
    }
    if (money.stream.has_value()) money.stream->close(now);
    needed += charge.amount;
  }
  needed += next.quote.most * next.open_replicas() +
            std::min(arbitration.cost, next.terms->arbitration_reserve);
  if (!next.funded) take_holds(next, draft, needed);
  for (const Charge& charge : charges) {
    ReplicaMoney& money = next.replicas.at(charge.report.replica);
    if (money.stream.has_value()) end_stream(money, charge.report.replica, charge, next, draft);
  }
  for (const Charge& charge : charges) pay_replica(charge, next, draft, now);
  pay_fees(charges, next, draft, now);
  pay_arbitration(arbitration, next, draft, now);
  pay_bounties(next, draft, now);
  unlock(reports, next, draft);
  give_back(next, draft, now);
  return book(current, std::move(next), draft, now);
}

core::Result<void> JobMoney::settle(core::JobId id, const Verdict& verdict, core::Time now) {
  const auto found = job(id);
  if (!found) return found.error();
  JobRecord& current = **found;
  if (current.verdict.has_value()) {
    if (*current.verdict == verdict) return {};
    return money_error(ErrorCode::conflict, "job " + text_of(id) + " has a verdict",
                       "revise it, if it was wrong");
  }
  if (verdict.reports.empty() && current.replicas.empty()) return cancel(id, now);
  if (current.state == State::dropped) {
    return money_error(ErrorCode::conflict, "job " + text_of(id) + " was dropped",
                       "its money went back; there is nothing to settle");
  }
  if (auto status = check_reports(current, verdict); !status) return status;
  JobRecord next = current;
  next.verdict = verdict;
  next.state = State::settled;
  next.settled_at = now;
  return book_verdict(current, std::move(next), verdict.reports, verdict.arbitration, now);
}

core::Result<void> JobMoney::finish(core::JobId id, const ReplicaReport& report, core::Time now) {
  const auto found = job(id);
  if (!found) return found.error();
  JobRecord& current = **found;
  if (current.state != State::settled) {
    return money_error(ErrorCode::conflict, "job " + text_of(id) + " has no verdict",
                       "report the replica with the verdict");
  }
  if (auto status =
          check_reports(current, {.reports = {report}, .canonical = {}, .arbitration = {}});
      !status) {
    return status;
  }
  const auto& known = current.replicas.at(report.replica).report;
  if (known.has_value()) {
    if (*known == report) return {};
    return money_error(ErrorCode::conflict,
                       "replica " + text_of(report.replica) + " of job " + text_of(id) +
                           " was reported as " + std::string(name(known->outcome)),
                       "revise the verdict, if it was wrong");
  }
  return book_verdict(current, current, {report}, {}, now);
}

}  // namespace nexa::ledger
