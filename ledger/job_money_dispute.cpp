#include <algorithm>

#include "ledger/job_money.hpp"
#include "ledger/money_error.hpp"

namespace nexa::ledger {

using core::ErrorCode;

core::Result<void> JobMoney::dispute(core::JobId id, AccountId by, core::Time now) {
  if (const auto opened = house(now); !opened) return opened.error();
  const auto found = job(id);
  if (!found) return found.error();
  JobRecord& current = **found;
  const JobTerms& terms = *current.terms;
  if (current.dispute.has_value() && current.dispute->by == by) return {};
  const bool in_window = current.state == JobRecord::State::settled &&
                         now < current.settled_at + terms.vesting.dispute_window;
  if (!in_window || current.dispute.has_value()) {
    return money_error(
        ErrorCode::conflict,
        "job " + text_of(id) +
            (current.dispute.has_value() ? " is in dispute" : " cannot be disputed now"),
        "a verdict can be disputed once at a time, within its dispute window");
  }
  JobRecord next = current;
  MoneyDraft draft;
  next.dispute = Dispute{.by = by,
                         .bond = terms.bond == 0 ? TransferId{} : next.key(MoneyKind::bond),
                         .amount = terms.bond,
                         .deadline = now + terms.dispute_timeout};
  draft.reserve(next.dispute->bond, by, house_->arbitration, terms.bond, Reason::bond, {},
                terms.dispute_timeout);
  draft.effects.emplace_back([this, id, deadline = next.dispute->deadline] {
    vesting_.freeze(id);
    dispute_ends_.insert({deadline, id});
  });
  return book(current, std::move(next), draft, now);
}

void JobMoney::end_dispute(JobRecord& next, MoneyDraft& draft) {
  draft.effects.emplace_back([this, id = next.id(), deadline = next.dispute->deadline] {
    vesting_.thaw(id);
    dispute_ends_.erase({deadline, id});
  });
  next.dispute.reset();
}

core::Result<void> JobMoney::resolve_dispute(core::JobId id, bool upheld, const Arbitration& cost,
                                             std::span<const core::NodeId> losers, core::Time now) {
  if (const auto opened = house(now); !opened) return opened.error();
  const auto found = job(id);
  if (!found) return found.error();
  JobRecord& current = **found;
  if (!current.dispute.has_value() || now >= current.dispute->deadline) {
    return money_error(ErrorCode::conflict, "job " + text_of(id) + " is not in dispute",
                       "a dispute that nobody decides in time is over, and the verdict stands");
  }
  AccountId arbiter{};
  if (cost.arbiter.has_value()) {
    const auto account = node(*cost.arbiter, now);
    if (!account) return account.error();
    arbiter = (*account)->account;
  }
  JobRecord next = current;
  MoneyDraft draft;
  const Dispute& dispute = *current.dispute;
  const Amount by_bond = upheld ? 0 : std::min(cost.cost, dispute.amount);
  if (dispute.amount != 0) {
    draft.post(next.key(MoneyKind::bond_end), dispute.bond, by_bond, Reason::dispute);
  }
  const Amount by_losers = upheld ? charge_losers(losers, cost.cost, next, draft) : 0;
  if (arbiter != AccountId{}) {
    draft.move(next.key(MoneyKind::arbiter), house_->arbitration, arbiter, by_bond + by_losers,
               Reason::arbitration);
  }
  draft.payments.push_back(
      payment(next, next.key(MoneyKind::bond_end), Reason::dispute, by_bond + by_losers, now));
  draft.payments.back().factors = {{"cost of the arbitration", cost.cost, "micro-credits"},
                                   {"bond", dispute.amount, "micro-credits"},
                                   {"paid from the bond", by_bond, "micro-credits"},
                                   {"paid by slashed stakes", by_losers, "micro-credits"}};
  end_dispute(next, draft);
  return book(current, std::move(next), draft, now);
}

core::Result<void> JobMoney::default_disputes(core::Time now) {
  while (!dispute_ends_.empty() && dispute_ends_.begin()->first <= now) {
    JobRecord& current = jobs_.at(dispute_ends_.begin()->second);
    JobRecord next = current;
    // The bond has expired in the ledger at the same time, and is back where it came from.
    MoneyDraft draft;
    end_dispute(next, draft);
    if (auto status = book(current, std::move(next), draft, now); !status) return status;
  }
  return {};
}

}  // namespace nexa::ledger
