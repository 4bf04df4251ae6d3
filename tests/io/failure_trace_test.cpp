#include "io/failure_trace.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/io/scratch.hpp"

namespace nexa::io {
namespace {

using core::at_seconds;

core::Result<core::FailureTrace> read(std::string_view text, std::uint32_t system = 0) {
  return read_failures(memory_bytes(text, "f.csv"), system);
}

std::string error_of(std::string_view text, std::uint32_t system = 0) {
  const auto trace = read(text, system);
  EXPECT_FALSE(trace);
  return trace ? "" : trace.error().message;
}

/// A line of LANL's form.
std::string lanl_line(const std::string& system, const std::string& nodes, const std::string& node,
                      const std::string& start, const std::string& end) {
  return system + ",cluster," + nodes + ",512,4,0," + node +
         ",3-Aug,3-Sep,current,part,4,2,2,1,compute," + start + "," + end +
         ",69,,,,,,\"File System, shared\",No\n";
}

const std::string lanl_header =
    "A title,,\r\nSystem,machine type,nodes,procstot,procsinnode,nodenum\r\n";

TEST(FailureTrace, of_the_plain_form_begins_with_its_first_outage) {
  const auto trace = read("node,down_s,up_s\r\n3,1000,1060\n0,990,991.5\n\n3,2000,2001\n");
  ASSERT_TRUE(trace) << trace.error().message;
  EXPECT_EQ(trace->nodes, 4U);
  EXPECT_EQ(trace->length, core::seconds(1011));
  const std::vector<core::Outage> expected{
      {0, at_seconds(0), core::Time{core::Duration{1'500'000}}},
      {3, at_seconds(10), at_seconds(70)},
      {3, at_seconds(1010), at_seconds(1011)}};
  EXPECT_EQ(trace->outages, expected);
}

TEST(FailureTrace, joins_outages_of_a_node_that_overlap_or_touch) {
  const auto trace = read("node,down_s,up_s\n0,0,10\n0,5,7\n0,10,20\n0,21,22\n1,3,4\n");
  ASSERT_TRUE(trace);
  const std::vector<core::Outage> expected{{0, at_seconds(0), at_seconds(20)},
                                           {0, at_seconds(21), at_seconds(22)},
                                           {1, at_seconds(3), at_seconds(4)}};
  EXPECT_EQ(trace->outages, expected);
}

TEST(FailureTrace, of_lanl_gives_one_system) {
  const std::string text = lanl_header +
                           lanl_line("2", "49", "0", "6/21/2005 10:54", "6/21/2005 11:00") +
                           lanl_line("5", "128", "127", "2/28/2004 23:00", "3/1/2004 1:00") +
                           lanl_line("5", "128", "4", "2/28/2004 22:00", "2/28/2004 22:30") +
                           lanl_line("17", "", "", "1/1/2000 0:00", "1/1/2000 0:01");
  const auto first = read(text);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->nodes, 49U);
  EXPECT_EQ(first->outages, (std::vector<core::Outage>{{0, at_seconds(0), at_seconds(360)}}));
  const auto fifth = read(text, 5);
  ASSERT_TRUE(fifth) << fifth.error().message;
  EXPECT_EQ(fifth->nodes, 128U);
  // 2004 had a 29th of February.
  const std::vector<core::Outage> expected{{0, at_seconds(0), at_seconds(1800)},
                                           {1, at_seconds(3600), at_seconds(3600 * 27)}};
  EXPECT_EQ(fifth->outages, expected);
}

TEST(FailureTrace, that_is_none_is_an_error_with_its_line) {
  EXPECT_NE(error_of("").find("neither"), std::string::npos);
  EXPECT_NE(error_of("a\nb\n").find("neither"), std::string::npos);
  EXPECT_NE(error_of("node,down_s,up_s\n1,5\n").find("is not a node and two times"),
            std::string::npos);
  EXPECT_NE(error_of("node,down_s,up_s\n1,5,4\n").find("a later time up"), std::string::npos);
  EXPECT_NE(error_of("node,down_s,up_s\n1,x,4\n").find("in seconds"), std::string::npos);
  EXPECT_NE(error_of(lanl_header + "2,cluster\n").find("has 2 columns, not 26"), std::string::npos);
  EXPECT_NE(error_of(lanl_header + lanl_line("2", "49", "0", "13/1/2005 1:00", "1/1/2005 1:00"))
                .find("is not a span of time"),
            std::string::npos);
  EXPECT_NE(error_of(lanl_header + lanl_line("2", "49", "x", "1/1/2005 1:00", "1/1/2005 1:00"))
                .find("is no node"),
            std::string::npos);
  const auto broken = read("node,down_s,up_s\n1,1,2\n1,5,4\n");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, core::ErrorCode::corrupt);
  EXPECT_EQ(broken.error().where.file, "f.csv");
  EXPECT_EQ(broken.error().where.line, 3);
}

TEST(FailureTrace, without_the_wanted_system_is_an_error) {
  const auto trace =
      read(lanl_header + lanl_line("2", "49", "0", "6/21/2005 10:54", "6/21/2005 11:00"), 3);
  ASSERT_FALSE(trace);
  EXPECT_EQ(trace.error().code, core::ErrorCode::not_found);
}

TEST(FailureTrace, of_a_missing_file_is_an_error) {
  const auto trace = read_failures("/nowhere/f.csv", 0);
  ASSERT_FALSE(trace);
  EXPECT_EQ(trace.error().code, core::ErrorCode::not_found);
}

/// The release itself is not part of the repository. Where it is, and xz too, it is read whole.
TEST(FailureTrace, of_the_whole_release_is_read) {
  const std::string packed =
      std::string(NEXA_TRACES_DIR) + "/failures/LANL-1996-2005-LA-UR-05-7318.csv.xz";
  if (!std::filesystem::exists(packed)) GTEST_SKIP() << packed << " is not there";
  const testing::Scratch scratch;
  const std::string plain = scratch.file("lanl.csv");
  if (std::system(("xz -dc '" + packed + "' > '" + plain + "'").c_str()) != 0) {
    GTEST_SKIP() << "xz is not there";
  }
  const auto trace = read_failures(plain, 20);
  ASSERT_TRUE(trace) << trace.error().message;
  EXPECT_EQ(trace->nodes, 512U);
  EXPECT_EQ(trace->outages.size(), 2461U);
  core::Duration down{};
  for (const core::Outage& outage : trace->outages) down += outage.end - outage.start;
  EXPECT_EQ(down, core::seconds(30609780));
}

}  // namespace
}  // namespace nexa::io
