// V-i: a whole simulation of voting is what the closed forms say of its population.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/simulator/rates.hpp"
#include "tests/simulator/validated_runs.hpp"
#include "tests/validator/voting_form.hpp"

namespace nexa::simulator {
namespace {

using validator::test::voting_form;
using validator::test::VotingForm;

/// The same wrong answer from whoever is wrong, and nobody remembers it.
ValidationFigures vote(std::uint32_t m, std::uint32_t phi_ppm, std::uint32_t jobs) {
  const core::Sleeper colluder{.build = 0, .rate_ppm = phi_ppm, .group = 1};
  const core::Platform platform =
      testing::platform_of({{.behaviour = colluder, .nodes = testing::volunteers}});
  ValidationSetup setup = testing::setup_of(validator::RedundancyPolicy::fixed);
  setup.rules.target_nresults = setup.rules.min_quorum = m;
  setup.rules.max_total_results = setup.rules.max_success_results = 40;
  setup.config.strike_memory = 0;
  setup.config.vest_results = 0;
  setup.config.wrong.first = core::Duration{};
  core::WorkloadModel model;
  model.jobs = jobs;
  model.load_permille = 150;  // once; copies are up to four times as many
  model.tiers = 1;
  const core::Workload workload = draw_workload(model, platform, testing::seed);
  auto policies = scheduler::parse_policy_set("fcfs+easy");
  return *ValidatedSimulation(platform, workload, std::move(*policies), std::move(setup),
                              testing::seed, {})
              .run()
              .validation;
}

TEST(VotingInTheSimulator, IsTheNegativeBinomial) {
  const auto jobs = static_cast<std::uint32_t>(nexa::test::fewer_if_slow(8000));
  for (const std::uint32_t m : {2U, 3U}) {
    for (const std::uint32_t phi_ppm : {50'000U, 100'000U, 200'000U, 350'000U}) {
      SCOPED_TRACE("m " + std::to_string(m) + ", phi " + std::to_string(phi_ppm) + " ppm, " +
                   std::to_string(jobs) + " jobs, seed " + std::to_string(testing::seed));
      const VotingForm expected = voting_form(m, phi_ppm / 1e6);
      const ValidationFigures measured = vote(m, phi_ppm, jobs);
      EXPECT_EQ(measured.jobs_accepted, jobs);
      EXPECT_EQ(measured.wrong_accepted, measured.wrong_at_first) << "nothing is looked at again";
      EXPECT_NEAR(measured.wrong_share(), expected.wrong,
                  3 * std::sqrt(expected.wrong * (1 - expected.wrong) / jobs));
      EXPECT_NEAR(measured.copies_per_job, expected.copies,
                  3 * std::sqrt(expected.copies_variance / jobs));
    }
  }
}

}  // namespace
}  // namespace nexa::simulator
