// The history of a node: every number of its standing is the sum of what made it.
#include "simulator/node_history.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "io/sha256.hpp"
#include "simulator/synthetic_workload.hpp"
#include "simulator/validated_simulation.hpp"
#include "tests/scheduler/test_size.hpp"

namespace nexa::simulator {
namespace {

constexpr std::uint32_t volunteers = 30;
constexpr std::uint32_t arbiters = 3;
constexpr std::uint64_t seed = 5;

core::Platform platform_of(core::BehaviourShare share) {
  core::Platform platform;
  platform.tiers = {"cpu", "hpc"};
  platform.sites = {"here"};
  for (std::uint32_t owner = 0; owner <= volunteers; ++owner) {
    platform.owners.push_back("owner-" + std::to_string(owner));
  }
  platform.groups.push_back({.name = "volunteer",
                             .count = volunteers,
                             .spec = {},
                             .owners = volunteers,
                             .behaviours = {std::move(share)}});
  core::NodeSpec arbiter;
  arbiter.tier = core::TierId{1};
  arbiter.capacity.cores = 8;
  arbiter.owner = core::OwnerId{volunteers};
  platform.groups.push_back(
      {.name = "arbiter", .count = arbiters, .spec = arbiter, .owners = 1, .behaviours = {}});
  return platform;
}

core::Workload workload_for(const core::Platform& platform) {
  core::WorkloadModel model;
  model.jobs = static_cast<std::uint32_t>(nexa::test::fewer_if_slow(2000));
  model.load_permille = 300;
  model.tiers = 1;
  return draw_workload(model, platform, seed);
}

/// A run that is watched, and what its validator says at the end.
struct Watched {
  explicit Watched(core::BehaviourShare share)
      : platform(platform_of(std::move(share))), workload(workload_for(platform)) {
    setup.rules.policy = validator::RedundancyPolicy::arbitrated;
    setup.rules.target_nresults = 1;
    setup.trusted_tiers = 2;
    setup.sha256 = io::sha256_of_parts;
  }

  SimulationResult run(ValidationObserver* observer, core::Time until = core::never) {
    auto policies = scheduler::parse_policy_set("fcfs+easy");
    SimulationOptions options;
    options.observer = observer;
    options.until = until;
    simulation = std::make_unique<ValidatedSimulation>(platform, workload, std::move(*policies),
                                                       setup, seed, std::move(options));
    return simulation->run();
  }
  [[nodiscard]] validator::NodeStanding standing(std::uint32_t node) const {
    return *simulation->validator().standing(core::NodeId{node});
  }

