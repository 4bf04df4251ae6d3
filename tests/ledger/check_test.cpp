// The recount finds what must never happen. The books are broken behind the ledger's back.
#include <gtest/gtest.h>

#include "tests/ledger/desk.hpp"

namespace nexa::test {
namespace {

using ledger::Account;
using ledger::Books;

struct BrokenDesk : Desk {
  BrokenDesk() {
    grant(alice, 100);
    EXPECT_EQ(book(pending(1, alice, escrow, 60, seconds(9))), Status::booked);
    EXPECT_EQ(book(pending(2, alice, escrow, 10, {}, 5)), Status::booked);
  }

  // The ledger is no constant object, so its parts may be written to.
  Books& books() { return const_cast<Books&>(ledger.books()); }
  Account& account(AccountId id) { return const_cast<Account&>(ledger.account(id)); }

  [[nodiscard]] std::string found() const {
    const auto sound = check(ledger);
    return sound ? "" : sound.error().message;
  }
};

TEST(Check, AcceptsWhatTheLedgerDid) {
  EXPECT_EQ(BrokenDesk().found(), "");
}

TEST(Check, FindsChangedSums) {
  for (const auto sum : {&Account::debits_pending, &Account::debits_posted,
                         &Account::credits_pending, &Account::credits_posted}) {
    BrokenDesk desk;
    desk.account(desk.alice).*sum += 1;
    EXPECT_EQ(desk.found(), "the sums of account 'user:alice' are not its transfers'");
  }
}

TEST(Check, FindsAnOverdrawnAccountL3) {
  BrokenDesk desk;
  desk.books().reserve(1);
  desk.books().add_transfer(Desk::move(9, desk.alice, desk.node, 31), desk.now);
  EXPECT_EQ(desk.found(), "L3: account 'user:alice' is overdrawn");
}

TEST(Check, FindsAPostOfTooMuchL5) {
  BrokenDesk desk;
  desk.books().reserve(1);
  desk.books().add_post(Desk::post(9, 1), desk.now, 0, 61);
  EXPECT_EQ(desk.found(), "L5: transfer '09' posts more than was reserved");
}

TEST(Check, FindsAnEarlyExpiryL10) {
  BrokenDesk desk;
  desk.books().expire_next();
  EXPECT_EQ(desk.found(), "L10: transfer '01' expired early");
}

TEST(Check, FindsAMissedExpiryL10) {
  BrokenDesk desk;
  desk.books().reserve(1);
  desk.books().add_pending(Desk::pending(9, desk.alice, desk.node, 1, seconds(1)), desk.now,
                           desk.now - seconds(1));
  desk.books().settle(3);
  EXPECT_EQ(desk.found(), "L10: transfer '09' is open after its timeout");
}

TEST(Check, FindsATimeOutOfOrder) {
  BrokenDesk desk;
  desk.books().reserve(1);
  desk.books().add_transfer(Desk::move(9, desk.mint, desk.alice, 1), desk.now - seconds(1));
  EXPECT_EQ(desk.found(), "transfer '09' has a time out of order");
}

TEST(Check, FindsAnIdThatIsTwiceInTheBooksL6) {
  BrokenDesk desk;
  desk.books().reserve(1);
  desk.books().add_failure(TransferId{1}, Status::exceeds_credits, desk.now);
  EXPECT_EQ(desk.found(), "L6: the id of transfer '01' leads to another transfer");
}

TEST(Check, FindsMoneyOnAClosedAccount) {
  BrokenDesk desk;
  desk.books().close_account(desk.alice);
  EXPECT_EQ(desk.found(), "account 'user:alice' is closed, and not empty");
}

TEST(Check, FindsATimeoutThatIsNotWatchedL10) {
  BrokenDesk desk;
  desk.books().reserve(1);
  desk.books().add_pending(Desk::pending(9, desk.alice, desk.node, 1, seconds(1)), desk.now,
                           desk.now + seconds(1));
  EXPECT_EQ(desk.found(), "L10: 1 of 2 open timeouts are watched");
}

}  // namespace
}  // namespace nexa::test
