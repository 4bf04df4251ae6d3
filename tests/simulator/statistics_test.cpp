#include "simulator/statistics.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <vector>

namespace nexa::simulator {
namespace {

/// The nearest rank, by its definition.
double nearest_rank(std::vector<double> sample, double percent) {
  std::sort(sample.begin(), sample.end());
  const double rank = std::ceil(static_cast<double>(sample.size()) * percent / 100);
  return sample[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

void expect_ranks(const Distribution& distribution, const std::vector<double>& sample) {
  EXPECT_EQ(distribution.p50, nearest_rank(sample, 50));
  EXPECT_EQ(distribution.p95, nearest_rank(sample, 95));
  EXPECT_EQ(distribution.max, nearest_rank(sample, 100));
}

void try_sample(int jobs, const std::function<std::int64_t(int)>& wait_of) {
  SCOPED_TRACE(jobs);
  StatisticsCollector collector;
  std::vector<double> waits;
  std::vector<double> turnarounds;
  for (int i = 0; i < jobs; ++i) {
    const std::int64_t wait = wait_of(i);
    const std::int64_t run = 1 + (i * 7919) % 113;
    collector.add_finished(core::seconds(wait), core::seconds(run), 1, core::at_seconds(i));
    waits.push_back(static_cast<double>(wait));
    turnarounds.push_back(static_cast<double>(wait + run));
  }
  const JobStatistics statistics = collector.summarise(1);
  EXPECT_EQ(statistics.finished, static_cast<std::uint64_t>(jobs));
  expect_ranks(statistics.wait_s, waits);
  expect_ranks(statistics.turnaround_s, turnarounds);
}

TEST(Statistics, take_percentiles_by_nearest_rank) {
  for (const int jobs : {1, 2, 3, 19, 20, 21, 100, 1001}) {
    try_sample(jobs, [](int i) { return (i * 104'729) % 10'007; });
    try_sample(jobs, [](int i) { return i % 3 == 0 ? i : 0; });
    try_sample(jobs, [](int) { return 5; });
  }
}

TEST(Statistics, of_nothing_are_zero) {
  const JobStatistics statistics = StatisticsCollector().summarise(1);
  EXPECT_EQ(statistics.finished, 0U);
  EXPECT_EQ(statistics.wait_s.max, 0);
  EXPECT_EQ(statistics.utilization, 0);
}

}  // namespace
}  // namespace nexa::simulator
