// Runs of whole scenarios with replicas: what redundancy achieves, and that it repeats itself.
#include "simulator/validated_simulation.hpp"

#include <gtest/gtest.h>

#include "tests/simulator/validated_runs.hpp"

namespace nexa::simulator {
namespace {

using testing::platform_of;
using testing::run;
using testing::setup_of;
using testing::workload_for;

TEST(ValidatedSimulation, HonestNodesAreBelievedAndNoneIsConvicted) {
  const core::Platform platform = platform_of({});
  for (const auto policy :
       {validator::RedundancyPolicy::fixed, validator::RedundancyPolicy::adaptive,
        validator::RedundancyPolicy::arbitrated, validator::RedundancyPolicy::boinc_adaptive}) {
    const SimulationResult result = run(platform, setup_of(policy));
    const ValidationFigures& figures = *result.validation;
    EXPECT_EQ(figures.jobs_accepted, result.jobs_submitted);
    EXPECT_EQ(figures.wrong_at_first, 0U);
    EXPECT_EQ(figures.honest_convicted, 0U);
    EXPECT_EQ(figures.jobs_without_result, 0U);
    if (policy == validator::RedundancyPolicy::fixed) {
      EXPECT_EQ(figures.replicas, 2 * result.jobs_submitted);
    } else {
      EXPECT_GT(figures.replicas, result.jobs_submitted);
      EXPECT_LT(figures.replicas, 2 * result.jobs_submitted);
    }
  }
}

TEST(ValidatedSimulation, WithoutRedundancyWrongAnswersAreAcceptedAndWithItTheyAreNot) {
  const core::Platform platform =
      platform_of({{.behaviour = core::Saboteur{.rate_ppm = 300'000}, .nodes = 12}});
  ValidationSetup alone = setup_of(validator::RedundancyPolicy::adaptive);
  alone.rules.min_quorum = 1;
  alone.config.newcomer_results = 1;
  alone.config.audit_numerator = 0;
  alone.config.audit_min_ppm = 1;
  alone.config.spot_check_ppm = 0;
  alone.config.newcomer_spot_check_ppm = 0;
  alone.config.established_quantile_ppm = 0;
  const ValidationFigures believed = *run(platform, alone).validation;
  EXPECT_GT(believed.wrong_share(), 0.01);

  // Saboteurs that do not collude never agree with each other.
  const ValidationFigures voted =
      *run(platform, setup_of(validator::RedundancyPolicy::fixed)).validation;
  EXPECT_EQ(voted.wrong_at_first, 0U);
  EXPECT_GT(voted.copies_per_job, 2.0);

  const ValidationFigures decided =
      *run(platform, setup_of(validator::RedundancyPolicy::arbitrated)).validation;
  EXPECT_LT(decided.wrong_share(), 0.01);
  EXPECT_EQ(decided.honest_convicted, 0U);
  EXPECT_LT(decided.undetected, 6U);
}

TEST(ValidatedSimulation, RepeatsItself) {
  const core::Platform platform =
      platform_of({{.behaviour = core::Colluder{.jobs_ppm = 200'000}, .nodes = 12}});
  const SimulationResult first = run(platform, setup_of(validator::RedundancyPolicy::arbitrated));
  const SimulationResult second = run(platform, setup_of(validator::RedundancyPolicy::arbitrated));
  EXPECT_EQ(first.command_hash, second.command_hash);
  EXPECT_EQ(first.validation->wrong_at_first, second.validation->wrong_at_first);
  EXPECT_EQ(first.validation->replicas, second.validation->replicas);
  EXPECT_EQ(first.trust->reputation_honest, second.trust->reputation_honest);
}

TEST(ValidatedSimulation, AJobThatCrashesEverywhereIsStopped) {
  const core::Platform platform = platform_of({});
  ValidationSetup setup = setup_of(validator::RedundancyPolicy::arbitrated);
  setup.requesters = {{.name = "all", .poison_ppm = 100'000}};
  const SimulationResult result = run(platform, setup);
  const ValidationFigures& figures = *result.validation;
  EXPECT_GT(figures.jobs_without_result, 0U);
  EXPECT_EQ(figures.jobs_accepted + figures.jobs_without_result, result.jobs_submitted);
  EXPECT_EQ(result.jobs.failed, figures.jobs_without_result);
  EXPECT_EQ(figures.honest_convicted, 0U);
}

TEST(ValidatedSimulation, LosesNoJobWithItsNodes) {
  const core::Platform platform = platform_of({});
  ValidationSetup setup = setup_of(validator::RedundancyPolicy::fixed);
  GroupAvailability often;
  often.model.mean_up = core::seconds(4000);
  often.model.mean_down = core::seconds(600);
  setup.availability = {often};
  const SimulationResult result = run(platform, setup);
  EXPECT_EQ(result.validation->jobs_accepted, result.jobs_submitted);
  EXPECT_GT(result.validation->replicas, 2 * result.jobs_submitted);
}

// Three that agree on wrong answers have the only honest node expelled. Then there are three nodes
// for the four copies of each job: the jobs fail, and none waits for ever.
TEST(ValidatedSimulation, JobsDoNotWaitForNodesThatWereExpelled) {
  core::Platform platform;
  platform.tiers = {"cpu"};
  platform.sites = {"here"};
  platform.owners = {"a", "b", "c", "d"};
  platform.groups.push_back(
      {.name = "volunteer",
       .count = 4,
       .spec = {},
       .owners = 4,
       .behaviours = {{.behaviour = core::Colluder{.jobs_ppm = 1'000'000}, .nodes = 3}}});
  ValidationSetup setup = setup_of(validator::RedundancyPolicy::fixed);
  setup.rules.target_nresults = 4;
  setup.rules.min_quorum = 3;
  setup.trusted_tiers = 0;
  setup.config.strikes_to_expel = 1;
  const SimulationResult result = run(platform, setup);
  const ValidationFigures& figures = *result.validation;
  EXPECT_EQ(figures.honest_convicted, 1U);
  EXPECT_GT(figures.jobs_without_result, 0U);
  EXPECT_EQ(figures.jobs_accepted + figures.jobs_without_result, result.jobs_submitted);
  EXPECT_EQ(result.jobs.unfinished, 0U);
}

TEST(ValidatedSimulation, AllNodesOfAWideJobCountAsNodesThatComputed) {
  const core::Platform platform =
      platform_of({{.behaviour = core::Saboteur{.rate_ppm = 300'000}, .nodes = 3}});
  core::Workload workload = workload_for(platform, testing::Size::full);
  workload.jobs.resize(workload.jobs.size() / 4);
  for (core::WorkloadJob& job : workload.jobs) job.slots = 4;
  ValidationSetup setup = setup_of(validator::RedundancyPolicy::arbitrated);
  setup.config.crowd_blame_ppm = 0;  // so that whoever works with liars is convicted with them
  const ValidationFigures figures =
      *ValidatedSimulation(platform, workload, *scheduler::parse_policy_set("fcfs+easy"), setup, 5,
                           {})
           .run()
           .validation;
  std::uint64_t convicted = 0;
  for (const BehaviourFigures& behaviour : figures.behaviours) {
    if (behaviour.intent == core::Intent::honest) convicted += behaviour.convicted;
  }
  EXPECT_GT(convicted, 0U) << "liars drag honest nodes along";
  EXPECT_EQ(figures.honest_convicted, convicted);
}

}  // namespace
}  // namespace nexa::simulator
