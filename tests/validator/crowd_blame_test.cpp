#include "validator/crowd_blame.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <vector>

namespace nexa::validator {
namespace {

using Crowd = std::vector<std::uint32_t>;

TEST(CrowdBlame, OfStrangersIsDividedEvenly) {
  CrowdBlame blame;
  const std::vector<std::uint32_t> parts = blame.wrong(Crowd{0, 1, 2, 3});
  for (const std::uint32_t part : parts) {
    EXPECT_EQ(part, parts[0]);
    EXPECT_GT(part, 250'000U);  // more than one may be wrong at once
    EXPECT_LT(part, 300'000U);
  }
}

TEST(CrowdBlame, IsNotOnThoseWhoAreRightElsewhere) {
  CrowdBlame blame;
  for (int i = 0; i < 20; ++i) blame.right(0);
  const std::vector<std::uint32_t> parts = blame.wrong(Crowd{0, 1});
  EXPECT_LT(parts[0], 100'000U);
  EXPECT_GT(parts[1], 900'000U);
}

TEST(CrowdBlame, GoesToWhomAllWrongCrowdsHaveInCommonAndTheOthersAreCleared) {
  CrowdBlame blame;
  std::vector<std::uint32_t> parts;
  for (std::uint32_t other = 1; other <= 10; ++other) parts = blame.wrong(Crowd{0, other});
  EXPECT_GT(parts[0], 900'000U);
  EXPECT_GT(blame.suspicion_ppm(0), 600'000U);
  for (std::uint32_t other = 1; other <= 10; ++other) {
    EXPECT_LT(blame.suspicion_ppm(other), 100'000U) << other;
    EXPECT_EQ(blame.wrong_crowds(other), 1U);
  }
}

TEST(CrowdBlame, RemembersAsManyCrowdsAsItSays) {
  CrowdBlame blame;
  blame.wrong(Crowd{0, 1});
  for (std::size_t i = 0; i < CrowdBlame::remembered; ++i) blame.wrong(Crowd{2, 3});
  EXPECT_EQ(blame.wrong_crowds(0), 0U);
  EXPECT_EQ(blame.suspicion_ppm(0), CrowdBlame().suspicion_ppm(0));
  EXPECT_EQ(blame.wrong_crowds(2), CrowdBlame::remembered);
}

TEST(CrowdBlame, OfStrangersToItIsTheDoubtAboutAnybody) {
  const CrowdBlame blame;
  EXPECT_EQ(blame.suspicion_ppm(7), 10'000U);
  EXPECT_EQ(blame.wrong_crowds(7), 0U);
}

struct World {
  std::uint32_t liars;
  double rate;  ///< part of its results that a liar spoils
  std::uint32_t narrowest;
  std::uint32_t widest;
  std::size_t liars_found;       ///< at least
  std::size_t honest_convicted;  ///< at most
};

/// Machines 0 to `liars` lie. Three times a part of the blame of 0.8 is a conviction.
class CrowdBlameIn : public testing::TestWithParam<World> {};

TEST_P(CrowdBlameIn, ACrowdOf300FindsTheLiarsAndSparesTheOthers) {
  constexpr std::uint32_t machines = 300;
  const World world = GetParam();
  for (const std::uint32_t seed : {1U, 2U, 3U}) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    const auto below = [&random](std::uint32_t limit) {
      return static_cast<std::uint32_t>(random() % limit);
    };
    CrowdBlame blame;
    std::map<std::uint32_t, int> strikes;
    std::vector<std::uint32_t> present(machines);
    std::iota(present.begin(), present.end(), 0U);
    std::size_t found = 0;
    std::size_t honest = 0;
    for (int job = 0; job < 3000; ++job) {
      const std::uint32_t width = world.narrowest + below(world.widest - world.narrowest + 1);
      Crowd crowd;
      bool wrong = false;
      for (std::uint32_t i = 0; i < width && i < present.size(); ++i) {
        const auto left = static_cast<std::uint32_t>(present.size()) - i;
        std::swap(present[i], present[i + below(left)]);
        crowd.push_back(present[i]);
        wrong |=
            present[i] < world.liars && below(1000) < static_cast<std::uint32_t>(world.rate * 1000);
      }
      if (!wrong) {
        for (const std::uint32_t machine : crowd) blame.right(machine);
        continue;
      }
      const std::vector<std::uint32_t> parts = blame.wrong(crowd);
      for (std::size_t i = 0; i < crowd.size(); ++i) {
        if (parts[i] < 800'000 || ++strikes[crowd[i]] != 3) continue;
        ++(crowd[i] < world.liars ? found : honest);
        std::erase(present, crowd[i]);
      }
    }
    EXPECT_GE(found, world.liars_found);
    EXPECT_LE(honest, world.honest_convicted);
    std::printf("%u liars, rate %.2f, %u to %u wide: %zu found, %zu honest convicted\n",
                world.liars, world.rate, world.narrowest, world.widest, found, honest);
  }
}

INSTANTIATE_TEST_SUITE_P(Worlds, CrowdBlameIn,
                         testing::Values(World{3, 1, 2, 8, 3, 0}, World{30, 1, 2, 8, 30, 0},
                                         World{30, 0.1, 2, 8, 10, 3}, World{60, 1, 2, 8, 60, 1},
                                         World{60, 1, 4, 32, 50, 3}));

}  // namespace
}  // namespace nexa::validator
