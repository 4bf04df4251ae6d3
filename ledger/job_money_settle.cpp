#include <algorithm>

#include "ledger/id_text.hpp"
#include "ledger/job_charge.hpp"
#include "ledger/job_money.hpp"

namespace nexa::ledger {

using core::ErrorCode;
using State = JobRecord::State;

Amount JobMoney::claw_back(AccountId from, Amount amount, TransferId id, const JobRecord& job) {
  if (amount == 0) return 0;
  Amount& claimed = draft_.claimed[from];
  const Amount taken = std::min(amount, bank_.available(from) - claimed);
  claimed += taken;
  draft_.move(id, from, job.escrow, taken, Reason::claw_back);
  return taken;
}

void JobMoney::end_stream(ReplicaMoney& money, const Charge& charge, JobRecord& next) {
  const core::ReplicaId replica = charge.report->replica;
  NodeMoney& node = nodes_.at(money.node);
  void_stream_of(next, replica, money);
  draft_.effects.emplace_back(effect::StreamOver{&node, {next.id(), replica}});
  if (money.paid > charge.reward()) {
    money.paid -= claw_back(node.account, money.paid - charge.reward(),
                            next.key(MoneyKind::claw_back, replica.value), next);
  }
  if (money.fee > charge.fee) {
    money.fee -= claw_back(house_->fee, money.fee - charge.fee,
                           next.key(MoneyKind::fee_back, replica.value), next);
  }
}

void JobMoney::pay_replica(const Charge& charge, JobRecord& next, core::Time now) {
  const core::ReplicaId replica = charge.report->replica;
  ReplicaMoney& money = next.replicas.at(replica);
  const Amount earned = money.earned();
  const Amount amount = charge.reward() - std::min(earned, charge.reward());
  if (amount == 0) return;
  const NodeMoney& node = nodes_.at(money.node);
  const TransferId id = next.key(MoneyKind::reward, replica.value);
  draft_.reserve(id, next.escrow, node.account, amount, Reason::reward,
                 money_group(MoneyKind::reward, money.node, node.convictions));
  money.pending += amount;
  draft_.effects.emplace_back(effect::RewardPending{&next,
                                                    {.id = id,
                                                     .job = next.id(),
                                                     .replica = replica,
                                                     .node = money.node,
                                                     .amount = amount,
                                                     .bounty = {}}});
  if (Payment* const why = tell(next, id, Reason::reward, amount, now); why != nullptr) {
    why->replica = replica;
    why->node = money.node;
    why->policy = next.terms->reward->name();
    why->factors = charge.factors;
  }
}

void JobMoney::pay_fees(std::span<const Charge> charges, JobRecord& next, core::Time now) {
  Amount due = 0;
  Amount charged = 0;
  for (const Charge& charge : charges) {
    ReplicaMoney& money = next.replicas.at(charge.report->replica);
    const Amount missing = charge.fee - std::min(charge.fee, money.fee);
    money.fee += missing;
    due += missing;
    charged += charge.amount;
  }
  if (due == 0) return;
  const TransferId id = next.key(MoneyKind::fee);
  draft_.move(id, next.escrow, house_->fee, due, Reason::fee);
  if (Payment* const why = tell(next, id, Reason::fee, due, now); why != nullptr) {
    why->factors = {{"charged for replicas", charged, "micro-credits"},
                    {"fee rate", next.terms->fee, "basis points"}};
  }
}

void JobMoney::pay_bounties(JobRecord& next, core::Time now) {
  const std::optional<core::ReplicaId> winner = next.verdict->canonical;
  for (std::uint32_t i = 0; i < next.bounties.size(); ++i) {
    BountyMoney& bounty = next.bounties[i];
    if (!bounty.posted && bounty.held != 0 && bounty.returned == 0) {
      const TransferId out = next.key(MoneyKind::bounty_out, i);
      draft_.post(out, bounty.hold, winner.has_value() ? bounty.held : 0, Reason::bounty);
      bounty.posted = winner.has_value();
      if (!bounty.posted) bounty.returned = bounty.held;
    }
    const Amount amount = bounty.in_escrow();
    if (!winner.has_value() || amount == 0) continue;
    const NodeMoney& node = nodes_.at(next.replicas.at(*winner).node);
    const TransferId id = next.key(MoneyKind::bounty, i);
    draft_.reserve(id, next.escrow, node.account, amount, Reason::bounty,
                   money_group(MoneyKind::reward, node.id(), node.convictions));
    bounty.node = node.id();
    bounty.pending = amount;
    draft_.effects.emplace_back(effect::RewardPending{&next,
                                                      {.id = id,
                                                       .job = next.id(),
                                                       .replica = *winner,
                                                       .node = node.id(),
                                                       .amount = amount,
                                                       .bounty = i}});
    if (Payment* const why = tell(next, id, Reason::bounty, amount, now); why != nullptr) {
      why->replica = *winner;
      why->node = node.id();
      why->factors = {{"bounty for the canonical result", amount, "micro-credits"}};
    }
  }
}

void JobMoney::unlock(core::ReplicaId replica, const JobRecord& next) {
  NodeMoney& node = nodes_.at(next.replicas.at(replica).node);
  const ReplicaKey key{next.id(), replica};
  const auto lock = node.locks.find(key);
  if (lock == node.locks.end()) return;
  draft_.void_pending(next.key(MoneyKind::unlock, replica.value), lock->second.id, Reason::unstake);
  draft_.effects.emplace_back(effect::StakeUnlocked{&node, key});
}

core::Result<void> JobMoney::book_verdict(Step& step, JobRecord& next,
                                          std::span<const ReplicaReport> reports,
                                          std::span<const Arbitration> arbitrations,
                                          core::Time now) {
  const std::span<const Charge> charges =
      charger_.charge(next, reports, now, /*explain=*/sink_ != nullptr);
  Amount needed = 0;
  for (const Charge& charge : charges) {
    ReplicaMoney& money = next.replicas.at(charge.report->replica);
    if (charge.report->outcome == ReplicaOutcome::valid) {
      // Before this result's own reward begins to vest: it counts for earlier ones.
      draft_.effects.emplace_back(effect::ResultCounted{money.node});
    }
    if (money.stream.has_value()) money.stream->close(now);
    needed += charge.amount;
  }
  needed += next.quote.most * next.open_replicas() +
            std::min(cost_of(arbitrations), next.arbitration_reserve);
  if (!next.funded) take_holds(next, needed);
  for (const Charge& charge : charges) {
    ReplicaMoney& money = next.replicas.at(charge.report->replica);
    if (money.stream.has_value()) end_stream(money, charge, next);
  }
  for (const Charge& charge : charges) pay_replica(charge, next, now);
  pay_fees(charges, next, now);
  pay_arbitrations(arbitrations, next, now);
  pay_bounties(next, now);
  for (const ReplicaReport& report : reports) unlock(report.replica, next);
  give_back(next, now);
  return step.book(now);
}

core::Result<void> JobMoney::settle(core::JobId id, const Verdict& verdict, core::Time now) {
  const auto found = job(id);
  if (!found) return found.error();
  JobRecord& current = **found;
  if (current.verdict.has_value()) {
    if (current.has_verdict(verdict)) return {};
    return core::make_error(ErrorCode::conflict, "job " + text_of(id) + " has a verdict",
                            "revise it, if it was wrong");
  }
  if (verdict.reports.empty() && current.replicas.empty()) return cancel(id, now);
  if (current.state == State::dropped) {
    return core::make_error(ErrorCode::conflict, "job " + text_of(id) + " was dropped",
                            "its money went back; there is nothing to settle");
  }
  if (auto status = check_reports(current, verdict.reports, verdict.canonical); !status) {
    return status;
  }
  if (const auto opened = house(now); !opened) return opened.error();
  if (auto status = open_arbiters(verdict.arbitrations, now); !status) return status;
  Step step(*this, current);
  for (const ReplicaReport& report : verdict.reports) {
    current.replicas.at(report.replica).report = report;
  }
  current.keep_verdict(verdict);
  current.state = State::settled;
  current.settled_at = now;
  return book_verdict(step, current, verdict.reports, verdict.arbitrations, now);
}

core::Result<void> JobMoney::finish(core::JobId id, const ReplicaReport& report, core::Time now) {
  const auto found = job(id);
  if (!found) return found.error();
  JobRecord& current = **found;
  if (current.state != State::settled) {
    return core::make_error(ErrorCode::conflict, "job " + text_of(id) + " has no verdict",
                            "report the replica with the verdict");
  }
  const std::span<const ReplicaReport> reports(&report, 1);
  if (auto status = check_reports(current, reports, {}); !status) return status;
  std::optional<ReplicaReport>& known = current.replicas.at(report.replica).report;
  if (known.has_value()) {
    if (*known == report) return {};
    return core::make_error(ErrorCode::conflict,
                            "replica " + text_of(report.replica) + " of job " + text_of(id) +
                                " was reported as " + std::string(name(known->outcome)),
                            "revise the verdict, if it was wrong");
  }
  Step step(*this, current);
  known = report;
  return book_verdict(step, current, reports, {}, now);
}

}  // namespace nexa::ledger
