#include "validator/vesting_window.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <vector>

#include "core/rng.hpp"

namespace nexa::validator {
namespace {

using Jobs = std::vector<JobSlot>;

Jobs jobs_of(const std::vector<VestEntry>& entries) {
  Jobs jobs;
  for (const VestEntry& entry : entries) jobs.push_back(entry.job);
  return jobs;
}

TEST(VestingWindow, HoldsWhatAQueueHolds) {
  constexpr std::uint64_t seed = 20;
  std::uint32_t draws = 0;
  const auto below = [&](std::uint64_t limit) {
    return core::random_below(
        {.seed = seed, .stream = core::RandomStream::test, .entity = 1, .draw = draws++}, limit);
  };
  for (const std::size_t most : {1U, 2U, 7U, 8U, 9U, 40U}) {
    VestingWindow window;
    std::deque<JobSlot> expected;
    for (JobSlot job = 0; job < 500; ++job) {
      if (expected.size() == most || (!expected.empty() && below(3) == 0)) {
        ASSERT_EQ(window.pop().job, expected.front()) << "seed " << seed << ", of " << most;
        expected.pop_front();
      }
      window.push({job, 0}, most);
      expected.push_back(job);
      ASSERT_EQ(window.size(), expected.size());
      ASSERT_EQ(jobs_of(window.entries()), Jobs(expected.begin(), expected.end()))
          << "seed " << seed << ", of " << most;
      if (below(60) != 0) continue;
      ASSERT_EQ(jobs_of(window.take_all()), Jobs(expected.begin(), expected.end()));
      ASSERT_EQ(window.size(), 0U);
      expected.clear();
    }
  }
}

}  // namespace
}  // namespace nexa::validator
