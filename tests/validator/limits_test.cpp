// V8: errors, wrong results and late ones are three things; limits hold; what is at fault stops.
#include <gtest/gtest.h>

#include "tests/validator/desk.hpp"

namespace nexa::validator {
namespace {

using test::Desk;
using test::rules_of;
using test::Wish;

/// Places the only wish of a step.
void place_next(Desk& desk, std::uint32_t node) {
  const std::vector<Wish> wishes = desk.step();
  ASSERT_EQ(wishes.size(), 1U);
  desk.place(wishes[0].send.job.value, wishes[0].send.replica.value, {node});
}

TEST(Limits, AJobThatCrashesOnThreeNodesIsAtFault) {
  Redundancy rules = rules_of(RedundancyPolicy::fixed);
  rules.max_error_results = 9;
  Desk desk;
  desk.join(1, 9);
  desk.submit(0, rules);
  for (std::uint32_t replica = 1; replica <= 3; ++replica) {
    place_next(desk, replica);
    desk.fail(0, replica, FailureKind::error);
  }
  desk.step();
  EXPECT_EQ(desk.verdicts.at(0).verdict.why, FailedBecause::poison);
  EXPECT_TRUE(desk.convicts.empty());
}

TEST(Limits, ErrorsOfOneNodeAreNotTheJobsFault) {
  Redundancy rules = rules_of(RedundancyPolicy::fixed);
  rules.max_error_results = 4;
  Desk desk;
  desk.join(1, 9);
  desk.submit(0, rules);
  for (std::uint32_t replica = 1; replica <= 4; ++replica) {
    place_next(desk, 1);
    desk.fail(0, replica, FailureKind::error);
  }
  ASSERT_EQ(desk.step().size(), 1U);  // one error more is allowed
  desk.place(0, 5, {1});
  desk.fail(0, 5, FailureKind::error);
  desk.step();
  EXPECT_EQ(desk.verdicts.at(0).verdict.why, FailedBecause::too_many_errors);
}

TEST(Limits, AbortsAndLostNodesAreNobodysErrors) {
  Redundancy rules = rules_of(RedundancyPolicy::fixed);
  rules.max_error_results = 1;
  rules.max_total_results = 8;
  Desk desk;
  desk.join(1, 9);
  desk.submit(0, rules);
  for (std::uint32_t replica = 1; replica <= 6; ++replica) {
    place_next(desk, replica);
    desk.fail(0, replica, replica % 2 == 0 ? FailureKind::aborted : FailureKind::node_lost);
  }
  place_next(desk, 7);
  place_next(desk, 8);
  desk.report(0, 7, 0);
  desk.report(0, 8, 0);
  desk.step();
  EXPECT_EQ(desk.verdicts.at(0).verdict.outcome, Outcome::accepted);
  EXPECT_EQ(desk.validator.standing(core::NodeId{2})->aborted, 1U);
  EXPECT_EQ(desk.validator.standing(core::NodeId{2})->errors.total, 0U);
}

TEST(Limits, NoReplicaIsSentBeyondTheTotal) {
  Redundancy rules = rules_of(RedundancyPolicy::fixed);
  rules.max_total_results = 4;
  Desk desk;
  desk.join(1, 9);
  desk.submit(0, rules);
  for (std::uint32_t replica = 1; replica <= 4; ++replica) {
    place_next(desk, replica);
    desk.fail(0, replica, FailureKind::node_lost);
  }
  EXPECT_TRUE(desk.step().empty());
  EXPECT_EQ(desk.verdicts.at(0).verdict.why, FailedBecause::too_many_replicas);
}

TEST(Limits, WhoIsLateIsReplacedAndItsResultIsTooLate) {
  Redundancy rules = rules_of(RedundancyPolicy::fixed);
  rules.delay_bound = core::seconds(100);
  Desk desk;
  desk.join(1, 9);
  desk.submit(0, rules);
  place_next(desk, 1);
  desk.now += core::seconds(10);
  place_next(desk, 2);
  desk.report(0, 2, 0);
  desk.step();
  EXPECT_EQ(desk.validator.next_wakeup(), core::at_seconds(100));
  desk.now = core::at_seconds(100);
  const std::vector<Wish> wishes = desk.step();
  ASSERT_EQ(wishes.size(), 1U);
  EXPECT_EQ(desk.cancelled, (std::vector{std::pair{0U, 1U}}));
  desk.report(0, 1, 0);
  EXPECT_TRUE(desk.step().empty());
  EXPECT_FALSE(desk.verdicts.contains(0));
  desk.place(0, 3, {3});
  desk.report(0, 3, 0);
  desk.step();
  EXPECT_EQ(desk.verdicts.at(0).verdict.outcome, Outcome::accepted);
  EXPECT_EQ(desk.verdicts.at(0).of(1).state, ReplicaState::too_late);
  EXPECT_FALSE(is_payable(desk.verdicts.at(0).of(1).state));
  const NodeStanding standing = desk.validator.standing(core::NodeId{1}).value();
  EXPECT_EQ(standing.late.total, 1U);
  EXPECT_EQ(standing.errors.total, 0U);
  EXPECT_EQ(standing.invalid, 0U);
}

TEST(Limits, ErrorsInARowQuarantineANodeLongerEachTime) {
  ValidatorConfig config;
  config.errors = {.after = 2, .first = core::seconds(100), .longest = core::seconds(350)};
  config.poison_errors = 100;
  Redundancy rules = rules_of(RedundancyPolicy::fixed);
  rules.max_error_results = 40;
  rules.max_total_results = 40;
  Desk desk(config);
  desk.join(1, 9);
  desk.submit(0, rules);
  std::uint32_t replica = 0;
  for (const std::int64_t expected : {100, 200, 350, 350}) {
    for (int i = 0; i < 2; ++i) {
      place_next(desk, 1);
      EXPECT_FALSE(desk.quarantined.contains(1));
      desk.fail(0, ++replica, FailureKind::error);
    }
    const std::vector<Wish> wishes = desk.step();
    ASSERT_TRUE(desk.quarantined.contains(1));
    EXPECT_EQ(desk.quarantined.at(1).until, desk.now + core::seconds(expected));
    EXPECT_EQ(desk.quarantined.at(1).why, QuarantineReason::errors);
    desk.now = desk.quarantined.at(1).until;
    ASSERT_EQ(wishes.size(), 1U);
    desk.place(0, ++replica, {2});
    desk.fail(0, replica, FailureKind::node_lost);
  }
  // A success forgets the doubling.
  place_next(desk, 1);
  desk.report(0, ++replica, 0);
  desk.step();
  EXPECT_EQ(desk.validator.standing(core::NodeId{1})->errors.level, 0U);
  EXPECT_EQ(desk.validator.standing(core::NodeId{1})->errors.total, 8U);
}

TEST(Limits, ANodeHasAsManyReplicasAtOnceAsItHasEarned) {
  ValidatorConfig config;
  config.in_flight_at_first = 2;
  Desk desk(config);
  desk.join(1, 9);
  for (std::uint32_t job = 0; job < 2; ++job) {
    desk.submit(job, rules_of(RedundancyPolicy::fixed));
    desk.step();
    EXPECT_FALSE(desk.quarantined.contains(1));
    desk.place(job, 1, {1});
  }
  desk.step();
  ASSERT_TRUE(desk.quarantined.contains(1));
  EXPECT_EQ(desk.quarantined.at(1).why, QuarantineReason::in_flight);
  desk.report(0, 1, 0);
  desk.step();
  EXPECT_FALSE(desk.quarantined.contains(1));
}

TEST(Limits, AnotherNameIsNoWayAroundTheCap) {
  ValidatorConfig config;
  config.in_flight_at_first = 1;
  Desk desk(config);
  desk.join(1, 3);
  desk.submit(0, rules_of(RedundancyPolicy::fixed));
  desk.step();
  desk.place(0, 1, {1});
  desk.step();
  ASSERT_TRUE(desk.quarantined.contains(1));
  NodeJoined again = desk.node(11);
  again.machine = MachineId{1};
  desk.tell(again);
  desk.step();
  ASSERT_TRUE(desk.quarantined.contains(11));
  EXPECT_EQ(desk.quarantined.at(11).why, QuarantineReason::in_flight);
  desk.report(0, 1, 0);
  desk.step();
  EXPECT_FALSE(desk.quarantined.contains(1));
  EXPECT_FALSE(desk.quarantined.contains(11));
}

TEST(Limits, AJobWithoutNodesThatAreApartFails) {
  Desk desk;
  desk.join(1, 1);
  desk.submit(0, rules_of(RedundancyPolicy::fixed));
  bool first = true;
  desk.run([&](const Wish&) { return std::exchange(first, false) ? 1 : UINT32_MAX; },
           [](const Wish&, std::uint32_t) { return std::uint64_t{0}; });
  EXPECT_EQ(desk.verdicts.at(0).verdict.why, FailedBecause::unplaceable);
  EXPECT_EQ(desk.verdicts.at(0).of(1).state, ReplicaState::inconclusive);
}

TEST(Limits, OwnersBringInMachinesNoFasterThanTheyMay) {
  ValidatorConfig config;
  config.admission_burst = 3;
  config.admission_period = core::seconds(60);
  Desk desk(config);
  for (std::uint32_t id = 1; id <= 5; ++id) {
    NodeJoined fact = desk.node(id);
    fact.owner = core::OwnerId{1};
    desk.tell(fact);
  }
  desk.step();
  EXPECT_FALSE(desk.quarantined.contains(3));
  EXPECT_EQ(desk.quarantined.at(4).until, core::at_seconds(60));
  EXPECT_EQ(desk.quarantined.at(4).why, QuarantineReason::admission);
  EXPECT_EQ(desk.quarantined.at(5).until, core::at_seconds(120));
  EXPECT_EQ(desk.validator.next_wakeup(), core::at_seconds(60));
  desk.now = core::at_seconds(60);
  desk.step();
  EXPECT_FALSE(desk.quarantined.contains(4));
  EXPECT_TRUE(desk.quarantined.contains(5));
}

TEST(Limits, UnusableParametersAreNamed) {
  EXPECT_TRUE(check(ValidatorConfig{}));
  ValidatorConfig config;
  config.audit_min_ppm = 0;
  ASSERT_FALSE(check(config));
  EXPECT_EQ(check(config).error().message, "audit_min_ppm is 0");
  config = {};
  config.spot_check_ppm = 1'000'001;
  EXPECT_FALSE(check(config));
  config = {};
  config.errors.after = 0;
  EXPECT_FALSE(check(config));
  config = {};
  config.late.longest = core::seconds(1);
  EXPECT_FALSE(check(config));
  config = {};
  config.theta_ppm = 1'000'000;
  EXPECT_FALSE(check(config));
}

}  // namespace
}  // namespace nexa::validator
