// The policies against populations of liars, in short runs. mixes_long_test.cpp has the long ones.
#include "tests/validator/mixes.hpp"

#include <gtest/gtest.h>

#include "tests/scheduler/test_size.hpp"

namespace nexa::validator {
namespace {

using test::Kind;
using test::Mix;
using test::Population;
using test::rules_of;
using test::Tally;

TEST(Mixes, ArbitrationHoldsInEveryMix) {
  const auto jobs = static_cast<std::uint32_t>(nexa::test::fewer_if_slow(20'000));
  for (const Mix& mix : test::mixes(jobs)) {
    Population population(mix);
    const Tally tally = population.run();
    population.validator().check();
    EXPECT_EQ(tally.accepted, jobs) << mix.name;
    EXPECT_EQ(population.validator().undecided_jobs(), 0U) << mix.name;
    EXPECT_EQ(tally.same_domain_pairs, 0U) << mix.name;  // V-b
    EXPECT_EQ(tally.unfounded, 0U) << mix.name;          // V-d
    EXPECT_TRUE(tally.honest_convicted.empty()) << mix.name;
    if (nexa::test::sanitized) continue;  // too few jobs to get beyond the newcomers
    // All nodes begin as newcomers, who are checked in full.
    EXPECT_LE(tally.wrong_share(), 1e-3) << mix.name;
    EXPECT_LT(tally.copies_per_job(), 2.2) << mix.name;
  }
}

// V-d
TEST(Mixes, VerdictsOfEveryOwnVoteFollowFromWhatTheySay) {
  for (const RedundancyPolicy policy : {RedundancyPolicy::fixed, RedundancyPolicy::adaptive}) {
    for (const std::size_t index : {1U, 2U}) {
      Mix mix = test::mixes(nexa::test::sanitized ? 1000 : 3000)[index];
      mix.rate = 0.4;
      mix.rules = rules_of(policy, 3, 2);
      mix.config.strikes_to_expel = 100;
      mix.config.wrong.first = core::Duration{};
      const Tally tally = Population(mix).run();
      EXPECT_GT(tally.convictions, 30U);
      EXPECT_EQ(tally.unfounded, 0U);
    }
  }
}

TEST(Mixes, BoincsRuleLetsTheBetrayersThrough) {
  const auto jobs = static_cast<std::uint32_t>(nexa::test::fewer_if_slow(60'000));
  Mix mix = test::mixes(jobs)[3];
  mix.reregisters = false;
  mix.build = 10;
  mix.rules = rules_of(RedundancyPolicy::boinc_adaptive);
  const Tally boinc = Population(mix).run();
  mix.rules = rules_of(RedundancyPolicy::arbitrated);
  mix.reregisters = true;
  const Tally ours = Population(mix).run();
  EXPECT_GT(boinc.wrong_share(), 0.01);
  EXPECT_LT(ours.wrong_share(), 0.002);
}

TEST(Mixes, ANewNameOnTheSameMachineGainsNothing) {
  const auto jobs = static_cast<std::uint32_t>(nexa::test::fewer_if_slow(40'000));
  Mix mix = test::mixes(jobs)[1];
  mix.same_machine = true;
  const Tally tally = Population(mix).run();
  // Each machine is convicted about twice, whatever it calls itself.
  EXPECT_LE(tally.convictions, 30U * 5U);
  EXPECT_LE(tally.identities, 300U + 30U * 3U);
}

/// The defence switched off: the attack works.
TEST(Mixes, WithoutAShareForNewcomersACrowdOfNewIdentitiesIsDear) {
  const auto jobs = static_cast<std::uint32_t>(nexa::test::fewer_if_slow(100'000));
  if (nexa::test::sanitized) GTEST_SKIP() << "the steady state is too far away";
  Mix mix = test::mixes(jobs)[2];
  const Tally with = Population(mix).run();
  mix.config.newcomer_share_ppm = 1'000'000;
  const Tally without = Population(mix).run();
  EXPECT_LT(with.steady_copies_per_job(), 1.20);
  EXPECT_GT(without.steady_copies_per_job(), 1.30);
  EXPECT_GT(without.identities, 3 * with.identities);
}

TEST(Mixes, ACrowdOfNewIdentitiesDoesNotDisplaceThoseWhoHaveEarnedTrust) {
  ValidatorConfig config;
  config.newcomer_results = 2;
  config.established_quantile_ppm = 0;
  config.newcomer_share_ppm = 100'000;
  test::Desk desk(config);
  desk.join(1, 4);
  const Redundancy rules = rules_of(RedundancyPolicy::adaptive);
  desk.earn(0, 1, 2, 2, rules);
  desk.earn(10, 3, 4, 2, rules);
  desk.join(1000, 1999);  // far more than are established
  std::uint32_t open = 0;
  for (std::uint32_t job = 100; job < 300; ++job) {
    desk.submit(job, rules);
    const std::vector<test::Wish> wishes = desk.step();
    ASSERT_EQ(wishes.size(), 1U);
    if (wishes[0].send.min_trust == TrustBucket::newcomer) ++open;
  }
  EXPECT_EQ(open, 20U);
  // When most of those who had earned trust have left, newcomers are needed.
  for (std::uint32_t id = 1; id <= 3; ++id) desk.tell(NodeLeft{core::NodeId{id}});
  desk.submit(500, rules);
  EXPECT_EQ(desk.step()[0].send.min_trust, TrustBucket::newcomer);
}

/// The defence switched off: the attack works.
TEST(Mixes, WithoutBackTrackingWhatWasBelievedStays) {
  const auto jobs = static_cast<std::uint32_t>(nexa::test::fewer_if_slow(40'000));
  if (nexa::test::sanitized) GTEST_SKIP() << "nobody is patient for so few jobs";
  Mix mix = test::mixes(jobs)[4];
  mix.patience = 100;
  const Tally with = Population(mix).run();
  mix.config.vest_results = 0;
  const Tally without = Population(mix).run();
  EXPECT_GT(without.wrong, 10 * std::max<std::uint64_t>(with.wrong, 1));
}

TEST(Mixes, EveryPolicyDecidesEveryJobAndTheSameWayTwice) {
  for (const RedundancyPolicy policy :
       {RedundancyPolicy::fixed, RedundancyPolicy::adaptive, RedundancyPolicy::credibility,
        RedundancyPolicy::arbitrated, RedundancyPolicy::boinc_adaptive,
        RedundancyPolicy::iexec_poco}) {
    for (const std::uint32_t arbiters : {0U, 20U}) {
      Mix mix = test::mixes(nexa::test::sanitized ? 400 : 1500)[1];
      mix.arbiters = arbiters;
      mix.rules = rules_of(policy);
      mix.rules.max_total_results = mix.rules.max_success_results = 20;
      Population one(mix);
      Population two(mix);
      const Tally first = one.run();
      const Tally second = two.run();
      one.validator().check();
      EXPECT_EQ(first.digest_of_decisions, second.digest_of_decisions);
      EXPECT_EQ(first.accepted + first.failed, mix.jobs) << static_cast<int>(policy);
      EXPECT_LT(first.failed, 60U) << static_cast<int>(policy);
      EXPECT_EQ(one.validator().undecided_jobs(), 0U) << static_cast<int>(policy);
    }
  }
}

}  // namespace
}  // namespace nexa::validator
