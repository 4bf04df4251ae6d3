#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "ledger/check.hpp"
#include "ledger/ledger.hpp"

namespace nexa::ledger {

/// How a failed test shows a status.
inline void PrintTo(Status status, std::ostream* out) {
  *out << name(status);
}

}  // namespace nexa::ledger

namespace nexa::test {

using core::at_seconds;
using core::seconds;
using ledger::AccountId;
using ledger::Amount;
using ledger::GroupId;
using ledger::Status;
using ledger::Transfer;
using ledger::TransferId;
using ledger::TransferKind;

/// A journal in memory.
class Recorder final : public ledger::Journal {
 public:
  void append(const ledger::Entry& entry) override { entries.push_back(entry); }
  core::Result<void> commit() override { return {}; }

  std::vector<ledger::Entry> entries;
};

/// A ledger with a few accounts, short words for transfers, and its journal.
struct Desk {
  Desk() {
    ledger.attach(&journal);
    mint = open("op:mint");
    alice = open("user:alice");
    escrow = open("escrow:42");
    node = open("node:a");
  }

  AccountId open(std::string_view name) { return ledger.open(name, now).value(); }

  Status book(const Transfer& transfer) { return ledger.book(transfer, now); }
  std::vector<Status> book(const std::vector<Transfer>& batch) {
    const auto statuses = ledger.book(batch, now);
    return {statuses.begin(), statuses.end()};
  }
  /// Pays credits into an account.
  void grant(AccountId to, Amount amount) {
    ASSERT_EQ(book(move(next_grant++, mint, to, amount)), Status::booked);
  }

  static Transfer move(Amount id, AccountId debit, AccountId credit, Amount amount) {
    return {.id = TransferId{id}, .debit = debit, .credit = credit, .amount = amount};
  }
  static Transfer pending(Amount id, AccountId debit, AccountId credit, Amount amount,
                          core::Duration timeout = {}, Amount group = 0) {
    return {.id = TransferId{id},
            .kind = TransferKind::pending,
            .debit = debit,
            .credit = credit,
            .amount = amount,
            .group = GroupId{group},
            .timeout = timeout};
  }
  static Transfer post(Amount id, Amount of, Amount amount = ledger::whole_amount) {
    return {.id = TransferId{id},
            .kind = TransferKind::post,
            .amount = amount,
            .pending = TransferId{of}};
  }
  static Transfer void_(Amount id, Amount of) {
    return {.id = TransferId{id}, .kind = TransferKind::void_, .pending = TransferId{of}};
  }
  static Transfer post_group(Amount id, Amount group) {
    return {.id = TransferId{id}, .kind = TransferKind::post_group, .group = GroupId{group}};
  }
  static Transfer void_group(Amount id, Amount group) {
    return {.id = TransferId{id}, .kind = TransferKind::void_group, .group = GroupId{group}};
  }

  [[nodiscard]] std::string balance(AccountId id) const {
    return to_decimal(ledger.account(id).balance());
  }
  [[nodiscard]] std::string available(AccountId id) const {
    return to_decimal(ledger.account(id).available());
  }
  [[nodiscard]] ledger::PendingState state(Amount id) const {
    return ledger.find(TransferId{id}).value().state;
  }

  /// The ledger's own recount, and a replay of its journal that ends in the same state (L9).
  void expect_sound() const {
    const auto sound = check(ledger);
    EXPECT_TRUE(sound) << sound.error().message;
    ledger::Ledger other;
    for (const ledger::Entry& entry : journal.entries) {
      const auto done = other.replay(entry);
      ASSERT_TRUE(done) << done.error().message;
    }
    EXPECT_EQ(other.unfinished_chain(), 0U);
    EXPECT_EQ(state_hash(other), state_hash(ledger));
  }

  Recorder journal;
  ledger::Ledger ledger;
  core::Time now = at_seconds(1);
  Amount next_grant = 1'000'000;
  AccountId mint;
  AccountId alice;
  AccountId escrow;
  AccountId node;
};

/// The same transfer, linked to the next one.
inline Transfer linked(Transfer transfer) {
  transfer.linked = true;
  return transfer;
}

}  // namespace nexa::test
