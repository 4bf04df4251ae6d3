// Entries: what the journal is told, and what a replay makes of it.
#include <gtest/gtest.h>

#include <utility>

#include "tests/ledger/desk.hpp"

namespace nexa::test {
namespace {

using ledger::AccountClosed;
using ledger::AccountOpened;
using ledger::Entry;
using ledger::Genesis;
using ledger::Ledger;
using ledger::Note;
using ledger::PendingExpired;
using ledger::TransferFailed;

TEST(Journal, IsToldTransfersAsTheyWereBooked) {
  Desk desk;
  desk.grant(desk.alice, 100);
  ASSERT_EQ(desk.book(Desk::pending(1, desk.alice, desk.escrow, 60, seconds(9), 3)),
            Status::booked);
  ASSERT_EQ(desk.book(Desk::post(2, 1)), Status::booked);
  ASSERT_EQ(desk.book(Desk::post(2, 1)), Status::exists);
  ASSERT_EQ(desk.book(Desk::post(3, 1)), Status::pending_already_posted);
  const auto& entries = desk.journal.entries;
  Transfer post = Desk::post(2, 1, 60);
  post.debit = desk.alice;
  post.credit = desk.escrow;
  ASSERT_GE(entries.size(), 3U);
  EXPECT_EQ(entries.end()[-3],
            (Entry{desk.now, Desk::pending(1, desk.alice, desk.escrow, 60, seconds(9), 3)}));
  EXPECT_EQ(entries.end()[-2], (Entry{desk.now, post}));
  EXPECT_EQ(entries.end()[-1],
            (Entry{desk.now, TransferFailed{TransferId{3}, Status::pending_already_posted}}));
  EXPECT_EQ(entries.front(), (Entry{desk.now, AccountOpened{desk.mint, "op:mint"}}));
}

TEST(Journal, BeginsWithAGenesisAndCarriesNotes) {
  Recorder journal;
  Ledger ledger;
  ledger.attach(&journal);
  EXPECT_TRUE(ledger.found(Genesis{"example.org/ledger", "ucr"}, at_seconds(0)));
  ledger.note(Note{"verdict", R"("job":"42")"}, at_seconds(2));
  ledger.note(Note{"key", ""}, at_seconds(1));
  const auto twice = ledger.found(Genesis{"example.org/ledger", "ucr"}, at_seconds(3));
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code, core::ErrorCode::conflict);
  ASSERT_EQ(journal.entries.size(), 3U);
  EXPECT_EQ(journal.entries[2], (Entry{at_seconds(2), Note{"key", ""}}));
}

TEST(Account, OpensOnceAndClosesWhenItIsEmpty) {
  Desk desk;
  desk.grant(desk.alice, 10);
  EXPECT_EQ(desk.open("user:alice"), desk.alice);
  EXPECT_FALSE(desk.ledger.open("alice", desk.now));
  ASSERT_EQ(desk.book(Desk::pending(1, desk.alice, desk.escrow, 10)), Status::booked);
  const auto expect = [&](AccountId account, const char* message) {
    const auto done = desk.ledger.close(account, desk.now);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message, message);
    EXPECT_FALSE(done.error().hint.empty());
  };
  expect(desk.escrow, "account 'escrow:42' has open pending transfers");
  ASSERT_EQ(desk.book(Desk::post(2, 1)), Status::booked);
  expect(desk.escrow, "account 'escrow:42' has 10");
  expect(desk.mint, "account 'op:mint' has -10");
  expect(AccountId{}, "account number 0 does not exist");
  ASSERT_EQ(desk.book(Desk::move(3, desk.escrow, desk.node, 10)), Status::booked);
  EXPECT_TRUE(desk.ledger.close(desk.escrow, desk.now));
  const std::size_t entries = desk.journal.entries.size();
  EXPECT_EQ(desk.journal.entries.back(), (Entry{desk.now, AccountClosed{desk.escrow}}));
  EXPECT_TRUE(desk.ledger.close(desk.escrow, desk.now));
  EXPECT_EQ(desk.journal.entries.size(), entries);
  const auto again = desk.ledger.open("escrow:42", desk.now);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().message, "account 'escrow:42' is closed");
  desk.expect_sound();
}

// A life with every kind of entry, to be damaged below.
std::vector<Entry> life() {
  Desk desk;
  desk.grant(desk.alice, 100);
  EXPECT_EQ(desk.book(Desk::pending(1, desk.alice, desk.escrow, 60, seconds(9))), Status::booked);
  EXPECT_EQ(desk.book(Desk::pending(2, desk.alice, desk.escrow, 10, seconds(9))), Status::booked);
  EXPECT_EQ(desk.book(Desk::move(3, desk.alice, desk.node, 31)), Status::exceeds_credits);
  desk.now += seconds(10);
  EXPECT_EQ(desk.book({linked(Desk::move(4, desk.alice, desk.node, 31)),
                       linked(Desk::move(5, desk.node, desk.escrow, 31)),
                       Desk::move(6, desk.escrow, desk.alice, 31)}),
            std::vector(3, Status::booked));
  EXPECT_TRUE(desk.ledger.close(desk.escrow, desk.now));
  desk.ledger.note(Note{"key", "{}"}, desk.now);
  desk.expect_sound();
  return desk.journal.entries;
}

