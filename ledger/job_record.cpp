#include "ledger/job_record.hpp"

namespace nexa::ledger {
namespace {

bool agree(const BountyMoney& bounty, const BountyPledge& pledge) {
  return bounty.account == pledge.account && bounty.held == pledge.amount;
}

bool agree(const PurseShare& share, AccountId account) {
  return share.account == account;
}

const ReplicaReport* find_report(const std::vector<ReplicaReport>& reports, core::ReplicaId id) {
  const auto found = std::find_if(reports.begin(), reports.end(), [&](const ReplicaReport& report) {
    return report.replica == id;
  });
  return found == reports.end() ? nullptr : &*found;
}

}  // namespace

bool JobRecord::resolved() const {
  const bool decided = state == State::settled || state == State::dropped;
  if (!decided || dispute.has_value() || open_replicas() != 0 || unspent() != 0) return false;
  const auto rests = [](const auto& each) { return each.pending == 0; };
  return std::all_of(replicas.begin(), replicas.end(),
                     [&](const auto& entry) { return rests(entry.second); }) &&
         std::all_of(bounties.begin(), bounties.end(), [&](const BountyMoney& bounty) {
           return rests(bounty) && bounty.in_escrow() == 0;
         });
}

bool JobRecord::is_of(const JobTerms& known) const {
  const auto same = [](const auto& a, const auto& b) { return agree(a, b); };
  return *terms == known && about == known.about && user == known.user && limits == known.limits &&
         arbitration_reserve == known.arbitration_reserve &&
         std::equal(bounties.begin(), bounties.end(), known.bounties.begin(), known.bounties.end(),
                    same) &&
         std::equal(purses.shares().begin(), purses.shares().end(), known.purses.begin(),
                    known.purses.end(), same);
}

bool JobRecord::has_verdict(const Verdict& known) const {
  if (!verdict.has_value() || verdict->canonical != known.canonical) return false;
  const KnownVerdict::More none;
  const KnownVerdict::More& more = verdict->more.has_value() ? *verdict->more : none;
  if (more.arbitrations != known.arbitrations) return false;
  std::size_t reported = 0;
  for (const auto& [replica, money] : replicas) {
    if (!money.in_verdict) continue;
    ++reported;
    const ReplicaReport* const now = find_report(known.reports, replica);
    const ReplicaReport* const then = find_report(more.reports, replica);
    if (now == nullptr || *now != (then == nullptr ? *money.report : *then)) return false;
  }
  return reported == known.reports.size();
}

void JobRecord::keep_verdict(const Verdict& found) {
  KnownVerdict kept;
  kept.canonical = found.canonical;
  for (auto& [replica, money] : replicas) money.in_verdict = false;
  KnownVerdict::More more{.arbitrations = found.arbitrations, .reports = {}};
  for (const ReplicaReport& report : found.reports) {
    ReplicaMoney& money = replicas.at(report.replica);
    money.in_verdict = true;
    if (money.report != report) more.reports.push_back(report);
  }
  if (!more.arbitrations.empty() || !more.reports.empty()) kept.more.emplace(std::move(more));
  verdict = std::move(kept);
}

}  // namespace nexa::ledger
