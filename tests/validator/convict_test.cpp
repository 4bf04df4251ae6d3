// V5, V7, V9: earning trust, losing it, and what is looked at again.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/validator/desk.hpp"

namespace nexa::validator {
namespace {

using test::Desk;
using test::rules_of;
using test::Wish;

const Redundancy arbitrated = rules_of(RedundancyPolicy::arbitrated);

/// No lottery but the audits by record, which are rare for large k.
ValidatorConfig quiet() {
  ValidatorConfig config;
  config.audit_min_ppm = 1;
  config.audit_numerator = 0;
  config.spot_check_ppm = 0;
  config.newcomer_spot_check_ppm = 0;
  config.arbiter_check_ppm = 0;
  config.newcomer_results = 3;
  config.established_quantile_ppm = 0;
  return config;
}

/// Nodes 1 to 9 and arbiters 90 to 99.
struct Office : Desk {
  explicit Office(const ValidatorConfig& config) : Desk(config) {
    join(1, 9);
    join(90, 99, true);
    arbiter = 90;
  }
  /// Runs one job whose first replica is on `node`; that one answers `variant`, all others are
  /// right.
  void work(std::uint32_t job, std::uint32_t node_id, std::uint64_t variant) {
    submit(job, arbitrated);
    finish(job, node_id, variant);
  }
  void finish(std::uint32_t job, std::uint32_t node_id, std::uint64_t variant) {
    std::uint32_t partner = 8;
    std::uint32_t judge = 90;
    run(
        [&](const Wish& wish) {
          if (wish.send.min_trust == TrustBucket::trusted) return judge++;
          return wish.send.job.value == job && wish.send.replica.value == 1 ? node_id : partner++;
        },
        [&](const Wish& wish, std::uint32_t where) {
          return where == node_id && wish.send.job.value == job ? variant : 0;
        });
  }
};

TEST(Trust, IsEarnedByCheckedResultsAndThenOneCopyIsEnough) {
  Office desk(quiet());
  desk.earn(0, 1, 2, 3, arbitrated);
  EXPECT_EQ(desk.buckets.at(1), TrustBucket::established);
  EXPECT_EQ(desk.verdicts.at(2).replicas.size(), 2U);
  desk.work(10, 1, 0);
  EXPECT_EQ(desk.verdicts.at(10).replicas.size(), 1U);
  EXPECT_EQ(desk.verdicts.at(10).verdict.rule, Rule::earned);
  // An unchecked result earns nothing.
  const NodeStanding standing = desk.validator.standing(core::NodeId{1}).value();
  ASSERT_EQ(standing.earned.size(), 1U);
  EXPECT_EQ(standing.earned[0].checked, 3U);
  EXPECT_EQ(standing.valid, 4U);
}

// V-e
TEST(Trust, AfterAStrikeEveryResultIsCheckedUntilItIsEarnedAgain) {
  Office desk(quiet());
  std::uint32_t job = desk.earn(0, 1, 2, 3, arbitrated);
  desk.earn(100, 8, 2, 1, arbitrated);
  // Something finds it out: a false proof.
  desk.submit(50, arbitrated);
  desk.step();
  desk.place(50, 1, {1});
  desk.fail(50, 1, FailureKind::bad_proof);
  desk.step();
  ASSERT_EQ(desk.convicts.size(), 1U);
  EXPECT_EQ(desk.buckets.at(1), TrustBucket::newcomer);
  desk.now += core::seconds(4000);
  desk.tell(JobCancelled{core::JobId{50}});
  desk.step();
  for (int i = 0; i < 3; ++i) {
    desk.work(200 + job, 1, 0);
    EXPECT_EQ(desk.verdicts.at(200 + job).replicas.size(), 2U);
    ++job;
  }
  desk.work(200 + job, 1, 0);
  EXPECT_EQ(desk.verdicts.at(200 + job).replicas.size(), 1U);
}

TEST(Trust, IsEarnedForAClassOfJobs) {
  Office desk(quiet());
  desk.earn(0, 1, 2, 3, arbitrated);
  desk.tell(JobSubmitted{.job = core::JobId{60},
                         .rules = arbitrated,
                         .value = core::Credits::whole(1),
                         .comparator = ComparatorKind::exact,
                         .job_class = JobClass{7}});
  desk.finish(60, 1, 0);
  EXPECT_EQ(desk.verdicts.at(60).replicas.size(), 2U);
}

// V8
TEST(Trust, AWrongResultBacksOffTwiceAsLongUntilACheckedRightOne) {
  ValidatorConfig config = quiet();
  config.wrong = {.after = 1, .first = core::seconds(100), .longest = core::seconds(350)};
  config.strikes_to_expel = 50;
  Office desk(config);
  std::uint32_t job = 0;
  const auto lie = [&](std::int64_t expected) {
    desk.work(job++, 1, 7);
    ASSERT_TRUE(desk.quarantined.contains(1)) << "job " << job;
    EXPECT_EQ(desk.quarantined.at(1).until, desk.now + core::seconds(expected));
    EXPECT_EQ(desk.quarantined.at(1).why, QuarantineReason::wrong);
    desk.now = desk.quarantined.at(1).until;
    desk.step();
  };
  for (const std::int64_t expected : {100, 200, 350, 350}) lie(expected);
  EXPECT_EQ(desk.validator.standing(core::NodeId{1})->wrong.level, 4U);
  desk.work(job++, 1, 0);
  const NodeStanding standing = desk.validator.standing(core::NodeId{1}).value();
  EXPECT_EQ(standing.wrong.level, 0U);
  EXPECT_EQ(standing.wrong.length, 0U);
  EXPECT_EQ(standing.wrong.total, 4U);
  lie(100);
}

/// Node 1 earns trust, lies in jobs 10 to 14, and is found out in job 20.
void lie_and_be_found(Office& desk) {
  desk.earn(0, 1, 2, 3, arbitrated);
  for (std::uint32_t job = 10; job < 15; ++job) desk.work(job, 1, 7);
  desk.work(15, 1, 0);
  for (std::uint32_t job = 10; job < 15; ++job) {
    ASSERT_EQ(desk.verdicts.at(job).verdict.digest, test::digest_of(job, 7));
  }
  desk.submit(20, arbitrated);
  desk.step();
  desk.place(20, 1, {1});
  desk.step();
  desk.fail(20, 1, FailureKind::bad_proof);
  std::uint32_t judge = 90;
  std::uint32_t partner = 5;
  desk.run(
      [&](const Wish& wish) {
        if (wish.send.min_trust != TrustBucket::trusted) return partner++;
        const std::uint32_t chosen = judge;
        judge = judge == 99 ? 90 : judge + 1;
        return chosen;
      },
      [](const Wish&, std::uint32_t) { return std::uint64_t{0}; });
}

TEST(Conviction, ReopensWhatNobodyHasChecked) {
  Office desk(quiet());
  lie_and_be_found(desk);
  std::size_t changed = 0;
  for (const test::Revised& revised : desk.revisions) {
    EXPECT_EQ(revised.revised.why, RevisedBecause::revalidation);
    if (!revised.revised.canonical_changed) continue;
    ++changed;
    EXPECT_GE(revised.revised.job.value, 10U);
    EXPECT_LE(revised.revised.job.value, 14U);
    EXPECT_EQ(revised.revised.digest, test::digest_of(revised.revised.job.value, 0));
    EXPECT_EQ(revised.replicas[0].state, ReplicaState::invalid);
    EXPECT_EQ(revised.replicas[0].ground, Ground::arbiter);
  }
  EXPECT_EQ(changed, 5U);
  EXPECT_TRUE(desk.convicts.back().expelled);
  EXPECT_EQ(desk.quarantined.at(1).until, core::never);
  // V-h: nothing that it did is paid out any more.
  for (const auto& [job, replica] : desk.vested) {
    const bool its_own = (job >= 10 && job <= 15 && replica == 1);
    EXPECT_FALSE(its_own) << job;
  }
  std::size_t voided = 0;
  for (const auto& [job, replica] : desk.forfeited) {
    if (job >= 10 && job <= 15 && replica == 1) ++voided;
  }
  EXPECT_EQ(voided, 6U);
  EXPECT_EQ(desk.validator.standing(core::NodeId{1})->unvested, 0U);
  EXPECT_EQ(desk.validator.undecided_jobs(), 0U);
  desk.validator.check();
}

TEST(Conviction, RewardsVestWhenTheWindowHasPassed) {
  ValidatorConfig config = quiet();
  config.vest_results = 4;
  Office desk(config);
  desk.earn(0, 1, 2, 3, arbitrated);
  for (std::uint32_t job = 10; job < 20; ++job) desk.work(job, 1, 0);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> of_node_1;
  for (const auto& entry : desk.vested) {
    if (entry.second == 1) of_node_1.push_back(entry);
  }
  EXPECT_EQ(of_node_1.size(), 9U);  // thirteen results less the window
  EXPECT_EQ(of_node_1.back(), (std::pair{15U, 1U}));
  EXPECT_EQ(desk.validator.known_jobs(), 4U + 3U);  // three in the window of the partner
  // The others were forgotten, each once, and the validator has said so.
  std::set<std::uint32_t> forgotten(desk.forgotten.begin(), desk.forgotten.end());
  EXPECT_EQ(forgotten.size(), desk.forgotten.size());
  EXPECT_EQ(forgotten.size(), desk.verdicts.size() - desk.validator.known_jobs());
  for (const std::uint32_t job : forgotten) EXPECT_FALSE(desk.validator.knows(core::JobId{job}));
}

TEST(Conviction, WithoutATrustedTierOthersComputeItAgain) {
  const Redundancy adaptive = rules_of(RedundancyPolicy::adaptive);
  Desk desk(quiet());
  desk.join(1, 9);
  desk.earn(0, 1, 2, 3, adaptive);
  for (std::uint32_t job = 10; job < 13; ++job) {
    desk.submit(job, adaptive);
    desk.run([](const Wish&) { return 1; },
             [](const Wish&, std::uint32_t) { return std::uint64_t{7}; });
  }
  desk.submit(20, adaptive);
  desk.step();
  desk.place(20, 1, {1});
  desk.fail(20, 1, FailureKind::bad_proof);
  std::map<std::uint32_t, std::uint32_t> next;
  desk.run([&](const Wish& wish) { return 3 + next[wish.send.job.value]++; },
           [](const Wish&, std::uint32_t) { return std::uint64_t{0}; });
  std::size_t changed = 0;
  for (const test::Revised& revised : desk.revisions) {
    if (revised.revised.canonical_changed) ++changed;
  }
  EXPECT_EQ(changed, 3U);
  EXPECT_EQ(desk.validator.undecided_jobs(), 0U);
}

TEST(Conviction, ASecondStrikeExpelsAndTheMachineIsKnownAgain) {
  ValidatorConfig config = quiet();
  Office desk(config);
  desk.work(0, 1, 5);
  ASSERT_EQ(desk.convicts.size(), 1U);
  EXPECT_FALSE(desk.convicts[0].expelled);
  desk.now += core::seconds(100'000);
  desk.work(1, 1, 5);
  ASSERT_EQ(desk.convicts.size(), 2U);
  EXPECT_TRUE(desk.convicts[1].expelled);

  NodeJoined again = desk.node(50);  // another name and owner, the same machine
  again.machine = MachineId{1};
  desk.tell(again);
  desk.step();
  EXPECT_EQ(desk.quarantined.at(50).why, QuarantineReason::expelled);

  NodeJoined cousin = desk.node(51);  // another machine of the owner
  cousin.owner = core::OwnerId{1};
  desk.tell(cousin);
  desk.step();
  const NodeStanding standing = desk.validator.standing(core::NodeId{51}).value();
  EXPECT_EQ(standing.inherited_strikes, 1U);
  EXPECT_EQ(standing.earned_needed, 2 * config.newcomer_results);
}

/// A job that two machines compute together, once wrongly and once, on other machines, rightly.
void compute_in_pairs(Office& desk, std::uint32_t job, std::vector<std::uint32_t> wrong,
                      std::vector<std::uint32_t> right,
                      ComparatorKind comparator = ComparatorKind::exact) {
  desk.submit(job, arbitrated, 1, comparator);
  desk.step();
  desk.place(job, 1, std::move(wrong));
  const std::vector<Wish> second = desk.step();
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(second[0].avoid.size(), 4U);  // two owners, two nodes
  desk.place(job, 2, std::move(right));
  desk.report(job, 1, 9);
  desk.report(job, 2, 0);
  std::uint32_t judge = 90;
  desk.run([&](const Wish&) { return judge++; },
           [](const Wish&, std::uint32_t) { return std::uint64_t{0}; });
}

TEST(Conviction, OfSeveralMachinesEachGetsASoftStrikeIfAllAreToBeBlamed) {
  ValidatorConfig config = quiet();
  config.crowd_blame_ppm = 0;
  Office desk(config);
  for (std::uint32_t job = 0; job < 3; ++job) {
    compute_in_pairs(desk, job, {1, 2}, {3 + job, 6 + job});
  }
  ASSERT_EQ(desk.convicts.size(), 6U);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(desk.convicts[i].kind, StrikeKind::soft);
    EXPECT_EQ(desk.convicts[i].convicted, i >= 4);
  }
  EXPECT_TRUE(desk.quarantined.contains(1));
  EXPECT_TRUE(desk.quarantined.contains(2));
  EXPECT_FALSE(desk.quarantined.contains(3));
}

TEST(Conviction, OfSeveralMachinesTheOneThatIsAlwaysThereIsBlamed) {
  Office desk(quiet());
  std::uint32_t job = 0;
  for (int round = 0; round < 5; ++round) {
    for (std::uint32_t partner = 2; partner <= 6; ++partner) {
      if (desk.quarantined.contains(1)) break;
      const std::uint32_t next = partner == 6 ? 2 : partner + 1;
      compute_in_pairs(desk, job++, {1, partner}, {next, 7 + partner % 2});
    }
  }
  EXPECT_TRUE(desk.quarantined.contains(1));
  for (const Convict& convict : desk.convicts) EXPECT_EQ(convict.node.value, 1U);
  EXPECT_GT(desk.validator.standing(core::NodeId{1})->suspicion_ppm, 500'000U);
  EXPECT_LT(desk.validator.standing(core::NodeId{2})->suspicion_ppm, 200'000U);
}

TEST(Conviction, OfSeveralMachinesAllMustEarnTrustAnew) {
  Office desk(quiet());
  compute_in_pairs(desk, 0, {5, 6}, {2, 3});
  const auto earned = [&desk](std::uint32_t node) {
    return desk.validator.standing(core::NodeId{node})->earned;
  };
  ASSERT_FALSE(earned(2).empty());
  ASSERT_FALSE(earned(3).empty());
  compute_in_pairs(desk, 1, {1, 2}, {7, 8});
  EXPECT_TRUE(earned(2).empty());
  EXPECT_FALSE(earned(3).empty());
  // Of the two, 1 has never been right, which is no more than a note.
  for (const Convict& convict : desk.convicts) {
    EXPECT_EQ(convict.node.value, 1U);
    EXPECT_FALSE(convict.convicted);
  }
  EXPECT_TRUE(desk.quarantined.empty());
}

TEST(Conviction, OfSeveralMachinesUnderAToleranceNoneLosesWhatItEarned) {
  Office desk(quiet());
  compute_in_pairs(desk, 0, {5, 6}, {2, 3}, ComparatorKind::tolerance);
  compute_in_pairs(desk, 1, {1, 2}, {7, 8}, ComparatorKind::tolerance);
  EXPECT_FALSE(desk.validator.standing(core::NodeId{2})->earned.empty());
  EXPECT_EQ(desk.validator.standing(core::NodeId{2})->wrong_crowds, 1U);
}

TEST(Conviction, OfTwoMachinesThatAreOnlySeenTogetherNeitherIsBlamedSoon) {
  Office desk(quiet());
  for (std::uint32_t job = 0; job < 3; ++job) {
    compute_in_pairs(desk, job, {1, 2}, {3 + job, 6 + job});
  }
  EXPECT_TRUE(desk.convicts.empty());
  EXPECT_EQ(desk.validator.standing(core::NodeId{1})->wrong_crowds, 3U);
}

TEST(Conviction, ARerunTellsDefectsThatComeAndGo) {
  for (const bool repeatable : {false, true}) {
    ValidatorConfig config = quiet();
    config.rerun_after_strike = true;
    Office desk(config);
    desk.submit(0, arbitrated);
    std::uint32_t partner = 2;
    std::uint32_t judge = 90;
    desk.run(
        [&](const Wish& wish) {
          if (wish.send.only_node) return wish.send.only_node->value;
          if (wish.send.min_trust == TrustBucket::trusted) return judge++;
          return wish.send.replica.value == 1 ? 1 : partner++;
        },
        [&](const Wish& wish, std::uint32_t where) {
          if (where != 1) return std::uint64_t{0};
          return wish.send.purpose == Purpose::rerun && !repeatable ? std::uint64_t{0} : 9;
        });
    ASSERT_EQ(desk.diagnoses.size(), 1U);
    EXPECT_EQ(desk.diagnoses[0].node, core::NodeId{1});
    EXPECT_EQ(desk.diagnoses[0].diagnosis,
              repeatable ? Diagnosis::repeatable : Diagnosis::intermittent);
    EXPECT_EQ(desk.validator.standing(core::NodeId{1})->intermittent, repeatable ? 0U : 1U);
  }
}

TEST(Conviction, ValuableJobsAreAuditedMore) {
  ValidatorConfig config = quiet();
  config.audit_min_ppm = 50'000;
  Office desk(config);
  const std::uint32_t job = desk.earn(0, 1, 2, 500, arbitrated);
  desk.submit(job, arbitrated, 10);
  desk.finish(job, 1, 0);
  const Draw cheap = *desk.verdicts.at(job - 1).verdict.draw;
  const Draw dear = *desk.verdicts.at(job).verdict.draw;
  EXPECT_EQ(cheap.audit_below, threshold_of_ppm(50'000));
  EXPECT_GT(dear.audit_below, 9 * cheap.audit_below);
  EXPECT_LE(dear.audit_below, 10 * cheap.audit_below);
}

TEST(Standing, SaysWhatMadeEachNumber) {
  Office desk(quiet());
  desk.earn(0, 1, 2, 3, arbitrated);
  desk.work(10, 1, 0);
  const NodeStanding standing = desk.validator.standing(core::NodeId{1}).value();
  EXPECT_EQ(standing.bucket, TrustBucket::established);
  EXPECT_EQ(standing.earned_needed, 3U);
  EXPECT_EQ(standing.earned, (std::vector<Earned>{{JobClass{0}, 3}}));
  EXPECT_EQ(standing.valid, 4U);
  EXPECT_EQ(standing.invalid + standing.inconclusive, 0U);
  EXPECT_EQ(standing.unvested, 4U);
  EXPECT_EQ(desk.validator.standing(core::NodeId{77}).error().code, core::ErrorCode::not_found);
}

}  // namespace
}  // namespace nexa::validator