// The message of the first entry that is refused.
std::string first_error(const std::vector<Entry>& entries) {
  Ledger ledger;
  for (const Entry& entry : entries) {
    const auto done = ledger.replay(entry);
    if (done) continue;
    EXPECT_EQ(done.error().code, core::ErrorCode::corrupt);
    EXPECT_FALSE(done.error().hint.empty());
    return done.error().message;
  }
  return "";
}

TEST(Replay, EndsWhereTheFirstLifeDidAtEveryEntryL9) {
  const std::vector<Entry> entries = life();
  EXPECT_EQ(first_error(entries), "");
  for (std::size_t cut = 0; cut <= entries.size(); ++cut) {
    Ledger ledger;
    for (std::size_t i = 0; i < cut; ++i) ASSERT_TRUE(ledger.replay(entries[i]));
    Ledger without_tail;
    const std::size_t whole = cut - ledger.unfinished_chain();
    ledger.drop_unfinished_chain();
    for (std::size_t i = 0; i < whole; ++i) ASSERT_TRUE(without_tail.replay(entries[i]));
    EXPECT_EQ(without_tail.unfinished_chain(), 0U);
    EXPECT_EQ(state_hash(ledger), state_hash(without_tail)) << cut;
    EXPECT_TRUE(check(ledger));
  }
}

TEST(Replay, OfAChainTakesEffectWithItsEndL8) {
  const std::vector<Entry> entries = life();
  Ledger ledger;
  std::size_t i = 0;
  const auto is_linked = [](const Entry& entry) {
    const auto* const transfer = std::get_if<Transfer>(&entry.body);
    return transfer != nullptr && transfer->linked;
  };
  while (!is_linked(entries[i])) ASSERT_TRUE(ledger.replay(entries[i++]));
  const std::uint64_t before = state_hash(ledger);
  ASSERT_TRUE(ledger.replay(entries[i++]));
  ASSERT_TRUE(ledger.replay(entries[i++]));
  EXPECT_EQ(ledger.unfinished_chain(), 2U);
  EXPECT_EQ(state_hash(ledger), before);
  ASSERT_TRUE(ledger.replay(entries[i++]));
  EXPECT_EQ(ledger.unfinished_chain(), 0U);
  EXPECT_NE(state_hash(ledger), before);
}

TEST(Replay, RefusesWhatTheLedgerWouldNotHaveWritten) {
  const std::vector<Entry> entries = life();
  // Where each kind of entry stands in that life.
  const std::size_t pending = 5;
  const std::size_t failed = 7;
  const std::size_t expired = 8;
  const std::size_t chain = 10;
  ASSERT_TRUE(std::holds_alternative<TransferFailed>(entries[failed].body));
  ASSERT_TRUE(std::holds_alternative<PendingExpired>(entries[expired].body));
  ASSERT_TRUE(std::get<Transfer>(entries[chain].body).linked);
  const auto damaged = [&](auto change) {
    std::vector<Entry> changed = entries;
    change(changed);
    return first_error(changed);
  };
  const auto without = [&](std::size_t i) {
    return damaged([&](auto& e) { e.erase(e.begin() + static_cast<std::ptrdiff_t>(i)); });
  };
  EXPECT_EQ(without(4),
            "transfer '01' cannot have been booked: the paying account has less than "
            "the amount");
  EXPECT_EQ(without(expired), "transfer '02' was not the first that was due at 10000000 us");
  EXPECT_EQ(without(expired + 1),
            "a pending transfer was due at 10000000 us, before an entry of 11000000 us");
  EXPECT_EQ(without(chain + 2), "a chain of 2 transfers has no end");
  EXPECT_EQ(without(pending), "transfer '01' was not due at 10000000 us");
  EXPECT_EQ(damaged([&](auto& e) { std::swap(e[expired], e[expired + 1]); }),
            "transfer '02' was not the first that was due at 10000000 us");
  EXPECT_EQ(damaged([&](auto& e) { e[expired].time += core::Duration{1}; }),
            "transfer '01' was not due at 10000001 us");
  EXPECT_EQ(damaged([&](auto& e) { e[pending].time = at_seconds(0); }),
            "an entry of 0 us follows one of 1000000 us");
  EXPECT_EQ(damaged([&](auto& e) { e.back().time = core::never + core::Duration{1}; }),
            "an entry has the time 4611686018427387904 us");
  EXPECT_EQ(damaged([&](auto& e) { e.insert(e.begin() + pending, e[pending]); }),
            "transfer '01' cannot have been booked: the same transfer was booked before; nothing "
            "moved again");
  EXPECT_EQ(damaged([&](auto& e) { e.insert(e.begin() + failed, e[failed]); }),
            "transfer '03' cannot have failed: its id is in the books");
  EXPECT_EQ(
      damaged([&](auto& e) { std::get<TransferFailed>(e[failed].body).status = Status::exists; }),
      "transfer '03' cannot have failed: such a failure is not remembered");
  EXPECT_EQ(damaged([&](auto& e) { e.insert(e.begin() + 1, e[0]); }),
            "account 'op:mint' was opened before");
  EXPECT_EQ(damaged([&](auto& e) {
              e.push_back({e.back().time, AccountClosed{AccountId{3}}});
            }),
            "account 'escrow:42' was closed before");
  EXPECT_EQ(damaged([&](auto& e) {
              e.push_back({e.back().time, AccountClosed{AccountId{2}}});
            }),
            "account 'user:alice' has 100");
  EXPECT_EQ(damaged([&](auto& e) {
              e.push_back({e.back().time, Genesis{"a", "ucr"}});
            }),
            "the ledger has entries already");
}

}  // namespace
}  // namespace nexa::test
