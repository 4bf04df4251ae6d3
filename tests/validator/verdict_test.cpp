// Verdicts of small cases through the facade.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/validator/desk.hpp"

namespace nexa::validator {
namespace {

using test::Desk;
using test::rules_of;
using test::Said;
using test::Wish;

TEST(Verdict, TwoEqualResultsMakeAQuorum) {
  Desk desk;
  desk.join(1, 3);
  desk.submit(7, rules_of(RedundancyPolicy::fixed));
  ASSERT_EQ(desk.step().size(), 1U);
  desk.place(7, 1, {1});
  const std::vector<Wish> second = desk.step();
  ASSERT_EQ(second.size(), 1U);
  // V-b: the next one knows where to keep away from.
  EXPECT_EQ(second[0].avoid, (std::vector{core::FaultDomain::of(core::OwnerId{1}),
                                          core::FaultDomain::of(core::NodeId{1})}));
  desk.place(7, 2, {2});
  EXPECT_TRUE(desk.step().empty());
  desk.report(7, 2, 0);
  EXPECT_TRUE(desk.step().empty());
  desk.report(7, 1, 0);
  desk.step();
  const Said& said = desk.verdicts.at(7);
  EXPECT_EQ(said.verdict.outcome, Outcome::accepted);
  EXPECT_EQ(said.verdict.rule, Rule::quorum);
  EXPECT_EQ(said.verdict.canonical, core::ReplicaId{1});
  EXPECT_EQ(said.of(1).state, ReplicaState::valid);
  EXPECT_EQ(said.of(2).state, ReplicaState::valid);
  EXPECT_EQ(desk.validator.undecided_jobs(), 0U);
  desk.validator.check();
}

TEST(Verdict, ReplicasKeepToTheDomainsThatTheRulesName) {
  Redundancy rules = rules_of(RedundancyPolicy::fixed);
  rules.distinct = distinct_machine | distinct_site | distinct_rack;
  Desk desk;
  desk.join(1, 3);
  NodeJoined twin = desk.node(20);  // another name of node 1's machine
  twin.machine = MachineId{1};
  desk.tell(twin);
  desk.submit(0, rules);
  desk.step();
  desk.place(0, 1, {1});
  EXPECT_EQ(desk.step()[0].avoid,
            (std::vector{
                core::FaultDomain::of(core::SiteId{1}), core::FaultDomain::of(core::RackId{1}),
                core::FaultDomain::of(core::NodeId{1}), core::FaultDomain::of(core::NodeId{20})}));
}

TEST(Verdict, VotesOfOneOwnerCountOnceEvenIfTheHostMixesThem) {
  Desk desk;
  desk.join(1, 2);
  NodeJoined sibling = desk.node(3);
  sibling.owner = core::OwnerId{1};
  desk.tell(sibling);
  desk.submit(0, rules_of(RedundancyPolicy::fixed));
  desk.step();
  desk.place(0, 1, {1});
  desk.step();
  desk.place(0, 2, {3});  // against what was asked for
  desk.report(0, 1, 5);
  desk.report(0, 2, 5);
  ASSERT_EQ(desk.step().size(), 1U);  // another vote is needed
  EXPECT_FALSE(desk.verdicts.contains(0));
  desk.place(0, 3, {2});
  desk.report(0, 3, 5);
  desk.step();
  EXPECT_EQ(desk.verdicts.at(0).verdict.outcome, Outcome::accepted);
  EXPECT_EQ(desk.verdicts.at(0).of(1).domain, desk.verdicts.at(0).of(2).domain);
}

TEST(Verdict, AMismatchIsSettledByAThirdAndTheLoserIsConvictedOnce) {
  Desk desk;
  desk.join(1, 3);
  desk.submit(0, rules_of(RedundancyPolicy::fixed));
  std::uint32_t next = 1;
  desk.run([&](const Wish&) { return next++; },
           [](const Wish&, std::uint32_t node) { return node == 1 ? 9ULL : 0ULL; });
  const Said& said = desk.verdicts.at(0);
  EXPECT_EQ(said.of(1).state, ReplicaState::invalid);
  EXPECT_EQ(said.of(1).ground, Ground::disagrees);  // V-f
  EXPECT_EQ(said.of(1).against, said.verdict.canonical);
  EXPECT_EQ(said.of(2).state, ReplicaState::valid);
  ASSERT_EQ(desk.convicts.size(), 1U);
  EXPECT_EQ(desk.convicts[0].node, core::NodeId{1});
  EXPECT_TRUE(desk.convicts[0].convicted);
  EXPECT_EQ(desk.quarantined.at(1).why, QuarantineReason::wrong);
  // The host repeats itself.
  desk.report(0, 1, 9);
  desk.fail(0, 1, FailureKind::bad_proof);
  desk.step();
  EXPECT_EQ(desk.convicts.size(), 1U);
  desk.validator.check();
}

TEST(Verdict, WithoutAgreementTheJobFailsAtItsLimitAndNobodyIsBlamed) {
  Redundancy rules = rules_of(RedundancyPolicy::fixed);
  rules.max_success_results = 4;
  Desk desk;
  desk.join(1, 9);
  desk.submit(0, rules);
  std::uint32_t next = 1;
  desk.run([&](const Wish&) { return next++; },
           [](const Wish& wish, std::uint32_t) { return wish.send.replica.value; });
  EXPECT_EQ(next, 5U);  // four replicas, not one more
  EXPECT_EQ(desk.verdicts.at(0).verdict.outcome, Outcome::failed);
  EXPECT_EQ(desk.verdicts.at(0).verdict.why, FailedBecause::no_agreement);
  for (std::uint32_t replica = 1; replica <= 4; ++replica) {
    EXPECT_EQ(desk.verdicts.at(0).of(replica).state, ReplicaState::inconclusive);
  }
  EXPECT_TRUE(desk.convicts.empty());
  EXPECT_EQ(desk.validator.known_jobs(), 0U);
}

TEST(Verdict, BeyondTheLimitTheTrustedTierArbitrates) {
  Redundancy rules = rules_of(RedundancyPolicy::fixed);
  rules.max_success_results = 3;
  Desk desk;
  desk.join(1, 5);
  desk.join(90, 92, true);
  desk.submit(0, rules);
  std::uint32_t next = 1;
  std::uint32_t arbiter = 90;
  desk.run(
      [&](const Wish& wish) {
        return wish.send.min_trust == TrustBucket::trusted ? arbiter++ : next++;
      },
      [](const Wish& wish, std::uint32_t node) {
        return node >= 90 ? 2ULL : wish.send.replica.value;  // the second one was right
      });
  const Said& said = desk.verdicts.at(0);
  EXPECT_EQ(said.verdict.rule, Rule::arbiter);
  EXPECT_TRUE(said.verdict.confirmed);
  EXPECT_EQ(said.of(2).state, ReplicaState::valid);
  EXPECT_EQ(said.of(1).state, ReplicaState::invalid);
  EXPECT_EQ(said.of(1).ground, Ground::arbiter);
  EXPECT_TRUE(said.of(said.of(1).against.value).trusted);
  EXPECT_EQ(desk.convicts.size(), 2U);
}

TEST(Verdict, UnderArbitrationAMajorityOfLiarsConvictsNobodyHonest) {
  ValidatorConfig config;
  config.arbiter_check_ppm = 0;
  Desk desk(config);
  desk.join(1, 5);
  desk.join(90, 92, true);
  desk.submit(0, rules_of(RedundancyPolicy::arbitrated, 3, 3));
  std::uint32_t next = 1;
  desk.run(
      [&](const Wish& wish) { return wish.send.min_trust == TrustBucket::trusted ? 90 : next++; },
      [](const Wish&, std::uint32_t node) { return node == 1 || node >= 90 ? 0ULL : 1ULL; });
  const Said& said = desk.verdicts.at(0);
  EXPECT_EQ(said.verdict.digest, test::digest_of(0, 0));
  EXPECT_EQ(said.of(1).state, ReplicaState::valid);
  for (const Convict& convict : desk.convicts) EXPECT_NE(convict.node, core::NodeId{1});
  EXPECT_FALSE(desk.convicts.empty());
}

TEST(Verdict, AnArbiterThatNobodyConfirmsIsLookedAt) {
  Desk desk;
  desk.join(1, 5);
  desk.join(90, 95, true);
  desk.submit(0, rules_of(RedundancyPolicy::arbitrated));
  std::uint32_t next = 1;
  std::uint32_t arbiter = 90;
  std::vector<Purpose> purposes;
  desk.run(
      [&](const Wish& wish) {
        purposes.push_back(wish.send.purpose);
        return wish.send.min_trust == TrustBucket::trusted ? arbiter++ : next++;
      },
      [](const Wish&, std::uint32_t node) {
        return node == 90 ? 77ULL : (node == 1 ? 5ULL : 0ULL);  // the first arbiter errs
      });
  EXPECT_EQ(purposes, (std::vector{Purpose::work, Purpose::quorum, Purpose::arbitration,
                                   Purpose::arbiter_check, Purpose::arbiter_check}));
  const Said& said = desk.verdicts.at(0);
  EXPECT_EQ(said.verdict.digest, test::digest_of(0, 0));
  EXPECT_EQ(said.of(2).state, ReplicaState::valid);
  EXPECT_EQ(said.of(3).state, ReplicaState::invalid);
  const auto of_arbiter = std::find_if(desk.convicts.begin(), desk.convicts.end(),
                                       [](const Convict& c) { return c.node.value == 90; });
  ASSERT_NE(of_arbiter, desk.convicts.end());
  EXPECT_EQ(of_arbiter->kind, StrikeKind::arbiter);
}

TEST(Verdict, ArbitersThatNeverAgreeEndTheJobWithoutBlame) {
  ValidatorConfig config;
  config.max_arbiters = 3;
  Desk desk(config);
  desk.join(1, 5);
  desk.join(90, 99, true);
  desk.submit(0, rules_of(RedundancyPolicy::arbitrated));
  std::uint32_t next = 1;
  std::uint32_t arbiter = 90;
  desk.run(
      [&](const Wish& wish) {
        return wish.send.min_trust == TrustBucket::trusted ? arbiter++ : next++;
      },
      [](const Wish&, std::uint32_t node) { return std::uint64_t{node}; });
  EXPECT_EQ(arbiter, 93U);
  EXPECT_EQ(desk.verdicts.at(0).verdict.why, FailedBecause::arbiters_disagree);
  EXPECT_TRUE(desk.convicts.empty());
}

TEST(Verdict, WithoutATrustedNodeThatCanRunItTheVoteGoesOn) {
  Desk desk;
  desk.join(1, 5);
  desk.join(90, 90, true);
  desk.submit(0, rules_of(RedundancyPolicy::arbitrated));
  std::uint32_t next = 1;
  desk.run(
      [&](const Wish& wish) {
        return wish.send.min_trust == TrustBucket::trusted ? UINT32_MAX : next++;
      },
      [](const Wish&, std::uint32_t node) { return node == 1 ? 4ULL : 0ULL; });
  EXPECT_EQ(desk.verdicts.at(0).verdict.rule, Rule::quorum);
  EXPECT_EQ(desk.verdicts.at(0).of(1).state, ReplicaState::invalid);
}

TEST(Verdict, ALateResultIsComparedWithTheCanonicalOne) {
  Desk desk;
  desk.join(1, 5);
  desk.submit(0, rules_of(RedundancyPolicy::fixed, 4, 2));
  for (std::uint32_t replica = 1; replica <= 4; ++replica) {
    desk.step();
    desk.place(0, replica, {replica});
  }
  desk.report(0, 1, 0);
  desk.report(0, 2, 0);
  desk.step();
  EXPECT_FALSE(desk.verdicts.contains(0));  // the other two could still tie
  desk.report(0, 3, 0);
  desk.step();
  EXPECT_EQ(desk.verdicts.at(0).of(4).state, ReplicaState::not_needed);
  EXPECT_EQ(desk.cancelled, (std::vector{std::pair{0U, 4U}}));
  desk.report(0, 4, 8);
  desk.step();
  ASSERT_EQ(desk.revisions.size(), 1U);
  EXPECT_EQ(desk.revisions[0].revised.why, RevisedBecause::late_result);
  EXPECT_FALSE(desk.revisions[0].revised.canonical_changed);
  ASSERT_EQ(desk.revisions[0].replicas.size(), 1U);
  EXPECT_EQ(desk.revisions[0].replicas[0].state, ReplicaState::invalid);
  EXPECT_EQ(desk.convicts.size(), 1U);
}

TEST(Verdict, ATolerantComparatorTakesTheMedoidAndOnlyNotesASoftStrike) {
  Desk desk;
  desk.join(1, 9);
  desk.submit(0, rules_of(RedundancyPolicy::fixed, 4, 3), 1, ComparatorKind::tolerance);
  for (std::uint32_t replica = 1; replica <= 4; ++replica) {
    desk.step();
    desk.place(0, replica, {replica});
  }
  const auto against = [](std::uint32_t other, bool equal, std::uint64_t distance) {
    return Comparison{core::ReplicaId{other}, equal, distance};
  };
  // Values 0, 8, 4 within 10 of each other, and 30.
  desk.report(0, 1, 100);
  desk.report(0, 2, 108, {against(1, true, 8)});
  desk.report(0, 3, 104, {against(1, true, 4), against(2, true, 4)});
  desk.step();
  EXPECT_FALSE(desk.verdicts.contains(0));  // the canonical result could still be another
  desk.report(0, 4, 130, {against(1, false, 30), against(2, false, 22), against(3, false, 26)});
  desk.step();
  const Said& said = desk.verdicts.at(0);
  EXPECT_EQ(said.verdict.canonical, core::ReplicaId{3});
  EXPECT_EQ(said.of(4).state, ReplicaState::invalid);
  ASSERT_EQ(desk.convicts.size(), 1U);
  EXPECT_EQ(desk.convicts[0].kind, StrikeKind::soft);
  EXPECT_FALSE(desk.convicts[0].convicted);
  EXPECT_TRUE(desk.quarantined.empty());
}

TEST(Verdict, ARejectedProofIsInvalidAtOnce) {
  Desk desk;
  desk.join(1, 5);
  desk.submit(0, rules_of(RedundancyPolicy::fixed));
  desk.step();
  desk.place(0, 1, {1});
  desk.fail(0, 1, FailureKind::bad_proof);
  desk.step();
  ASSERT_EQ(desk.convicts.size(), 1U);
  EXPECT_EQ(desk.convicts[0].kind, StrikeKind::hard);
  std::uint32_t next = 2;
  desk.place(0, 2, {next++});
  desk.report(0, 2, 0);
  desk.run([&](const Wish&) { return next++; },
           [](const Wish&, std::uint32_t) { return std::uint64_t{0}; });
  EXPECT_EQ(desk.verdicts.at(0).of(1).state, ReplicaState::invalid);
  EXPECT_EQ(desk.verdicts.at(0).of(1).ground, Ground::bad_proof);
}

TEST(Verdict, ACancelledJobEndsWithItsReplicas) {
  Desk desk;
  desk.join(1, 5);
  desk.submit(0, rules_of(RedundancyPolicy::fixed));
  desk.step();
  desk.place(0, 1, {1});
  desk.step();
  desk.tell(JobCancelled{core::JobId{0}});
  desk.step();
  EXPECT_EQ(desk.verdicts.at(0).verdict.outcome, Outcome::cancelled);
  EXPECT_EQ(desk.cancelled.size(), 2U);
  EXPECT_EQ(desk.validator.known_jobs(), 1U);  // until its replica has ended
  desk.fail(0, 1, FailureKind::aborted);
  desk.step();
  EXPECT_EQ(desk.validator.known_jobs(), 0U);
  EXPECT_EQ(desk.validator.standing(core::NodeId{1})->in_flight, 0U);
}

TEST(Verdict, RulesThatAreUnusableAreIgnored) {
  Desk desk;
  desk.submit(0, rules_of(RedundancyPolicy::fixed, 1, 1));
  EXPECT_TRUE(desk.step().empty());
  EXPECT_EQ(desk.validator.known_jobs(), 0U);
  EXPECT_FALSE(check(rules_of(RedundancyPolicy::fixed, 1, 1)));
  EXPECT_TRUE(check(rules_of(RedundancyPolicy::adaptive, 1, 1)));
  Redundancy many = rules_of(RedundancyPolicy::fixed);
  many.max_total_results = 49;
  EXPECT_FALSE(check(many));
}

}  // namespace
}  // namespace nexa::validator
