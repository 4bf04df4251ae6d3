#include "io/values.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace nexa::io {
namespace {

constexpr std::int64_t s = 1'000'000;
constexpr std::int64_t minute = 60 * s;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;

TEST(Durations, AreReadWithUnits) {
  const std::vector<std::pair<std::string, std::int64_t>> cases{
      {"90s", 90 * s},
      {"15m", 15 * minute},
      {"15min", 15 * minute},
      {"1.5h", 90 * minute},
      {"2d", 2 * day},
      {"1h 30m", 90 * minute},
      {"1h30m", 90 * minute},
      {"1 h  30 m", 90 * minute},
      {" 3 s ", 3 * s},
      {"250ms", 250'000},
      {"7us", 7},
      {"7µs", 7},
      {"0.000001s", 1},
      {"0s", 0},
      {"0.1d", day / 10},
      {"1.000000000000000000000s", s},
      {"106751991d", 106'751'991 * day},
  };
  for (const auto& [text, micro] : cases) {
    const auto value = parse_duration(text);
    ASSERT_TRUE(value) << text << ": " << value.error().message;
    EXPECT_EQ(value->count(), micro) << text;
  }
}

TEST(Durations, AreReadAsSlurmWritesThem) {
  const std::vector<std::pair<std::string, std::int64_t>> cases{
      {"01:30:00", 90 * minute}, {"90:00", 90 * minute},
      {"1:30", minute + 30 * s}, {"100:00:00", 100 * hour},
      {"1-00:00:00", day},       {"2-03:04:05", 2 * day + 3 * hour + 4 * minute + 5 * s},
      {"1-12", 36 * hour},       {"1-12:30", 36 * hour + 30 * minute},
  };
  for (const auto& [text, micro] : cases) {
    const auto value = parse_duration(text);
    ASSERT_TRUE(value) << text << ": " << value.error().message;
    EXPECT_EQ(value->count(), micro) << text;
  }
}

TEST(Durations, NeedAUnit) {
  for (const char* text : {"90", "1.5", "0", "1h 30"}) {
    const auto value = parse_duration(text);
    ASSERT_FALSE(value) << text;
    EXPECT_NE(value.error().message.find("needs a unit"), std::string::npos) << text;
    EXPECT_NE(value.error().hint.find("90s"), std::string::npos);
  }
}

TEST(Durations, ThatMakeNoSenseAreErrors) {
  for (const char* text : {"",
                           "s",
                           "-5s",
                           "-1:30",
                           "5x",
                           "5S",
                           "1..5h",
                           ".5h",
                           "5.h",
                           "1:60",
                           "1:2:3:4",
                           "1-24",
                           "1-",
                           "-",
                           "1-0:60",
                           "a:b",
                           "1:-5",
                           "30m 1h",
                           "1h 1h",
                           "1h,30m",
                           "1e3s",
                           "1:30s",
                           "0.1us",
                           "1:00:60",
                           "+5s",
                           "0x5s",
                           "5 s x",
                           "1m5min",
                           "106751992d",
                           "9999999999999999999s",
                           "99999999999999999-00"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Durations, PrintInLargeUnitsFirst) {
  EXPECT_EQ(to_text(core::seconds(5400)), "1h 30m");
  EXPECT_EQ(to_text(core::Duration{}), "0s");
  EXPECT_EQ(to_text(core::Duration{2 * day + 5 * s}), "2d 5s");
  EXPECT_EQ(to_text(core::Duration{1'500'000}), "1.5s");
  EXPECT_EQ(to_text(core::Duration{1}), "0.000001s");
  EXPECT_EQ(to_text(core::Duration{-90 * minute}), "-1h 30m");
  EXPECT_EQ(to_text(core::Duration{INT64_MIN}), to_text(core::Duration{-INT64_MAX}));
}

TEST(Durations, PrintAsSlurmDoes) {
  EXPECT_EQ(to_slurm_text(core::seconds(5400)), "01:30:00");
  EXPECT_EQ(to_slurm_text(core::Duration{2 * day + 3 * hour + 4 * minute + 5 * s}), "2-03:04:05");
  EXPECT_EQ(to_slurm_text(core::Duration{999'999}), "00:00:00");
}

TEST(Durations, ReadWhatTheyPrint) {
  for (std::int64_t micro = 1; micro > 0 && micro < INT64_MAX / 7; micro = micro * 7 + 13) {
    const auto again = parse_duration(to_text(core::Duration{micro}));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->count(), micro);
  }
}

TEST(Sizes, AreReadInPowersOf1024) {
  const std::vector<std::pair<std::string, std::uint64_t>> cases{
      {"1K", 1},
      {"1k", 1},
      {"4G", 4U << 20},
      {"4GiB", 4U << 20},
      {"4 GiB", 4U << 20},
      {"4Gi", 4U << 20},
      {"4096M", 4U << 20},
      {"1.5G", 3U << 19},
      {"0.5M", 512},
      {"1T", 1U << 30},
      {"2P", std::uint64_t{2} << 40},
      {"0M", 0},
  };
  for (const auto& [text, kib] : cases) {
    const auto value = parse_memory_kib(text);
    ASSERT_TRUE(value) << text << ": " << value.error().message;
    EXPECT_EQ(*value, kib) << text;
  }
}

TEST(Sizes, ThatMakeNoSenseAreErrors) {
  for (const char* text : {"", "4", "4B", "4GB", "4 gib", "4g", "4KB", "-4G", "G", "4.G", "0.1K",
                           "1.0001M", "4 G G", "4GiBs", "99999999999P", "1e3M", "4 G iB"}) {
    EXPECT_FALSE(parse_memory_kib(text)) << text;
  }
}

TEST(Sizes, PrintInTheLargestUnitThatNeedsNoFraction) {
  EXPECT_EQ(memory_text(4U << 20), "4 GiB");
  EXPECT_EQ(memory_text(1536), "1536 KiB");
  EXPECT_EQ(memory_text(3U << 19), "1536 MiB");
  EXPECT_EQ(memory_text(0), "0 KiB");
  EXPECT_EQ(memory_text(std::uint64_t{2048} << 40), "2048 PiB");
}

TEST(Money, IsReadExactly) {
  EXPECT_EQ(parse_credits("0.02")->micro(), 20'000);
  EXPECT_EQ(parse_credits("1")->micro(), 1'000'000);
  EXPECT_EQ(parse_credits("0.1")->micro(), 100'000);
  EXPECT_EQ(parse_credits("-0.000001")->micro(), -1);
  EXPECT_EQ(parse_credits("9223372036854.775807")->micro(), INT64_MAX);
  EXPECT_EQ(parse_credits("1.1000000")->micro(), 1'100'000);
}

TEST(Money, IsNeverRounded) {
  for (const char* text : {"0.0000001", "9223372036854.775808", "1,5", "1e3", "", "-", ".5", "5.",
                           "0x1", "007", "1 000", "--1", "nan", "inf"}) {
    EXPECT_FALSE(parse_credits(text)) << text;
  }
}

TEST(Money, PrintsSixDecimals) {
  EXPECT_EQ(to_text(core::Credits::from_micro(20'000)), "0.020000");
  EXPECT_EQ(to_text(core::Credits::whole(3)), "3.000000");
  EXPECT_EQ(to_text(core::Credits::from_micro(-1)), "-0.000001");
  EXPECT_EQ(to_text(core::Credits::from_micro(INT64_MIN)), "-9223372036854.775808");
}

TEST(Decimals, AreScaledExactly) {
  EXPECT_EQ(*parse_decimal("1.25", 3), 1250);
  EXPECT_EQ(*parse_decimal("1", 3), 1000);
  EXPECT_EQ(*parse_decimal("0.001", 3), 1);
  EXPECT_EQ(*parse_decimal("1.2500", 3), 1250);
  EXPECT_EQ(*parse_decimal("7", 0), 7);
  EXPECT_FALSE(parse_decimal("1.2345", 3));
  EXPECT_FALSE(parse_decimal("0.5", 0));
  EXPECT_EQ(decimal_text(1250, 3), "1.25");
  EXPECT_EQ(decimal_text(1000, 3), "1");
  EXPECT_EQ(decimal_text(-5, 3), "-0.005");
  EXPECT_EQ(decimal_text(7, 0), "7");
}

TEST(Integers, AreDecimalWithoutLeadingZeros) {
  EXPECT_EQ(*parse_integer("0"), 0);
  EXPECT_EQ(*parse_integer("-12"), -12);
  EXPECT_EQ(*parse_integer("9223372036854775807"), INT64_MAX);
  for (const char* text : {"", "-", "010", "00", "-01", "0x10", "1e3", "1.0", "1_000", " 1", "+1",
                           "9223372036854775808", "ten"}) {
    EXPECT_FALSE(parse_integer(text)) << text;
  }
}

}  // namespace
}  // namespace nexa::io
