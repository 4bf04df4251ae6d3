#include "validator/compare/tolerance.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace nexa::validator::compare {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double huge = std::numeric_limits<double>::max();
constexpr double tiny = std::numeric_limits<double>::denorm_min();
const double nan = std::numeric_limits<double>::quiet_NaN();

bool within(double a, double b, const Tolerance& tolerance) {
  const bool there = deviation(a, b, tolerance).within;
  EXPECT_EQ(there, deviation(b, a, tolerance).within) << a << " and " << b;
  return there;
}

TEST(UlpDistance, CountsRepresentableNumbers) {
  EXPECT_EQ(ulp_distance(1.0, 1.0), 0);
  EXPECT_EQ(ulp_distance(1.0, std::nextafter(1.0, 2.0)), 1);
  EXPECT_EQ(ulp_distance(1.0, std::nextafter(1.0, 0.0)), 1);
  EXPECT_EQ(ulp_distance(1.0, 2.0), std::uint64_t{1} << 52);
  EXPECT_EQ(ulp_distance(1.0F, 2.0F), std::uint64_t{1} << 23);
  EXPECT_EQ(ulp_distance(-1.0F, std::nextafter(-1.0F, 0.0F)), 1);
}

TEST(UlpDistance, CrossesZeroOnce) {
  EXPECT_EQ(ulp_distance(0.0, -0.0), 0);
  EXPECT_EQ(ulp_distance(-tiny, tiny), 2);
  EXPECT_EQ(ulp_distance(-0.0, tiny), 1);
  EXPECT_EQ(ulp_distance(-huge, huge), 2 * std::bit_cast<std::uint64_t>(huge));
}

