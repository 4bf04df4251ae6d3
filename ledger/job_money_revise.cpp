#include <algorithm>

#include "ledger/id_text.hpp"
#include "ledger/job_charge.hpp"
#include "ledger/job_money.hpp"

namespace nexa::ledger {

using core::ErrorCode;

void JobMoney::take_back(core::ReplicaId replica, JobRecord& next) {
  ReplicaMoney& money = next.replicas.at(replica);
  if (money.reward != no_reward) {
    draft_.void_pending(next.key(MoneyKind::withdraw, replica.value), vesting_.at(money.reward).id,
                        Reason::claw_back);
    draft_.effects.emplace_back(effect::RewardOver{money.reward});
    money.pending = 0;
    money.reward = no_reward;
  }
  money.paid -= claw_back(nodes_.at(money.node).account, money.paid,
                          next.key(MoneyKind::claw_back, replica.value), next);
  // What the node has spent already comes out of the stake that it lost.
  money.paid -= charge_loser(money.node, money.paid, next.escrow,
                             next.key(MoneyKind::restitution, replica.value), Reason::claw_back);
  money.fee -=
      claw_back(house_->fee, money.fee, next.key(MoneyKind::fee_back, replica.value), next);
}

void JobMoney::take_back_bounties(JobRecord& next) {
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
      if (vouched) draft_.effects.emplace_back(effect::RewardVouched{bounty.reward});
      continue;
    }
    if (bounty.reward != no_reward) {
      draft_.void_pending(next.key(MoneyKind::bounty_out, i), vesting_.at(bounty.reward).id,
                          Reason::claw_back);
      draft_.effects.emplace_back(effect::RewardOver{bounty.reward});
      bounty.pending = 0;
      bounty.reward = no_reward;
    }
    bounty.paid -= claw_back(nodes_.at(*bounty.node).account, bounty.paid,
                             next.key(MoneyKind::claw_back, i | bounty_bit), next);
    bounty.node.reset();
  }
}

core::Result<void> JobMoney::check_revision(const JobRecord& job, const Verdict& verdict) const {
  if (job.state != JobRecord::State::settled) {
    return core::make_error(ErrorCode::conflict, "job " + text_of(job.id()) + " has no verdict",
                            "settle it first");
  }
  if (auto status = check_reports(job, verdict.reports, verdict.canonical); !status) return status;
  for (const auto& [replica, money] : job.replicas) {
    const bool reported = std::any_of(
        verdict.reports.begin(), verdict.reports.end(),
        [&, id = replica](const ReplicaReport& report) { return report.replica == id; });
    if (money.report.has_value() == reported) continue;
    return core::make_error(ErrorCode::invalid_argument,
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
  if (current.has_verdict(verdict)) return {};
  if (const auto opened = house(now); !opened) return opened.error();
  if (auto status = open_arbiters(verdict.arbitrations, now); !status) return status;
  Step step(*this, current);
  std::vector<ReplicaReport> changed;
  for (const ReplicaReport& report : verdict.reports) {
    ReplicaMoney& money = current.replicas.at(report.replica);
    if (money.report->outcome == report.outcome) continue;  // what stands keeps its reward
    take_back(report.replica, current);
    money.report = report;
    changed.push_back(report);
    if (report.outcome == ReplicaOutcome::valid) {
      draft_.effects.emplace_back(effect::ResultCounted{money.node});
    }
  }
  current.keep_verdict(verdict);
  take_back_bounties(current);
  const std::span<Charge> charges =
      charger_.charge(current, changed, now, /*explain=*/sink_ != nullptr);
  // Only what is left of this job pays: a requester is never charged again after the verdict.
  Amount left = current.free();
  for (Charge& charge : charges) {
    charge.amount = std::min(charge.amount, left);
    charge.fee = fee_of(charge.amount, current.terms->fee);
    left -= charge.amount;
    pay_replica(charge, current, now);
  }
  pay_fees(charges, current, now);
  pay_arbitrations(verdict.arbitrations, current, now);
  pay_bounties(current, now);
  for (const ReplicaReport& report : changed) unlock(report.replica, current);
  give_back(current, now);
  return_bounties(current);
  return step.book(now);
}

}  // namespace nexa::ledger
