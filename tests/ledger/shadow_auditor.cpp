#include "tests/ledger/shadow_auditor.hpp"

#include <algorithm>

namespace nexa::test {

using ledger::Amount;
using ledger::Status;
using ledger::Transfer;
using ledger::TransferId;
using ledger::TransferKind;

namespace {

constexpr Amount most = ~Amount{0};

bool is_move(const Transfer& t) {
  return t.kind == TransferKind::transfer || t.kind == TransferKind::pending;
}
bool is_single_resolution(const Transfer& t) {
  return t.kind == TransferKind::post || t.kind == TransferKind::void_;
}
bool is_group_resolution(const Transfer& t) {
  return t.kind == TransferKind::post_group || t.kind == TransferKind::void_group;
}

// Whether three amounts are more than 128 bits together.
bool too_much(Amount a, Amount b, Amount c) {
  if (a > most - b) return true;
  return a + b > most - c;
}

// The outcomes after which an id can never be booked.
bool is_remembered(Status status) {
  switch (status) {
    case Status::debit_account_not_found:
    case Status::credit_account_not_found:
    case Status::debit_account_closed:
    case Status::credit_account_closed:
    case Status::pending_not_found:
    case Status::pending_not_pending:
    case Status::exceeds_pending_amount:
    case Status::pending_already_posted:
    case Status::pending_already_voided:
    case Status::pending_expired:
    case Status::group_has_no_open_pending:
    case Status::overflows_debits:
    case Status::overflows_credits:
    case Status::overflows_timeout:
    case Status::exceeds_credits:
      return true;
    default:
      return false;
  }
}

}  // namespace

void ShadowAuditor::open(ledger::AccountId account, bool may_owe, core::Time now) {
  if (books_.purses.count(account.value) != 0) return;
  expire(std::max(now, books_.time));
  books_.time = std::max(now, books_.time);
  books_.purses[account.value].may_owe = may_owe;
}

void ShadowAuditor::close(ledger::AccountId account, core::Time now) {
  const auto found = books_.purses.find(account.value);
  if (found == books_.purses.end() || found->second.closed) return;
  expire(std::max(now, books_.time));
  Purse& purse = found->second;
  if (purse.debits_pending != 0 || purse.credits_pending != 0) return;
  if (purse.debits_posted != purse.credits_posted) return;
  purse.closed = true;
  books_.time = std::max(now, books_.time);
}

std::optional<core::Time> ShadowAuditor::next_expiry() const {
  std::optional<core::Time> next;
  for (const auto& [id, fate] : books_.fates) {
    if (fate.state != "open" || fate.booked.timeout.count() == 0) continue;
    const core::Time due = fate.time + fate.booked.timeout;
    if (!next || due < *next) next = due;
  }
  return next;
}

void ShadowAuditor::expire(core::Time now) {
  while (true) {
    const auto next = next_expiry();
    if (!next || *next > now) return;
    std::uint64_t first = UINT64_MAX;
    TransferId which{};
    for (const auto& [id, fate] : books_.fates) {
      if (fate.state != "open" || fate.booked.timeout.count() == 0) continue;
      if (fate.time + fate.booked.timeout != *next || fate.sequence >= first) continue;
      first = fate.sequence;
      which = id;
    }
    release(which, "expired");
    books_.time = *next;
    expiries_.push_back({*next, which});
  }
}

std::vector<Status> ShadowAuditor::book(const std::vector<Transfer>& batch, core::Time now) {
  if (batch.size() > 8190) return std::vector<Status>(batch.size(), Status::batch_too_large);
  if (batch.empty()) return {};
  now = std::max(now, books_.time);
  expire(now);
  std::vector<Status> answers;
  std::vector<Transfer> chain;
  for (const Transfer& asked : batch) {
    chain.push_back(asked);
    if (asked.linked) continue;
    book_chain(chain, now, answers);
    chain.clear();
  }
  if (!chain.empty()) {
    answers.insert(answers.end(), chain.size() - 1, Status::linked_event_failed);
    answers.push_back(Status::linked_chain_open);
  }
  return answers;
}

void ShadowAuditor::book_chain(const std::vector<Transfer>& chain, core::Time now,
                               std::vector<Status>& answers) {
  // A single transfer that is refused changes nothing, so there is nothing to go back to.
  const Books before = chain.size() > 1 ? books_ : Books{};
  std::vector<Status> own;
  for (const Transfer& asked : chain) {
    own.push_back(judge(asked, now));
    if (own.back() == Status::booked) carry_out(asked, now);
    const bool fits =
        own.back() == own.front() && (own.back() == Status::booked || own.back() == Status::exists);
    if (!fits) break;
  }
  const bool all_fit =
      own.size() == chain.size() &&
      std::all_of(own.begin(), own.end(), [&](Status s) { return s == own.front(); }) &&
      (own.front() == Status::booked || own.front() == Status::exists);
  if (all_fit) {
    answers.insert(answers.end(), own.begin(), own.end());
    return;
  }
  if (chain.size() > 1) books_ = before;
  Status why = own.back();
  if (why == Status::booked || why == Status::exists) why = Status::linked_chain_mixed;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    answers.push_back(i + 1 == own.size() ? why : Status::linked_event_failed);
  }
  if (is_remembered(why)) remember_failure(chain[own.size() - 1].id, why, now);
}

