#include "io/report_reduce.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/rng.hpp"

namespace nexa::io {
namespace {

TEST(Ecdf, HasOneExactPointPerDistinctValue) {
  const std::vector<EcdfPoint> points = ecdf({3, 1, 1, 2});
  ASSERT_EQ(points.size(), 3U);
  EXPECT_EQ(points[0].value, 1);
  EXPECT_EQ(points[0].fraction, 0.5);
  EXPECT_EQ(points[1].value, 2);
  EXPECT_EQ(points[1].fraction, 0.75);
  EXPECT_EQ(points[2].value, 3);
  EXPECT_EQ(points[2].fraction, 1);
}

TEST(Ecdf, OfNothingIsEmpty) {
  EXPECT_TRUE(ecdf({}).empty());
}

TEST(Ecdf, LeavesOutWhatIsNotFinite) {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<EcdfPoint> points = ecdf({std::nan(""), 5, infinity, -infinity});
  ASSERT_EQ(points.size(), 1U);
  EXPECT_EQ(points[0].value, 5);
  EXPECT_EQ(points[0].fraction, 1);
}

TEST(Ecdf, KeepsToItsLimitWithExactPointsAndBothEnds) {
  std::vector<double> samples;
  for (std::uint64_t i = 0; i < 50'000; ++i) {
    const double unit = core::random_unit({1, core::RandomStream::test, i, 0});
    samples.push_back(i % 3 == 0 ? 0 : std::floor(std::exp(unit * 14)));
  }
  const std::vector<EcdfPoint> points = ecdf(samples, 2000);
  EXPECT_LE(points.size(), 2000U);
  EXPECT_GT(points.size(), 1000U);
  std::sort(samples.begin(), samples.end());
  EXPECT_EQ(points.front().value, samples.front());
  EXPECT_EQ(points.back().value, samples.back());
  EXPECT_EQ(points.back().fraction, 1);
  double widest = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto above = std::upper_bound(samples.begin(), samples.end(), points[i].value);
    const auto at_most = static_cast<double>(above - samples.begin());
    EXPECT_EQ(points[i].fraction, at_most / static_cast<double>(samples.size()));
    if (i == 0) continue;
    EXPECT_GT(points[i].value, points[i - 1].value);
    // A value that many samples share is one step however high; what counts is what was left out.
    const auto below = std::lower_bound(samples.begin(), samples.end(), points[i].value);
    const double share = static_cast<double>(below - samples.begin()) / 50'000;
    widest = std::max(widest, share - points[i - 1].fraction);
  }
  EXPECT_LT(widest, 1.0 / 1999);
}

TEST(Ecdf, OfTwoPointsIsTheFirstAndTheLast) {
  const std::vector<EcdfPoint> points = ecdf({1, 2, 3, 4}, 2);
  ASSERT_EQ(points.size(), 2U);
  EXPECT_EQ(points[0].value, 1);
  EXPECT_EQ(points[1].value, 4);
}

TEST(SlowdownBySize, PutsEachSizeIntoItsClass) {
  const std::vector<SizedSlowdown> jobs = {{1, 1},  {2, 2},  {4, 2},  {5, 3},   {16, 3},
                                           {17, 4}, {64, 4}, {65, 5}, {9999, 5}};
  const std::vector<SizeClassRow> rows = slowdown_by_size(jobs);
  ASSERT_EQ(rows.size(), 5U);
  const std::vector<std::string> labels = {"1", "2-4", "5-16", "17-64", "65+"};
  const std::vector<std::uint64_t> counts = {1, 2, 2, 2, 2};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].label, labels[i]);
    EXPECT_EQ(rows[i].jobs, counts[i]);
    EXPECT_EQ(rows[i].mean, static_cast<double>(i + 1));
  }
}

TEST(SlowdownBySize, TakesQuantilesByNearestRank) {
  std::vector<SizedSlowdown> jobs;
  for (int i = 20; i >= 1; --i) jobs.push_back({1, static_cast<double>(i)});
  const SizeClassRow row = slowdown_by_size(jobs).front();
  EXPECT_EQ(row.mean, 10.5);
  EXPECT_EQ(row.p50, 10);
  EXPECT_EQ(row.p95, 19);
}

