#include <algorithm>

#include "ledger/job_charge.hpp"
#include "ledger/job_money.hpp"
#include "ledger/money_error.hpp"

namespace nexa::ledger {

using core::ErrorCode;

void JobMoney::take_back(core::ReplicaId replica, JobRecord& next, MoneyDraft& draft) {
  ReplicaMoney& money = next.replicas.at(replica);
  if (money.reward != TransferId{}) {
    draft.void_pending(next.key(MoneyKind::withdraw, replica.value), money.reward,
                       Reason::claw_back);
    draft.effects.emplace_back([this, id = money.reward] { vesting_.remove(id); });
    money.pending = 0;
    money.reward = {};
  }
  money.paid -= claw_back(nodes_.at(money.node).account, money.paid,
                          next.key(MoneyKind::claw_back, replica.value), next, draft);
  // What the node has spent already comes out of the stake that it lost.
  money.paid -=
      charge_loser(money.node, money.paid, next.escrow,
                   next.key(MoneyKind::restitution, replica.value), Reason::claw_back, draft);
  money.fee -=
      claw_back(house_->fee, money.fee, next.key(MoneyKind::fee_back, replica.value), next, draft);
}

void JobMoney::take_back_bounties(JobRecord& next, MoneyDraft& draft) {
  std::optional<core::NodeId> winner;
  bool vouched = false;
  if (next.verdict->canonical.has_value()) {
    const ReplicaMoney& money = next.replicas.at(*next.verdict->canonical);
    winner = money.node;
    vouched = money.vouched;
  }
  for (std::uint32_t i = 0; i < next.bounties.size(); ++i) {
    BountyMoney& bounty = next.bounties[i];
    if (!bounty.node.has_value()) continue;
    if (bounty.node == winner) {
      // Kept, though perhaps for another replica of the node, whose word has come.
      if (vouched) draft.effects.emplace_back([this, id = bounty.reward] { vesting_.vouch(id); });
      continue;
    }
    if (bounty.reward != TransferId{}) {
      draft.void_pending(next.key(MoneyKind::bounty_out, i), bounty.reward, Reason::claw_back);
      draft.effects.emplace_back([this, id = bounty.reward] { vesting_.remove(id); });
      bounty.pending = 0;
      bounty.reward = {};
    }
    bounty.paid -= claw_back(nodes_.at(*bounty.node).account, bounty.paid,
                             next.key(MoneyKind::claw_back, i | bounty_bit), next, draft);
    bounty.node.reset();
  }
}

core::Result<void> JobMoney::check_revision(const JobRecord& job, const Verdict& verdict) const {
  if (job.state != JobRecord::State::settled) {
    return money_error(ErrorCode::conflict, "job " + text_of(job.id()) + " has no verdict",
                       "settle it first");
  }
  if (auto status = check_reports(job, verdict); !status) return status;
  for (const auto& [replica, money] : job.replicas) {
    const bool reported = std::any_of(
        verdict.reports.begin(), verdict.reports.end(),
        [&, id = replica](const ReplicaReport& report) { return report.replica == id; });
    if (money.report.has_value() == reported) continue;
    return money_error(ErrorCode::invalid_argument,
                       "the revised verdict on job " + text_of(job.id()) +
                           (reported ? " reports the open replica " : " leaves out replica ") +
                           text_of(replica),
                       "report those replicas that have ended, each of them");
  }
  return {};
}

core::Result<void> JobMoney::revise(core::JobId id, const Verdict& verdict, core::Time now) {
  const auto found = job(id);
  if (!found) return found.error();
  JobRecord& current = **found;
  if (auto status = check_revision(current, verdict); !status) return status;
  if (current.verdict == verdict) return {};
  if (const auto opened = house(now); !opened) return opened.error();
  if (auto status = open_arbiters(verdict.arbitrations, now); !status) return status;
  JobRecord next = current;
  MoneyDraft draft;
  std::vector<ReplicaReport> changed;
  for (const ReplicaReport& report : verdict.reports) {
    ReplicaMoney& money = next.replicas.at(report.replica);
    if (money.report->outcome == report.outcome) continue;  // what stands keeps its reward
    take_back(report.replica, next, draft);
    money.report = report;
    changed.push_back(report);
    if (report.outcome == ReplicaOutcome::valid) {
      draft.effects.emplace_back([this, on = money.node] { vesting_.count_valid(on); });
    }
  }
  next.verdict = verdict;
  take_back_bounties(next, draft);
  std::vector<Charge> charges = charges_of(next, changed, now);
  // Only what is left of this job pays: a requester is never charged again after the verdict.
  Amount left = next.free();
  for (Charge& charge : charges) {
    charge.amount = std::min(charge.amount, left);
    charge.fee = fee_of(charge.amount, next.terms->fee);
    left -= charge.amount;
    pay_replica(charge, next, draft, now);
  }
  pay_fees(charges, next, draft, now);
  pay_arbitrations(verdict.arbitrations, next, draft, now);
  pay_bounties(next, draft, now);
  unlock(changed, next, draft);
  give_back(next, draft, now);
  return_bounties(next, draft);
  return book(current, std::move(next), draft, now);
}

}  // namespace nexa::ledger