void ShadowAuditor::remember_failure(TransferId id, Status why, core::Time now) {
  Fate& fate = books_.fates[id];
  fate.failed = true;
  fate.why = why;
  fate.time = now;
  books_.time = now;
}

Status ShadowAuditor::judge(const Transfer& asked, core::Time now) {
  if (asked.id.value == 0) return Status::id_must_not_be_zero;
  if (const auto fate = books_.fates.find(asked.id); fate != books_.fates.end()) {
    return judge_known(asked, fate->second);
  }
  if (const Status form = judge_form(asked); form != Status::booked) return form;
  if (is_move(asked)) return judge_move(asked, now);
  if (is_single_resolution(asked)) return judge_resolution(asked);
  return open_of_group(asked.group).empty() ? Status::group_has_no_open_pending : Status::booked;
}

Status ShadowAuditor::judge_known(const Transfer& asked, const Fate& fate) const {
  if (fate.failed) return Status::id_already_failed;
  const Transfer& booked = fate.booked;
  if (asked.kind != booked.kind) return Status::exists_with_different_kind;
  if (asked.pending != booked.pending) return Status::exists_with_different_pending;
  if (asked.group != booked.group) return Status::exists_with_different_group;
  if (is_move(booked)) {
    if (asked.debit != booked.debit) return Status::exists_with_different_debit;
    if (asked.credit != booked.credit) return Status::exists_with_different_credit;
    if (asked.amount != booked.amount) return Status::exists_with_different_amount;
  }
  if (booked.kind == TransferKind::post) {
    Amount amount = asked.amount;
    if (amount == most) amount = books_.fates.at(booked.pending).booked.amount;
    if (amount != booked.amount) return Status::exists_with_different_amount;
  }
  if (asked.timeout != booked.timeout) return Status::exists_with_different_timeout;
  if (asked.reason != booked.reason) return Status::exists_with_different_reason;
  if (asked.linked != booked.linked) return Status::exists_with_different_linked;
  return Status::exists;
}

Status ShadowAuditor::judge_form(const Transfer& asked) {
  if (!is_move(asked) && !is_single_resolution(asked) && !is_group_resolution(asked)) {
    return Status::kind_unknown;
  }
  if (is_move(asked) && asked.debit == asked.credit) return Status::accounts_must_differ;
  if (is_move(asked) && asked.amount == most) return Status::amount_reserved;
  if (is_single_resolution(asked)) {
    if (asked.pending.value == 0) return Status::pending_must_not_be_zero;
    if (asked.pending == asked.id) return Status::pending_must_differ;
  } else if (asked.pending.value != 0) {
    return Status::pending_must_be_zero;
  }
  if (is_group_resolution(asked) && asked.group.value == 0) return Status::group_must_not_be_zero;
  const bool may_have_group = is_group_resolution(asked) || asked.kind == TransferKind::pending;
  if (!may_have_group && asked.group.value != 0) return Status::group_must_be_zero;
  if (asked.kind != TransferKind::pending && asked.timeout.count() != 0) {
    return Status::timeout_reserved_for_pending;
  }
  if (asked.timeout.count() < 0) return Status::timeout_must_not_be_negative;
  return Status::booked;
}

