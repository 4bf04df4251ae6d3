#include "simulator/synthetic_workload.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "tests/simulator/rates.hpp"

namespace nexa::simulator {
namespace {

using testing::expect_mean;
using testing::expect_rate;
using testing::seed;

/// 300 nodes of tier 0 with one core each, and 4 fast nodes of tier 2.
core::Platform two_tiers() {
  core::Platform platform;
  platform.groups.push_back({"volunteer", 300, core::NodeSpec{}});
  core::NodeSpec fast;
  fast.tier = core::TierId{2};
  fast.capacity.cores = 32;
  fast.speed_permille = 2000;
  platform.groups.push_back({"hpc", 4, fast});
  return platform;
}

core::WorkloadModel model_of(std::uint32_t jobs) {
  core::WorkloadModel model;
  model.jobs = jobs;
  model.tiers = 1;
  return model;
}

TEST(SyntheticWorkload, has_the_jobs_of_its_model) {
  const core::WorkloadModel model = model_of(20'000);
  const core::Workload workload = draw_workload(model, two_tiers(), seed);
  ASSERT_EQ(workload.jobs.size(), 20'000U);
  EXPECT_EQ(workload.jobs[0].submit, core::Time{});
  std::uint64_t below_geometric_mean = 0;
  std::map<std::uint32_t, std::uint64_t> users;
  for (const core::WorkloadJob& job : workload.jobs) {
    EXPECT_GE(job.run_time, model.min_run_time);
    EXPECT_LE(job.run_time, model.max_run_time);
    EXPECT_EQ(job.time_limit, job.run_time * 2);
    below_geometric_mean += core::to_seconds(job.run_time) < std::sqrt(60.0 * 600) ? 1 : 0;
    ++users[job.user];
  }
  expect_rate(below_geometric_mean, 20'000, 0.5);
  EXPECT_EQ(users.size(), 10U);
  for (const auto& [user, jobs] : users) expect_rate(jobs, 20'000, 0.1);
  const core::Request request = workload.request_of(workload.jobs[0]);
  EXPECT_EQ(request.tiers, 1U);
  EXPECT_EQ(request.slots, 1U);
  EXPECT_EQ(request.per_slot.cores, 1U);
}

TEST(SyntheticWorkload, keeps_as_many_cores_busy_as_its_load_says) {
  for (const core::TierMask tiers : {core::TierMask{1}, core::TierMask{4}, core::all_tiers}) {
    core::WorkloadModel model = model_of(20'000);
    model.tiers = tiers;
    const core::Workload workload = draw_workload(model, two_tiers(), seed);
    double work = 0;
    for (const core::WorkloadJob& job : workload.jobs) work += core::to_seconds(job.run_time);
    // In cores of reference speed.
    const double cores = tiers == 1 ? 300 : (tiers == 4 ? 256 : 556);
    const double span = core::to_seconds(workload.jobs.back().submit);
    // The span is a sum of n exponential gaps and the work one of n run times: together their
    // relative error is below √2 / √n.
    EXPECT_NEAR(work / (cores * span), 0.6, 4 * 0.6 * std::sqrt(2.0 / 20'000));
  }
}

TEST(SyntheticWorkload, is_a_prefix_of_a_longer_one) {
  const core::Workload brief = draw_workload(model_of(100), two_tiers(), seed);
  const core::Workload full = draw_workload(model_of(1000), two_tiers(), seed);
  for (std::size_t i = 0; i < 100; ++i) {
    EXPECT_EQ(brief.jobs[i].submit, full.jobs[i].submit);
    EXPECT_EQ(brief.jobs[i].run_time, full.jobs[i].run_time);
    EXPECT_EQ(brief.jobs[i].user, full.jobs[i].user);
  }
  const core::Workload other = draw_workload(model_of(100), two_tiers(), seed + 1);
  EXPECT_NE(other.jobs[50].run_time, brief.jobs[50].run_time);
}

TEST(SyntheticWorkload, may_have_equal_run_times_and_several_cores) {
  core::WorkloadModel model = model_of(5000);
  model.min_run_time = model.max_run_time = core::seconds(100);
  model.cores = 3;
  const core::Workload workload = draw_workload(model, two_tiers(), seed);
  EXPECT_EQ(workload.jobs[7].run_time, core::seconds(100));
  // 300 core seconds each, of 180 busy cores.
  expect_mean(core::to_seconds(workload.jobs.back().submit), 4999, 300.0 / 180, 300.0 / 180);
}

}  // namespace
}  // namespace nexa::simulator