TEST(SlowdownBySize, KeepsEmptyClasses) {
  const std::vector<SizeClassRow> rows = slowdown_by_size({});
  ASSERT_EQ(rows.size(), 5U);
  EXPECT_EQ(rows[2].jobs, 0U);
}

GanttJob job(std::uint32_t number) {
  return {number, static_cast<double>(number), number + 10.0, 1, core::JobState::completed};
}

TEST(GanttSampler, KeepsEveryJobBelowItsLimit) {
  GanttSampler sampler(100);
  const std::vector<LaneShare> shares = {{0, 4}, {2, 8}};
  for (std::uint32_t i = 0; i < 50; ++i) sampler.add(job(i), shares);
  EXPECT_EQ(sampler.stride(), 1U);
  ASSERT_EQ(sampler.bars().lane.size(), 100U);
  EXPECT_EQ(sampler.bars().lane[1], 2U);
  EXPECT_EQ(sampler.bars().cores[1], 8U);
  EXPECT_EQ(sampler.bars().job[99], 49U);
}

TEST(GanttSampler, ThinsOutEvenlyAndKeepsJobsWhole) {
  GanttSampler sampler(100);
  const std::vector<LaneShare> shares = {{0, 4}, {2, 8}};
  for (std::uint32_t i = 0; i < 1000; ++i) sampler.add(job(i), shares);
  EXPECT_EQ(sampler.stride(), 32U);
  const GanttBars& bars = sampler.bars();
  ASSERT_EQ(bars.job.size(), 64U);
  for (std::size_t i = 0; i < bars.job.size(); ++i) {
    EXPECT_EQ(bars.job[i], i / 2 * 32);
    EXPECT_EQ(bars.start_s[i], static_cast<double>(bars.job[i]));
    EXPECT_EQ(bars.end_s[i], bars.job[i] + 10.0);
    EXPECT_EQ(bars.lane[i], i % 2 == 0 ? 0U : 2U);
  }
  EXPECT_EQ(bars.wait_s.size(), 64U);
  EXPECT_EQ(bars.state.size(), 64U);
}

TEST(GanttSampler, KeepsTheReplicasOfAJobTogether) {
  GanttSampler sampler(100);
  const LaneShare share{0, 1};
  for (std::uint32_t job = 0; job < 300; ++job) {
    for (std::uint32_t replica = 1; replica <= 1 + job % 3; ++replica) {
      sampler.add({.number = job,
                   .replica = replica,
                   .fate = replica == 1 ? BarFate::valid : BarFate::unused},
                  {&share, 1});
    }
  }
  const GanttBars& bars = sampler.bars();
  EXPECT_GT(sampler.stride(), 1U);
  EXPECT_LE(bars.job.size(), 100U);
  ASSERT_EQ(bars.replica.size(), bars.job.size());
  ASSERT_EQ(bars.fate.size(), bars.job.size());
  for (std::size_t i = 0; i < bars.job.size();) {
    EXPECT_EQ(bars.job[i] % sampler.stride(), 0U);
    const std::uint32_t copies = 1 + bars.job[i] % 3;
    ASSERT_LE(i + copies, bars.job.size());
    for (std::uint32_t replica = 1; replica <= copies; ++replica, ++i) {
      EXPECT_EQ(bars.replica[i], replica);
      EXPECT_EQ(bars.fate[i], replica == 1 ? BarFate::valid : BarFate::unused);
    }
  }
}

TEST(GanttSampler, KeepsASingleJobThatIsLargerThanTheLimit) {
  GanttSampler sampler(3);
  const std::vector<LaneShare> shares(10, LaneShare{0, 1});
  sampler.add(job(1), shares);
  EXPECT_EQ(sampler.bars().job.size(), 10U);
  sampler.add(job(2), shares);
  EXPECT_EQ(sampler.bars().job.size(), 10U);
}

}  // namespace
}  // namespace nexa::io
