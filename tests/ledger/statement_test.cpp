#include "ledger/statement.hpp"

#include <gtest/gtest.h>

#include "tests/ledger/desk.hpp"

namespace nexa::test {
namespace {

using ledger::Account;
using ledger::Statement;
using ledger::StatementEvent;
using ledger::StatementLine;

struct Story : Desk {
  Story() {
    grant(alice, 100);  // 1 s
    now = at_seconds(2);
    book(pending(1, alice, escrow, 60, seconds(9)));
    book(pending(2, alice, escrow, 10, seconds(3), 5));
    book(pending(3, alice, escrow, 20, seconds(8), 5));
    now = at_seconds(4);
    book(post(4, 1, 40));
    now = at_seconds(5);  // 2 expires
    book(move(5, alice, node, 1));
    now = at_seconds(6);
    book(move(6, node, escrow, 1));
    book(post_group(7, 5));
  }

  [[nodiscard]] Statement of(AccountId account, core::Time from = {},
                             core::Time until = core::never) const {
    return statement(ledger, account, from, until);
  }
};

TEST(Statement, ListsWhatHappenedToAnAccountInItsOrder) {
  const Story story;
  const Statement all = story.of(story.alice);
  struct Expected {
    StatementEvent event;
    Amount id, moved, reserved, released;
    const char* available;
  };
  const std::vector<Expected> expected{
      {StatementEvent::transferred, 1'000'000, 100, 0, 0, "100"},
      {StatementEvent::reserved, 1, 0, 60, 0, "40"},
      {StatementEvent::reserved, 2, 0, 10, 0, "30"},
      {StatementEvent::reserved, 3, 0, 20, 0, "10"},
      {StatementEvent::posted, 4, 40, 0, 60, "30"},
      {StatementEvent::expired, 2, 0, 0, 10, "40"},
      {StatementEvent::transferred, 5, 1, 0, 0, "39"},
      {StatementEvent::posted, 7, 20, 0, 20, "39"},
  };
  ASSERT_EQ(all.lines.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const StatementLine& line = all.lines[i];
    EXPECT_EQ(line.event, expected[i].event) << i;
    EXPECT_EQ(line.transfer, TransferId{expected[i].id}) << i;
    EXPECT_EQ(line.moved, expected[i].moved) << i;
    EXPECT_EQ(line.reserved, expected[i].reserved) << i;
    EXPECT_EQ(line.released, expected[i].released) << i;
    EXPECT_EQ(to_decimal(line.after.available()), expected[i].available) << i;
    EXPECT_EQ(line.is_debit, i != 0) << i;
  }
  EXPECT_EQ(all.lines[4].pending, TransferId{1});
  EXPECT_EQ(all.lines[4].other, story.escrow);
  EXPECT_EQ(all.lines[5].time, at_seconds(5));
  EXPECT_EQ(all.lines[7].pending, TransferId{3});
  EXPECT_EQ(all.opening, Account{});
  EXPECT_EQ(all.closing, story.ledger.account(story.alice));
}

TEST(Statement, BeginsAndEndsWithTheSumsOfItsTimes) {
  const Story story;
  const Statement part = story.of(story.alice, at_seconds(4), at_seconds(6));
  EXPECT_EQ(part.lines.size(), 3U);
  EXPECT_EQ(to_decimal(part.opening.available()), "10");
  EXPECT_EQ(to_decimal(part.closing.available()), "39");
  EXPECT_EQ(to_decimal(part.closing.balance()), "59");
  const Statement before = story.of(story.alice, at_seconds(0), at_seconds(1));
  EXPECT_TRUE(before.lines.empty());
  EXPECT_EQ(before.closing, Account{});
  const Statement after = story.of(story.alice, at_seconds(100));
  EXPECT_TRUE(after.lines.empty());
  EXPECT_EQ(after.opening, story.ledger.account(story.alice));
  EXPECT_EQ(after.closing, after.opening);
}

TEST(Statement, OfThePaidAccountMirrorsIt) {
  const Story story;
  const Statement paid = story.of(story.escrow);
  ASSERT_EQ(paid.lines.size(), 7U);
  EXPECT_FALSE(paid.lines.front().is_debit);
  EXPECT_EQ(paid.lines.front().other, story.alice);
  EXPECT_EQ(to_decimal(paid.closing.balance()), "61");
  EXPECT_EQ(story.of(story.node).lines.size(), 2U);
}

}  // namespace
}  // namespace nexa::test
