// Whole runs under a coordinator that cheats, with and without outsiders who look.
#include "simulator/insider.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/simulator/validated_runs.hpp"

namespace nexa::simulator {
namespace {

/// The same jobs in every build, since trust must be earned before it is abused.
SimulationResult run(const core::Platform& platform, ValidationSetup setup) {
  core::WorkloadModel model;
  model.jobs = 3000;
  model.load_permille = 400;
  model.tiers = 1;
  const core::Workload workload = draw_workload(model, platform, 5);
  return ValidatedSimulation(platform, workload, *scheduler::parse_policy_set("fcfs+easy"),
                             std::move(setup), 5, {})
      .run();
}

constexpr core::Duration epoch = core::seconds(3600);

/// A tenth of the volunteers are friends of the operators: they earn trust, and then lie.
core::Platform favoured_platform() {
  core::Platform platform = testing::platform_of({});
  core::NodeGroup friends = platform.groups[0];
  friends.name = "friends";
  friends.count = friends.owners = testing::volunteers / 10;
  core::Sleeper sleeper;
  sleeper.rate_ppm = 300'000;
  friends.behaviours = {{sleeper, friends.count, 0, {}}};
  platform.groups[0].count = platform.groups[0].owners = testing::volunteers - friends.count;
  platform.groups[0].spec.owner = core::OwnerId{friends.count};
  platform.groups.insert(platform.groups.begin(), friends);
  return platform;
}

ValidationSetup setup_with(const core::CoordinatorFaults& faults, bool witness) {
  ValidationSetup setup = testing::setup_of(validator::RedundancyPolicy::arbitrated);
  setup.epoch = epoch;
  setup.faults = faults;
  setup.defences.witness = witness;
  CreditSetup credits;
  credits.price = ledger::make_price_policy("flat_per_tier").value();
  credits.reward = ledger::make_reward_policy("as_priced").value();
  setup.credits = credits;
  return setup;
}

core::CoordinatorFaults skips() {
  core::CoordinatorFaults faults;
  faults.skip_audit_ppm = 1'000'000;
  faults.favoured_group = "friends";
  return faults;
}

/// Whether it is the end of an epoch.
bool ends_an_epoch(const std::optional<core::Time>& time) {
  return time && time->time_since_epoch() % epoch == core::Duration{};
}

TEST(Insider, IsNotThereWhereNothingIsDoneWrong) {
  const core::Platform platform = favoured_platform();
  const SimulationResult honest = run(platform, setup_with({}, true));
  EXPECT_FALSE(honest.coordinator);
  core::CoordinatorFaults away;
  away.bank_down = {{core::at_seconds(1'000'000'000), core::seconds(1)}};
  EXPECT_FALSE(run(platform, setup_with(away, true)).coordinator) << "a fault, and not a lie";
  // Who only shows the ledger otherwise decides nothing otherwise.
  core::CoordinatorFaults forks;
  forks.fork_at = 100;
  const SimulationResult forked = run(platform, setup_with(forks, false));
  ASSERT_TRUE(forked.coordinator);
  EXPECT_EQ(forked.command_hash, honest.command_hash);
  EXPECT_EQ(forked.coordinator->audits_skipped, 0U);
  EXPECT_GT(forked.coordinator->audits_demanded, 0U);
}

TEST(Insider, ShieldsItsFriendsWhereNobodyRecomputesDraws) {
  const core::Platform platform = favoured_platform();
  const SimulationResult honest = run(platform, setup_with({}, false));
  const SimulationResult off = run(platform, setup_with(skips(), false));
  const SimulationResult on = run(platform, setup_with(skips(), true));
  ASSERT_TRUE(off.coordinator && on.coordinator);

  const CoordinatorFigures& unseen = *off.coordinator;
  EXPECT_GT(unseen.audits_skipped, 0U);
  EXPECT_GT(unseen.wrong_shielded, 0U);
  EXPECT_LT(unseen.audits_skipped, unseen.audits_demanded) << "others are audited";
  EXPECT_FALSE(unseen.draws_noticed);
  EXPECT_FALSE(unseen.replaced);
  EXPECT_EQ(unseen.draws_checked, 0U);

  const CoordinatorFigures& seen = *on.coordinator;
  EXPECT_TRUE(ends_an_epoch(seen.draws_noticed));
  EXPECT_EQ(seen.draws_noticed, seen.replaced);
  EXPECT_GT(seen.draws_checked, 0U);
  EXPECT_EQ(seen.draws_false, seen.audits_skipped) << "every false draw, and nothing else";
  EXPECT_LT(seen.wrong_shielded, unseen.wrong_shielded);

  EXPECT_GT(off.validation->wrong_share(), 5 * on.validation->wrong_share());
  EXPECT_GT(off.validation->wrong_share(), 5 * honest.validation->wrong_share());
  EXPECT_EQ(on.validation->honest_convicted, 0U);
}

TEST(Insider, IsNoticedAtTheEndOfTheEpochInWhichItForks) {
  const core::Platform platform = favoured_platform();
  core::CoordinatorFaults faults;
  faults.fork_at = 2'000;
  const SimulationResult off = run(platform, setup_with(faults, false));
  const SimulationResult on = run(platform, setup_with(faults, true));
  ASSERT_TRUE(off.coordinator && on.coordinator);
  EXPECT_FALSE(off.coordinator->fork_noticed);
  EXPECT_GT(off.coordinator->entries_forked, off.coordinator->ledger_entries / 2);
  EXPECT_EQ(off.coordinator->checkpoints_cosigned, 0U);
  EXPECT_TRUE(ends_an_epoch(on.coordinator->fork_noticed));
  EXPECT_EQ(on.coordinator->checkpoints_refused, 1U);
  EXPECT_LT(on.coordinator->entries_forked, off.coordinator->entries_forked / 2);
  EXPECT_EQ(on.coordinator->ledger_entries, off.coordinator->ledger_entries);
  EXPECT_FALSE(on.coordinator->backdating_noticed);
  EXPECT_EQ(on.command_hash, off.command_hash);
}

TEST(Insider, IsNoticedWhenItDatesEntriesBack) {
  const core::Platform platform = favoured_platform();
  core::CoordinatorFaults faults;
  faults.backdate_by = core::seconds(1800);
  const SimulationResult off = run(platform, setup_with(faults, false));
  const SimulationResult on = run(platform, setup_with(faults, true));
  ASSERT_TRUE(off.coordinator && on.coordinator);
  EXPECT_FALSE(off.coordinator->backdating_noticed);
  EXPECT_GT(off.coordinator->entries_backdated, off.coordinator->ledger_entries * 9 / 10);
  // There must be a cosigned checkpoint to compare with.
  EXPECT_EQ(on.coordinator->backdating_noticed, core::Time{} + 2 * epoch);
  EXPECT_EQ(on.coordinator->replaced, on.coordinator->backdating_noticed);
  EXPECT_LT(on.coordinator->entries_backdated, off.coordinator->entries_backdated);
  EXPECT_FALSE(on.coordinator->fork_noticed);
  EXPECT_EQ(on.command_hash, off.command_hash);
}

}  // namespace
}  // namespace nexa::simulator
