// Each outcome that a transfer can have, on a small desk.
#include <gtest/gtest.h>

#include "tests/ledger/desk.hpp"

namespace nexa::test {
namespace {

using ledger::Reason;

constexpr Amount largest = ledger::whole_amount - 1;  // the largest amount itself is reserved

TEST(LedgerStatus, BooksATransferOnceL6) {
  Desk desk;
  desk.grant(desk.alice, 100);
  const Transfer pay = Desk::move(1, desk.alice, desk.node, 60);
  EXPECT_EQ(desk.book(pay), Status::booked);
  const auto known = desk.ledger.find(TransferId{1});
  desk.now += seconds(5);
  EXPECT_EQ(desk.book(pay), Status::exists);
  EXPECT_EQ(desk.book(pay), Status::exists);
  EXPECT_EQ(desk.ledger.find(TransferId{1}), known);
  EXPECT_EQ(known->time, at_seconds(1));
  EXPECT_EQ(desk.balance(desk.alice), "40");
  EXPECT_EQ(desk.balance(desk.node), "60");
  desk.expect_sound();
}

TEST(LedgerStatus, TellsHowATransferWithTheSameIdDiffers) {
  Desk desk;
  desk.grant(desk.alice, 1000);
  const Transfer pay = Desk::pending(1, desk.alice, desk.escrow, 60, seconds(10), 7);
  ASSERT_EQ(desk.book(pay), Status::booked);
  ASSERT_EQ(desk.book(Desk::pending(2, desk.alice, desk.escrow, 60)), Status::booked);
  const auto changed = [&](auto change) {
    Transfer other = pay;
    change(other);
    return desk.book(other);
  };
  EXPECT_EQ(changed([](Transfer& t) { t.kind = TransferKind::transfer; }),
            Status::exists_with_different_kind);
  EXPECT_EQ(changed([](Transfer& t) { t.pending = TransferId{2}; }),
            Status::exists_with_different_pending);
  EXPECT_EQ(changed([](Transfer& t) { t.group = GroupId{8}; }),
            Status::exists_with_different_group);
  EXPECT_EQ(changed([&](Transfer& t) { t.debit = desk.mint; }),
            Status::exists_with_different_debit);
  EXPECT_EQ(changed([&](Transfer& t) { t.credit = desk.node; }),
            Status::exists_with_different_credit);
  EXPECT_EQ(changed([](Transfer& t) { t.amount = 61; }), Status::exists_with_different_amount);
  EXPECT_EQ(changed([](Transfer& t) { t.timeout = seconds(11); }),
            Status::exists_with_different_timeout);
  EXPECT_EQ(changed([](Transfer& t) { t.reason = Reason::stake; }),
            Status::exists_with_different_reason);
  EXPECT_EQ(desk.book({linked(pay), Desk::move(3, desk.alice, desk.node, 1)}),
            (std::vector{Status::exists_with_different_linked, Status::linked_event_failed}));
  EXPECT_EQ(desk.book(pay), Status::exists);
  desk.expect_sound();
}

TEST(LedgerStatus, OfARepeatedPostKnowsWhatTheWholeWas) {
  Desk desk;
  desk.grant(desk.alice, 1000);
  for (Amount id = 1; id <= 2; ++id) {
    ASSERT_EQ(desk.book(Desk::pending(id, desk.alice, desk.escrow, 60)), Status::booked);
  }
  ASSERT_EQ(desk.book(Desk::post(11, 1)), Status::booked);
  EXPECT_EQ(desk.book(Desk::post(11, 1)), Status::exists);
  EXPECT_EQ(desk.book(Desk::post(11, 1, 60)), Status::exists);
  EXPECT_EQ(desk.book(Desk::post(11, 1, 59)), Status::exists_with_different_amount);
  EXPECT_EQ(desk.book(Desk::post(11, 2, 60)), Status::exists_with_different_pending);
  ASSERT_EQ(desk.book(Desk::post(12, 2, 59)), Status::booked);
  EXPECT_EQ(desk.book(Desk::post(12, 2)), Status::exists_with_different_amount);
  EXPECT_EQ(desk.ledger.find(TransferId{11})->transfer.amount, Amount{60});
  desk.expect_sound();
}

TEST(LedgerStatus, OfAMalformedTransferLeavesItsIdFree) {
  Desk desk;
  desk.grant(desk.alice, 1000);
  const std::size_t entries = desk.journal.entries.size();
  const Transfer good = Desk::move(1, desk.alice, desk.node, 60);
  const auto changed = [&](Transfer other, auto change) {
    change(other);
    const Status status = desk.book(other);
    EXPECT_EQ(desk.book(other), status);
    EXPECT_EQ(info(status).status_class, ledger::StatusClass::malformed);
    return status;
  };
  EXPECT_EQ(changed(good, [](Transfer& t) { t.id = {}; }), Status::id_must_not_be_zero);
  EXPECT_EQ(changed(good, [](Transfer& t) { t.kind = static_cast<TransferKind>(6); }),
            Status::kind_unknown);
  EXPECT_EQ(changed(good, [](Transfer& t) { t.credit = t.debit; }), Status::accounts_must_differ);
  EXPECT_EQ(changed(good, [](Transfer& t) { t.amount = ledger::whole_amount; }),
            Status::amount_reserved);
  EXPECT_EQ(changed(good, [](Transfer& t) { t.pending = TransferId{9}; }),
            Status::pending_must_be_zero);
  EXPECT_EQ(changed(good, [](Transfer& t) { t.group = GroupId{9}; }), Status::group_must_be_zero);
  EXPECT_EQ(changed(good, [](Transfer& t) { t.timeout = seconds(1); }),
            Status::timeout_reserved_for_pending);
  EXPECT_EQ(changed(Desk::pending(1, desk.alice, desk.node, 60),
                    [](Transfer& t) { t.timeout = seconds(-1); }),
            Status::timeout_must_not_be_negative);
  EXPECT_EQ(changed(Desk::post(1, 0), [](Transfer&) {}), Status::pending_must_not_be_zero);
  EXPECT_EQ(changed(Desk::void_(1, 1), [](Transfer&) {}), Status::pending_must_differ);
  EXPECT_EQ(changed(Desk::void_(1, 9), [](Transfer& t) { t.group = GroupId{1}; }),
            Status::group_must_be_zero);
  EXPECT_EQ(changed(Desk::post_group(1, 0), [](Transfer&) {}), Status::group_must_not_be_zero);
  EXPECT_EQ(changed(Desk::void_group(1, 9), [](Transfer& t) { t.pending = TransferId{3}; }),
            Status::pending_must_be_zero);
  EXPECT_EQ(desk.journal.entries.size(), entries);
  EXPECT_EQ(desk.book(good), Status::booked);
  desk.expect_sound();
}

TEST(LedgerStatus, ThatDependsOnTheBooksSticksL7) {
  Desk desk;
  desk.grant(desk.alice, 100);
  const AccountId closed = desk.open("escrow:7");
  ASSERT_TRUE(desk.ledger.close(closed, desk.now));
  const AccountId unknown{99};
  const auto expect = [&](const Transfer& transfer, Status status) {
    EXPECT_EQ(desk.book(transfer), status);
    EXPECT_EQ(info(status).status_class, ledger::StatusClass::failed);
    EXPECT_EQ(desk.book(transfer), Status::id_already_failed);
    EXPECT_EQ(desk.ledger.find(transfer.id)->status, status);
    // A change of what was asked for does not bring the id back either.
    EXPECT_EQ(desk.book(Desk::move(transfer.id.value, desk.alice, desk.node, 1)),
              Status::id_already_failed);
  };
  expect(Desk::move(1, unknown, desk.node, 1), Status::debit_account_not_found);
  expect(Desk::move(2, AccountId{}, desk.node, 1), Status::debit_account_not_found);
  expect(Desk::move(3, desk.alice, unknown, 1), Status::credit_account_not_found);
  expect(Desk::move(4, closed, desk.node, 0), Status::debit_account_closed);
  expect(Desk::pending(5, desk.alice, closed, 1), Status::credit_account_closed);
  expect(Desk::post(6, 98), Status::pending_not_found);
  expect(Desk::void_(7, 6), Status::pending_not_found);  // which failed itself
  expect(Desk::post(8, 1'000'000), Status::pending_not_pending);
  expect(Desk::post_group(9, 5), Status::group_has_no_open_pending);
  expect(Desk::move(10, desk.alice, desk.node, 101), Status::exceeds_credits);
  expect(Desk::pending(11, desk.alice, desk.node, 1, core::Duration::max()),
         Status::overflows_timeout);
  desk.grant(desk.alice, 1000);
  EXPECT_EQ(desk.book(Desk::move(10, desk.alice, desk.node, 101)), Status::id_already_failed);
  EXPECT_EQ(desk.book(Desk::move(12, desk.alice, desk.node, 101)), Status::booked);
  desk.expect_sound();
}

TEST(LedgerStatus, OfAPendingTransferSaysHowItEndedL4) {
  Desk desk;
  desk.grant(desk.alice, 1000);
  for (Amount id = 1; id <= 2; ++id) {
    ASSERT_EQ(desk.book(Desk::pending(id, desk.alice, desk.escrow, 60)), Status::booked);
  }
  ASSERT_EQ(desk.book(Desk::pending(3, desk.alice, desk.escrow, 60, seconds(1))), Status::booked);
  EXPECT_EQ(desk.book(Desk::post(10, 1, 61)), Status::exceeds_pending_amount);
  EXPECT_EQ(desk.book(Desk::post(11, 1, 0)), Status::booked);
  EXPECT_EQ(desk.book(Desk::void_(12, 2)), Status::booked);
  desk.now += seconds(1);
  EXPECT_EQ(desk.book(Desk::post(13, 1)), Status::pending_already_posted);
  EXPECT_EQ(desk.book(Desk::void_(14, 1)), Status::pending_already_posted);
  EXPECT_EQ(desk.book(Desk::post(15, 2)), Status::pending_already_voided);
  EXPECT_EQ(desk.book(Desk::void_(16, 2)), Status::pending_already_voided);
  EXPECT_EQ(desk.book(Desk::post(17, 3)), Status::pending_expired);
  EXPECT_EQ(desk.book(Desk::void_(18, 3)), Status::pending_expired);
  EXPECT_EQ(desk.book(Desk::void_(18, 3)), Status::id_already_failed);
  EXPECT_EQ(desk.available(desk.alice), "1000");
  desk.expect_sound();
}

TEST(LedgerStatus, OfAnOverflowNeverWrapsL12) {
  Desk desk;
  const AccountId burn = desk.open("op:burn");
  ASSERT_EQ(desk.book(Desk::move(1, desk.mint, desk.alice, largest)), Status::booked);
  EXPECT_EQ(desk.book(Desk::move(2, desk.mint, desk.node, 1)), Status::booked);
  EXPECT_EQ(desk.book(Desk::move(3, desk.mint, desk.node, 1)), Status::overflows_debits);
  EXPECT_EQ(desk.book(Desk::move(4, burn, desk.alice, 2)), Status::overflows_credits);
  EXPECT_EQ(desk.book(Desk::pending(5, burn, desk.alice, 2)), Status::overflows_credits);
  EXPECT_EQ(desk.book(Desk::pending(6, burn, desk.alice, 1)), Status::booked);
  EXPECT_EQ(desk.book(Desk::pending(7, desk.mint, desk.node, 1)), Status::overflows_debits);
  // What is reserved counts as well: both accounts could be asked for it.
  EXPECT_EQ(desk.book(Desk::move(8, burn, desk.escrow, largest)), Status::booked);
  EXPECT_EQ(desk.book(Desk::move(9, burn, desk.escrow, 1)), Status::overflows_debits);
  EXPECT_EQ(desk.book(Desk::post(10, 6)), Status::booked);
  EXPECT_EQ(desk.balance(desk.alice), "340282366920938463463374607431768211455");
  EXPECT_EQ(ledger::to_decimal(totals(desk.ledger).held),
            "340282366920938463463374607431768211455");
  desk.expect_sound();
}

TEST(LedgerStatus, OfATimeoutAtTheEndOfTimeIsAnOverflow) {
  Desk desk;
  const core::Duration left = core::never - desk.now;
  EXPECT_EQ(desk.book(Desk::pending(1, desk.mint, desk.node, 1, left)), Status::overflows_timeout);
  EXPECT_EQ(desk.book(Desk::pending(2, desk.mint, desk.node, 1, left - core::Duration{1})),
            Status::booked);
  EXPECT_EQ(desk.ledger.next_expiry(), core::never - core::Duration{1});
  EXPECT_EQ(desk.ledger.expire(core::never), 1U);
  desk.expect_sound();
}

TEST(LedgerStatus, KeepsLimitedAccountsFromOwingL3) {
  Desk desk;
  desk.grant(desk.alice, 100);
  ASSERT_EQ(desk.book(Desk::pending(1, desk.alice, desk.escrow, 70)), Status::booked);
  EXPECT_EQ(desk.available(desk.alice), "30");
  EXPECT_EQ(desk.book(Desk::move(2, desk.alice, desk.node, 31)), Status::exceeds_credits);
  EXPECT_EQ(desk.book(Desk::pending(3, desk.alice, desk.node, 31)), Status::exceeds_credits);
  EXPECT_EQ(desk.book(Desk::move(4, desk.alice, desk.node, 30)), Status::booked);
  // What is only reserved for the escrow cannot be spent by it.
  EXPECT_EQ(desk.book(Desk::move(5, desk.escrow, desk.node, 1)), Status::exceeds_credits);
  EXPECT_EQ(desk.book(Desk::post(6, 1, 50)), Status::booked);
  EXPECT_EQ(desk.available(desk.alice), "20");
  EXPECT_EQ(desk.book(Desk::move(7, desk.escrow, desk.node, 50)), Status::booked);
  EXPECT_EQ(desk.balance(desk.mint), "-100");
  desk.expect_sound();
}

TEST(LedgerStatus, OfATransferOfNothingIsBooked) {
  Desk desk;
  EXPECT_EQ(desk.book(Desk::move(1, desk.alice, desk.node, 0)), Status::booked);
  EXPECT_EQ(desk.book(Desk::pending(2, desk.alice, desk.node, 0)), Status::booked);
  EXPECT_EQ(desk.book(Desk::post(3, 2)), Status::booked);
  EXPECT_EQ(desk.book(Desk::move(1, desk.alice, desk.node, 0)), Status::exists);
  desk.expect_sound();
}

TEST(LedgerStatus, OfABatchThatIsTooLargeIsThatOfEachTransfer) {
  Desk desk;
  std::vector<Transfer> batch;
  for (Amount id = 1; id <= ledger::largest_batch + 1; ++id) {
    batch.push_back(Desk::move(id, desk.mint, desk.alice, 1));
  }
  EXPECT_EQ(desk.book(batch), std::vector(batch.size(), Status::batch_too_large));
  EXPECT_EQ(desk.balance(desk.alice), "0");
  batch.pop_back();
  EXPECT_EQ(desk.book(batch), std::vector(batch.size(), Status::booked));
  EXPECT_EQ(desk.balance(desk.alice), "8190");
  EXPECT_TRUE(desk.book(std::vector<Transfer>{}).empty());
  desk.expect_sound();
}

}  // namespace
}  // namespace nexa::test
