// Rewards that the validator takes back one by one.
#include <gtest/gtest.h>

#include "tests/ledger/money_desk.hpp"

namespace nexa::test {
namespace {

using core::JobId;
using core::ReplicaId;
using ledger::BountyPledge;

JobTerms terms_by_word(const MoneyDesk& desk) {
  JobTerms terms = desk.terms(1);
  terms.vesting = {.dispute_window = seconds(600), .longest = {}};
  terms.vesting.by_word = true;
  return terms;
}

TEST(Forfeit, returns_what_is_pending_to_the_requester) {
  MoneyDesk desk;
  desk.submit(terms_by_word(desk));
  desk.assign(1, 1, 7);
  desk.assign(1, 2, 8);
  desk.settle(1, MoneyDesk::verdict({MoneyDesk::report(1, ReplicaOutcome::valid, 100),
                                     MoneyDesk::report(2, ReplicaOutcome::valid, 100)},
                                    1));
  const Amount before = desk.can_spend("user:alice");
  MoneyDesk::ok(desk.money.forfeit(JobId(1), ReplicaId(1), desk.now));
  desk.wait(seconds(1));
  EXPECT_EQ(desk.can_spend("user:alice"), before + 975U);
  EXPECT_EQ(desk.totals(1).reward, 975U) << "that of the other replica";
  EXPECT_EQ(desk.money.pending_rewards(core::NodeId(7)), 0U);
  desk.expect_closed(1);

  // A word that was given before, and one that comes again, change nothing.
  MoneyDesk::ok(desk.money.vest(JobId(1), ReplicaId(1), desk.now));
  MoneyDesk::ok(desk.money.forfeit(JobId(1), ReplicaId(1), desk.now));
  MoneyDesk::ok(desk.money.vest(JobId(1), ReplicaId(2), desk.now));
  desk.wait(seconds(600));
  EXPECT_EQ(desk.has("node:7"), 0U);
  EXPECT_EQ(desk.has("node:8"), 975U);
  // What has vested is not taken back by a word.
  MoneyDesk::ok(desk.money.forfeit(JobId(1), ReplicaId(2), desk.now));
  EXPECT_EQ(desk.has("node:8"), 975U);
  EXPECT_TRUE(desk.totals(1).resolved);
}

TEST(Forfeit, takes_the_bounty_too) {
  MoneyDesk desk;
  JobTerms terms = terms_by_word(desk);
  terms.bounties = {BountyPledge{desk.alice, 300}};
  desk.submit(terms);
  desk.assign(1, 1, 7);
  desk.settle(1, MoneyDesk::verdict({MoneyDesk::report(1, ReplicaOutcome::valid, 100)}, 1));
  MoneyDesk::ok(desk.money.forfeit(JobId(1), ReplicaId(1), desk.now));
  desk.wait(seconds(1));
  EXPECT_EQ(desk.totals(1).bounty_returned, 300U);
  EXPECT_EQ(desk.totals(1).reward, 0U);
  desk.expect_closed(1);
}

TEST(Forfeit, wants_a_replica_that_is_known) {
  MoneyDesk desk;
  desk.submit(terms_by_word(desk));
  MoneyDesk::refused(desk.money.forfeit(JobId(1), ReplicaId(3), desk.now),
                     core::ErrorCode::not_found, "no replica 3");
  MoneyDesk::refused(desk.money.forfeit(JobId(2), ReplicaId(1), desk.now),
                     core::ErrorCode::not_found, "job 2");
}

}  // namespace
}  // namespace nexa::test