  core::Platform platform;
  core::Workload workload;
  ValidationSetup setup;
  std::unique_ptr<ValidatedSimulation> simulation;
};

NodeHistory history_of(std::uint32_t node, std::size_t keep = 1'000'000) {
  return {core::NodeId{node}, core::NodeId{node}, {}, keep};
}

core::BehaviourShare saboteurs(std::uint32_t whitewash_after = 0) {
  return {.behaviour = core::Saboteur{.rate_ppm = 200'000},
          .nodes = 6,
          .whitewash_after = whitewash_after};
}

/// A node that was struck, which is the case to explain.
std::uint32_t some_struck_node(Watched& watched) {
  watched.run(nullptr);
  for (std::uint32_t node = 0; node < volunteers; ++node) {
    if (!watched.standing(node).strikes.empty()) return node;
  }
  return volunteers;
}

TEST(NodeHistory, ItsChangesLeadFromNothingToTheStanding) {
  Watched watched(saboteurs());
  const std::uint32_t struck = some_struck_node(watched);
  ASSERT_LT(struck, volunteers) << "the seed strikes nobody";
  for (const std::uint32_t node : {0U, struck, volunteers}) {
    SCOPED_TRACE("node " + std::to_string(node));
    NodeHistory history = history_of(node);
    watched.run(&history);
    ASSERT_FALSE(history.changes().empty());
    validator::NodeStanding reached;  // of a node that has done nothing
    reached.owner = core::OwnerId{node};
    reached.bucket = history.changes().front().before.bucket;
    reached.earned_needed = watched.setup.config.newcomer_results;
    for (const StandingChange& change : history.changes()) {
      EXPECT_FALSE(differs(reached, change.before)) << "a change was missed";
      EXPECT_TRUE(change.forfeited > 0 || differs(change.before, change.after));
      EXPECT_FALSE(change.events.empty()) << "a change without a cause";
      EXPECT_LE(change.first, change.last);
      reached = change.after;
    }
    EXPECT_FALSE(differs(reached, watched.standing(node)));
    EXPECT_EQ(history.changes_left_out(), 0U);
  }
}

TEST(NodeHistory, EveryStrikeIsThereWithItsEvidence) {
  Watched watched(saboteurs());
  const std::uint32_t node = some_struck_node(watched);
  ASSERT_LT(node, volunteers) << "the seed strikes nobody";
  NodeHistory history = history_of(node);
  watched.run(&history);
  const std::vector<validator::Strike> strikes = watched.standing(node).strikes;
  std::size_t seen = 0;
  for (const StandingChange& change : history.changes()) {
    for (const NodeEvent& event : change.events) {
      if (event.kind != NodeEvent::Kind::strike) continue;
      ASSERT_LT(seen, strikes.size());
      const validator::Strike& strike = strikes[seen++];
      EXPECT_EQ(event.job, strike.job);
      EXPECT_EQ(event.replica, strike.replica);
      EXPECT_EQ(event.against, strike.against);
      EXPECT_EQ(change.last, strike.time);
      ASSERT_TRUE(event.against_node.has_value());
      EXPECT_NE(event.against_node, core::NodeId{node});
      EXPECT_TRUE(event.wrong) << "an honest answer was struck";
    }
  }
  EXPECT_EQ(seen, strikes.size());
  EXPECT_GT(history.wrong_results(), 0U);
  EXPECT_TRUE(history.first_wrong().has_value());
}

TEST(NodeHistory, WatchingChangesNothing) {
  Watched watched(saboteurs());
  const SimulationResult alone = watched.run(nullptr);
  NodeHistory history = history_of(3);
  const SimulationResult seen = watched.run(&history);
  EXPECT_EQ(alone.command_hash, seen.command_hash);
  EXPECT_EQ(alone.events, seen.events);
  EXPECT_GT(history.last_instant(), core::Time{});
}

TEST(NodeHistory, KeepsTheLastChangesAndCountsTheOthers) {
  Watched watched(saboteurs());
  NodeHistory all = history_of(0);
  watched.run(&all);
  NodeHistory few = history_of(0, 3);
  watched.run(&few);
  ASSERT_GT(all.changes().size(), 4U);
  ASSERT_EQ(few.changes().size(), 3U);
  EXPECT_EQ(few.changes_left_out() + 3, all.changes().size());
  EXPECT_EQ(few.changes().back().last, all.changes().back().last);
  NodeHistory none = history_of(0, 0);
  watched.run(&none);
  EXPECT_TRUE(none.changes().empty());
  EXPECT_EQ(none.changes_left_out(), all.changes().size());
}

// What nobody compared follows one on the other, whatever the run does next to it.
TEST(NodeHistory, PutsResultsTogetherThatNobodyCompared) {
  Watched watched(saboteurs());
  NodeHistory history = history_of(0);
  watched.run(&history);
  std::uint64_t put_together = 0;
  bool before_was_uncompared = false;
  for (const StandingChange& change : history.changes()) {
    EXPECT_FALSE(change.uncompared && before_was_uncompared);
    before_was_uncompared = change.uncompared;
    if (!change.uncompared) continue;
    EXPECT_EQ(change.after.valid - change.before.valid, change.moments);
    EXPECT_DOUBLE_EQ(change.after.good, change.before.good);
    put_together += change.moments - 1;
  }
  EXPECT_GT(put_together, 0U);
}

TEST(NodeHistory, AMachineKeepsItsRecordUnderAllItsNames) {
  for (const bool recognised : {true, false}) {
    SCOPED_TRACE(recognised ? "machines are recognised" : "they are not");
    Watched watched(saboteurs(1));
    watched.setup.recognises_machines = recognised;
    NodeHistory history = history_of(some_struck_node(watched));
    watched.run(&history);
    ASSERT_GT(history.names().size(), 1U);
    EXPECT_GT(history.machines().size(), volunteers + arbiters);
    const core::NodeId later = history.names().back().node;
    EXPECT_EQ(history.machines()[later.value], history.machine());
    EXPECT_EQ(history.names().back().one_record, recognised);

    NodeHistory under_new_name(later, history.machine(), {}, 1000);
    watched.run(&under_new_name);
    const auto standing = watched.standing(later.value);
    if (recognised) {
      EXPECT_EQ(under_new_name.changes().size(), history.changes().size());
      EXPECT_EQ(standing.strikes, watched.standing(history.node().value).strikes);
    }
    for (const StandingChange& change : under_new_name.changes()) {
      for (const NodeEvent& event : change.events) {
        if (event.replica == core::ReplicaId{} || recognised) continue;
        EXPECT_EQ(event.node, later) << "another record was looked at";
      }
    }
  }
}

TEST(NodeHistory, ARunEndsBehindTheLastInstantThatWasAskedFor) {
  Watched watched(saboteurs());
  NodeHistory whole = history_of(0);
  EXPECT_FALSE(watched.run(&whole).stopped_early);
  const core::Time middle{whole.last_instant().time_since_epoch() / 2};
  NodeHistory half = history_of(0);
  EXPECT_TRUE(watched.run(&half, middle).stopped_early);
  EXPECT_LE(half.last_instant(), middle);
  validator::NodeStanding expected;
  for (const StandingChange& change : whole.changes()) {
    if (change.first <= middle) expected = change.uncompared ? expected : change.after;
  }
  EXPECT_EQ(watched.standing(0).strikes, expected.strikes);
  EXPECT_EQ(watched.standing(0).earned, expected.earned);
  NodeHistory to_the_end = history_of(0);
  EXPECT_FALSE(watched.run(&to_the_end, whole.last_instant()).stopped_early);
}

}  // namespace
}  // namespace nexa::simulator