Status ShadowAuditor::judge_move(const Transfer& asked, core::Time now) const {
  const auto payer = books_.purses.find(asked.debit.value);
  const auto payee = books_.purses.find(asked.credit.value);
  if (payer == books_.purses.end()) return Status::debit_account_not_found;
  if (payee == books_.purses.end()) return Status::credit_account_not_found;
  if (payer->second.closed) return Status::debit_account_closed;
  if (payee->second.closed) return Status::credit_account_closed;
  const Purse& from = payer->second;
  const Purse& to = payee->second;
  if (too_much(from.debits_posted, from.debits_pending, asked.amount)) {
    return Status::overflows_debits;
  }
  if (too_much(to.credits_posted, to.credits_pending, asked.amount)) {
    return Status::overflows_credits;
  }
  if (asked.timeout.count() > 0) {
    // The last instant is no time to expire at: it stands for never.
    const std::int64_t left =
        core::never.time_since_epoch().count() - now.time_since_epoch().count();
    if (asked.timeout.count() >= left) return Status::overflows_timeout;
  }
  if (!from.may_owe &&
      from.debits_posted + from.debits_pending + asked.amount > from.credits_posted) {
    return Status::exceeds_credits;
  }
  return Status::booked;
}

Status ShadowAuditor::judge_resolution(const Transfer& asked) const {
  const auto found = books_.fates.find(asked.pending);
  if (found == books_.fates.end() || found->second.failed) return Status::pending_not_found;
  const Fate& fate = found->second;
  if (fate.booked.kind != TransferKind::pending) return Status::pending_not_pending;
  if (asked.kind == TransferKind::post && asked.amount != most &&
      asked.amount > fate.booked.amount) {
    return Status::exceeds_pending_amount;
  }
  if (fate.state == "posted") return Status::pending_already_posted;
  if (fate.state == "voided") return Status::pending_already_voided;
  if (fate.state == "expired") return Status::pending_expired;
  return Status::booked;
}

std::vector<TransferId> ShadowAuditor::open_of_group(ledger::GroupId group) const {
  std::vector<TransferId> open;
  for (const auto& [id, fate] : books_.fates) {
    if (fate.state == "open" && fate.booked.group == group) open.push_back(id);
  }
  return open;
}

void ShadowAuditor::carry_out(const Transfer& asked, core::Time now) {
  Fate fate;
  fate.booked = asked;
  fate.time = now;
  fate.sequence = ++books_.sequence;
  books_.time = now;
  if (asked.kind == TransferKind::transfer) pay(asked, asked.amount);
  if (asked.kind == TransferKind::pending) {
    fate.state = "open";
    books_.purses[asked.debit.value].debits_pending += asked.amount;
    books_.purses[asked.credit.value].credits_pending += asked.amount;
  }
  if (is_single_resolution(asked)) {
    const Transfer reserved = books_.fates.at(asked.pending).booked;
    const bool post = asked.kind == TransferKind::post;
    fate.booked.debit = reserved.debit;
    fate.booked.credit = reserved.credit;
    if (!post || asked.amount == most) fate.booked.amount = reserved.amount;
    release(asked.pending, post ? "posted" : "voided");
    if (post) pay(reserved, fate.booked.amount);
  }
  if (is_group_resolution(asked)) {
    const bool post = asked.kind == TransferKind::post_group;
    fate.booked.debit = fate.booked.credit = {};
    fate.booked.amount = 0;
    for (const TransferId id : open_of_group(asked.group)) {
      release(id, post ? "posted" : "voided");
      const Transfer reserved = books_.fates.at(id).booked;
      if (post) pay(reserved, reserved.amount);
    }
  }
  books_.fates[asked.id] = fate;
}

void ShadowAuditor::release(TransferId pending, const char* state) {
  Fate& fate = books_.fates.at(pending);
  fate.state = state;
  books_.purses[fate.booked.debit.value].debits_pending -= fate.booked.amount;
  books_.purses[fate.booked.credit.value].credits_pending -= fate.booked.amount;
}

void ShadowAuditor::pay(const Transfer& from_to, Amount amount) {
  books_.purses[from_to.debit.value].debits_posted += amount;
  books_.purses[from_to.credit.value].credits_posted += amount;
}

}  // namespace nexa::test