TEST(UlpDistance, OfIntegersIsTheirDifference) {
  constexpr auto low = std::numeric_limits<std::int64_t>::min();
  constexpr auto high = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(ulp_distance(low, high), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(ulp_distance(std::int8_t{-128}, std::int8_t{127}), 255);
  EXPECT_EQ(ulp_distance(std::uint64_t{3}, std::uint64_t{1}), 2);
}

TEST(Tolerance, OfZeroWantsEqualNumbers) {
  EXPECT_TRUE(within(0.0, -0.0, {}));
  EXPECT_TRUE(within(huge, huge, {}));
  EXPECT_FALSE(within(0.0, tiny, {}));
  EXPECT_FALSE(within(1.0, std::nextafter(1.0, 2.0), {}));
}

TEST(Tolerance, RtolIsAShareOfTheLargerMagnitude) {
  const Tolerance tenth{.rtol = 0.125, .atol = 0, .ulps = 0};
  EXPECT_TRUE(within(7.0, 8.0, tenth));  // 1 <= 0.125 * 8, but not <= 0.125 * 7
  EXPECT_FALSE(within(7.0, std::nextafter(8.0, 9.0), tenth));
  EXPECT_FALSE(within(std::nextafter(7.0, 6.0), 8.0, tenth));
  EXPECT_TRUE(within(-7.0, -8.0, tenth));
  EXPECT_FALSE(within(-7.0, 8.0, tenth));
  EXPECT_FALSE(within(0.0, tiny, tenth));
}

TEST(Tolerance, AtolHoldsWhereNumbersAreSmall) {
  const Tolerance quarter{.rtol = 0, .atol = 0.25, .ulps = 0};
  EXPECT_TRUE(within(1.0, 1.25, quarter));
  EXPECT_FALSE(within(1.0, std::nextafter(1.25, 2.0), quarter));
  EXPECT_TRUE(within(-0.125, 0.125, quarter));
  const Tolerance least{.rtol = 0, .atol = tiny, .ulps = 0};
  EXPECT_TRUE(within(0.0, tiny, least));
  EXPECT_FALSE(within(-tiny, tiny, least));
}

TEST(Tolerance, TheWiderBoundCounts) {
  const Tolerance both{.rtol = 0.125, .atol = 0.25, .ulps = 0};
  EXPECT_TRUE(within(0.0, 0.25, both));
  EXPECT_TRUE(within(7.0, 8.0, both));
  EXPECT_FALSE(within(1.0, 1.5, both));
}

TEST(Tolerance, UlpsAreStepsOfTheType) {
  const Tolerance two{.rtol = 0, .atol = 0, .ulps = 2};
  double next = 1.0;
  for (int i = 0; i < 2; ++i) next = std::nextafter(next, 2.0);
  EXPECT_TRUE(within(1.0, next, two));
  EXPECT_FALSE(within(1.0, std::nextafter(next, 2.0), two));
  float below = 1.0F;
  for (int i = 0; i < 2; ++i) below = std::nextafter(below, 0.0F);
  EXPECT_TRUE(deviation(1.0F, below, two).within);
  EXPECT_FALSE(deviation(1.0F, std::nextafter(below, 0.0F), two).within);
  EXPECT_TRUE(deviation(std::int32_t{5}, std::int32_t{7}, two).within);
  EXPECT_FALSE(deviation(std::int32_t{5}, std::int32_t{8}, two).within);
}

TEST(Tolerance, AtolIsAFloorUnderUlps) {
  const Tolerance floor{.rtol = 0, .atol = 1e-300, .ulps = 1};
  EXPECT_TRUE(within(-tiny, 1e-301, floor));
  EXPECT_FALSE(within(0.0, 1e-299, floor));
}

TEST(Tolerance, AnInfinityEqualsItselfAlone) {
  const Tolerance widest{.rtol = 1, .atol = huge, .ulps = std::uint64_t{1} << 52};
  EXPECT_TRUE(within(infinity, infinity, {}));
  EXPECT_FALSE(within(infinity, -infinity, widest));
  EXPECT_FALSE(within(infinity, huge, widest));
  EXPECT_FALSE(within(-infinity, 0.0, widest));
  EXPECT_FALSE(
      deviation(std::numeric_limits<float>::infinity(), std::numeric_limits<float>::max(), widest)
          .within);
  // A difference that overflows is not infinite tolerance either.
  EXPECT_FALSE(within(-huge, huge, {.rtol = 1, .atol = 0, .ulps = 0}));
}

TEST(Tolerance, ANanIsWhatThePolicySays) {
  const double other = std::bit_cast<double>(std::bit_cast<std::uint64_t>(nan) ^ 1U);
  const Tolerance widest{.rtol = 1, .atol = huge, .ulps = 1000};
  EXPECT_FALSE(within(nan, nan, widest));
  EXPECT_FALSE(within(nan, 1.0, widest));
  Tolerance equal = widest;
  equal.nan = NanPolicy::equal;
  EXPECT_TRUE(within(nan, other, equal));
  EXPECT_FALSE(within(nan, 1.0, equal));
  EXPECT_FALSE(within(infinity, nan, equal));
  Tolerance bitwise = widest;
  bitwise.nan = NanPolicy::bitwise;
  EXPECT_TRUE(within(nan, nan, bitwise));
  EXPECT_FALSE(within(nan, other, bitwise));
  EXPECT_FALSE(within(nan, -nan, bitwise));
}

TEST(Tolerance, LargeIntegersAreComparedExactly) {
  constexpr auto high = std::numeric_limits<std::int64_t>::max();
  EXPECT_FALSE(deviation(high, high - 1, {}).within);
  EXPECT_TRUE(deviation(high, high - 1, {.rtol = 0, .atol = 1, .ulps = 0}).within);
  EXPECT_FALSE(deviation(high, high - 2, {.rtol = 0, .atol = 1.5, .ulps = 0}).within);
  constexpr auto low = std::numeric_limits<std::int64_t>::min();
  EXPECT_FALSE(deviation(low, high, {.rtol = 1, .atol = 0, .ulps = 0}).within);
  EXPECT_TRUE(deviation(low, high, {.rtol = 1, .atol = 0x1p64, .ulps = 0}).within);
}

TEST(Deviation, IsSignedAndInUnitsOfWhatIsAllowed) {
  const Tolerance half{.rtol = 0, .atol = 0.5, .ulps = 0};
  EXPECT_EQ(deviation(1.0, 1.25, half).residual, -0.5);
  EXPECT_EQ(deviation(1.25, 1.0, half).residual, 0.5);
  EXPECT_EQ(deviation(2.0, 1.0, half).residual, 2.0);
  EXPECT_EQ(deviation(2.0, 1.0, {}).residual, infinity);
  EXPECT_EQ(deviation(std::uint8_t{0}, std::uint8_t{255}, {}).residual, -infinity);
  const Tolerance four{.rtol = 0, .atol = 0, .ulps = 4};
  EXPECT_EQ(deviation(1.0, std::nextafter(1.0, 2.0), four).residual, -0.25);
  EXPECT_EQ(deviation(std::uint64_t{8}, std::uint64_t{5}, four).residual, 0.75);
}

}  // namespace
}  // namespace nexa::validator::compare
