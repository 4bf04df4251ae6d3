// Disputes, and verdicts that turn out to be wrong.
#include <array>

#include "tests/ledger/money_desk.hpp"

namespace nexa::ledger {
namespace {

using core::ErrorCode;
using core::JobId;
using core::NodeId;
using core::ReplicaId;
using test::MoneyDesk;
using test::seconds;
using Outcome = ReplicaOutcome;

/// Two replicas, of nodes 7 and 8, of which the first was found right, after 100 and 80 seconds.
struct DisputeDesk : MoneyDesk {
  explicit DisputeDesk(Outcome second = Outcome::invalid) {
    JobTerms terms = this->terms(1);
    terms.bond = 400;
    terms.dispute_timeout = seconds(1000);
    terms.bounties = {{account("bounty:1"), 100}};
    grant(account("bounty:1"), 100);
    submit(terms);
    assign(1, 1, 7);
    assign(1, 2, 8);
    settle(1, verdict({report(1, Outcome::valid, 100), report(2, second, 80)}, 1));
  }
  core::Result<void> dispute() { return money.dispute(JobId(1), alice, now); }
  core::Result<void> resolve(bool upheld, Amount cost) {
    const std::array losers{NodeId(7)};
    return money.resolve_dispute(JobId(1), upheld, {.cost = cost, .arbiter = NodeId(99)}, losers,
                                 now);
  }
  [[nodiscard]] static Verdict reversed() {
    return verdict({report(1, Outcome::invalid, 100), report(2, Outcome::valid, 80)}, 2);
  }
};

TEST(Dispute, A23_who_loses_it_pays_the_arbitration) {
  DisputeDesk desk;
  const Amount before = desk.can_spend("user:alice");
  MoneyDesk::ok(desk.dispute());
  MoneyDesk::ok(desk.dispute());
  EXPECT_EQ(desk.can_spend("user:alice"), before - 400);
  desk.refused(desk.money.dispute(JobId(1), desk.account("user:bob"), desk.now),
               ErrorCode::conflict, "is in dispute");
  MoneyDesk::ok(desk.resolve(false, 150));
  EXPECT_EQ(desk.can_spend("user:alice"), before - 150) << "a griefer pays what it causes";
  EXPECT_EQ(desk.has("node:99"), 150U);
  desk.refused(desk.resolve(false, 150), ErrorCode::conflict, "not in dispute");
  desk.wait(seconds(3600));
  EXPECT_EQ(desk.has("node:7"), 1075U) << "reward and bounty";
  EXPECT_TRUE(desk.totals(1).resolved);
  desk.expect_sound();
}

TEST(Dispute, stops_vesting_and_ends_by_itself) {
  DisputeDesk desk;
  desk.now += seconds(3000);
  MoneyDesk::ok(desk.dispute());
  const Amount before = desk.can_spend("user:alice");
  desk.wait(seconds(999));
  EXPECT_EQ(desk.has("node:7"), 0U) << "the window is over, but not the dispute";
  EXPECT_FALSE(desk.totals(1).resolved);
  EXPECT_EQ(desk.money.next_event(), desk.now + seconds(1));
  desk.wait(seconds(1));
  EXPECT_EQ(desk.has("node:7"), 1075U) << "the default: the verdict stands";
  EXPECT_EQ(desk.can_spend("user:alice"), before + 400) << "nobody decided, nobody pays";
  desk.refused(desk.resolve(true, 150), ErrorCode::conflict, "not in dispute");
  desk.refused(desk.dispute(), ErrorCode::conflict, "cannot be disputed now");
  desk.expect_sound();
}

TEST(Dispute, needs_a_bond_and_an_open_window) {
  DisputeDesk desk;
  const AccountId bob = desk.account("user:bob");
  desk.refused(desk.money.dispute(JobId(1), bob, desk.now), ErrorCode::refused, "exceeds_credits");
  desk.grant(bob, 400);
  MoneyDesk::ok(desk.money.dispute(JobId(1), bob, desk.now));
  desk.wait(seconds(1000));
  desk.wait(seconds(2600));
  desk.refused(desk.money.dispute(JobId(1), bob, desk.now), ErrorCode::conflict,
               "cannot be disputed");
  EXPECT_EQ(desk.can_spend("user:bob"), 400U);
}

TEST(Dispute, when_it_is_upheld_the_slashed_stake_pays_and_the_verdict_turns) {
  DisputeDesk desk;
  MoneyDesk::ok(desk.money.stake(NodeId(7), desk.alice, 1000, 1, desk.now));
  MoneyDesk::ok(desk.dispute());
  const Amount before = desk.can_spend("user:alice");
  MoneyDesk::ok(desk.money.convict(NodeId(7), JobId(1), ReplicaId(1), 10'000, desk.now));
  MoneyDesk::ok(desk.resolve(true, 150));
  MoneyDesk::ok(desk.money.revise(JobId(1), DisputeDesk::reversed(), desk.now));
  EXPECT_EQ(desk.can_spend("user:alice"), before + 400 + 200) << "the bond, and 1000 - 800";
  EXPECT_EQ(desk.has("slash:pool"), 850U);
  EXPECT_EQ(desk.has("node:99"), 150U);
  EXPECT_EQ(desk.money.pending_rewards(NodeId(8)), 780U + 100U) << "the bounty goes with it";
  desk.expect_closed(1);
  desk.wait(seconds(3600));
  EXPECT_EQ(desk.has("node:8"), 880U);
  EXPECT_EQ(desk.has("node:7"), 0U);
  EXPECT_TRUE(desk.totals(1).resolved);
  desk.expect_sound();
}

TEST(Revision, takes_back_pending_rewards_and_pays_who_was_right) {
  DisputeDesk desk;
  MoneyDesk::ok(desk.money.revise(JobId(1), DisputeDesk::reversed(), desk.now));
  const JobTotals sums = desk.totals(1);
  EXPECT_EQ(sums.reward, 780U);
  EXPECT_EQ(sums.fee, 20U);
  EXPECT_EQ(sums.refund, 3200U);
  EXPECT_EQ(desk.has("fee:platform"), 20U) << "the fee of the wrong result went back";
  const std::size_t booked = desk.bank.booked;
  MoneyDesk::ok(desk.money.revise(JobId(1), DisputeDesk::reversed(), desk.now));
  EXPECT_EQ(desk.bank.booked, booked) << "the same verdict";
  desk.expect_closed(1);
  desk.wait(seconds(3600));
  EXPECT_EQ(desk.has("node:7"), 0U);
  EXPECT_EQ(desk.has("node:8"), 880U);
  desk.expect_sound();
}

TEST(Revision, claws_back_what_was_released_as_far_as_the_node_has_it) {
  DisputeDesk desk;
  desk.wait(seconds(3600));
  EXPECT_EQ(desk.has("node:7"), 1075U);
  // The node spends most of it.
  EXPECT_EQ(desk.book(test::Desk::move(77, desk.open("node:7"), desk.open("user:shop"), 900)),
            Status::booked);
  MoneyDesk::ok(desk.money.stake(NodeId(7), desk.alice, 500, 1, desk.now));
  MoneyDesk::ok(desk.money.convict(NodeId(7), JobId(1), ReplicaId(1), 10'000, desk.now));
  const Amount before = desk.can_spend("user:alice");
  MoneyDesk::ok(desk.money.revise(JobId(1), DisputeDesk::reversed(), desk.now));
  // 175 of its account and 500 of its stake, and the fee of 25, cover 700 of the 800 that node 8
  // earns; nothing is left for a refund, and the rest of the 1000 is lost with the node.
  EXPECT_EQ(desk.has("node:7"), 0U);
  EXPECT_EQ(desk.has("slash:pool"), 0U);
  EXPECT_EQ(desk.can_spend("user:alice"), before);
  EXPECT_EQ(desk.money.find(JobId(1))->replicas.at(ReplicaId(1)).paid, 300U);
  EXPECT_EQ(desk.money.find(JobId(1))->replicas.at(ReplicaId(2)).earned(), 683U);
  desk.expect_closed(1);
  desk.wait(seconds(3600));
  EXPECT_TRUE(desk.totals(1).resolved);
  desk.expect_sound();
}

TEST(Revision, to_no_result_refunds_everything) {
  DisputeDesk desk;
  MoneyDesk::ok(
      desk.money.revise(JobId(1),
                        MoneyDesk::verdict({MoneyDesk::report(1, Outcome::inconclusive, 100),
                                            MoneyDesk::report(2, Outcome::inconclusive, 80)}),
                        desk.now));
  EXPECT_EQ(desk.can_spend("user:alice"), 1'000'000U);
  EXPECT_EQ(desk.can_spend("bounty:1"), 100U);
  EXPECT_TRUE(desk.totals(1).resolved);
  desk.expect_closed(1);
  desk.expect_sound();
}

TEST(Revision, lets_what_stands_keep_its_reward) {
  DisputeDesk desk(Outcome::valid);
  const Amount kept = desk.money.pending_rewards(NodeId(8));
  MoneyDesk::ok(desk.money.revise(JobId(1),
                                  MoneyDesk::verdict({MoneyDesk::report(1, Outcome::invalid, 100),
                                                      MoneyDesk::report(2, Outcome::valid, 80)},
                                                     2),
                                  desk.now));
  EXPECT_EQ(desk.money.pending_rewards(NodeId(8)), kept + 100) << "and gets the bounty";
  EXPECT_EQ(desk.money.pending_rewards(NodeId(7)), 0U);
  desk.expect_closed(1);
}

TEST(Revision, charges_an_arbitration_only_to_what_the_job_has_left) {
  MoneyDesk desk;
  JobTerms terms = desk.terms(1);
  terms.arbitration_reserve = 500;
  desk.submit(terms);
  desk.assign(1, 1, 7);
  Verdict verdict = MoneyDesk::verdict({MoneyDesk::report(1, Outcome::valid, 100)}, 1);
  desk.settle(1, verdict);
  EXPECT_EQ(desk.can_spend("user:alice"), 999'000U) << "the reserve was not needed";
  verdict.arbitrations = {{.cost = 300, .arbiter = NodeId(99)}};
  MoneyDesk::ok(desk.money.revise(JobId(1), verdict, desk.now));
  EXPECT_EQ(desk.totals(1).arbitration, 0U);
  verdict.reports[0].outcome = Outcome::invalid;
  verdict.canonical.reset();
  MoneyDesk::ok(desk.money.revise(JobId(1), verdict, desk.now));
  EXPECT_EQ(desk.totals(1).arbitration, 300U) << "of the reward that was taken back";
  EXPECT_EQ(desk.can_spend("user:alice"), 999'700U);
  desk.expect_closed(1);
  desk.expect_sound();
}

TEST(Revision, refuses_verdicts_on_other_replicas) {
  DisputeDesk desk;
  desk.refused(desk.money.revise(
                   JobId(1), MoneyDesk::verdict({MoneyDesk::report(1, Outcome::late)}), desk.now),
               ErrorCode::invalid_argument, "leaves out replica 2");
  JobTerms terms = desk.terms(2);
  desk.submit(terms);
  desk.refused(desk.money.revise(JobId(2), {}, desk.now), ErrorCode::conflict, "has no verdict");
}

}  // namespace
}  // namespace nexa::ledger
