#include "simulator/requesters.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/simulator/rates.hpp"

namespace nexa::simulator {
namespace {

using testing::expect_rate;
using testing::seed;

constexpr std::uint32_t jobs = 20'000;

/// Jobs of these users in turn, one per second.
core::Workload workload_of(std::uint32_t count, std::uint32_t users) {
  core::Workload workload;
  workload.request_classes.emplace_back();
  for (std::uint32_t i = 0; i < count; ++i) {
    core::WorkloadJob job;
    job.submit = core::at_seconds(i);
    job.run_time = core::seconds(100);
    job.user = i % users;
    job.number = i + 1;
    workload.jobs.push_back(job);
  }
  return workload;
}

Requesters all_like(const core::RequesterGroup& group, const core::Workload& workload) {
  return {std::span(&group, 1), workload, seed};
}

TEST(RequesterGroups, share_the_users_as_they_are_told_to) {
  std::vector<core::RequesterGroup> groups(2);
  groups[0] = {.name = "some", .share_ppm = 300'000};
  groups[1] = {.name = "half_of_the_rest", .share_ppm = 500'000};
  const core::Workload workload = workload_of(10'000, 10'000);
  const Requesters requesters(groups, workload, seed);
  std::uint64_t in_group[3] = {0, 0, 0};
  for (std::uint32_t user = 0; user < 10'000; ++user) {
    ++in_group[requesters.group_of(user).value_or(2)];
  }
  expect_rate(in_group[0], 10'000, 0.3);
  expect_rate(in_group[1], 10'000, 0.35);
  expect_rate(in_group[2], 10'000, 0.35);
}

TEST(RequesterGroups, that_do_not_exist_leave_users_honest) {
  const core::Workload workload = workload_of(10, 2);
  const Requesters requesters({}, workload, seed);
  EXPECT_FALSE(requesters.group_of(1));
  EXPECT_FALSE(requesters.budget_of(1));
  EXPECT_FALSE(requesters.is_poison(core::JobId{1}, 1));
  EXPECT_FALSE(requesters.cancelled_after(core::JobId{1}, workload.jobs[1]));
  EXPECT_FALSE(requesters.disputes(core::JobId{1}, 1, true));
  EXPECT_FALSE(requesters.rating_after(core::JobId{1}, 1));
}

TEST(RequesterActs, happen_at_their_rates) {
  const core::Workload workload = workload_of(jobs, 5);
  core::RequesterGroup group{.name = "bad"};
  group.budget = core::Credits::whole(7);
  group.poison_ppm = 10'000;
  group.cancel_ppm = 200'000;
  group.cancel_at_permille = 250;
  group.dispute_ppm = 500'000;
  group.notice_ppm = 900'000;
  group.slander_ppm = 50'000;
  const Requesters requesters = all_like(group, workload);
  std::map<std::string, std::uint64_t> counts;
  for (std::uint32_t i = 0; i < jobs; ++i) {
    const core::JobId job{i};
    const core::WorkloadJob& of = workload.jobs[i];
    counts["poison"] += requesters.is_poison(job, of.user) ? 1 : 0;
    counts["dispute"] += requesters.disputes(job, of.user, false) ? 1 : 0;
    counts["notice"] += requesters.disputes(job, of.user, true) ? 1 : 0;
    if (const auto after = requesters.cancelled_after(job, of)) {
      EXPECT_EQ(*after, core::seconds(25));
      ++counts["cancel"];
    }
    if (const auto rating = requesters.rating_after(job, of.user)) {
      EXPECT_EQ(rating->by, core::UserId{of.user});
      EXPECT_GE(rating->stars, 1U);
      EXPECT_LE(rating->stars, 5U);
      ++counts["slander"];
    }
  }
  expect_rate(counts["poison"], jobs, 0.01);
  expect_rate(counts["cancel"], jobs, 0.2);
  expect_rate(counts["dispute"], jobs, 0.5);
  expect_rate(counts["notice"], jobs, 0.9);
  expect_rate(counts["slander"], jobs, 0.05);
  EXPECT_EQ(requesters.budget_of(3), core::Credits::whole(7));
}

TEST(Bursts, bring_jobs_of_a_user_forward_to_the_first_of_each) {
  core::Workload workload = workload_of(100, 2);
  const core::RequesterGroup group{.name = "racers", .burst = 10};
  all_like(group, workload).bundle(workload);
  ASSERT_EQ(workload.jobs.size(), 100U);
  std::map<std::pair<std::uint32_t, core::Time>, int> bursts;
  for (const core::WorkloadJob& job : workload.jobs) ++bursts[{job.user, job.submit}];
  EXPECT_EQ(bursts.size(), 10U);
  for (const auto& [burst, size] : bursts) EXPECT_EQ(size, 10);
  const auto earlier = [](const auto& a, const auto& b) { return a.submit < b.submit; };
  EXPECT_TRUE(std::is_sorted(workload.jobs.begin(), workload.jobs.end(), earlier));
}

TEST(Bursts, of_one_job_change_nothing) {
  core::Workload workload = workload_of(50, 3);
  const core::RequesterGroup group{.name = "calm"};
  all_like(group, workload).bundle(workload);
  for (std::uint32_t i = 0; i < 50; ++i) {
    EXPECT_EQ(workload.jobs[i].submit, core::at_seconds(i));
    EXPECT_EQ(workload.jobs[i].number, i + 1);
  }
}

}  // namespace
}  // namespace nexa::simulator
