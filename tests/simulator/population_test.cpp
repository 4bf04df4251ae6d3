#include "simulator/population.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "tests/simulator/acting.hpp"

namespace nexa::simulator {
namespace {

using testing::assignment_of;
using testing::convicted;
using testing::seed;

core::Platform platform_of(const std::vector<core::NodeGroup>& groups) {
  core::Platform platform;
  platform.groups = groups;
  return platform;
}

core::NodeGroup group_of(const std::string& name, std::uint32_t count,
                         std::vector<core::BehaviourShare> behaviours = {}) {
  core::NodeGroup group;
  group.name = name;
  group.count = count;
  group.behaviours = std::move(behaviours);
  return group;
}

core::BehaviourShare share(const core::Behaviour& behaviour, std::uint32_t nodes) {
  return {behaviour, nodes, 0, {}};
}

std::map<std::string, std::uint32_t> labels_of(const Population& population, std::uint32_t first,
                                               std::uint32_t past) {
  std::map<std::string, std::uint32_t> labels;
  for (std::uint32_t node = first; node < past; ++node) {
    ++labels[std::string(population.label_of(core::NodeId{node}))];
  }
  return labels;
}

TEST(Population, gives_exactly_as_many_nodes_each_behaviour) {
  const auto platform =
      platform_of({group_of("plain", 100),
                   group_of("mixed", 300,
                            {share(core::Saboteur{}, 30), share(core::Colluder{}, 60),
                             share(core::SilentCorruption{}, 3), share(core::Noisy{}, 300)})});
  const Population population(platform, seed);
  EXPECT_EQ(labels_of(population, 0, 100), (std::map<std::string, std::uint32_t>{{"honest", 100}}));
  auto labels = labels_of(population, 100, 400);
  EXPECT_EQ(labels["saboteur"], 30U);
  EXPECT_EQ(labels["colluder"], 60U);
  EXPECT_LE(labels["sdc"], 3U);
  EXPECT_EQ(labels["honest"], 0U);
  std::uint32_t corrupting = 0;
  for (std::uint32_t node = 100; node < 400; ++node) {
    for (const core::BehaviourShare& of_node : population.behaviours_of(core::NodeId{node})) {
      corrupting += std::holds_alternative<core::SilentCorruption>(of_node.behaviour) ? 1 : 0;
    }
  }
  EXPECT_EQ(corrupting, 3U);
}

TEST(Population, is_chosen_by_the_seed_and_the_nodes_alone) {
  const core::NodeGroup mixed = group_of("mixed", 50, {share(core::Saboteur{}, 10)});
  const core::NodeGroup before = group_of("before", 20);
  const core::NodeGroup behind = group_of("behind", 20, {share(core::Hoarder{}, 20)});
  const auto with = platform_of({before, mixed, behind});
  const auto without = platform_of({before, mixed});
  const Population one(with, seed);
  const Population two(without, seed);
  const Population other(without, seed + 1);
  std::uint32_t moved = 0;
  for (std::uint32_t node = 0; node < 70; ++node) {
    const core::NodeId id{node};
    EXPECT_EQ(one.label_of(id), two.label_of(id));
    moved += two.label_of(id) != other.label_of(id) ? 1 : 0;
  }
  EXPECT_GT(moved, 0U);
}

TEST(Population, of_honest_nodes_is_known_to_be_honest) {
  const auto platform = platform_of({group_of("a", 3)});
  Population population(platform, seed);
  EXPECT_TRUE(population.all_honest());
  const core::NodeId node{2};
  EXPECT_EQ(population.intent_of(node), core::Intent::honest);
  EXPECT_EQ(population.finish(assignment_of(1, 2), {}).answer, Answer{});
  EXPECT_EQ(population.key_revoked_at(node), core::never);
  EXPECT_FALSE(population.learn(node, convicted).comes_back_new);
  EXPECT_EQ(population.state_of(node), NodeState{});
}

TEST(Population, remembers_for_each_node_what_it_has_learnt) {
  core::BehaviourShare washing = share(core::Saboteur{.rate_ppm = 1'000'000}, 2);
  washing.whitewash_after = 1;
  const auto platform = platform_of({group_of("a", 2, {washing})});
  Population population(platform, seed);
  const core::NodeId first{0};
  const core::NodeId second{1};
  EXPECT_EQ(population.intent_of(first), core::Intent::hostile);
  EXPECT_TRUE(population.learn(first, convicted).comes_back_new);
  EXPECT_EQ(population.state_of(first).identity, 1U);
  EXPECT_EQ(population.state_of(second).identity, 0U);
  population.renew_identity(second);
  EXPECT_EQ(population.state_of(second).identity, 1U);
}

TEST(Population, draws_with_its_own_seed) {
  const auto platform =
      platform_of({group_of("a", 1, {share(core::Saboteur{.rate_ppm = 500'000}, 1)})});
  Population one(platform, 1);
  Population two(platform, 2);
  int differ = 0;
  for (std::uint32_t job = 0; job < 100; ++job) {
    const bool a = is_wrong(one.finish(assignment_of(job, 0), {}).answer);
    const bool b = is_wrong(two.finish(assignment_of(job, 0), {}).answer);
    differ += a != b ? 1 : 0;
  }
  EXPECT_GT(differ, 20);
}

TEST(Population, knows_when_stolen_keys_are_revoked) {
  const core::StolenKey stolen{.stolen_at = core::seconds(100), .revoked_after = core::seconds(50)};
  const auto platform = platform_of({group_of("a", 1, {share(stolen, 1)})});
  EXPECT_EQ(Population(platform, seed).key_revoked_at(core::NodeId{0}), core::at_seconds(150));
}

TEST(Population, tells_opportunists_what_pays) {
  const auto platform = platform_of({group_of("a", 1, {share(core::Opportunist{}, 1)})});
  Population population(platform, seed);
  EXPECT_FALSE(is_wrong(population.finish(assignment_of(1, 0), {}).answer));
  population.set_cheating_pays(core::NodeId{0}, true);
  EXPECT_TRUE(is_wrong(population.finish(assignment_of(1, 0), {}).answer));
}

TEST(PopulationDeath, comes_from_more_hostile_nodes_than_nodes) {
  const auto platform =
      platform_of({group_of("a", 3, {share(core::Saboteur{}, 2), share(core::Hoarder{}, 2)})});
  EXPECT_DEATH(Population(platform, seed), "");
}

}  // namespace
}  // namespace nexa::simulator
