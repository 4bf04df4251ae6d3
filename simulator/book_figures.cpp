// What the books of a run come to: by behaviour, and who paid whom.
#include <algorithm>
#include <map>
#include <numeric>
#include <string>

#include "core/assert.hpp"
#include "ledger/check.hpp"
#include "ledger/money_id.hpp"
#include "simulator/amounts.hpp"
#include "simulator/books.hpp"

namespace nexa::simulator {
namespace {

using ledger::Amount;

core::Credits cost_of(Wide core_microseconds, core::Credits per_hour) {
  return core::Credits::from_micro(
      static_cast<std::int64_t>(core_microseconds * per_hour.micro() / microseconds_per_hour));
}

/// Source: the Gini coefficient of an ordered sample, 2 sum(i x_i) / (n sum x) - (n + 1) / n.
double gini_of(std::vector<std::int64_t> earnings) {
  std::sort(earnings.begin(), earnings.end());
  const auto count = static_cast<double>(earnings.size());
  double sum = 0;
  double weighted = 0;
  for (std::size_t i = 0; i < earnings.size(); ++i) {
    sum += static_cast<double>(earnings[i]);
    weighted += static_cast<double>(i + 1) * static_cast<double>(earnings[i]);
  }
  return sum == 0 ? 0 : 2 * weighted / (count * sum) - (count + 1) / count;
}

/// Adds payments up by who paid whom.
class Flows {
 public:
  explicit Flows(std::vector<MoneyFlow>& flows) : flows_(flows) {}

  void add(const std::string& from, const std::string& to, Amount amount) {
    if (amount == 0) return;
    const auto known = std::find_if(flows_.begin(), flows_.end(), [&](const MoneyFlow& flow) {
      return flow.from == from && flow.to == to;
    });
    if (known != flows_.end()) {
      known->amount += credits_of(amount);
    } else {
      flows_.push_back({from, to, credits_of(amount)});
    }
  }

