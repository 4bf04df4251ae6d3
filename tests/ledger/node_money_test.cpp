// The node's side: vesting, stakes, convictions (V-h), streams.
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

/// A job of one replica on a node, valid after 100 seconds: 975 for the node.
void run(MoneyDesk& desk, std::uint32_t job, std::uint32_t node, const JobTerms& terms) {
  desk.submit(terms);
  desk.assign(job, 1, node);
  desk.settle(job, MoneyDesk::verdict({MoneyDesk::report(1, Outcome::valid, 100)}, 1));
}

TEST(Vesting, waits_for_later_results_but_not_for_ever) {
  MoneyDesk desk;
  for (std::uint32_t job = 1; job <= 4; ++job) {
    JobTerms terms = desk.terms(job);
    terms.vesting = {.dispute_window = seconds(3600), .vest_jobs = 2, .longest = seconds(10'000)};
    run(desk, job, 7, terms);
  }
  desk.wait(seconds(3600));
  EXPECT_EQ(desk.has("node:7"), 2 * 975U) << "of the first two jobs, which two others followed";
  EXPECT_EQ(desk.money.next_event(), desk.now + seconds(6400));
  desk.wait(seconds(6399));
  EXPECT_EQ(desk.has("node:7"), 2 * 975U);
  desk.wait(seconds(1));
  EXPECT_EQ(desk.has("node:7"), 4 * 975U);
  EXPECT_EQ(desk.money.next_event(), core::never);
  desk.expect_sound();
}

TEST(Vesting, releases_as_soon_as_the_last_result_comes) {
  MoneyDesk desk;
  JobTerms terms = desk.terms(1);
  terms.vesting = {.dispute_window = seconds(10), .vest_jobs = 1, .longest = seconds(10'000)};
  run(desk, 1, 7, terms);
  desk.wait(seconds(20));
  EXPECT_EQ(desk.has("node:7"), 0U);
  run(desk, 2, 7, desk.terms(2));
  EXPECT_EQ(desk.money.next_event(), core::Time{}) << "at once";
  desk.wait(seconds(0));
  EXPECT_EQ(desk.has("node:7"), 975U);
}

TEST(Conviction, Vh_voids_all_pending_rewards_of_the_node_and_refunds_them) {
  MoneyDesk desk;
  const AccountId pot = desk.account("bounty:3");
  desk.grant(pot, 50);
  for (std::uint32_t job = 1; job <= 3; ++job) {
    JobTerms terms = desk.terms(job);
    if (job == 3) terms.bounties = {{pot, 50}};
    desk.submit(terms);
    desk.assign(job, 1, 7);
    desk.assign(job, 2, 8);
    desk.settle(job, MoneyDesk::verdict({MoneyDesk::report(1, Outcome::valid, 100),
                                         MoneyDesk::report(2, Outcome::valid, 100)},
                                        1));
  }
  EXPECT_EQ(desk.money.pending_rewards(NodeId(7)), 3 * 975U + 50U);
  MoneyDesk::ok(desk.money.convict(NodeId(7), JobId(3), ReplicaId(1), 10'000, desk.now));
  EXPECT_EQ(desk.money.pending_rewards(NodeId(7)), 0U);
  EXPECT_EQ(desk.ledger.account(desk.open("node:7")).credits_pending, 0U);
  EXPECT_EQ(desk.money.pending_rewards(NodeId(8)), 3 * 975U) << "of this node only";
  EXPECT_EQ(desk.money.next_event(), core::Time{});
  desk.wait(seconds(0));
  EXPECT_EQ(desk.can_spend("user:alice"), 1'000'000U - 3 * 1000U - 3 * 25U);
  EXPECT_EQ(desk.can_spend("bounty:3"), 50U);
  for (std::uint32_t job = 1; job <= 3; ++job) desk.expect_closed(job);
  desk.wait(seconds(3600));
  EXPECT_EQ(desk.has("node:7"), 0U);
  EXPECT_EQ(desk.has("node:8"), 3 * 975U);
  for (std::uint32_t job = 1; job <= 3; ++job) EXPECT_TRUE(desk.totals(job).resolved);
  desk.expect_sound();
}

TEST(Conviction, punishes_one_event_once) {
  MoneyDesk desk;
  MoneyDesk::ok(desk.money.stake(NodeId(7), desk.alice, 1000, 1, desk.now));
  const auto convict = [&](std::uint32_t job) {
    MoneyDesk::ok(desk.money.convict(NodeId(7), JobId(job), ReplicaId(1), 5000, desk.now));
    return desk.has("slash:pool");
  };
  EXPECT_EQ(convict(1), 500U);
  EXPECT_EQ(convict(1), 500U);
  EXPECT_EQ(convict(2), 750U) << "another event, half of what is left";
  desk.refused(desk.money.convict(NodeId(7), JobId(3), ReplicaId(1), 10'001, desk.now),
               ErrorCode::invalid_argument, "10001 basis points");
}

TEST(Conviction, lets_a_node_earn_again_in_a_new_group) {
  MoneyDesk desk;
  run(desk, 1, 7, desk.terms(1));
  MoneyDesk::ok(desk.money.convict(NodeId(7), JobId(1), ReplicaId(1), 0, desk.now));
  run(desk, 2, 7, desk.terms(2));
  EXPECT_EQ(desk.money.pending_rewards(NodeId(7)), 975U);
  MoneyDesk::ok(desk.money.convict(NodeId(7), JobId(2), ReplicaId(1), 0, desk.now));
  EXPECT_EQ(desk.money.pending_rewards(NodeId(7)), 0U);
  desk.wait(seconds(3600));
  EXPECT_EQ(desk.has("node:7"), 0U);
  desk.expect_sound();
}

TEST(Stake, is_locked_from_assignment_to_verdict) {
  MoneyDesk desk;
  JobTerms terms = desk.terms(1);
  terms.stake_per_replica = 600;
  desk.submit(terms);
  const auto assign = [&](std::uint32_t replica) {
    return desk.money.assign(JobId(1), ReplicaId(replica), NodeId(7), desk.now);
  };
  desk.refused(assign(1), ErrorCode::refused,
               "node 7 has a free stake of 0 micro-credits, job 1 wants 600");
  MoneyDesk::ok(desk.money.stake(NodeId(7), desk.alice, 1000, 1, desk.now));
  MoneyDesk::ok(desk.money.stake(NodeId(7), desk.alice, 1000, 1, desk.now));
  EXPECT_EQ(desk.has("stake:7"), 1000U) << "the same request";
  MoneyDesk::ok(assign(1));
  EXPECT_EQ(desk.money.locked_stake(NodeId(7)), 600U);
  desk.refused(assign(2), ErrorCode::refused, "free stake of 400");
  desk.refused(desk.money.unstake(NodeId(7), 500, 1, desk.now), ErrorCode::refused,
               "exceeds_credits");
  MoneyDesk::ok(desk.money.unstake(NodeId(7), 400, 2, desk.now));
  desk.settle(1, MoneyDesk::verdict({MoneyDesk::report(1, Outcome::valid)}, 1));
  EXPECT_EQ(desk.money.locked_stake(NodeId(7)), 0U);
  MoneyDesk::ok(desk.money.unstake(NodeId(7), 600, 3, desk.now));
  EXPECT_EQ(desk.has("node:7"), 1000U);
  desk.expect_sound();
}

TEST(Stake, is_slashed_with_all_locks_by_a_conviction) {
  MoneyDesk desk;
  MoneyDesk::ok(desk.money.stake(NodeId(7), desk.alice, 2000, 1, desk.now));
  for (std::uint32_t job = 1; job <= 2; ++job) {
    JobTerms terms = desk.terms(job);
    terms.stake_per_replica = 600;
    desk.submit(terms);
    desk.assign(job, 1, 7);
  }
  MoneyDesk::ok(desk.money.convict(NodeId(7), JobId(1), ReplicaId(1), 10'000, desk.now));
  EXPECT_EQ(desk.has("stake:7"), 0U);
  EXPECT_EQ(desk.has("slash:pool"), 2000U);
  EXPECT_EQ(desk.money.locked_stake(NodeId(7)), 0U);
  // The loser pays the arbitration, the requester does not.
  Verdict verdict = MoneyDesk::verdict({MoneyDesk::report(1, Outcome::invalid)});
  verdict.arbitrations = {{.cost = 300, .arbiter = NodeId(99)}};
  desk.settle(1, verdict);
  EXPECT_EQ(desk.has("node:99"), 300U);
  EXPECT_EQ(desk.has("slash:pool"), 1700U);
  EXPECT_EQ(desk.totals(1).arbitration, 0U);
  desk.settle(2, MoneyDesk::verdict({MoneyDesk::report(1, Outcome::valid)}, 1));
  EXPECT_EQ(desk.totals(1).refund, 4000U);
  desk.expect_sound();
}

JobTerms streamed(const MoneyDesk& desk, std::uint32_t job, StreamMode mode) {
  JobTerms terms = desk.terms(job);
  terms.stream = mode;
  terms.stream_grace = seconds(10);
  return terms;
}

TEST(StreamedJob, A22_the_node_pulls_and_the_payer_cannot_withhold) {
  for (const StreamMode mode : {StreamMode::vested, StreamMode::immediate}) {
    MoneyDesk desk;
    desk.submit(streamed(desk, 1, mode));
    desk.assign(1, 1, 7);
    MoneyDesk::ok(desk.money.open_stream(JobId(1), ReplicaId(1), desk.now));
    EXPECT_EQ(desk.has("user:alice"), 996'000U) << "the escrow is full before anything is earned";
    for (std::uint64_t tick = 60; tick <= 120; tick += 60) {
      desk.wait(seconds(60));
      MoneyDesk::ok(desk.money.tick(JobId(1), ReplicaId(1), tick, desk.now));
      MoneyDesk::ok(desk.money.pull(JobId(1), ReplicaId(1), desk.now));
      MoneyDesk::ok(desk.money.pull(JobId(1), ReplicaId(1), desk.now));
    }
    EXPECT_EQ(desk.totals(1).reward, 1170U) << "1200 due, 30 of it the fee";
    EXPECT_EQ(desk.has("node:7"), mode == StreamMode::immediate ? 1170U : 0U);
    // The payer closes half a minute later; 10 seconds of it are within the grace.
    desk.wait(seconds(30));
    MoneyDesk::ok(desk.money.close_stream(JobId(1), ReplicaId(1), desk.now));
    desk.wait(seconds(500));
    desk.settle(1, MoneyDesk::verdict({MoneyDesk::report(1, Outcome::valid)}, 1));
    EXPECT_EQ(desk.totals(1).reward, 1268U) << "due(t_last) = 1300, fee 32";
    EXPECT_EQ(desk.totals(1).fee, 32U);
    EXPECT_EQ(desk.totals(1).refund, 2700U) << "E - due";
    desk.expect_closed(1);
    desk.wait(seconds(3600));
    EXPECT_EQ(desk.has("node:7"), 1268U);
    EXPECT_TRUE(desk.totals(1).resolved);
    desk.expect_sound();
  }
}

TEST(StreamedJob, L14_books_the_same_totals_however_often_it_is_settled) {
  for (const StreamMode mode : {StreamMode::vested, StreamMode::immediate}) {
    for (const std::int64_t step : {1, 7, 13, 91, 182}) {
      MoneyDesk desk;
      JobTerms terms = streamed(desk, 1, mode);
      terms.price = make_price_policy("posted_stream:rate=7,seconds=3").value();
      terms.fee = 333;
      desk.submit(terms);
      desk.assign(1, 1, 7);
      MoneyDesk::ok(desk.money.open_stream(JobId(1), ReplicaId(1), desk.now));
      for (std::int64_t t = step; t <= 182; t += step) {
        desk.now += seconds(step);
        MoneyDesk::ok(
            desk.money.tick(JobId(1), ReplicaId(1), static_cast<std::uint64_t>(t), desk.now));
        MoneyDesk::ok(desk.money.pull(JobId(1), ReplicaId(1), desk.now));
      }
      EXPECT_EQ(desk.totals(1).reward, 424U - 14U) << "floor(7 x 182 / 3) = 424, fee 14.1";
      desk.settle(1, MoneyDesk::verdict({MoneyDesk::report(1, Outcome::valid)}, 1));
      EXPECT_EQ(desk.totals(1).reward, 410U);
      EXPECT_EQ(desk.totals(1).fee, 14U);
      desk.expect_closed(1);
      desk.expect_sound();
    }
  }
}

TEST(StreamedJob, does_not_fall_when_a_clock_jumps_back) {
  for (const StreamMode mode : {StreamMode::vested, StreamMode::immediate}) {
    MoneyDesk desk;
    desk.submit(streamed(desk, 1, mode));
    desk.assign(1, 1, 7);
    MoneyDesk::ok(desk.money.open_stream(JobId(1), ReplicaId(1), desk.now));
    desk.wait(seconds(100));
    MoneyDesk::ok(desk.money.tick(JobId(1), ReplicaId(1), 100, desk.now));
    MoneyDesk::ok(desk.money.pull(JobId(1), ReplicaId(1), desk.now));
    MoneyDesk::ok(desk.money.pull(JobId(1), ReplicaId(1), desk.now - seconds(50)));
    EXPECT_EQ(desk.totals(1).reward, 975U);
    EXPECT_EQ(desk.totals(1).fee, mode == StreamMode::immediate ? 25U : 0U);
    desk.expect_closed(1);
    desk.expect_sound();
  }
}

TEST(StreamedJob, pays_nothing_for_a_wrong_result_and_claws_back_what_it_can) {
  for (const StreamMode mode : {StreamMode::vested, StreamMode::immediate}) {
    MoneyDesk desk;
    desk.submit(streamed(desk, 1, mode));
    desk.assign(1, 1, 7);
    MoneyDesk::ok(desk.money.open_stream(JobId(1), ReplicaId(1), desk.now));
    desk.wait(seconds(100));
    MoneyDesk::ok(desk.money.tick(JobId(1), ReplicaId(1), 100, desk.now));
    MoneyDesk::ok(desk.money.pull(JobId(1), ReplicaId(1), desk.now));
    desk.settle(1, MoneyDesk::verdict({MoneyDesk::report(1, Outcome::invalid)}));
    EXPECT_EQ(desk.can_spend("user:alice"), 1'000'000U);
    EXPECT_EQ(desk.has("node:7"), 0U);
    EXPECT_TRUE(desk.totals(1).resolved);
    desk.expect_closed(1);
    desk.expect_sound();
  }
}

TEST(StreamedJob, forfeits_its_stream_by_a_conviction) {
  MoneyDesk desk;
  desk.submit(streamed(desk, 1, StreamMode::vested));
  desk.assign(1, 1, 7);
  MoneyDesk::ok(desk.money.open_stream(JobId(1), ReplicaId(1), desk.now));
  desk.wait(seconds(100));
  MoneyDesk::ok(desk.money.tick(JobId(1), ReplicaId(1), 100, desk.now));
  MoneyDesk::ok(desk.money.pull(JobId(1), ReplicaId(1), desk.now));
  EXPECT_EQ(desk.totals(1).pending, 975U);
  MoneyDesk::ok(desk.money.convict(NodeId(7), JobId(9), ReplicaId(1), 10'000, desk.now));
  EXPECT_EQ(desk.ledger.account(desk.open("node:7")).credits_pending, 0U);
  MoneyDesk::ok(desk.money.pull(JobId(1), ReplicaId(1), desk.now));
  EXPECT_EQ(desk.totals(1).pending, 0U) << "it earns no more";
  desk.settle(1, MoneyDesk::verdict({MoneyDesk::report(1, Outcome::valid)}, 1));
  EXPECT_EQ(desk.totals(1).refund, 4000U);
  desk.wait(seconds(0));
  EXPECT_TRUE(desk.totals(1).resolved);
  desk.expect_sound();
}

TEST(StreamedJob, refuses_streams_that_were_not_agreed_on) {
  MoneyDesk desk;
  desk.submit(desk.terms(1));
  desk.assign(1, 1, 7);
  desk.refused(desk.money.open_stream(JobId(1), ReplicaId(1), desk.now), ErrorCode::conflict,
               "cannot stream");
  desk.refused(desk.money.pull(JobId(1), ReplicaId(1), desk.now), ErrorCode::not_found,
               "has no stream");
  EXPECT_EQ(desk.money.stream(JobId(1), ReplicaId(1)), nullptr);
}

}  // namespace
}  // namespace nexa::ledger
