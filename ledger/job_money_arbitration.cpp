#include <algorithm>
#include <tuple>

#include "ledger/job_charge.hpp"
#include "ledger/job_money.hpp"

namespace nexa::ledger {
namespace {

/// Nodes that the verdict has found wrong, each once, by the order of their replicas.
std::vector<core::NodeId> losers_of(const JobRecord& job) {
  std::vector<core::NodeId> losers;
  for (const auto& [replica, money] : job.replicas) {
    const bool wrong = money.report.has_value() && money.report->outcome == ReplicaOutcome::invalid;
    if (wrong && std::find(losers.begin(), losers.end(), money.node) == losers.end()) {
      losers.push_back(money.node);
    }
  }
  return losers;
}

}  // namespace

Amount JobMoney::cost_of(std::span<const Arbitration> arbitrations) {
  Amount sum = 0;
  for (const Arbitration& each : arbitrations) {
    // Costs are whatever was asked for; only what is covered is ever paid.
    if (__builtin_add_overflow(sum, each.cost, &sum)) return whole_amount;
  }
  return sum;
}

core::Result<void> JobMoney::open_arbiters(std::span<const Arbitration> arbitrations,
                                           core::Time now) {
  for (const Arbitration& each : arbitrations) {
    if (!each.arbiter.has_value()) continue;
    if (const auto arbiter = node(*each.arbiter, now); !arbiter) return arbiter.error();
  }
  return {};
}

Amount JobMoney::charge_loser(core::NodeId id, Amount cost, AccountId to, TransferId transfer,
                              Reason reason) {
  NodeMoney* const node = nodes_.find(id);
  if (cost == 0 || node == nullptr || node->slashed == 0) return 0;
  Amount& used = draft_.slash_used[id];
  Amount& claimed = draft_.claimed[house_->slash];
  const Amount share =
      std::min({cost, node->slashed - used, bank_.available(house_->slash) - claimed});
  if (share == 0) return 0;
  used += share;
  claimed += share;
  draft_.move(transfer, house_->slash, to, share, reason);
  draft_.effects.emplace_back(effect::SlashUsed{node, share});
  return share;
}

Amount JobMoney::charge_losers(std::span<const core::NodeId> losers, Amount cost,
                               const JobRecord& job) {
  Amount borne = 0;
  for (const core::NodeId id : losers) {
    borne += charge_loser(id, cost - borne, house_->arbitration,
                          job.key(MoneyKind::losers_pay, id.value), Reason::arbitration);
  }
  return borne;
}

void JobMoney::pay_arbitrations(std::span<const Arbitration> arbitrations, JobRecord& next,
                                core::Time now) {
  const Amount cost = cost_of(arbitrations);
  if (cost == 0) return;
  Amount by_losers = charge_losers(losers_of(next), cost, next);
  const Amount reserve = next.arbitration_reserve - next.arbitration;
  Amount by_requester = std::min({cost - by_losers, reserve, next.free()});
  if (by_losers + by_requester == 0) return;
  draft_.move(next.key(MoneyKind::arbitration), next.escrow, house_->arbitration, by_requester,
              Reason::arbitration);
  next.arbitration += by_requester;
  const TransferId collected = draft_.chain.back().id;

  for (std::uint32_t i = 0; i < arbitrations.size(); ++i) {
    const Arbitration& each = arbitrations[i];
    const Amount of_losers = std::min(each.cost, by_losers);
    const Amount of_requester = std::min(each.cost - of_losers, by_requester);
    const Amount covered = of_losers + of_requester;
    if (covered == 0) continue;
    by_losers -= of_losers;
    by_requester -= of_requester;
    TransferId id = collected;
    if (each.arbiter.has_value()) {
      id = next.key(MoneyKind::arbiter, i);
      draft_.move(id, house_->arbitration, nodes_.at(*each.arbiter).account, covered,
                  Reason::arbitration);
    }
    if (Payment* const why = tell(next, id, Reason::arbitration, covered, now); why != nullptr) {
      why->node = each.arbiter.value_or(core::NodeId{});
      why->factors = {{"cost", each.cost, "micro-credits"},
                      {"paid by slashed stakes", of_losers, "micro-credits"},
                      {"paid from the reserve", of_requester, "micro-credits"}};
    }
  }
}

core::Result<Amount> JobMoney::compensate(core::JobId id, core::ReplicaId replica,
                                          core::NodeId node_id, Amount amount, core::Time now) {
  const auto found = job(id);
  if (!found) return found.error();
  const auto known = compensated_.find({id, replica});
  if (known != compensated_.end()) return known->second;
  if (const auto opened = house(now); !opened) return opened.error();
  const auto found_node = node(node_id, now);
  if (!found_node) return found_node.error();

  JobRecord& record = **found;
  draft_.clear();
  Amount missing = amount;
  for (const auto& [kind, from, what] :
       {std::tuple{MoneyKind::compensation, house_->slash, "paid from slashed stakes"},
        std::tuple{MoneyKind::compensation_fee, house_->fee, "paid from the platform's fees"}}) {
    const Amount part = std::min(missing, bank_.available(from));
    if (part == 0) continue;
    missing -= part;
    const TransferId transfer = record.key(kind, replica.value);
    draft_.move(transfer, from, (*found_node)->account, part, Reason::arbitration);
    Payment* const why = tell(record, transfer, Reason::arbitration, part, now);
    if (why == nullptr) continue;
    why->replica = replica;
    why->node = node_id;
    why->factors = {{"cost", amount, "micro-credits"}, {what, part, "micro-credits"}};
  }
  if (auto status = book(now); !status) {
    if (status.error().code == core::ErrorCode::refused) ++record.round;
    return status.error();
  }
  compensated_.emplace(ReplicaKey{id, replica}, amount - missing);
  return amount - missing;
}

Amount JobMoney::price_of(core::JobId id, const ReplicaReport& report) const {
  const JobRecord* const record = jobs_.peek(id);
  return record == nullptr ? 0 : ledger::price_of(*record, report, {});
}

}  // namespace nexa::ledger