 private:
  std::vector<MoneyFlow>& flows_;
};

/// Whether money has moved for a copy on the trusted tier, or for another one after the verdict.
bool pays_for_arbitration(const ledger::Record& record) {
  const bool moves =
      record.kind == ledger::TransferKind::transfer || record.kind == ledger::TransferKind::post;
  const bool is_of_it =
      record.reason == ledger::Reason::arbitration || record.reason == ledger::Reason::dispute;
  return moves && is_of_it && record.status == ledger::Status::booked;
}

}  // namespace

std::string Books::payer_of(core::JobId job, std::span<const core::RequesterGroup> groups) const {
  const auto group = requesters_.group_of(workload_.jobs[job.value].user);
  return group ? groups[*group].name : "users";
}

void Books::sum_jobs(const Population& population, std::span<const core::RequesterGroup> groups) {
  Flows flows(figures_.flows);
  const ledger::JobMoney& money = paymaster_.money();
  for (std::uint32_t number = 0; number < workload_.jobs.size(); ++number) {
    const ledger::JobRecord* job = money.find(core::JobId{number});
    if (job == nullptr) continue;
    const std::string from = payer_of(core::JobId{number}, groups);
    const ledger::JobTotals totals = *money.totals(core::JobId{number});
    figures_.paid += credits_of(totals.reward + totals.bounty_paid);
    figures_.fees += credits_of(totals.fee);
    figures_.arbitration += credits_of(totals.arbitration);
    figures_.unvested += credits_of(totals.pending);
    figures_.held += credits_of(totals.in_escrow);
    if (job->state == ledger::JobRecord::State::held) {
      figures_.held += credits_of(totals.held + totals.bounty_held);
    }
    const auto earns = [&](core::NodeId node, Amount amount, Amount pending) {
      const core::NodeId machine = nodes_[node.value].machine;
      machines_[machine.value].earned += credits_of(amount);
      machines_[machine.value].withheld += credits_of(pending);
      flows.add(from, std::string(population.label_of(machine)), amount);
    };
    for (const auto& [replica, of_replica] : job->replicas) {
      earns(of_replica.node, of_replica.earned(), of_replica.pending);
    }
    for (const ledger::BountyMoney& bounty : job->bounties) {
      figures_.held += credits_of(bounty.in_escrow());
      if (bounty.node) earns(*bounty.node, bounty.pending + bounty.paid, bounty.pending);
      figures_.unvested += credits_of(bounty.pending);
    }
    figures_.bounties += credits_of(totals.bounty_paid);
    flows.add(from, "platform fee", totals.fee);
    flows.add(from, "arbitration", totals.arbitration);
  }
}

void Books::sum_arbitrations(const Population& population,
                             std::span<const core::RequesterGroup> groups) {
  std::map<ledger::AccountId, core::NodeId> nodes;
  for (std::uint32_t node = 0; node < nodes_.size(); ++node) {
    const auto account = ledger_.names().find("node:" + std::to_string(node));
    if (account) nodes.emplace(*account, core::NodeId{node});
  }
  const auto payee_of = [&](ledger::AccountId account) -> std::string {
    const auto node = nodes.find(account);
    if (node == nodes.end() || nodes_[node->second.value].trusted) return "arbitration";
    return std::string(population.label_of(nodes_[node->second.value].machine));
  };
  Flows flows(figures_.flows);
  const ledger::Books& books = ledger_.books();
  for (std::uint32_t place = 0; place < books.size(); ++place) {
    const ledger::Record& record = books[place];
    if (!pays_for_arbitration(record)) continue;
    const ledger::AccountKind payer =
        ledger::parse_account_name(ledger_.names()[record.debit]).value().kind;
    switch (payer) {
      case ledger::AccountKind::user: {  // the bond of a dispute that was rejected
        const auto job = ledger::job_of(record.id);
        NEXA_ASSERT(job.has_value(), "a bond is of a job");
        figures_.arbitration += credits_of(record.amount);
        flows.add(payer_of(*job, groups), "arbitration", record.amount);
        break;
      }
      case ledger::AccountKind::slash:
        flows.add("slashed stakes", payee_of(record.credit), record.amount);
        break;
      case ledger::AccountKind::fee:
        flows.add("platform fee", payee_of(record.credit), record.amount);
        break;
      default:  // escrows are in the totals of their jobs, and `arb:cost` passes on what it gets
        break;
    }
  }
}

void Books::sum_behaviours(const Population& population, core::Time end) {
  std::vector<std::int64_t> earnings;
  for (std::uint32_t node = 0; node < nodes_.size(); ++node) {
    const core::Credits lost = credits_of(lost_stake(core::NodeId{node}));
    machines_[nodes_[node].machine.value].slashed += lost;
    figures_.slashed += lost;
  }
  for (std::uint32_t number = 0; number < machines_.size(); ++number) {
    Machine& machine = machines_[number];
    const NodeMoney& now_called = nodes_[machine.name.value];
    if (now_called.trusted) continue;
    if (machine.present) machine.was_present += end - machine.since;
    earnings.push_back(machine.earned.micro());
    const core::NodeId id{number};
    const std::string_view label = population.label_of(id);
    auto known = std::find_if(figures_.behaviours.begin(), figures_.behaviours.end(),
                              [&](const BehaviourMoney& one) { return one.name == label; });
    if (known == figures_.behaviours.end()) {
      figures_.behaviours.push_back(
          {.name = std::string(label), .intent = population.intent_of(id)});
      known = figures_.behaviours.end() - 1;
    }
    ++known->nodes;
    known->earned += machine.earned;
    known->withheld += machine.withheld;
    known->slashed += machine.slashed;
    known->fees += machine.fees;
    if (!setup_.economy) continue;
    known->computing += cost_of(machine.computed.count(), setup_.economy->cost_per_core_hour);
    known->idling += cost_of(Wide{machine.was_present.count()} * machine.cores,
                             setup_.economy->idle_cost_per_core_hour);
  }
  figures_.gini = gini_of(std::move(earnings));
}

CreditFigures Books::summarise(const Population& population,
                               std::span<const core::RequesterGroup> groups,
                               const ValidationFigures& validation, core::Time end) {
  // Whatever was not booked is missing from the figures, so none are better than wrong ones.
  NEXA_ASSERT(paymaster_.failures().empty(), "something could not be booked");
  sum_jobs(population, groups);
  sum_arbitrations(population, groups);
  sum_behaviours(population, end);
  figures_.minted = credits_of(ledger::totals(ledger_).minted.magnitude);
  figures_.unpaid = credits_of(paymaster_.unpaid());
  figures_.transfers = ledger_.books().size();
  const std::uint64_t right = validation.jobs_accepted - validation.wrong_accepted;
  const core::Credits spent = figures_.paid + figures_.fees + figures_.arbitration;
  if (right > 0) {
    figures_.cost_per_valid_result =
        core::Credits::from_micro(spent.micro() / static_cast<std::int64_t>(right));
  }
  return figures_;
}

}  // namespace nexa::simulator
