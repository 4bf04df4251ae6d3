#include "ledger/books.hpp"

#include <algorithm>

namespace nexa::ledger {

namespace {

static_assert(sizeof(Record) == 64 && sizeof(Pending) == 32, "what docs/ledger.md promises");

Record record_of(const Transfer& transfer, core::Time time) {
  return {.id = transfer.id,
          .amount = transfer.amount,
          .time = time,
          .debit = transfer.debit,
          .credit = transfer.credit,
          .link = no_place,
          .kind = transfer.kind,
          .reason = transfer.reason,
          .status = Status::booked,
          .linked = transfer.linked};
}

}  // namespace

Transfer Books::transfer(std::uint32_t place) const {
  const Record& record = records_[place];
  Transfer transfer{.id = record.id,
                    .kind = record.kind,
                    .debit = record.debit,
                    .credit = record.credit,
                    .amount = record.amount,
                    .reason = record.reason,
                    .linked = record.linked};
  switch (record.kind) {
    case TransferKind::transfer:
      break;
    case TransferKind::pending: {
      const Pending& pending = pendings_[record.link];
      if (pending.group != no_place) transfer.group = pendings_.group(pending.group).id;
      if (pending.due != core::never) transfer.timeout = pending.due - record.time;
      break;
    }
    case TransferKind::post:
    case TransferKind::void_:
      transfer.pending = pending_record(record.link).id;
      break;
    case TransferKind::post_group:
    case TransferKind::void_group:
      transfer.group = pendings_.group(record.link).id;
      break;
  }
  return transfer;
}

AccountId Books::add_account(std::string_view name, bool limited) {
  accounts_.emplace_back();
  flags_.push_back({limited, false});
  return names_.add(name);
}

void Books::reserve(std::size_t more) {
  places_.reserve(records_.size() + more,
                  [&](std::uint32_t place) { return hash_of(records_[place].id.value, key_); });
}

void Books::prefetch(const Transfer& transfer) const {
  places_.prefetch(hash_of(transfer.id.value, key_));
  for (const AccountId id : {transfer.debit, transfer.credit}) {
    if (names_.contains(id)) __builtin_prefetch(&accounts_[id.value - 1], 1);
  }
}

void Books::add(const Record& record) {
  places_.add(hash_of(record.id.value, key_));
  records_.push_back(record);
}

void Books::add_transfer(const Transfer& transfer, core::Time time) {
  const Record record = record_of(transfer, time);
  add(record);
  sums(record.debit).debits_posted += record.amount;
  sums(record.credit).credits_posted += record.amount;
}

void Books::add_pending(const Transfer& transfer, core::Time time, core::Time due) {
  Record record = record_of(transfer, time);
  record.link = pendings_.size();
  pendings_.add(records_.size(), due, transfer.group);
  add(record);
  reserve_amount(record);
}

void Books::add_post(const Transfer& transfer, core::Time time, std::uint32_t pending,
                     Amount amount) {
  const Record& reserved = pending_record(pending);
  Record record = record_of(transfer, time);
  record.debit = reserved.debit;
  record.credit = reserved.credit;
  record.amount = amount;
  record.link = pending;
  pendings_.resolve(pending, PendingState::posted, records_.size());
  release_amount(reserved);
  post_amount(reserved, amount);
  add(record);
}

void Books::add_void(const Transfer& transfer, core::Time time, std::uint32_t pending) {
  const Record& reserved = pending_record(pending);
  Record record = record_of(transfer, time);
  record.debit = reserved.debit;
  record.credit = reserved.credit;
  record.amount = reserved.amount;
  record.link = pending;
  pendings_.resolve(pending, PendingState::voided, records_.size());
  release_amount(reserved);
  add(record);
}

void Books::add_group_operation(const Transfer& transfer, core::Time time, std::uint32_t group) {
  Record record = record_of(transfer, time);
  record.debit = record.credit = AccountId{};
  record.amount = 0;
  record.link = group;
  const bool post = transfer.kind == TransferKind::post_group;
  const PendingState state = post ? PendingState::posted : PendingState::voided;
  std::uint32_t pending = pendings_.group(group).first;
  while (pending != no_place) {
    const std::uint32_t next = pendings_[pending].next;
    const Record& reserved = pending_record(pending);
    pendings_.resolve(pending, state, records_.size());
    release_amount(reserved);
    if (post) post_amount(reserved, reserved.amount);
    by_groups_.push_back(pending);
    pending = next;
  }
  add(record);
}

void Books::undo_last() {
  const Record record = records_.back();
  const std::uint32_t place = records_.size() - 1;
  places_.remove_last(hash_of(record.id.value, key_));
  records_.pop_back();
  switch (record.kind) {
    case TransferKind::transfer:
      return take_back_amount(record, record.amount);
    case TransferKind::pending:
      release_amount(record);
      return pendings_.remove_last();
    case TransferKind::post:
      return reopen(record.link, record.amount);
    case TransferKind::void_:
      return reopen(record.link, 0);
    case TransferKind::post_group:
    case TransferKind::void_group:
      while (!by_groups_.empty() && pendings_[by_groups_.back()].resolved_by == place) {
        const std::uint32_t pending = by_groups_.back();
        by_groups_.pop_back();
        const bool posted = record.kind == TransferKind::post_group;
        reopen(pending, posted ? pending_record(pending).amount : 0);
      }
  }
}

void Books::reopen(std::uint32_t pending, Amount posted) {
  const Record& reserved = pending_record(pending);
  take_back_amount(reserved, posted);
  reserve_amount(reserved);
  pendings_.reopen(pending);
}

void Books::settle(std::uint32_t mark) {
  by_groups_.clear();
  for (; mark < records_.size(); ++mark) {
    const Record& record = records_[mark];
    if (record.kind != TransferKind::pending) continue;
    const Pending& pending = pendings_[record.link];
    if (pending.state == PendingState::open && pending.due != core::never) {
      pendings_.enqueue(record.link);
    }
  }
}

void Books::add_failure(TransferId id, Status status, core::Time time) {
  Record record = record_of(Transfer{.id = id}, time);
  record.status = status;
  add(record);
}

std::uint32_t Books::expire_next() {
  const std::uint32_t pending = pendings_.dequeue();
  pendings_.resolve(pending, PendingState::expired, no_place);
  release_amount(pending_record(pending));
  return pending;
}

void Books::reserve_amount(const Record& record) {
  sums(record.debit).debits_pending += record.amount;
  sums(record.credit).credits_pending += record.amount;
}

void Books::release_amount(const Record& record) {
  sums(record.debit).debits_pending -= record.amount;
  sums(record.credit).credits_pending -= record.amount;
}

void Books::post_amount(const Record& record, Amount amount) {
  sums(record.debit).debits_posted += amount;
  sums(record.credit).credits_posted += amount;
}

void Books::take_back_amount(const Record& record, Amount amount) {
  sums(record.debit).debits_posted -= amount;
  sums(record.credit).credits_posted -= amount;
}

}  // namespace nexa::ledger
