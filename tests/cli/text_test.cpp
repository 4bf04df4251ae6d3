#include <gtest/gtest.h>

#include "cli/commands/policy_new.hpp"
#include "cli/progress.hpp"
#include "cli/sim_summary.hpp"
#include "cli/table.hpp"

namespace nexa::cli {
namespace {

TEST(RoughDuration, HasTwoUnitsAtTheMost) {
  EXPECT_EQ(rough_duration(0), "0s");
  EXPECT_EQ(rough_duration(0.0123), "0.0123s");
  EXPECT_EQ(rough_duration(12.5), "12.5s");
  EXPECT_EQ(rough_duration(61), "1m 01s");
  EXPECT_EQ(rough_duration(3599.6), "1h 00m");
  EXPECT_EQ(rough_duration(6351.493), "1h 46m");
  EXPECT_EQ(rough_duration(86'400), "1d 00h");
  EXPECT_EQ(rough_duration(28'763'776), "332d 22h");
}

TEST(ClockText, IsThatOfAStopwatch) {
  EXPECT_EQ(clock_text(38), "0:38");
  EXPECT_EQ(clock_text(725), "12:05");
  EXPECT_EQ(clock_text(10'809), "3:00:09");
  EXPECT_EQ(clock_text(-1), "0:00");
}

TEST(ShortCount, KeepsThreeDigitsOrSo) {
  EXPECT_EQ(short_count(0), "0");
  EXPECT_EQ(short_count(950), "950");
  EXPECT_EQ(short_count(12'345), "12.3 k");
  EXPECT_EQ(short_count(2'100'000), "2.1 M");
  EXPECT_EQ(short_count(3e9), "3.0 G");
}

Table sample() {
  Table table({"NAME", "WHAT"});
  table.add({"größer", "first"});
  table.add({"b", "second entry"});
  return table;
}

TEST(Table, AlignsColumnsByCharacters) {
  EXPECT_EQ(sample().text({}, 0),
            "NAME    WHAT\n"
            "größer  first\n"
            "b       second entry\n");
}

TEST(Table, CutsLinesAtTheWidthOfATerminal) {
  EXPECT_EQ(sample().text({}, 12),
            "NAME    WHAT\n"
            "größer  fir…\n"
            "b       sec…\n");
}

TEST(Table, IsWholeAndSeparatedByBarsForScripts) {
  GlobalOptions options;
  options.parsable = true;
  options.no_header = true;
  EXPECT_EQ(sample().text(options, 12), "größer|first\nb|second entry\n");
}

TEST(NewPolicy, NamesTheStructInTheStyleOfTheSources) {
  const std::string source = policy_source("my_2nd_policy", "score");
  EXPECT_NE(source.find("struct My2ndPolicy {"), std::string::npos);
  EXPECT_NE(source.find("NEXA_POLICY(my_2nd_policy, nexa::scheduler::My2ndPolicy,"),
            std::string::npos);
  EXPECT_EQ(source.find('@'), std::string::npos);
}

}  // namespace
}  // namespace nexa::cli
