#include "ledger/job_money.hpp"

#include <algorithm>

#include "ledger/id_text.hpp"

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

core::Result<NodeMoney*> JobMoney::node(core::NodeId id, core::Time now) {
  if (NodeMoney* const known = nodes_.find(id); known != nullptr) return known;
  const std::string number = std::to_string(id.value);
  const auto account = bank_.open("node:" + number, now);
  if (!account) return account.error();
  const auto stake = bank_.open("stake:" + number, now);
  if (!stake) return stake.error();
  NodeMoney money;
  money.node = id;
  money.account = *account;
  money.stake = *stake;
  return &nodes_.add(std::move(money));
}

core::Result<JobRecord*> JobMoney::job(core::JobId id) {
  if (JobRecord* const known = jobs_.find(id); known != nullptr) return known;
  return core::make_error(core::ErrorCode::not_found, "no money is known of job " + text_of(id),
                          "submit the job first");
}

JobMoney::Step::Step(JobMoney& money, JobRecord& record) : money_(money), record_(record) {
  money_.before_ = static_cast<const JobProgress&>(record);
  money_.draft_.clear();
}

JobMoney::Step::~Step() {
  if (!booked_) std::swap(static_cast<JobProgress&>(record_), money_.before_);
}

core::Result<void> JobMoney::Step::book(core::Time now) {
  if (auto status = money_.book(now); !status) {
    // These ids have failed for ever; the next try needs others.
    if (status.error().code == core::ErrorCode::refused) ++money_.before_.round;
    return status;
  }
  if (!money_.draft_.chain.empty()) ++record_.round;
  booked_ = true;
  if (record_.resolved()) money_.jobs_.note_resolved(record_.id());
  return {};
}

core::Result<void> JobMoney::book(core::Time now) {
  for (Transfer& transfer : draft_.chain) transfer.linked = true;
  if (!draft_.chain.empty()) {
    draft_.chain.back().linked = false;
    if (auto status = bank_.book(draft_.chain, now); !status) return status;
  }
  for (const effect::Any& any : draft_.effects) {
    std::visit([&](const auto& it) { apply(it, now); }, any);
  }
  for (const Payment& payment : draft_.payments) sink_->paid(payment);
  return {};
}

Payment* JobMoney::tell(const JobRecord& job, TransferId id, Reason reason, Amount amount,
                        core::Time now) {
  if (sink_ == nullptr) return nullptr;
  Payment& payment = draft_.payments.emplace_back();
  payment.id = id;
  payment.reason = reason;
  payment.amount = amount;
  payment.job = job.id();
  payment.at = now;
  return &payment;
}

void JobMoney::note_freed(const JobRecord& job, AccountId purse, Amount amount) {
  if (amount == 0 || !sponsors_.has(purse)) return;
  draft_.effects.emplace_back(effect::SponsorFreed{purse, job.user, amount});
}

void JobMoney::take_holds(JobRecord& next, Amount amount) {
  // The first purses pay first.
  std::uint32_t part = 0;
  for (PurseShare& share : next.purses.shares()) {
    const TransferId id = next.key(MoneyKind::collect, part++);
    if (share.held == 0) continue;
    share.posted = std::min(amount, share.held);
    amount -= share.posted;
    draft_.post(id, share.hold, share.posted, Reason::settle);
    note_freed(next, share.account, share.held - share.posted);
  }
  NEXA_ASSERT(amount == 0, "no more is collected than is held");
  next.funded = true;
}

void JobMoney::give_back(JobRecord& next, core::Time now) {
  const Amount amount = next.free();
  if (amount == 0) return;
  const Amount kept = next.quote.most * next.open_replicas();
  const Amount spent = next.purses.paid() - next.unspent();
  // The last purse that paid gets its part first, so what is paid in the end is what would have
  // been collected at once.
  Amount later = next.purses.paid();
  NEXA_ASSERT(amount <= later, "no more goes back than was paid");
  std::uint32_t part = 0;
  for (PurseShare& share : next.purses.shares()) {
    const TransferId id = next.key(MoneyKind::refund, part++);
    const Amount paid = share.posted - share.returned;
    later -= paid;
    const Amount back = std::min(paid, amount - std::min(amount, later));
    if (back == 0) continue;
    draft_.move(id, next.escrow, share.account, back, Reason::refund);
    share.returned += back;
    note_freed(next, share.account, back);
    if (Payment* const why = tell(next, id, Reason::refund, back, now); why != nullptr) {
      why->factors = {{"held", next.purses.held(), "micro-credits"},
                      {"spent", spent, "micro-credits"},
                      {"kept for open replicas", kept, "micro-credits"}};
    }
  }
}

core::Result<void> JobMoney::advance(core::Time now) {
  for (const auto step : {&JobMoney::expire_holds, &JobMoney::default_disputes,
                          &JobMoney::release_rewards, &JobMoney::return_voided}) {
    if (auto status = (this->*step)(now); !status) return status;
  }
  jobs_.tidy();
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
  return jobs_.find(job);
}

std::optional<JobTotals> JobMoney::totals(core::JobId id) const {
  const JobRecord* const job = jobs_.peek(id);
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
  for (const BountyMoney& bounty : job->bounties) {
    totals.bounty_held += bounty.held;
    totals.bounty_paid += bounty.pending + bounty.paid;
    totals.bounty_returned += bounty.returned;
  }
  totals.resolved = job->resolved();
  return totals;
}

Amount JobMoney::locked_stake(core::NodeId id) const {
  const NodeMoney* const found = nodes_.find(id);
  if (found == nullptr) return 0;
  Amount sum = 0;
  for (const auto& [replica, lock] : found->locks) sum += lock.amount;
  return sum;
}

}  // namespace nexa::ledger
