#include "ledger/statement.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace nexa::ledger {

namespace {

constexpr std::array<std::string_view, 5> event_names{"transferred", "reserved", "posted", "voided",
                                                      "expired"};
static_assert(event_names.size() == static_cast<std::size_t>(StatementEvent::expired) + 1);

class StatementWriter {
 public:
  StatementWriter(const Ledger& ledger, AccountId account, core::Time from, core::Time until)
      : books_(ledger.books()) {
    statement_.account = account;
    statement_.from = from;
    statement_.until = until;
  }

  Statement write() {
    gather();
    std::size_t expiry = 0;
    std::size_t grouped = 0;
    for (std::uint32_t place = 0; place < books_.size(); ++place) {
      const Record& record = books_[place];
      // What expires at an instant does so before anything is booked at it.
      for (; expiry < expired_.size() && due(expired_[expiry]) <= record.time; ++expiry) {
        add_expiry(expired_[expiry]);
      }
      if (record.status != Status::booked) continue;
      add(record);
      for (; grouped < grouped_.size() && resolver(grouped_[grouped]) == place; ++grouped) {
        add_resolution(record, grouped_[grouped], books_.pending_record(grouped_[grouped]).amount);
      }
    }
    for (; expiry < expired_.size(); ++expiry) add_expiry(expired_[expiry]);
    statement_.closing = sums_;
    if (!begun_) statement_.opening = sums_;
    return std::move(statement_);
  }

 private:
  [[nodiscard]] core::Time due(std::uint32_t pending) const {
    return books_.pendings()[pending].due;
  }
  [[nodiscard]] std::uint32_t resolver(std::uint32_t pending) const {
    return books_.pendings()[pending].resolved_by;
  }
  [[nodiscard]] bool concerns(const Record& record) const {
    return record.debit == statement_.account || record.credit == statement_.account;
  }

  // The pendings of the account that have no record of their end to themselves, in its order.
  void gather() {
    for (std::uint32_t place = 0; place < books_.pendings().size(); ++place) {
      const Pending& pending = books_.pendings()[place];
      if (!concerns(books_.pending_record(place))) continue;
      if (pending.state == PendingState::expired) expired_.push_back(place);
      if (pending.resolved_by == no_place) continue;
      const TransferKind kind = books_[pending.resolved_by].kind;
      const bool by_group = kind == TransferKind::post_group || kind == TransferKind::void_group;
      if (by_group) grouped_.push_back(place);
    }
    std::stable_sort(expired_.begin(), expired_.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return due(a) < due(b); });
    std::stable_sort(grouped_.begin(), grouped_.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return resolver(a) < resolver(b); });
  }

  void add(const Record& record) {
    if (!concerns(record)) return;
    if (record.kind == TransferKind::post || record.kind == TransferKind::void_) {
      return add_resolution(record, record.link, record.amount);
    }
    StatementLine line = line_of(record, record);
    const bool at_once = record.kind == TransferKind::transfer;
    line.event = at_once ? StatementEvent::transferred : StatementEvent::reserved;
    (at_once ? line.moved : line.reserved) = record.amount;
    finish(line);
  }

  void add_resolution(const Record& record, std::uint32_t pending, Amount amount) {
    const Record& reserved = books_.pending_record(pending);
    StatementLine line = line_of(record, reserved);
    const bool posts = record.kind == TransferKind::post || record.kind == TransferKind::post_group;
    line.event = posts ? StatementEvent::posted : StatementEvent::voided;
    line.pending = reserved.id;
    line.moved = posts ? amount : 0;
    line.released = reserved.amount;
    finish(line);
  }

  void add_expiry(std::uint32_t pending) {
    const Record& reserved = books_.pending_record(pending);
    StatementLine line = line_of(reserved, reserved);
    line.time = due(pending);
    line.event = StatementEvent::expired;
    line.pending = reserved.id;
    line.released = reserved.amount;
    finish(line);
  }

  [[nodiscard]] StatementLine line_of(const Record& record, const Record& accounts) const {
    StatementLine line;
    line.time = record.time;
    line.transfer = record.id;
    line.reason = record.reason;
    line.is_debit = accounts.debit == statement_.account;
    line.other = line.is_debit ? accounts.credit : accounts.debit;
    return line;
  }

  void finish(StatementLine& line) {
    if (line.time >= statement_.until) return;
    if (line.time >= statement_.from && !begun_) {
      begun_ = true;
      statement_.opening = sums_;
    }
    Amount& posted = line.is_debit ? sums_.debits_posted : sums_.credits_posted;
    Amount& pending = line.is_debit ? sums_.debits_pending : sums_.credits_pending;
    posted += line.moved;
    pending += line.reserved;
    pending -= line.released;
    line.after = sums_;
    if (begun_) statement_.lines.push_back(line);
  }

  const Books& books_;
  Statement statement_;
  Account sums_;        // up to the line before
  bool begun_ = false;  // a line of the statement was written
  std::vector<std::uint32_t> expired_;
  std::vector<std::uint32_t> grouped_;
};

}  // namespace

std::string_view name(StatementEvent event) {
  return event_names[static_cast<std::size_t>(event)];
}

Statement statement(const Ledger& ledger, AccountId account, core::Time from, core::Time until) {
  NEXA_ASSERT(ledger.names().contains(account), "the account exists");
  return StatementWriter(ledger, account, from, until).write();
}

}  // namespace nexa::ledger
