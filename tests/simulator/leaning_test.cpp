// A7: who moves every answer inside the tolerance is flagged within 200 results, nobody else is.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "simulator/validation_observer.hpp"
#include "tests/simulator/validated_runs.hpp"

namespace nexa::simulator {
namespace {

/// How many results each node had handed in when it was found to lean.
class LeaningWatch final : public ValidationObserver {
 public:
  void on_identity(core::NodeId, core::NodeId, core::OwnerId, const validator::Validator&,
                   core::Time) override {}
  void on_answer(core::JobId, core::ReplicaId, core::NodeId node, bool, core::Time) override {
    ++results[node];
  }
  void on_fact(const validator::Fact&, const validator::Validator&, core::Time) override {}
  void on_commands(std::span<const scheduler::CoordinatorCommand> commands,
                   const validator::Validator&, core::Time) override {
    for (const scheduler::CoordinatorCommand& command : commands) {
      const auto* leaning = std::get_if<validator::Leaning>(&command);
      if (leaning != nullptr && leaning->leans)
        found_at.try_emplace(leaning->node, results[leaning->node]);
    }
  }
  std::map<core::NodeId, std::uint32_t> results;
  std::map<core::NodeId, std::uint32_t> found_at;
};

/// Found to lean, of those who do, after how many results at most, and of the others.
struct Found {
  std::uint64_t liars = 0;
  std::uint64_t others = 0;
  std::uint32_t last_at = 0;
};

constexpr std::uint32_t liars = 6;

Found found_under(validator::RedundancyPolicy policy) {
  const core::Platform platform = testing::platform_of(
      {{.behaviour = core::Noisy{.class_offset_permille = 50, .noise_permille = 20},
        .nodes = testing::volunteers},
       {.behaviour = core::Biased{.bias_permille = 700}, .nodes = liars}});
  core::WorkloadModel model;
  model.jobs = 20'000;
  model.load_permille = 400;
  model.tiers = 1;
  ValidationSetup setup = testing::setup_of(policy);
  setup.comparator = validator::ComparatorKind::tolerance;
  LeaningWatch watch;
  SimulationOptions options;
  options.observer = &watch;
  const SimulationResult result = ValidatedSimulation(platform, draw_workload(model, platform, 5),
                                                      *scheduler::parse_policy_set("fcfs+easy"),
                                                      std::move(setup), 5, std::move(options))
                                      .run();
  EXPECT_EQ(result.validation->wrong_accepted, 0U);
  EXPECT_EQ(result.validation->honest_convicted, 0U);
  Found found;
  for (const BehaviourFigures& behaviour : result.validation->behaviours) {
    (behaviour.name == "biased" ? found.liars : found.others) += behaviour.leaning;
  }
  for (const auto& [node, at] : watch.found_at) found.last_at = std::max(found.last_at, at);
  EXPECT_EQ(watch.found_at.size(), found.liars + found.others);
  return found;
}

TEST(Leaning, EveryBiasedNodeIsFlaggedWithin200ResultsAndNobodyElse) {
  const Found found = found_under(validator::RedundancyPolicy::fixed);
  EXPECT_EQ(found.liars, liars);
  EXPECT_EQ(found.others, 0U);
  EXPECT_LE(found.last_at, 200U);
}

TEST(Leaning, IsSeenWhereResultsAreComparedByLotteryToo) {
  const Found found = found_under(validator::RedundancyPolicy::arbitrated);
  EXPECT_GE(found.liars, 1U);  // the others had too little work
  EXPECT_EQ(found.others, 0U);
  EXPECT_LE(found.last_at, 200U);
}

}  // namespace
}  // namespace nexa::simulator
