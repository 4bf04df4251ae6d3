// A7: results that lie to one side, inside the tolerance.
#include "validator/lean.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "tests/validator/desk.hpp"

namespace nexa::validator {
namespace {

/// The same test in floating point, over comparisons that have not faded.
bool leans_by_definition(const std::vector<std::int32_t>& permille) {
  const auto count = static_cast<double>(permille.size());
  if (permille.size() < static_cast<std::size_t>(LeanTest::fewest)) return false;
  double mean = 0;
  for (const std::int32_t one : permille) mean += one / count;
  double squares = 0;
  for (const std::int32_t one : permille) squares += (one - mean) * (one - mean);
  const double error = std::sqrt(squares / (count - 1) / count);
  return std::abs(mean) - static_cast<double>(LeanTest::harmless_permille) >=
         static_cast<double>(LeanTest::standard_errors) * error;
}

TEST(LeanTest, IsTheTestOfAMeanUntilComparisonsFade) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  int found = 0;
  std::uint32_t next_other = 0;
  for (int round = 0; round < 200; ++round) {
    const int centre = std::uniform_int_distribution(-600, 600)(random);
    const int spread = std::uniform_int_distribution(1, 400)(random);
    std::uniform_int_distribution<std::int32_t> next(centre - spread, centre + spread);
    LeanTest test;
    std::vector<std::int32_t> told;
    while (!test.leans() && told.size() < 200) {
      told.push_back(next(random));
      const bool changed = test.add(told.back(), next_other++);
      ASSERT_EQ(changed, test.leans());
      ASSERT_EQ(test.leans(), leans_by_definition(told)) << told.size() << " about " << centre;
    }
    found += test.leans() ? 1 : 0;
  }
  EXPECT_GT(found, 20);
  EXPECT_LT(found, 180);
}

TEST(LeanTest, SaysNothingOfTooFewAndForgives) {
  LeanTest test;
  std::uint32_t other = 0;
  for (int i = 1; i < LeanTest::fewest; ++i) EXPECT_FALSE(test.add(900, other++));
  EXPECT_TRUE(test.add(900, other++));
  EXPECT_EQ(test.mean_permille(), 900);
  int changes = 0;
  for (int i = 0; i < 2000; ++i) changes += test.add(0, other++) ? 1 : 0;
  EXPECT_EQ(changes, 1);
  EXPECT_FALSE(test.leans());
  EXPECT_LE(test.comparisons(), LeanTest::remembered);
}

TEST(LeanTest, SmallOffsetsOfACompilerAreHarmless) {
  LeanTest test;
  for (std::uint32_t other = 0; other < 2000; ++other) EXPECT_FALSE(test.add(-240, other));
}

TEST(LeanTest, OneNeighbourIsNotEnough) {
  LeanTest test;
  for (std::uint32_t i = 0; i < 2000; ++i) {
    const std::uint32_t other = i % LeanTest::others_between;
    EXPECT_FALSE(test.add(other == 0 ? 1000 : 0, other));
  }
  EXPECT_EQ(test.comparisons(), LeanTest::others_between);
  for (std::uint32_t i = 0; i < 2000; ++i) {
    const std::uint32_t other = i % (LeanTest::others_between + 1);
    EXPECT_FALSE(test.add(other == 0 ? 1000 : 0, other));
  }
  EXPECT_GE(test.comparisons(), LeanTest::remembered / 2);
}

struct Tolerant : test::Desk {
  /// Two results that agree, of which the second lies above the first.
  std::vector<Leaning> compare(std::uint32_t job, std::vector<std::uint32_t> first,
                               std::vector<std::uint32_t> second, std::int32_t lean_permille,
                               ComparatorKind comparator) {
    submit(job, test::rules_of(RedundancyPolicy::fixed), 1, comparator);
    step();
    place(job, 1, std::move(first));
    step();
    place(job, 2, std::move(second));
    report(job, 1, 0);
    report(job, 2, 1,
           {{.other = core::ReplicaId{1},
             .equal = true,
             .distance = 900,
             .lean_permille = lean_permille}});
    std::vector<Leaning> said;
    for (const Decision& decision : validator.decide(now)) {
      if (const auto* leaning = std::get_if<Leaning>(&decision)) said.push_back(*leaning);
    }
    return said;
  }
};

TEST(Leaning, IsSaidOfBothAndChangesNothing) {
  Tolerant desk;
  for (std::uint32_t id = 1; id <= 12; ++id) desk.tell(desk.node(id));
  // All of the second six lie above all of the first.
  std::vector<Leaning> said;
  for (std::uint32_t job = 0; job < 180; ++job) {
    const auto fresh =
        desk.compare(job, {1 + job % 6}, {7 + (job + job / 6) % 6}, 900, ComparatorKind::tolerance);
    said.insert(said.end(), fresh.begin(), fresh.end());
  }
  ASSERT_EQ(said.size(), 12U);
  for (const Leaning& one : said) {
    const std::string mean = one.node.value > 6 ? "900" : "-900";
    EXPECT_EQ(to_text(Decision(one)), "leaning node=" + std::to_string(one.node.value) +
                                          " leans=yes mean_permille=" + mean + " comparisons=30");
  }
  const auto standing = desk.validator.standing(core::NodeId{7});
  EXPECT_TRUE(standing->leans);
  EXPECT_EQ(standing->lean_permille, 900);
  EXPECT_EQ(standing->valid, 30U);
  EXPECT_EQ(standing->strikes_that_count, 0U);
  EXPECT_TRUE(desk.convicts.empty());
}

TEST(Leaning, CannotBeToldOfSeveralMachinesNorOfEqualBytes) {
  Tolerant desk;
  for (const std::uint32_t id : {1U, 2U, 3U}) desk.tell(desk.node(id));
  for (std::uint32_t job = 0; job < 40; ++job) {
    EXPECT_TRUE(desk.compare(job, {1}, {2, 3}, 900, ComparatorKind::tolerance).empty());
  }
  EXPECT_EQ(desk.validator.standing(core::NodeId{1})->lean_comparisons, 0U);
  for (std::uint32_t job = 40; job < 80; ++job) {
    EXPECT_TRUE(desk.compare(job, {1}, {2}, 900, ComparatorKind::exact).empty());
  }
  EXPECT_EQ(desk.validator.standing(core::NodeId{1})->lean_comparisons, 0U);
}

}  // namespace
}  // namespace nexa::validator
