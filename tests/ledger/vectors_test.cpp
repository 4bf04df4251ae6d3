// The seven lines of the project's test vector T3, as entries.
#include <gtest/gtest.h>

#include "tests/ledger/desk.hpp"

namespace nexa::test {
namespace {

using ledger::Entry;
using ledger::Genesis;
using ledger::Ledger;
using ledger::Note;
using ledger::Reason;
using ledger::to_decimal;

core::Time us(std::int64_t count) {
  return core::Time{core::Duration{count}};
}

// As a reader of the file feeds it: accounts begin with the first transfer that names them.
void feed(Ledger& ledger) {
  const auto account = [&](std::string_view name, core::Time time) {
    return ledger.replay_account(name, time).value();
  };
  const auto transfer = [&](core::Time time, Amount id, TransferKind kind, std::string_view debit,
                            std::string_view credit, Amount amount, Reason reason) {
    Transfer made{.id = TransferId{id}, .kind = kind, .amount = amount, .reason = reason};
    if (!debit.empty()) made.debit = account(debit, time);
    if (!credit.empty()) made.credit = account(credit, time);
    if (kind == TransferKind::pending) made.timeout = seconds(3600);
    if (kind == TransferKind::post) made.pending = TransferId{2};
    const auto done = ledger.replay({time, made});
    ASSERT_TRUE(done) << done.error().message;
  };
  ASSERT_TRUE(ledger.replay({us(0), Genesis{"nexapod.example/ledger/test", "ucr"}}));
  transfer(us(1'000'000), 1, TransferKind::transfer, "op:mint", "user:alice", 1'000'000,
           Reason::grant);
  transfer(us(2'000'000), 2, TransferKind::pending, "user:alice", "escrow:42", 6000,
           Reason::escrow);
  transfer(us(9'000'000), 3, TransferKind::post, "", "", 4000, Reason::settle);
  transfer(us(9'000'000), 4, TransferKind::transfer, "escrow:42", "node:a", 3900, Reason::reward);
  transfer(us(9'000'000), 5, TransferKind::transfer, "escrow:42", "fee:platform", 100, Reason::fee);
  ASSERT_TRUE(ledger.replay(
      {us(9'500'000),
       Note{"verdict", R"("job":"42","canon":"aa","valid":["1","2"],"invalid":[])"}}));
}

TEST(Vectors, OfTheLedgerHaveTheirBalances) {
  Ledger ledger;
  feed(ledger);
  const auto balance = [&](const char* name) {
    return to_decimal(ledger.account(ledger.names().find(name).value()).balance());
  };
  EXPECT_EQ(balance("user:alice"), "996000");
  EXPECT_EQ(balance("escrow:42"), "0");
  EXPECT_EQ(balance("node:a"), "3900");
  EXPECT_EQ(balance("fee:platform"), "100");
  EXPECT_EQ(balance("op:mint"), "-1000000");
  EXPECT_EQ(ledger.account(ledger.names().find("user:alice").value()).debits_pending, Amount{0});
  EXPECT_EQ(ledger.time(), us(9'500'000));
  const ledger::Totals totals = ledger::totals(ledger);
  EXPECT_EQ(to_decimal(totals.minted), "1000000");
  EXPECT_EQ(to_decimal(totals.burned), "0");
  EXPECT_EQ(to_decimal(totals.held), "1000000");
  EXPECT_EQ(to_decimal(totals.reserved), "0");
  EXPECT_TRUE(check(ledger));
}

TEST(Vectors, ReplayedTwiceGiveTheSameState) {
  Ledger one;
  Ledger other(12345);  // the key of the table changes nothing
  feed(one);
  feed(other);
  EXPECT_EQ(state_hash(one), state_hash(other));
}

TEST(Vectors, GoOnWithFurtherTransfers) {
  Ledger ledger;
  feed(ledger);
  const AccountId node = ledger.names().find("node:a").value();
  const AccountId vest = ledger.open("vest:a", us(10'000'000)).value();
  EXPECT_EQ(ledger.book(Desk::move(3, node, vest, 1), us(10'000'000)),
            Status::exists_with_different_kind);
  EXPECT_EQ(ledger.book(Desk::move(6, node, vest, 3901), us(10'000'000)), Status::exceeds_credits);
  EXPECT_EQ(ledger.book(Desk::move(7, node, vest, 3900), us(10'000'000)), Status::booked);
  Transfer again = Desk::post(3, 2, 4000);
  again.reason = Reason::settle;
  EXPECT_EQ(ledger.book(again, us(10'000'000)), Status::exists);
  EXPECT_TRUE(check(ledger));
}

}  // namespace
}  // namespace nexa::test
