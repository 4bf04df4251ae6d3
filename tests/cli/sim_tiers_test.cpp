#include "cli/sim_tiers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace nexa::cli {
namespace {

constexpr core::TierMask cpu_only = 1;
constexpr core::TierMask gpu_only = 2;

core::Platform two_tiers() {
  core::Platform platform;
  platform.tiers = {"cpu", "consumer_gpu"};
  platform.gpu_types = {"", "t4", "a100"};
  return platform;
}

core::Workload narrow_jobs(std::size_t jobs) {
  core::Workload workload;
  workload.request_classes = {core::Request{}};
  for (std::size_t i = 0; i < jobs; ++i) {
    core::WorkloadJob job;
    job.slots = static_cast<std::uint32_t>(i % 10 + 1);
    job.time_limit = core::seconds(static_cast<std::int64_t>(i % 100 + 1) * 60);
    job.number = static_cast<std::uint32_t>(i + 1);
    workload.jobs.push_back(job);
  }
  return workload;
}

io::TierRule rule(core::TierMask tiers) {
  io::TierRule rule;
  rule.tiers = tiers;
  return rule;
}

core::TierMask tiers_of(const core::Workload& workload, std::size_t job) {
  return workload.request_of(workload.jobs[job]).tiers;
}

std::size_t taken(const core::Workload& workload, core::TierMask tiers) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < workload.jobs.size(); ++i) count += tiers_of(workload, i) == tiers;
  return count;
}

TEST(TierRules, LeaveTheWorkloadAloneWhereThereAreNone) {
  core::Workload jobs = narrow_jobs(20);
  apply_tier_rules({}, two_tiers(), 1, jobs);
  EXPECT_EQ(jobs.request_classes.size(), 1U);
  EXPECT_EQ(taken(jobs, core::all_tiers), 20U);
}

TEST(TierRules, TheFirstThatTakesAJobDecides) {
  io::TierRule narrow = rule(cpu_only);
  narrow.max_slots = 4;
  core::Workload jobs = narrow_jobs(100);
  const std::vector<io::TierRule> rules{narrow, rule(gpu_only)};
  apply_tier_rules(rules, two_tiers(), 1, jobs);
  for (std::size_t i = 0; i < 100; ++i) {
    EXPECT_EQ(tiers_of(jobs, i), jobs.jobs[i].slots <= 4 ? cpu_only : gpu_only);
  }
}

TEST(TierRules, AllConditionsMustHold) {
  io::TierRule picky = rule(gpu_only);
  picky.min_slots = 3;
  picky.max_slots = 5;
  picky.min_time_limit = core::seconds(600);
  picky.max_time_limit = core::seconds(1200);
  core::Workload jobs = narrow_jobs(1000);
  apply_tier_rules(std::vector{picky}, two_tiers(), 1, jobs);
  for (std::size_t i = 0; i < 1000; ++i) {
    const core::WorkloadJob& job = jobs.jobs[i];
    const bool meets = job.slots >= 3 && job.slots <= 5 && job.time_limit >= core::seconds(600) &&
                       job.time_limit <= core::seconds(1200);
    EXPECT_EQ(tiers_of(jobs, i) == gpu_only, meets) << i;
  }
}

TEST(TierRules, SetWhatEachSlotNeedsAndKeepTheRest) {
  io::TierRule gpus = rule(gpu_only);
  gpus.cores_per_slot = 2;
  gpus.gpus_per_slot = 1;
  gpus.gpu_type.value = "a100";
  core::Workload jobs = narrow_jobs(3);
  jobs.request_classes[0].per_slot.memory_kib = 77;
  jobs.request_classes[0].sharing = core::Sharing::whole_nodes;
  apply_tier_rules(std::vector{gpus}, two_tiers(), 1, jobs);
  const core::Request request = jobs.request_of(jobs.jobs[1]);
  EXPECT_EQ(request.per_slot, (core::Resources{2, 1, 77}));
  EXPECT_EQ(request.gpu_type, core::GpuTypeId{2});
  EXPECT_EQ(request.sharing, core::Sharing::whole_nodes);
  EXPECT_EQ(request.slots, 2U);
  EXPECT_EQ(jobs.request_classes.size(), 2U) << "jobs share the new request";
}

TEST(TierRules, AShareTakesThatPartOfTheJobs) {
  io::TierRule quarter = rule(gpu_only);
  quarter.share_ppm = 250'000;
  core::Workload jobs = narrow_jobs(40'000);
  apply_tier_rules(std::vector{quarter}, two_tiers(), 1, jobs);
  // Four standard deviations of a binomial distribution.
  EXPECT_NEAR(static_cast<double>(taken(jobs, gpu_only)), 10'000, 350);
}

TEST(TierRules, DrawsDependOnSeedNumberAndRuleAlone) {
  io::TierRule half = rule(gpu_only);
  half.share_ppm = 500'000;
  const auto marked = [&](std::uint64_t seed, const core::Workload& original) {
    core::Workload jobs = original;
    apply_tier_rules(std::vector{half}, two_tiers(), seed, jobs);
    std::vector<std::uint32_t> numbers;
    for (std::size_t i = 0; i < jobs.jobs.size(); ++i) {
      if (tiers_of(jobs, i) == gpu_only) numbers.push_back(jobs.jobs[i].number);
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
  };
  const core::Workload jobs = narrow_jobs(200);
  core::Workload reversed = jobs;
  std::reverse(reversed.jobs.begin(), reversed.jobs.end());
  EXPECT_EQ(marked(1, jobs), marked(1, reversed));
  EXPECT_NE(marked(1, jobs), marked(2, jobs));
}

TEST(TierRules, ALaterRuleMovesNoJobOfAnEarlierOne) {
  io::TierRule half = rule(gpu_only);
  half.share_ppm = 500'000;
  io::TierRule rest = rule(cpu_only);
  rest.share_ppm = 500'000;
  core::Workload one = narrow_jobs(500);
  core::Workload two = narrow_jobs(500);
  apply_tier_rules(std::vector{half}, two_tiers(), 1, one);
  apply_tier_rules(std::vector{half, rest}, two_tiers(), 1, two);
  for (std::size_t i = 0; i < 500; ++i) {
    EXPECT_EQ(tiers_of(one, i) == gpu_only, tiers_of(two, i) == gpu_only);
  }
  // The second draw is independent of the first: it takes about half of what is left.
  EXPECT_NEAR(static_cast<double>(taken(two, cpu_only)), 125, 45);
}

TEST(TierRules, JobsWithoutANumberAreDrawnByTheirPosition) {
  io::TierRule half = rule(gpu_only);
  half.share_ppm = 500'000;
  core::Workload jobs = narrow_jobs(100);
  for (core::WorkloadJob& job : jobs.jobs) job.number = 0;
  apply_tier_rules(std::vector{half}, two_tiers(), 1, jobs);
  EXPECT_NEAR(static_cast<double>(taken(jobs, gpu_only)), 50, 25);
}

}  // namespace
}  // namespace nexa::cli
