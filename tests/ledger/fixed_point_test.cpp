#include "ledger/fixed_point.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/rng.hpp"

namespace nexa::ledger {
namespace {

TEST(FixedPoint, reads_decimal_text_exactly_or_not_at_all) {
  EXPECT_EQ(*parse_fixed("12"), 12'000'000);
  EXPECT_EQ(*parse_fixed("0.25"), 250'000);
  EXPECT_EQ(*parse_fixed("3.000001"), 3'000'001);
  EXPECT_EQ(*parse_fixed("9223372036854.775807"), INT64_MAX);
  for (const char* const bad : {"", ".5", "5.", "-1", "+1", "1e3", "0.0000001", "1,5", " 1", "1.-1",
                                "9223372036854.775808", "99999999999999999999"}) {
    EXPECT_FALSE(parse_fixed(bad)) << bad;
  }
}

TEST(FixedPoint, writes_the_shortest_text_that_reads_back) {
  EXPECT_EQ(fixed_text(12'000'000), "12");
  EXPECT_EQ(fixed_text(250'000), "0.25");
  EXPECT_EQ(fixed_text(1), "0.000001");
  for (std::uint32_t i = 0; i < 200; ++i) {
    const auto value = static_cast<std::int64_t>(
        core::random_bits({1, core::RandomStream::test, 0, i}) >> (1 + i % 60));
    EXPECT_EQ(*parse_fixed(fixed_text(value)), value);
  }
}

TEST(FixedPoint, rounds_real_numbers_to_the_nearest_millionth_and_ties_to_even) {
  EXPECT_EQ(*fixed_from_double(0), 0);
  EXPECT_EQ(*fixed_from_double(1), 1'000'000);
  EXPECT_EQ(*fixed_from_double(0.1), 100'000);
  EXPECT_EQ(*fixed_from_double(105.05988012), 105'059'880);
  // 2^-7 = 0.0078125 is 7812.5 millionths, 3 x 2^-7 is 23437.5: ties, to the even neighbour.
  EXPECT_EQ(*fixed_from_double(0.0078125), 7812);
  EXPECT_EQ(*fixed_from_double(0.0234375), 23'438);
  EXPECT_EQ(*fixed_from_double(std::nextafter(0.0078125, 1)), 7813);
  EXPECT_EQ(*fixed_from_double(std::numeric_limits<double>::denorm_min()), 0);
  EXPECT_EQ(*fixed_from_double(9e12), 9'000'000'000'000'000'000);
  for (const double bad : {-1e-9, 9.2e12, std::numeric_limits<double>::infinity(),
                           std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_FALSE(fixed_from_double(bad));
  }
}

TEST(FixedPoint, multiplies_and_divides_in_128_bits) {
  EXPECT_EQ(multiply_divide(10, 10, 3), 33U);
  EXPECT_EQ(multiply_divide(Amount{1} << 100, Amount{1} << 20, Amount{1} << 60), Amount{1} << 60);
}

}  // namespace
}  // namespace nexa::ledger
