// Pending transfers: posting, voiding, expiry, and the ledger's time.
#include <gtest/gtest.h>

#include "tests/ledger/desk.hpp"

namespace nexa::test {
namespace {

using ledger::PendingExpired;
using ledger::PendingState;

TEST(TwoPhase, RestoresTheRestOfAPartialPostInTheSameStepL5) {
  Desk desk;
  desk.grant(desk.alice, 10000);
  ASSERT_EQ(desk.book(Desk::pending(1, desk.alice, desk.escrow, 6000)), Status::booked);
  EXPECT_EQ(desk.balance(desk.alice), "10000");
  EXPECT_EQ(desk.available(desk.alice), "4000");
  EXPECT_EQ(desk.ledger.account(desk.escrow).credits_pending, Amount{6000});
  ASSERT_EQ(desk.book(Desk::post(2, 1, 4000)), Status::booked);
  EXPECT_EQ(desk.available(desk.alice), "6000");
  EXPECT_EQ(desk.ledger.account(desk.alice).debits_pending, Amount{0});
  EXPECT_EQ(desk.ledger.account(desk.escrow).credits_pending, Amount{0});
  EXPECT_EQ(desk.balance(desk.escrow), "4000");
  const Transfer post = desk.ledger.find(TransferId{2})->transfer;
  EXPECT_EQ(post.debit, desk.alice);
  EXPECT_EQ(post.credit, desk.escrow);
  EXPECT_EQ(post.amount, Amount{4000});
  desk.expect_sound();
}

TEST(TwoPhase, VoidsWithoutATrace) {
  Desk desk;
  desk.grant(desk.alice, 100);
  const ledger::Account before = desk.ledger.account(desk.alice);
  ASSERT_EQ(desk.book(Desk::pending(1, desk.alice, desk.escrow, 60)), Status::booked);
  ASSERT_EQ(desk.book(Desk::void_(2, 1)), Status::booked);
  EXPECT_EQ(desk.ledger.account(desk.alice), before);
  EXPECT_EQ(desk.ledger.account(desk.escrow), ledger::Account{});
  EXPECT_EQ(desk.state(1), PendingState::voided);
  EXPECT_EQ(desk.ledger.find(TransferId{2})->transfer.amount, Amount{60});
  desk.expect_sound();
}

TEST(TwoPhase, ExpiresExactlyAtItsTimeoutAndInOrderL10) {
  Desk desk;
  desk.grant(desk.alice, 100);
  ASSERT_EQ(desk.book(Desk::pending(1, desk.alice, desk.escrow, 10, seconds(9))), Status::booked);
  ASSERT_EQ(desk.book(Desk::pending(2, desk.alice, desk.escrow, 10, seconds(5))), Status::booked);
  desk.now += seconds(2);
  ASSERT_EQ(desk.book(Desk::pending(3, desk.alice, desk.escrow, 10, seconds(3))), Status::booked);
  ASSERT_EQ(desk.book(Desk::pending(4, desk.alice, desk.escrow, 10)), Status::booked);
  EXPECT_EQ(desk.ledger.next_expiry(), at_seconds(6));
  EXPECT_EQ(desk.ledger.expire(at_seconds(6) - core::Duration{1}), 0U);
  const std::size_t before = desk.journal.entries.size();
  EXPECT_EQ(desk.ledger.expire(at_seconds(1000)), 3U);
  EXPECT_EQ(desk.ledger.next_expiry(), core::never);
  ASSERT_EQ(desk.journal.entries.size(), before + 3);
  const auto expect = [&](std::size_t i, Amount id, core::Time time) {
    EXPECT_EQ(desk.journal.entries[before + i],
              (ledger::Entry{time, PendingExpired{TransferId{id}}}));
  };
  expect(0, 2, at_seconds(6));
  expect(1, 3, at_seconds(6));
  expect(2, 1, at_seconds(10));
  EXPECT_EQ(desk.ledger.time(), at_seconds(10));
  EXPECT_EQ(desk.available(desk.alice), "90");
  EXPECT_EQ(desk.state(4), PendingState::open);
  desk.expect_sound();
}

TEST(TwoPhase, CanBePostedUntilTheInstantOfItsTimeout) {
  Desk desk;
  desk.grant(desk.alice, 100);
  ASSERT_EQ(desk.book(Desk::pending(1, desk.alice, desk.escrow, 10, seconds(5))), Status::booked);
  ASSERT_EQ(desk.book(Desk::pending(2, desk.alice, desk.escrow, 10, seconds(5))), Status::booked);
  desk.now = at_seconds(6) - core::Duration{1};
  EXPECT_EQ(desk.book(Desk::post(3, 1)), Status::booked);
  desk.now = at_seconds(6);
  EXPECT_EQ(desk.book(Desk::post(4, 2)), Status::pending_expired);
  desk.expect_sound();
}

TEST(TwoPhase, GivesExpiredAmountsBackBeforeItBooks) {
  Desk desk;
  desk.grant(desk.alice, 100);
  ASSERT_EQ(desk.book(Desk::pending(1, desk.alice, desk.escrow, 100, seconds(5))), Status::booked);
  desk.now += seconds(5);
  EXPECT_EQ(desk.book(Desk::move(2, desk.alice, desk.node, 100)), Status::booked);
  desk.expect_sound();
}

// TigerBeetle's recipe for a limit of requests per time: a purse of requests, one pending transfer
// for each, which nobody ever resolves.
TEST(TwoPhase, LimitsARateByExpiryAlone) {
  Desk desk;
  desk.grant(desk.alice, 3);
  Amount id = 0;
  const auto request = [&] {
    return desk.book(Desk::pending(++id, desk.alice, desk.node, 1, seconds(60)));
  };
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(request(), Status::booked);
    desk.now += seconds(10);
  }
  EXPECT_EQ(request(), Status::exceeds_credits);
  desk.now = at_seconds(61);
  EXPECT_EQ(request(), Status::booked);
  EXPECT_EQ(request(), Status::exceeds_credits);
  desk.expect_sound();
}

TEST(TwoPhase, DoesNotLetTheClockGoBack) {
  Desk desk;
  desk.grant(desk.alice, 100);
  desk.now = at_seconds(100);
  ASSERT_EQ(desk.book(Desk::pending(1, desk.alice, desk.escrow, 10, seconds(5))), Status::booked);
  desk.now = at_seconds(50);
  ASSERT_EQ(desk.book(Desk::move(2, desk.alice, desk.node, 10)), Status::booked);
  EXPECT_EQ(desk.ledger.find(TransferId{2})->time, at_seconds(100));
  ASSERT_EQ(desk.book(Desk::pending(3, desk.alice, desk.escrow, 10, seconds(5))), Status::booked);
  EXPECT_EQ(desk.ledger.expire(at_seconds(60)), 0U);
  EXPECT_EQ(desk.ledger.expire(at_seconds(105)), 2U);
  EXPECT_EQ(desk.book(Desk::move(4, desk.alice, desk.node, 1)), Status::booked);
  EXPECT_EQ(desk.ledger.find(TransferId{4})->time, at_seconds(105));
  desk.expect_sound();
}

TEST(TwoPhase, TimeIsThatOfTheLastEntry) {
  Desk desk;
  desk.now = at_seconds(100);
  EXPECT_EQ(desk.book(Desk::post(0, 0)), Status::id_must_not_be_zero);
  EXPECT_EQ(desk.ledger.time(), at_seconds(1));
}

TEST(TwoPhase, ForgetsResolvedTimeoutsAndKeepsTheOthers) {
  Desk desk;
  desk.grant(desk.alice, 1'000'000);
  for (Amount id = 1; id <= 5000; ++id) {
    ASSERT_EQ(desk.book(Desk::pending(id, desk.alice, desk.escrow, 1,
                                      seconds(10 + static_cast<std::int64_t>(id)))),
              Status::booked);
    if (id % 10 == 0) continue;
    ASSERT_EQ(desk.book(Desk::void_(10000 + id, id)), Status::booked);
  }
  EXPECT_EQ(desk.ledger.books().pendings().queued(), 500U);
  EXPECT_EQ(desk.ledger.next_expiry(), at_seconds(21));
  EXPECT_EQ(desk.ledger.expire(at_seconds(1 + 10 + 2500)), 250U);
  desk.expect_sound();
}

}  // namespace
}  // namespace nexa::test
