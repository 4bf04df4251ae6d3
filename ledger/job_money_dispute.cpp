#include <algorithm>

#include "ledger/id_text.hpp"
#include "ledger/job_money.hpp"

namespace nexa::ledger {

using core::ErrorCode;

core::Result<void> JobMoney::dispute(core::JobId id, AccountId by, core::Time now) {
  if (const auto opened = house(now); !opened) return opened.error();
  const auto found = job(id);
  if (!found) return found.error();
  JobRecord& current = **found;
  const Contract& terms = *current.terms;
  if (current.dispute.has_value() && current.dispute->by == by) return {};
  const bool in_window = current.state == JobRecord::State::settled &&
                         now < current.settled_at + terms.vesting.dispute_window;
  if (!in_window || current.dispute.has_value()) {
    return core::make_error(
        ErrorCode::conflict,
        "job " + text_of(id) +
            (current.dispute.has_value() ? " is in dispute" : " cannot be disputed now"),
        "a verdict can be disputed once at a time, within its dispute window");
  }
  Step step(*this, current);
  Dispute& dispute = current.dispute.emplace();
  dispute.by = by;
  if (terms.bond != 0) dispute.bond = current.key(MoneyKind::bond);
  dispute.amount = terms.bond;
  dispute.deadline = now + terms.dispute_timeout;
  draft_.reserve(dispute.bond, by, house_->arbitration, terms.bond, Reason::bond, {},
                 terms.dispute_timeout);
  draft_.effects.emplace_back(effect::DisputeBegun{dispute.deadline, id});
  return step.book(now);
}

void JobMoney::end_dispute(JobRecord& next) {
  draft_.effects.emplace_back(effect::DisputeOver{next.dispute->deadline, next.id()});
  next.dispute.reset();
}

core::Result<void> JobMoney::resolve_dispute(core::JobId id, bool upheld, const Arbitration& cost,
                                             std::span<const core::NodeId> losers, core::Time now) {
  if (const auto opened = house(now); !opened) return opened.error();
  const auto found = job(id);
  if (!found) return found.error();
  JobRecord& current = **found;
  if (!current.dispute.has_value() || now >= current.dispute->deadline) {
    return core::make_error(
        ErrorCode::conflict, "job " + text_of(id) + " is not in dispute",
        "a dispute that nobody decides in time is over, and the verdict stands");
  }
  AccountId arbiter{};
  if (cost.arbiter.has_value()) {
    const auto account = node(*cost.arbiter, now);
    if (!account) return account.error();
    arbiter = (*account)->account;
  }
  Step step(*this, current);
  const Dispute& dispute = *current.dispute;
  const TransferId bond_end = current.key(MoneyKind::bond_end);
  const Amount by_bond = upheld ? 0 : std::min(cost.cost, dispute.amount);
  if (dispute.amount != 0) draft_.post(bond_end, dispute.bond, by_bond, Reason::dispute);
  const Amount by_losers = upheld ? charge_losers(losers, cost.cost, current) : 0;
  const Amount paid = by_bond + by_losers;
  if (arbiter != AccountId{}) {
    draft_.move(current.key(MoneyKind::arbiter), house_->arbitration, arbiter, paid,
                Reason::arbitration);
  }
  if (Payment* const why = tell(current, bond_end, Reason::dispute, paid, now); why != nullptr) {
    why->factors = {{"cost of the arbitration", cost.cost, "micro-credits"},
                    {"bond", dispute.amount, "micro-credits"},
                    {"paid from the bond", by_bond, "micro-credits"},
                    {"paid by slashed stakes", by_losers, "micro-credits"}};
  }
  end_dispute(current);
  return step.book(now);
}

core::Result<void> JobMoney::default_disputes(core::Time now) {
  while (!dispute_ends_.empty() && dispute_ends_.begin()->first <= now) {
    JobRecord& current = jobs_.at(dispute_ends_.begin()->second);
    // The bond has expired in the ledger at the same time, and is back where it came from.
    Step step(*this, current);
    end_dispute(current);
    if (auto status = step.book(now); !status) return status;
  }
  return {};
}

}  // namespace nexa::ledger
