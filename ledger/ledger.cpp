#include "ledger/ledger.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace nexa::ledger {

namespace {

// How far ahead of the transfer that is booked the memory of another is asked for.
constexpr std::size_t prefetch_distance = 12;

core::Error conflict(std::string message, std::string hint) {
  return {core::ErrorCode::conflict, std::move(message), std::move(hint), {}};
}

std::string quoted(std::string_view name) {
  return "account '" + std::string(name) + "'";
}

// Behind the last transfer of the chain that begins here; behind the batch if the chain is open.
std::size_t end_of_chain(std::span<const Transfer> batch, std::size_t begin) {
  while (begin < batch.size() && batch[begin].linked) ++begin;
  return begin + 1;
}

}  // namespace

void Ledger::attach(Journal* journal) {
  NEXA_ASSERT(chain_.empty(), "an unfinished chain is dropped first");
  journal_ = journal;
}

void Ledger::append(core::Time time, EntryBody body) {
  time_ = time;
  empty_ = false;
  if (journal_ != nullptr) journal_->append({time, std::move(body)});
}

core::Time Ledger::advance(core::Time now) {
  NEXA_ASSERT(now <= core::never, "a host knows what time it is");
  NEXA_ASSERT(chain_.empty(), "an unfinished chain is dropped first");
  const core::Time time = std::max(now, time_);
  expire(time);
  return time;
}

std::size_t Ledger::expire(core::Time now) {
  std::size_t expired = 0;
  for (; next_expiry() <= now && next_expiry() != core::never; ++expired) {
    const core::Time due = next_expiry();
    const std::uint32_t pending = books_.expire_next();
    books_.tidy();
    append(due, PendingExpired{books_.pending_record(pending).id});
  }
  return expired;
}

core::Result<void> Ledger::found(const Genesis& genesis, core::Time now) {
  if (!empty_) return conflict("the ledger has entries already", "found a new one");
  append(advance(now), genesis);
  return {};
}

core::Result<AccountId> Ledger::open(std::string_view name, core::Time now) {
  if (const auto known = names().find(name)) {
    if (!books_.is_closed(*known)) return *known;
    return conflict(quoted(name) + " is closed", "a closed account stays so; take another name");
  }
  const auto parts = parse_account_name(name);
  if (!parts) return parts.error();
  const core::Time time = advance(now);
  const AccountId account = books_.add_account(name, is_limited(parts->kind));
  append(time, AccountOpened{account, std::string(name)});
  return account;
}

core::Result<void> Ledger::close(AccountId account, core::Time now) {
  if (!names().contains(account)) {
    return core::Error{core::ErrorCode::not_found,
                       "account number " + std::to_string(account.value) + " does not exist",
                       "open it first",
                       {}};
  }
  if (books_.is_closed(account)) return {};
  const core::Time time = advance(now);
  const Account& sums = books_.account(account);
  if (sums.debits_pending != 0 || sums.credits_pending != 0) {
    return conflict(quoted(names()[account]) + " has open pending transfers",
                    "post or void them first");
  }
  if (sums.balance() != Balance{}) {
    return conflict(quoted(names()[account]) + " has " + to_decimal(sums.balance()),
                    "transfer its balance first");
  }
  books_.close_account(account);
  append(time, AccountClosed{account});
  return {};
}

void Ledger::note(const Note& note, core::Time now) {
  append(advance(now), note);
}

std::span<const Status> Ledger::book(std::span<const Transfer> batch, core::Time now) {
  statuses_.assign(batch.size(), Status::batch_too_large);
  if (batch.empty() || batch.size() > largest_batch) return statuses_;
  const core::Time time = advance(now);
  books_.reserve(batch.size());
  for (std::size_t i = 0; i < std::min(prefetch_distance, batch.size()); ++i) {
    books_.prefetch(batch[i]);
  }
  std::size_t begin = 0;
  while (begin < batch.size()) {
    const std::size_t end = end_of_chain(batch, begin);
    for (std::size_t i = begin; i < end && i + prefetch_distance < batch.size(); ++i) {
      books_.prefetch(batch[i + prefetch_distance]);
    }
    if (end > batch.size()) {
      std::fill(statuses_.begin() + static_cast<std::ptrdiff_t>(begin), statuses_.end(),
                Status::linked_event_failed);
      statuses_.back() = Status::linked_chain_open;
    } else if (end == begin + 1) {
      statuses_[begin] = book_alone(batch[begin], time);
    } else {
      book_chain(batch.subspan(begin, end - begin), time, &statuses_[begin]);
    }
    begin = end;
  }
  books_.tidy();
  return statuses_;
}

Status Ledger::book_alone(const Transfer& transfer, core::Time time) {
  const std::uint32_t mark = books_.size();
  const Status status = execute(transfer, time);
  if (status == Status::booked) {
    settle(mark);
  } else if (is_sticky(status)) {
    fail(transfer.id, status, time);
  }
  return status;
}

void Ledger::book_chain(std::span<const Transfer> chain, core::Time time, Status* statuses) {
  const std::uint32_t mark = books_.size();
  for (std::size_t i = 0; i < chain.size(); ++i) {
    statuses[i] = execute(chain[i], time);
    if (is_done(statuses[i]) && statuses[i] == statuses[0]) continue;
    const Status why = is_done(statuses[i]) ? Status::linked_chain_mixed : statuses[i];
    while (books_.size() > mark) books_.undo_last();
    settle(mark);
    std::fill_n(statuses, chain.size(), Status::linked_event_failed);
    statuses[i] = why;
    if (is_sticky(why)) fail(chain[i].id, why, time);
    return;
  }
  settle(mark);
}

void Ledger::fail(TransferId id, Status status, core::Time time) {
  books_.add_failure(id, status, time);
  append(time, TransferFailed{id, status});
}

void Ledger::settle(std::uint32_t mark) {
  books_.settle(mark);
  for (; mark < books_.size(); ++mark) {
    if (journal_ != nullptr) {
      append(books_[mark].time, books_.transfer(mark));
    } else {
      time_ = books_[mark].time;
      empty_ = false;
    }
  }
}

const Account& Ledger::account(AccountId id) const {
  NEXA_ASSERT(names().contains(id), "the account exists");
  return books_.account(id);
}

std::optional<KnownTransfer> Ledger::find(TransferId id) const {
  const std::uint32_t place = books_.find(id);
  if (place == no_place) return std::nullopt;
  const Record& record = books_[place];
  KnownTransfer known{record.status, record.time, books_.transfer(place), PendingState::open};
  if (record.status == Status::booked && record.kind == TransferKind::pending) {
    known.state = books_.pendings()[record.link].state;
  }
  return known;
}

}  // namespace nexa::ledger
