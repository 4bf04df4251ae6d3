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
  draft.effects.emplace_back([this, reward, rules = next.terms->vesting, vouched = money.vouched,
                              now] { vesting_.add(reward, rules, vouched, now); });
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
    draft.effects.emplace_back([this, reward, rules = next.terms->vesting,
                                vouched = next.replicas.at(winner).vouched,
                                now] { vesting_.add(reward, rules, vouched, now); });
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
                                          std::span<const Arbitration> arbitrations,
                                          core::Time now) {
  if (const auto opened = house(now); !opened) return opened.error();
  if (auto status = open_arbiters(arbitrations, now); !status) return status;
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
            std::min(cost_of(arbitrations), next.terms->arbitration_reserve);
  if (!next.funded) take_holds(next, draft, needed);
  for (const Charge& charge : charges) {
    ReplicaMoney& money = next.replicas.at(charge.report.replica);
    if (money.stream.has_value()) end_stream(money, charge.report.replica, charge, next, draft);
  }
  for (const Charge& charge : charges) pay_replica(charge, next, draft, now);
  pay_fees(charges, next, draft, now);
  pay_arbitrations(arbitrations, next, draft, now);
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
  return book_verdict(current, std::move(next), verdict.reports, verdict.arbitrations, now);
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
          check_reports(current, {.reports = {report}, .canonical = {}, .arbitrations = {}});
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
