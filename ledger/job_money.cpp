#include "ledger/job_money.hpp"

#include <algorithm>

#include "ledger/money_error.hpp"

namespace nexa::ledger {

core::Result<JobMoney::House> JobMoney::house(core::Time now) {
  if (house_.has_value()) return *house_;
  House opened;
  for (const auto& [name, account] :
       {std::pair{"fee:platform", &opened.fee}, std::pair{"slash:pool", &opened.slash},
        std::pair{"arb:cost", &opened.arbitration}}) {
    const auto id = bank_.open(name, now);
    if (!id) return id.error();
    *account = *id;
  }
  house_ = opened;
  return opened;
}

core::Result<JobMoney::NodeMoney*> JobMoney::node(core::NodeId id, core::Time now) {
  const auto found = nodes_.find(id);
  if (found != nodes_.end()) return &found->second;
  const std::string number = std::to_string(id.value);
  const auto account = bank_.open("node:" + number, now);
  if (!account) return account.error();
  const auto stake = bank_.open("stake:" + number, now);
  if (!stake) return stake.error();
  NodeMoney money;
  money.account = *account;
  money.stake = *stake;
  return &nodes_.emplace(id, std::move(money)).first->second;
}

core::Result<JobRecord*> JobMoney::job(core::JobId id) {
  const auto found = jobs_.find(id);
  if (found != jobs_.end()) return &found->second;
  return money_error(core::ErrorCode::not_found, "no money is known of job " + text_of(id),
                     "submit the job first");
}

core::Result<void> JobMoney::book(MoneyDraft& draft, core::Time now) {
  for (Transfer& transfer : draft.chain) transfer.linked = true;
  if (!draft.chain.empty()) {
    draft.chain.back().linked = false;
    if (auto status = bank_.book(draft.chain, now); !status) return status;
  }
  for (const auto& effect : draft.effects) effect();
  if (sink_ == nullptr) return {};
  for (const Payment& payment : draft.payments) sink_->paid(payment);
  return {};
}

core::Result<void> JobMoney::book(JobRecord& current, JobRecord next, MoneyDraft& draft,
                                  core::Time now) {
  if (auto status = book(draft, now); !status) {
    // These ids have failed for ever; the next try needs others.
    if (status.error().code == core::ErrorCode::refused) ++current.round;
    return status;
  }
  if (!draft.chain.empty()) ++next.round;
  current = std::move(next);
  return {};
}

Payment JobMoney::payment(const JobRecord& job, TransferId id, Reason reason, Amount amount,
                          core::Time now) {
  Payment payment;
  payment.id = id;
  payment.reason = reason;
  payment.amount = amount;
  payment.job = job.id();
  payment.at = now;
  return payment;
}

void JobMoney::note_freed(const JobRecord& job, std::size_t purse, Amount amount,
                          MoneyDraft& draft) {
  if (amount == 0) return;
  const AccountId account = job.purses.shares()[purse].account;
  const core::UserId user = job.terms->user;
  draft.effects.emplace_back(
      [this, account, user, amount] { sponsors_.note_freed(account, user, amount); });
}

void JobMoney::take_holds(JobRecord& next, MoneyDraft& draft, Amount amount) {
  const std::vector<Amount> parts = next.purses.collect(amount);
  for (std::uint32_t i = 0; i < parts.size(); ++i) {
    const Amount held = next.purses.shares()[i].held;
    if (held == 0) continue;
    draft.post(next.key(MoneyKind::collect, i), next.holds[i], parts[i], Reason::settle);
    next.purses.note_posted(i, parts[i]);
    note_freed(next, i, held - parts[i], draft);
  }
  next.funded = true;
}

void JobMoney::give_back(JobRecord& next, MoneyDraft& draft, core::Time now) {
  const Amount kept = next.quote.most * next.open_replicas();
  const std::vector<Amount> parts = next.purses.give_back(next.free());
  for (std::uint32_t i = 0; i < parts.size(); ++i) {
    const TransferId id = next.key(MoneyKind::refund, i);
    draft.move(id, next.escrow, next.purses.shares()[i].account, parts[i], Reason::refund);
    next.purses.note_returned(i, parts[i]);
    note_freed(next, i, parts[i], draft);
    if (parts[i] == 0) continue;
    draft.payments.push_back(payment(next, id, Reason::refund, parts[i], now));
    draft.payments.back().factors = {
        {"held", next.purses.held(), "micro-credits"},
        {"spent", next.purses.paid() - next.unspent(), "micro-credits"},
        {"kept for open replicas", kept, "micro-credits"}};
  }
}

core::Result<void> JobMoney::advance(core::Time now) {
  for (const auto step : {&JobMoney::expire_holds, &JobMoney::default_disputes,
                          &JobMoney::release_rewards, &JobMoney::return_voided}) {
    if (auto status = (this->*step)(now); !status) return status;
  }
  return {};
}

core::Time JobMoney::next_event() const {
  if (!owed_.empty()) return core::Time{};
  core::Time next = vesting_.next_event();
  if (!hold_ends_.empty()) next = std::min(next, hold_ends_.begin()->first);
  if (!dispute_ends_.empty()) next = std::min(next, dispute_ends_.begin()->first);
  return next;
}

const JobRecord* JobMoney::find(core::JobId job) const {
  const auto found = jobs_.find(job);
  return found == jobs_.end() ? nullptr : &found->second;
}

std::optional<JobTotals> JobMoney::totals(core::JobId id) const {
  const JobRecord* const job = find(id);
  if (job == nullptr) return std::nullopt;
  JobTotals totals;
  totals.held = job->purses.held();
  totals.reward = job->rewards();
  totals.fee = job->fees();
  totals.arbitration = job->arbitration;
  totals.in_escrow = job->unspent();
  const bool holds_open = !job->funded && job->state != JobRecord::State::dropped;
  if (!holds_open) totals.refund = totals.held - job->purses.posted() + job->purses.returned();
  for (const auto& [replica, money] : job->replicas) totals.pending += money.pending;
  bool bounties_open = false;
  for (const BountyMoney& bounty : job->bounties) {
    totals.bounty_held += bounty.held;
    totals.bounty_paid += bounty.pending + bounty.paid;
    totals.bounty_returned += bounty.returned;
    bounties_open = bounties_open || bounty.pending != 0 || bounty.in_escrow() != 0;
  }
  const bool decided =
      job->state == JobRecord::State::settled || job->state == JobRecord::State::dropped;
  totals.resolved = decided && job->open_replicas() == 0 && totals.pending == 0 &&
                    totals.in_escrow == 0 && !bounties_open && !job->dispute.has_value();
  return totals;
}

Amount JobMoney::locked_stake(core::NodeId id) const {
  const auto found = nodes_.find(id);
  if (found == nodes_.end()) return 0;
  Amount sum = 0;
  for (const auto& [replica, lock] : found->second.locks) sum += lock.second;
  return sum;
}

}  // namespace nexa::ledger
