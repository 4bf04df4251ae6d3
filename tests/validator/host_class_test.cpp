// A13: nodes of one host class agree with each other, and may all be wrong.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/validator/desk.hpp"

namespace nexa::validator {
namespace {

using core::HostClassId;
using test::Desk;
using test::Wish;

ValidatorConfig sampled() {
  ValidatorConfig config;
  config.audit_min_ppm = 1;
  config.audit_numerator = 0;
  config.spot_check_ppm = 0;
  config.newcomer_spot_check_ppm = 0;
  config.arbiter_check_ppm = 0;
  config.established_quantile_ppm = 0;
  config.newcomer_results = 2;
  config.cross_class_ppm = 1'000'000;
  return config;
}

/// Nodes 1 to 9 are of class 1, 11 to 19 of class 2, the arbiters 90 to 95 of class 3.
struct TwoClasses : Desk {
  explicit TwoClasses(const ValidatorConfig& config, bool with_arbiters = true) : Desk(config) {
    for (const std::uint32_t id : {1U, 2U, 3U, 4U, 5U, 6U, 7U, 8U, 9U}) join_class(id, 1, false);
    for (const std::uint32_t id : {11U, 12U, 13U, 14U, 15U, 16U, 17U, 18U, 19U}) {
      join_class(id, 2, false);
    }
    if (!with_arbiters) return;
    for (const std::uint32_t id : {90U, 91U, 92U, 93U, 94U, 95U}) join_class(id, 3, true);
  }
  void join_class(std::uint32_t id, std::uint16_t host_class, bool trusted) {
    NodeJoined fact = node(id);
    fact.host_class = HostClassId{host_class};
    fact.trusted = trusted;
    tell(fact);
  }
  [[nodiscard]] static HostClassId class_of(std::uint32_t id) {
    return HostClassId{static_cast<std::uint16_t>(id >= 90 ? 3 : (id >= 11 ? 2 : 1))};
  }
  /// The first node, from `from` on, that a wish allows.
  [[nodiscard]] static std::uint32_t node_for(const Wish& wish, std::uint32_t from) {
    const bool judge = wish.send.min_trust == TrustBucket::trusted;
    for (std::uint32_t step = 0; step < 100; ++step) {
      const std::uint32_t id = (from + step) % 100;
      const bool known = (id >= 1 && id <= 9) || (id >= 11 && id <= 19) || (id >= 90 && id <= 95);
      if (!known || (id >= 90) != judge) continue;
      const HostClassId own = class_of(id);
      if (wish.send.host_class != HostClassId{} && wish.send.host_class != own) continue;
      if (wish.send.other_than == own) continue;
      const core::FaultDomain domain = core::FaultDomain::of(core::NodeId{id});
      if (!std::binary_search(wish.avoid.begin(), wish.avoid.end(), domain)) return id;
    }
    return UINT32_MAX;
  }
  /// Runs a job whose first replica is on `first` if it may; class 1 is wrong if it has the defect.
  void work(std::uint32_t job, std::uint32_t first, bool defect) {
    Redundancy rules = test::rules_of(RedundancyPolicy::arbitrated);
    rules.host_class = HostClassRule::uarch;
    submit(job, rules);
    run([first](const Wish& wish) { return node_for(wish, first); },
        [defect](const Wish&, std::uint32_t id) { return defect && id <= 9 ? 3ULL : 0ULL; });
  }
};

TEST(HostClass, AnotherOneFindsADefectAndNobodyIsStruckForIt) {
  TwoClasses desk(sampled());
  desk.work(0, 1, true);
  EXPECT_EQ(desk.verdicts.at(0).verdict.digest, test::digest_of(0, 0));
  EXPECT_EQ(desk.verdicts.at(0).verdict.rule, Rule::arbiter);
  ASSERT_EQ(desk.suspicions.size(), 1U);
  EXPECT_EQ(desk.suspicions[0].host_class, HostClassId{1});
  EXPECT_TRUE(desk.convicts.empty());  // a compiler is not malice
  for (const Wish& wish : desk.wishes) {
    if (wish.send.purpose == Purpose::quorum) {
      EXPECT_EQ(wish.send.host_class, HostClassId{1});
    }
    if (wish.send.purpose == Purpose::arbitration) {
      EXPECT_EQ(wish.send.other_than, HostClassId{1});
    }
  }
}

TEST(HostClass, ANodeThatIsReliedOnHasItsResultComputedByAnotherOfItsClass) {
  TwoClasses desk(sampled());
  for (std::uint32_t job = 0; job < 4; ++job) desk.work(job, 1, false);
  ASSERT_EQ(desk.buckets.at(1), TrustBucket::established);
  desk.wishes.clear();
  desk.work(10, 1, true);
  std::vector<Purpose> purposes;
  for (const Wish& wish : desk.wishes) purposes.push_back(wish.send.purpose);
  EXPECT_EQ(purposes, (std::vector{Purpose::work, Purpose::cross_class, Purpose::quorum,
                                   Purpose::arbitration, Purpose::arbiter_check}));
  EXPECT_EQ(desk.suspicions.size(), 1U);
  EXPECT_TRUE(desk.convicts.empty());
  EXPECT_EQ(desk.verdicts.at(10).verdict.digest, test::digest_of(10, 0));
}

TEST(HostClass, ALiarOfASoundClassIsStruckAndItsClassIsNotSuspected) {
  TwoClasses desk(sampled());
  for (std::uint32_t job = 0; job < 4; ++job) desk.work(job, 1, false);
  Redundancy rules = test::rules_of(RedundancyPolicy::arbitrated);
  rules.host_class = HostClassRule::uarch;
  desk.submit(10, rules);
  desk.run([](const Wish& wish) { return TwoClasses::node_for(wish, 1); },
           [](const Wish&, std::uint32_t id) { return id == 1 ? 3ULL : 0ULL; });
  ASSERT_EQ(desk.convicts.size(), 1U);
  EXPECT_EQ(desk.convicts[0].node, core::NodeId{1});
  EXPECT_TRUE(desk.suspicions.empty());
}

TEST(HostClass, JobsKeepAwayFromASuspectedOneUntilItsSamplesAreClean) {
  ValidatorConfig config = sampled();
  config.class_mismatches = 2;
  config.class_clean_samples = 5;
  config.suspected_share_ppm = 250'000;
  config.cross_class_ppm = 500'000;
  TwoClasses desk(config);
  std::uint32_t job = 0;
  while (desk.suspicions.size() < 2) {
    ASSERT_LT(job, 40U);
    desk.work(job++, 1, true);
  }
  const auto away_of = [&desk, &job](std::uint32_t jobs) {
    std::uint32_t away = 0;
    for (std::uint32_t i = 0; i < jobs; ++i) {
      desk.wishes.clear();
      desk.work(job++, 1, false);
      if (desk.wishes[0].send.other_than == HostClassId{1}) ++away;
    }
    return away;
  };
  const HostClassStanding suspected = desk.validator.standing(HostClassId{1});
  EXPECT_TRUE(suspected.suspected);
  EXPECT_EQ(suspected.mismatches, desk.suspicions.back().mismatches);
  EXPECT_EQ(suspected.samples, desk.suspicions.back().samples);
  EXPECT_EQ(suspected.clean_run, 0U);
  EXPECT_NEAR(suspected.good + suspected.bad, suspected.samples, 0.2);  // of which 1 % fades
  EXPECT_EQ(away_of(16), 12U);  // one in four may still use it, and is a sample
  EXPECT_EQ(away_of(4), 3U);    // the fifth clean sample
  EXPECT_EQ(away_of(20), 0U);
  const HostClassStanding believed = desk.validator.standing(HostClassId{1});
  EXPECT_FALSE(believed.suspected);
  EXPECT_EQ(believed.mismatches, 0U);
  EXPECT_GT(believed.samples, suspected.samples);
  EXPECT_GT(believed.reputation_ppm, suspected.reputation_ppm);
  EXPECT_EQ(desk.validator.standing(HostClassId{99}).samples, 0U);  // never heard of
  EXPECT_EQ(desk.validator.standing(HostClassId{99}).reputation_ppm, 50'000U);
}

TEST(HostClass, WhereThereIsNoOtherJobsUseASuspectedOne) {
  ValidatorConfig config = sampled();
  config.class_mismatches = 1;
  config.suspected_share_ppm = 0;
  TwoClasses both(config);
  both.work(0, 1, true);
  Redundancy rules = test::rules_of(RedundancyPolicy::arbitrated);
  rules.host_class = HostClassRule::uarch;
  both.submit(1, rules);
  both.run(
      [](const Wish& wish) {
        const std::uint32_t id = TwoClasses::node_for(wish, 1);
        return id <= 9 || id >= 90 ? id : UINT32_MAX;  // class 2 cannot run it
      },
      [](const Wish&, std::uint32_t) { return std::uint64_t{0}; });
  EXPECT_EQ(both.verdicts.at(1).verdict.outcome, Outcome::accepted);
}

TEST(HostClass, WithoutArbitersAMismatchIsSaidAndTheVoteStands) {
  TwoClasses desk(sampled(), false);
  desk.work(0, 1, true);
  EXPECT_EQ(desk.suspicions.size(), 1U);
  EXPECT_EQ(desk.verdicts.at(0).verdict.rule, Rule::quorum);
}

}  // namespace
}  // namespace nexa::validator
