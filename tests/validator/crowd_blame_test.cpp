#include "validator/crowd_blame.hpp"

#include <gtest/gtest.h>

#include <map>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "validator/config.hpp"

namespace nexa::validator {
namespace {

using Crowd = std::vector<std::uint32_t>;

constexpr std::uint32_t usual_blame_ppm = ValidatorConfig{}.crowd_blame_ppm;

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

TEST(CrowdBlame, OfTwoThatAreNeverSeenApartIsSharedAndThenBorneByBoth) {
  CrowdBlame blame;
  std::vector<std::uint32_t> parts = blame.wrong(Crowd{0, 1});
  EXPECT_LT(parts[0], 600'000U);
  for (int i = 0; i < 100; ++i) parts = blame.wrong(Crowd{0, 1});
  EXPECT_EQ(parts[0], parts[1]);
  EXPECT_GT(parts[0], usual_blame_ppm);
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

/// 300 machines, of which the first few lie, and 3000 results of crowds of them.
struct World {
  std::uint32_t liars;
  std::uint32_t rate_permille;  ///< part of its results that a liar spoils
  std::uint32_t narrowest;
  std::uint32_t widest;
};

struct Convicted {
  std::size_t liars = 0;
  std::size_t honest = 0;
  std::size_t right_results = 0;
};

/// Three times a part of `blame_ppm` is a conviction, and who is convicted is gone.
Convicted run(const World& world, std::uint32_t blame_ppm, std::uint32_t seed) {
  std::mt19937 random(seed);
  const auto below = [&random](std::uint32_t limit) {
    return static_cast<std::uint32_t>(random() % limit);
  };
  CrowdBlame blame;
  Convicted convicted;
  std::map<std::uint32_t, int> strikes;
  std::vector<std::uint32_t> present(300);
  std::iota(present.begin(), present.end(), 0U);
  for (int job = 0; job < 3000; ++job) {
    const std::uint32_t width = world.narrowest + below(world.widest - world.narrowest + 1);
    Crowd crowd;
    bool wrong = false;
    for (std::uint32_t i = 0; i < width && i < present.size(); ++i) {
      std::swap(present[i], present[i + below(static_cast<std::uint32_t>(present.size()) - i)]);
      crowd.push_back(present[i]);
      wrong |= present[i] < world.liars && below(1000) < world.rate_permille;
    }
    if (!wrong) {
      ++convicted.right_results;
      for (const std::uint32_t machine : crowd) blame.right(machine);
      continue;
    }
    const std::vector<std::uint32_t> parts = blame.wrong(crowd);
    for (std::size_t i = 0; i < crowd.size(); ++i) {
      if (parts[i] < blame_ppm || ++strikes[crowd[i]] != 3) continue;
      ++(crowd[i] < world.liars ? convicted.liars : convicted.honest);
      std::erase(present, crowd[i]);
    }
  }
  return convicted;
}

struct Expected {
  World world;
  std::size_t liars;   ///< convicted at least
  std::size_t honest;  ///< convicted at most
};

class CrowdBlameIn : public testing::TestWithParam<Expected> {};

TEST_P(CrowdBlameIn, ACrowdOf300FindsTheLiarsAndSparesTheOthers) {
  for (const std::uint32_t seed : {1U, 2U, 3U}) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Convicted convicted = run(GetParam().world, usual_blame_ppm, seed);
    EXPECT_GE(convicted.liars, GetParam().liars);
    EXPECT_LE(convicted.honest, GetParam().honest);
  }
}

INSTANTIATE_TEST_SUITE_P(Worlds, CrowdBlameIn,
                         testing::Values(Expected{{3, 1000, 2, 8}, 3, 0},
                                         Expected{{30, 1000, 2, 8}, 30, 0},
                                         Expected{{30, 100, 2, 8}, 10, 3},
                                         Expected{{60, 1000, 2, 8}, 60, 1},
                                         Expected{{60, 1000, 4, 32}, 50, 3}));

/// Why the default is what it is: docs/validation.md says so.
TEST(CrowdBlame, AtEvenOddsATenthOfTheHonestIsConvictedWhereAFifthLies) {
  std::size_t honest = 0;
  for (const std::uint32_t seed : {1U, 2U, 3U}) {
    honest += run({60, 1000, 4, 32}, 500'000, seed).honest;
  }
  EXPECT_GE(honest, 3 * 240 / 10U);
}

TEST(CrowdBlame, CannotTellLiarsWhereAThirdLiesAlwaysAndCrowdsAreWide) {
  for (const std::uint32_t seed : {1U, 2U, 3U}) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Convicted convicted = run({90, 1000, 24, 32}, usual_blame_ppm, seed);
    EXPECT_LT(convicted.right_results, 30U);
    EXPECT_LT(convicted.liars, 10U);
    EXPECT_LT(convicted.honest, 3U);
  }
}

}  // namespace
}  // namespace nexa::validator
