// Linked chains and groups: all or nothing (L8).
#include <gtest/gtest.h>

#include "tests/ledger/desk.hpp"

namespace nexa::test {
namespace {

using ledger::PendingState;
using Statuses = std::vector<Status>;

TEST(Chain, IsBookedWholeL8) {
  Desk desk;
  desk.grant(desk.alice, 100);
  const std::vector chain{linked(Desk::move(1, desk.alice, desk.escrow, 60)),
                          linked(Desk::move(2, desk.escrow, desk.node, 50)),
                          Desk::move(3, desk.escrow, desk.alice, 10)};
  EXPECT_EQ(desk.book(chain), Statuses(3, Status::booked));
  EXPECT_EQ(desk.balance(desk.node), "50");
  EXPECT_EQ(desk.balance(desk.alice), "50");
  EXPECT_EQ(desk.book(chain), Statuses(3, Status::exists));
  desk.expect_sound();
}

TEST(Chain, IsNotBookedAtAllL8) {
  Desk desk;
  desk.grant(desk.alice, 100);
  const std::uint64_t before = state_hash(desk.ledger);
  const std::vector chain{linked(Desk::move(1, desk.alice, desk.escrow, 60)),
                          linked(Desk::move(2, desk.escrow, desk.node, 50)),
                          linked(Desk::move(3, desk.escrow, desk.alice, 11)),
                          Desk::move(4, desk.alice, desk.node, 1)};
  const Statuses failed{Status::linked_event_failed, Status::linked_event_failed,
                        Status::exceeds_credits, Status::linked_event_failed};
  EXPECT_EQ(desk.book(chain), failed);
  EXPECT_EQ(desk.balance(desk.alice), "100");
  EXPECT_EQ(desk.ledger.find(TransferId{1}), std::nullopt);
  EXPECT_NE(state_hash(desk.ledger), before);  // for the id that stays failed
  Statuses again = failed;
  again[2] = Status::id_already_failed;
  EXPECT_EQ(desk.book(chain), again);
  // The others were not looked at on their own, so their ids are free.
  EXPECT_EQ(desk.book(Desk::move(1, desk.alice, desk.escrow, 1)), Status::booked);
  desk.expect_sound();
}

TEST(Chain, ThatIsMalformedChangesNothing) {
  Desk desk;
  desk.grant(desk.alice, 100);
  const std::uint64_t before = state_hash(desk.ledger);
  EXPECT_EQ(desk.book({linked(Desk::move(1, desk.alice, desk.escrow, 60)),
                       Desk::move(2, desk.escrow, desk.escrow, 50)}),
            (Statuses{Status::linked_event_failed, Status::accounts_must_differ}));
  EXPECT_EQ(desk.book({Desk::move(3, desk.escrow, desk.escrow, 50),
                       linked(Desk::move(4, desk.alice, desk.escrow, 60)),
                       linked(Desk::move(5, desk.alice, desk.escrow, 60))}),
            (Statuses{Status::accounts_must_differ, Status::linked_event_failed,
                      Status::linked_chain_open}));
  EXPECT_EQ(desk.book(linked(Desk::move(6, desk.alice, desk.escrow, 60))),
            Status::linked_chain_open);
  EXPECT_EQ(state_hash(desk.ledger), before);
  desk.expect_sound();
}

TEST(Chain, OfKnownAndNewTransfersIsRefused) {
  Desk desk;
  desk.grant(desk.alice, 100);
  const Transfer known = linked(Desk::move(1, desk.alice, desk.node, 1));
  ASSERT_EQ(desk.book({known, Desk::move(2, desk.alice, desk.node, 1)}),
            Statuses(2, Status::booked));
  EXPECT_EQ(desk.book({known, Desk::move(3, desk.alice, desk.node, 1)}),
            (Statuses{Status::linked_event_failed, Status::linked_chain_mixed}));
  EXPECT_EQ(desk.book({linked(Desk::move(4, desk.alice, desk.node, 1)),
                       Desk::move(2, desk.alice, desk.node, 1)}),
            (Statuses{Status::linked_event_failed, Status::linked_chain_mixed}));
  const Transfer twice = Desk::move(5, desk.alice, desk.node, 1);
  EXPECT_EQ(desk.book({linked(twice), linked(twice), Desk::move(6, desk.alice, desk.node, 1)}),
            (Statuses{Status::linked_event_failed, Status::linked_chain_mixed,
                      Status::linked_event_failed}));
  EXPECT_EQ(desk.balance(desk.node), "2");
  desk.expect_sound();
}

TEST(Chain, TakesBackWhatItDidToPendingTransfers) {
  Desk desk;
  desk.grant(desk.alice, 1000);
  for (Amount id = 1; id <= 6; ++id) {
    ASSERT_EQ(desk.book(Desk::pending(id, desk.alice, desk.escrow, 10 * id, seconds(60), 5)),
              Status::booked);
  }
  const ledger::Account before = desk.ledger.account(desk.alice);
  EXPECT_EQ(desk.book({linked(Desk::post(11, 3, 7)), linked(Desk::void_(12, 2)),
                       linked(Desk::pending(13, desk.alice, desk.node, 5, seconds(1), 5)),
                       linked(Desk::pending(14, desk.alice, desk.node, 5, {}, 6)),
                       linked(Desk::post_group(15, 5)), linked(Desk::void_group(16, 6)),
                       Desk::move(17, desk.node, desk.alice, 6)}),
            (Statuses{Status::linked_event_failed, Status::linked_event_failed,
                      Status::linked_event_failed, Status::linked_event_failed,
                      Status::linked_event_failed, Status::linked_event_failed,
                      Status::exceeds_credits}));
  EXPECT_EQ(desk.ledger.account(desk.alice), before);
  EXPECT_EQ(desk.ledger.next_expiry(), at_seconds(61));
  desk.expect_sound();
  EXPECT_EQ(desk.book(Desk::void_group(18, 6)), Status::group_has_no_open_pending);
  EXPECT_EQ(desk.book({linked(Desk::void_(19, 4)), Desk::post_group(20, 5)}),
            Statuses(2, Status::booked));
  EXPECT_EQ(desk.balance(desk.escrow), "170");
  desk.expect_sound();
}

TEST(Group, IsPostedOrVoidedWholeL8) {
  Desk desk;
  desk.grant(desk.alice, 100);
  desk.grant(desk.node, 100);
  ASSERT_EQ(desk.book(Desk::pending(1, desk.alice, desk.escrow, 10, {}, 5)), Status::booked);
  ASSERT_EQ(desk.book(Desk::pending(2, desk.node, desk.escrow, 20, {}, 5)), Status::booked);
  ASSERT_EQ(desk.book(Desk::pending(3, desk.alice, desk.escrow, 40, {}, 6)), Status::booked);
  ASSERT_EQ(desk.book(Desk::pending(4, desk.alice, desk.escrow, 5, seconds(9), 5)), Status::booked);
  ASSERT_EQ(desk.book(Desk::void_(5, 2)), Status::booked);
  EXPECT_EQ(desk.book(Desk::post_group(6, 5)), Status::booked);
  EXPECT_EQ(desk.balance(desk.escrow), "15");
  EXPECT_EQ(desk.state(1), PendingState::posted);
  EXPECT_EQ(desk.state(2), PendingState::voided);
  EXPECT_EQ(desk.state(3), PendingState::open);
  EXPECT_EQ(desk.state(4), PendingState::posted);
  EXPECT_EQ(desk.ledger.next_expiry(), core::never);
  EXPECT_EQ(desk.book(Desk::post_group(6, 5)), Status::exists);
  EXPECT_EQ(desk.book(Desk::post_group(6, 6)), Status::exists_with_different_group);
  EXPECT_EQ(desk.book(Desk::void_group(6, 5)), Status::exists_with_different_kind);
  EXPECT_EQ(desk.book(Desk::void_group(7, 5)), Status::group_has_no_open_pending);
  EXPECT_EQ(desk.book(Desk::void_group(8, 6)), Status::booked);
  EXPECT_EQ(desk.available(desk.alice), "85");
  EXPECT_EQ(desk.book(Desk::post(9, 3)), Status::pending_already_voided);
  desk.expect_sound();
}

// What a job's verdict does: the reservation is posted, rewards and fee are paid out of it, and
// what was reserved beside it is released, in one step.
TEST(Group, SettlesAJobInOneChain) {
  Desk desk;
  const AccountId fee = desk.open("fee:platform");
  desk.grant(desk.alice, 10000);
  ASSERT_EQ(desk.book({Desk::pending(1, desk.alice, desk.escrow, 4000, seconds(3600)),
                       Desk::pending(2, desk.alice, desk.escrow, 1000, seconds(3600), 42),
                       Desk::pending(3, desk.alice, desk.escrow, 1000, seconds(3600), 42)}),
            Statuses(3, Status::booked));
  EXPECT_EQ(
      desk.book({linked(Desk::post(4, 1)), linked(Desk::move(5, desk.escrow, desk.node, 3900)),
                 linked(Desk::move(6, desk.escrow, fee, 100)), Desk::void_group(7, 42)}),
      Statuses(4, Status::booked));
  EXPECT_EQ(desk.available(desk.alice), "6000");
  EXPECT_TRUE(desk.ledger.close(desk.escrow, desk.now));
  EXPECT_EQ(desk.book(Desk::move(8, desk.alice, desk.escrow, 1)), Status::credit_account_closed);
  desk.expect_sound();
}

}  // namespace
}  // namespace nexa::test
