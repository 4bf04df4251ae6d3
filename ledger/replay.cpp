#include <string>
#include <utility>
#include <variant>

#include "ledger/ledger.hpp"

namespace nexa::ledger {

namespace {

core::Error corrupt(std::string message, std::string hint) {
  return {core::ErrorCode::corrupt, std::move(message), std::move(hint), {}};
}

std::string quoted(TransferId id) {
  return "transfer '" + to_hex(id.value) + "'";
}

std::string at(core::Time time) {
  return std::to_string(time.time_since_epoch().count()) + " us";
}

constexpr std::string_view other_books =
    "the journal was changed, or is the continuation of other books";

}  // namespace

core::Result<void> Ledger::check_time(const Entry& entry) const {
  if (entry.time < time_) {
    return corrupt("an entry of " + at(entry.time) + " follows one of " + at(time_),
                   "time never goes back in a journal");
  }
  if (entry.time > core::never) {
    return corrupt("an entry has the time " + at(entry.time), "the latest is " + at(core::never));
  }
  if (next_expiry() <= entry.time && next_expiry() != core::never &&
      !std::holds_alternative<PendingExpired>(entry.body)) {
    return corrupt("a pending transfer was due at " + at(next_expiry()) + ", before an entry of " +
                       at(entry.time),
                   "an entry of its expiry is missing");
  }
  return {};
}

core::Result<void> Ledger::replay(const Entry& entry) {
  NEXA_ASSERT(journal_ == nullptr, "a journal is attached after the replay");
  if (const auto checked = check_time(entry); !checked) return checked.error();
  if (!chain_.empty()) {
    if (!std::holds_alternative<Transfer>(entry.body) || entry.time != chain_time_) {
      return corrupt("a chain of " + std::to_string(chain_.size()) + " transfers has no end",
                     "the entries of a chain follow each other");
    }
  }
  return std::visit([&](const auto& body) { return replay_body(body, entry.time); }, entry.body);
}

core::Result<AccountId> Ledger::replay_account(std::string_view name, core::Time time) {
  if (const auto known = names().find(name)) return *known;
  const auto parts = parse_account_name(name);
  if (!parts) return parts.error();
  if (const auto checked = check_time({time, AccountOpened{}}); !checked) return checked.error();
  const AccountId account = books_.add_account(name, is_limited(parts->kind));
  append(time, AccountOpened{account, std::string(name)});
  return account;
}

core::Result<void> Ledger::replay_body(const Transfer& transfer, core::Time time) {
  chain_.push_back(transfer);
  chain_time_ = time;
  if (transfer.linked) return {};
  statuses_.assign(chain_.size(), Status::booked);
  books_.reserve(chain_.size());
  book_chain(chain_, time, statuses_.data());
  books_.tidy();
  for (std::size_t i = 0; i < chain_.size(); ++i) {
    if (statuses_[i] == Status::booked || statuses_[i] == Status::linked_event_failed) continue;
    return corrupt(quoted(chain_[i].id) +
                       " cannot have been booked: " + std::string(info(statuses_[i]).meaning),
                   std::string(other_books));
  }
  chain_.clear();
  return {};
}

core::Result<void> Ledger::replay_body(const AccountOpened& opened, core::Time time) {
  if (names().find(opened.name)) {
    return corrupt("account '" + opened.name + "' was opened before", std::string(other_books));
  }
  const auto account = replay_account(opened.name, time);
  if (!account) return account.error();
  return {};
}

core::Result<void> Ledger::replay_body(const AccountClosed& closed, core::Time time) {
  if (names().contains(closed.account) && books_.is_closed(closed.account)) {
    return corrupt("account '" + std::string(names()[closed.account]) + "' was closed before",
                   std::string(other_books));
  }
  if (const auto done = close(closed.account, time); !done) {
    return corrupt(done.error().message, std::string(other_books));
  }
  return {};
}

core::Result<void> Ledger::replay_body(const TransferFailed& failure, core::Time time) {
  if (books_.find(failure.id) != no_place || !is_sticky(failure.status) ||
      failure.id == TransferId{}) {
    return corrupt(quoted(failure.id) + " cannot have failed: " +
                       (is_sticky(failure.status) ? "its id is in the books"
                                                  : "such a failure is not remembered"),
                   std::string(other_books));
  }
  books_.reserve(1);
  fail(failure.id, failure.status, time);
  return {};
}

core::Result<void> Ledger::replay_body(const PendingExpired& expired, core::Time time) {
  const std::uint32_t place = books_.find(expired.pending);
  if (next_expiry() != time || place == no_place) {
    return corrupt(quoted(expired.pending) + " was not due at " + at(time),
                   "a pending transfer expires at its time of booking and its timeout");
  }
  const std::uint32_t pending = books_.expire_next();
  books_.tidy();
  append(time, expired);
  if (books_.pendings()[pending].record != place) {
    return corrupt(quoted(expired.pending) + " was not the first that was due at " + at(time),
                   "pending transfers expire in the order of their time, then of booking");
  }
  return {};
}

core::Result<void> Ledger::replay_body(const Genesis& genesis, core::Time time) {
  const auto done = found(genesis, time);
  if (!done) return corrupt(done.error().message, "the genesis is the first entry and no other");
  return {};
}

core::Result<void> Ledger::replay_body(const Note& note, core::Time time) {
  append(time, note);
  return {};
}

}  // namespace nexa::ledger
