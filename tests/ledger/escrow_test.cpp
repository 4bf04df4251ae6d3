// Submission: the worst case is held before anything starts, and nothing starts that is not held.
#include "tests/ledger/money_desk.hpp"

namespace nexa::ledger {
namespace {

using core::ErrorCode;
using core::JobId;
using core::NodeId;
using core::ReplicaId;
using test::MoneyDesk;
using test::seconds;

TEST(Escrow, holds_the_worst_case_and_nothing_more) {
  MoneyDesk desk;
  JobTerms terms = desk.terms(42);
  terms.max_replicas = 3;
  terms.arbitration_reserve = 500;
  EXPECT_EQ(quote(terms).value(), (Quote{.replica = 2000, .most = 2000, .job = 6500}));
  desk.submit(terms);
  EXPECT_EQ(desk.can_spend("user:alice"), 1'000'000U - 6500U);
  EXPECT_EQ(desk.has("user:alice"), 1'000'000U) << "held, not paid";
  desk.submit(terms);
  EXPECT_EQ(desk.can_spend("user:alice"), 1'000'000U - 6500U) << "the same job again is the same";
  terms.fee = 1;
  desk.refused(desk.money.submit(terms, desk.now), ErrorCode::conflict, "other terms");
  desk.expect_sound();
}

TEST(Escrow, covers_the_dearest_tier_and_what_a_reward_may_add) {
  MoneyDesk desk;
  JobTerms terms = desk.terms(1, "flat_per_tier:rates=1000/4000/2000");
  terms.limits.clear();
  for (std::uint8_t tier = 0; tier < 3; ++tier) {
    PriceView limit;
    limit.tier = core::TierId(tier);
    limit.usage.core_time = seconds(3600);
    terms.limits.push_back(limit);
  }
  terms.reward = make_reward_policy("quality_weighted:cap=15000").value();
  EXPECT_EQ(quote(terms).value(), (Quote{.replica = 4000, .most = 6000, .job = 12'000}));
}

TEST(Escrow, refuses_terms_that_contradict_themselves) {
  MoneyDesk desk;
  const auto refuses = [&](auto change, std::string_view says) {
    JobTerms terms = desk.terms(1);
    change(terms);
    desk.refused(desk.money.submit(terms, desk.now), ErrorCode::invalid_argument, says);
  };
  refuses([](JobTerms& t) { t.price = nullptr; }, "without a price");
  refuses([](JobTerms& t) { t.max_replicas = 0; }, "no replicas");
  refuses([](JobTerms& t) { t.limits.clear(); }, "without limits");
  refuses([](JobTerms& t) { t.fee = 10'001; }, "10001 basis points");
  refuses([](JobTerms& t) { t.refunds.late = 20'000; }, "20000 basis points");
  refuses([](JobTerms& t) { t.limits[0].usage.elapsed = seconds(-1); }, "negative");
  refuses([](JobTerms& t) { t.hold_timeout = seconds(-5); }, "-5000000 us");
  refuses([](JobTerms& t) { t.vesting.longest = core::Duration::max(); }, "has a time of");
  refuses(
      [](JobTerms& t) {
        t.price = make_price_policy("linear").value();
        t.stream = StreamMode::vested;
      },
      "'linear' posts no price per second");
  refuses([&](JobTerms& t) { t.purses = {desk.alice, desk.alice}; }, "named twice");
  EXPECT_EQ(desk.bank.booked, 0U) << "nothing was booked";
}

TEST(Escrow, refuses_amounts_that_128_bits_could_not_multiply) {
  MoneyDesk desk;
  JobTerms terms = desk.terms(1);
  terms.arbitration_reserve = price_limit;
  desk.refused(desk.money.submit(terms, desk.now), ErrorCode::limit_exceeded, "micro-credits");
  terms = desk.terms(1);
  terms.bounties = {{desk.alice, price_limit}};
  EXPECT_FALSE(desk.money.submit(terms, desk.now));
}

TEST(Escrow, A30_a_thousand_submissions_at_once_spend_no_credit_twice) {
  MoneyDesk desk;
  std::size_t accepted = 0;
  for (std::uint32_t job = 1; job <= 1000; ++job) {
    const auto done = desk.money.submit(desk.terms(job), desk.now);
    accepted += done ? 1 : 0;
    EXPECT_TRUE(done || done.error().code == ErrorCode::refused);
  }
  EXPECT_EQ(accepted, 250U) << "a million pays for 250 jobs of 4000";
  EXPECT_EQ(desk.can_spend("user:alice"), 0U);
  desk.refused(desk.money.assign(JobId(251), ReplicaId(1), NodeId(1), desk.now),
               ErrorCode::not_found, "job 251");
  desk.expect_sound();
}

TEST(Escrow, A31_nothing_starts_while_the_bank_is_down) {
  MoneyDesk desk;
  desk.submit(desk.terms(1));
  desk.bank.down = true;
  desk.refused(desk.money.submit(desk.terms(2), desk.now), ErrorCode::io, "does not answer");
  desk.refused(desk.money.assign(JobId(1), ReplicaId(1), NodeId(1), desk.now), ErrorCode::io,
               "does not answer");
  EXPECT_EQ(desk.money.find(JobId(2)), nullptr);
  EXPECT_TRUE(desk.money.find(JobId(1))->replicas.empty());
  desk.bank.down = false;
  desk.submit(desk.terms(2));
  desk.assign(1, 1, 1);
  desk.expect_sound();
}

TEST(Escrow, asks_the_purses_in_their_declared_order) {
  MoneyDesk desk;
  const AccountId bounty = desk.account("bounty:science");
  const AccountId sponsor = desk.account("sponsor:lab");
  desk.grant(bounty, 1000);
  desk.grant(sponsor, 5000);
  JobTerms terms = desk.terms(1);
  terms.purses = {bounty, sponsor, desk.alice};
  terms.max_replicas = 4;
  desk.submit(terms);
  EXPECT_EQ(desk.can_spend("bounty:science"), 0U);
  EXPECT_EQ(desk.can_spend("sponsor:lab"), 0U);
  EXPECT_EQ(desk.can_spend("user:alice"), 998'000U);

  desk.assign(1, 1, 7);
  desk.settle(1, MoneyDesk::verdict({MoneyDesk::report(1, ReplicaOutcome::valid)}, 1));
  EXPECT_EQ(desk.has("bounty:science"), 0U) << "the first purse paid first";
  EXPECT_EQ(desk.has("sponsor:lab"), 4000U);
  EXPECT_EQ(desk.can_spend("user:alice"), 1'000'000U);
  desk.expect_closed(1);
}

TEST(Escrow, keeps_a_sponsor_within_its_caps_and_its_time) {
  MoneyDesk desk;
  const AccountId sponsor = desk.account("sponsor:lab");
  desk.grant(sponsor, 100'000);
  desk.money.set_sponsor(sponsor,
                         {.per_user = 7000, .per_job = 3000, .expiry = desk.now + seconds(3600)});
  const auto sponsored = [&](std::uint32_t job, std::uint32_t user) {
    const Amount before = desk.can_spend("sponsor:lab");
    JobTerms terms = desk.terms(job);
    terms.user = core::UserId(user);
    terms.purses = {sponsor, desk.alice};
    desk.submit(terms);
    return before - desk.can_spend("sponsor:lab");
  };
  EXPECT_EQ(sponsored(1, 1), 3000U) << "the cap of a job";
  EXPECT_EQ(sponsored(2, 1), 3000U);
  EXPECT_EQ(sponsored(3, 1), 1000U) << "the cap of a user";
  EXPECT_EQ(sponsored(4, 1), 0U);
  EXPECT_EQ(sponsored(5, 2), 3000U) << "another user";
  MoneyDesk::ok(desk.money.cancel(JobId(1), desk.now));
  EXPECT_EQ(sponsored(6, 1), 3000U) << "what came back can be given again";
  desk.wait(seconds(3600));
  EXPECT_EQ(sponsored(7, 3), 0U) << "expired";
  desk.expect_sound();
}

TEST(Escrow, refuses_a_bounty_from_an_empty_account) {
  MoneyDesk desk;
  const AccountId bounty = desk.account("bounty:42");
  JobTerms terms = desk.terms(42);
  terms.bounties = {{bounty, 300}};
  desk.refused(desk.money.submit(terms, desk.now), ErrorCode::refused,
               "a bounty of 300 micro-credits for job 42 from an account that has 0");
  desk.grant(bounty, 500);
  terms.bounties = {{bounty, 300}, {bounty, 300}};
  desk.refused(desk.money.submit(terms, desk.now), ErrorCode::refused, "that has 200");
  EXPECT_EQ(desk.bank.booked, 0U);
  terms.bounties = {{bounty, 300}, {bounty, 200}};
  terms.purses = {bounty, desk.alice};
  desk.submit(terms);
  EXPECT_EQ(desk.can_spend("bounty:42"), 0U) << "pledges come before purses";
}

TEST(Escrow, gives_everything_back_before_the_start) {
  MoneyDesk desk;
  const AccountId bounty = desk.account("bounty:1");
  desk.grant(bounty, 300);
  JobTerms terms = desk.terms(1);
  terms.bounties = {{bounty, 300}};
  desk.submit(terms);
  MoneyDesk::ok(desk.money.cancel(JobId(1), desk.now));
  MoneyDesk::ok(desk.money.cancel(JobId(1), desk.now));
  EXPECT_EQ(desk.can_spend("user:alice"), 1'000'000U);
  EXPECT_EQ(desk.can_spend("bounty:1"), 300U);
  EXPECT_TRUE(desk.totals(1).resolved);
  EXPECT_EQ(desk.totals(1).refund, 4000U);
  desk.refused(desk.money.assign(JobId(1), ReplicaId(1), NodeId(1), desk.now), ErrorCode::conflict,
               "was dropped");
  desk.expect_sound();
}

TEST(Escrow, drops_a_job_that_does_not_start_in_time) {
  MoneyDesk desk;
  JobTerms terms = desk.terms(1);
  terms.hold_timeout = seconds(60);
  desk.submit(terms);
  EXPECT_EQ(desk.money.next_event(), desk.now + seconds(60));
  desk.wait(seconds(59));
  EXPECT_EQ(desk.can_spend("user:alice"), 996'000U);
  desk.wait(seconds(1));
  EXPECT_EQ(desk.ledger.expire(desk.now), 1U);
  EXPECT_EQ(desk.can_spend("user:alice"), 1'000'000U);
  EXPECT_TRUE(desk.totals(1).resolved);
  desk.refused(desk.money.assign(JobId(1), ReplicaId(1), NodeId(1), desk.now), ErrorCode::conflict,
               "dropped");
  EXPECT_EQ(desk.money.next_event(), core::never);
  desk.expect_sound();
}

TEST(Escrow, never_lapses_once_a_replica_has_started) {
  MoneyDesk desk;
  const AccountId bounty = desk.account("bounty:1");
  desk.grant(bounty, 300);
  JobTerms terms = desk.terms(1);
  terms.bounties = {{bounty, 300}};
  terms.hold_timeout = seconds(60);
  desk.submit(terms);
  desk.wait(seconds(30));
  desk.assign(1, 1, 7);
  desk.wait(seconds(100'000));
  desk.ledger.expire(desk.now);
  EXPECT_EQ(desk.can_spend("user:alice"), 996'000U) << "still held";
  desk.settle(1, MoneyDesk::verdict({MoneyDesk::report(1, ReplicaOutcome::valid)}, 1));
  EXPECT_EQ(desk.totals(1).reward, 1950U);
  EXPECT_EQ(desk.totals(1).bounty_paid, 300U);
  desk.expect_closed(1);
  desk.expect_sound();
}

TEST(Escrow, pays_for_no_more_replicas_than_it_holds_for) {
  MoneyDesk desk;
  desk.submit(desk.terms(1));
  desk.assign(1, 1, 7);
  desk.assign(1, 2, 8);
  desk.assign(1, 2, 8);
  desk.refused(desk.money.assign(JobId(1), ReplicaId(3), NodeId(9), desk.now), ErrorCode::refused,
               "has had its 2 replicas");
  desk.refused(desk.money.assign(JobId(1), ReplicaId(2), NodeId(9), desk.now), ErrorCode::conflict,
               "was assigned to node 8");
  desk.refused(desk.money.cancel(JobId(1), desk.now), ErrorCode::conflict, "has started");
  desk.refused(desk.money.assign(JobId(1), ReplicaId(bounty_bit), NodeId(9), desk.now),
               ErrorCode::invalid_argument, "replica 2147483648");
}

TEST(Escrow, tries_a_refused_submission_again_under_new_ids) {
  MoneyDesk desk;
  // Somebody spends between the plan and the booking: the ledger has the last word.
  JobTerms terms = desk.terms(1);
  terms.max_replicas = 500;
  const AccountId poor = desk.account("user:poor");
  terms.purses = {poor};
  desk.refused(desk.money.submit(terms, desk.now), ErrorCode::refused, "have 0 of 1000000");
  desk.grant(poor, 1'000'000);
  desk.submit(terms);
  EXPECT_EQ(desk.can_spend("user:poor"), 0U);
}

}  // namespace
}  // namespace nexa::ledger
