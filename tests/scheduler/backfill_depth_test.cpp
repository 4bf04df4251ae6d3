// How many jobs a backfill pass of EASY looks at.
#include <gtest/gtest.h>

#include "tests/scheduler/desk.hpp"

namespace nexa::scheduler {
namespace {

using test::Desk;
using Texts = std::vector<std::string>;

/// Job 1 holds three of four nodes, job 2 is a head that needs all of them, job 3 does not fit, job
/// 4 could start. Gives what starts under a depth.
Texts started_with(const std::string& easy) {
  Desk desk(easy);
  desk.add_nodes(0, 4);
  desk.submit(1, 3, 100);
  EXPECT_EQ(desk.step(), Texts{"start 1.1 on 0-2"});
  desk.submit(2, 4, 100);
  desk.submit(3, 2, 60);
  desk.submit(4, 1, 50);
  return desk.step();
}

TEST(BackfillDepth, CountsTheJobsBehindTheHead) {
  EXPECT_EQ(started_with("easy:depth=1"), Texts{});
  EXPECT_EQ(started_with("easy:depth=2"), Texts{"start 4.1 on 3"});
  EXPECT_EQ(started_with("easy:depth=0"), Texts{"start 4.1 on 3"});
}

TEST(BackfillDepth, CountsInTheOrderOfTheBackfillPass) {
  EXPECT_EQ(started_with("easy:order=sjf,depth=1"), Texts{"start 4.1 on 3"});
  EXPECT_EQ(started_with("easy:order=lpf,depth=1"), Texts{});
  EXPECT_EQ(started_with("easy:order=lpf,depth=2"), Texts{"start 4.1 on 3"});
}

TEST(BackfillDepth, PassesOverAHeadFarBackInTheBackfillOrder) {
  const auto started = [](std::uint32_t depth) {
    Desk desk("easy:order=sjf,depth=" + std::to_string(depth));
    desk.add_nodes(0, 4);
    desk.submit(1, 3, 100);
    EXPECT_EQ(desk.step(), Texts{"start 1.1 on 0-2"});
    desk.submit(2, 4, 10);
    for (std::uint32_t job = 3; job < 73; ++job) desk.submit(job, 2, 5);
    desk.submit(73, 1, 20);
    return desk.step();
  };
  EXPECT_EQ(started(70), Texts{});
  EXPECT_EQ(started(71), Texts{"start 73.1 on 3"});
}

}  // namespace
}  // namespace nexa::scheduler
