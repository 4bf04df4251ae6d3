// Published figures of replays that take a moment; those of the bundled log need nothing else.
#include "tests/simulator/reference.hpp"

#include <gtest/gtest.h>

#include "tests/scheduler/test_size.hpp"

namespace nexa::simulator::reference {
namespace {

const Log kth{.file = "KTH-SP2-1996-2.1-cln", .processors = 100};

Log first(std::uint64_t jobs) {
  Log log = kth;
  log.first = jobs;
  return log;
}

TEST(Kth, first_1000_jobs_give_the_published_figures) {
  expect_rows(first(1000), 1000,
              {{"fcfs", "15654.725 / 377.5843 / 0.58763 / 981836"},
               {"easy", "2834.630 / 41.1431 / 0.61803 / 933549"},
               {"conservative", "2660.240 / 40.3934"}});
}

TEST(Kth, first_5000_jobs_give_the_published_figures) {
  expect_rows(first(5000), 5000,
              {{"fcfs", "155772.360 / 3913.1351 / 0.61053 / 6662471"},
               {"easy", "8736.766 / 123.4432 / 0.64997 / 6258149"},
               {"conservative", "8799.697 / 125.3457"}});
}

TEST(Kth, gives_the_published_figures) {
  expect_rows(kth, 27992,
              {{"fcfs", "218832.062 / 4294.5004 / 0.68371 / 28779758"},
               {"easy", "6351.493 / 86.3712 / 0.68409 / 28763776"}});
  if (test::sanitized) return;
  const JobStatistics conservative = replay(read(kth), 100, "conservative");
  EXPECT_EQ(short_row(conservative), "7001.640 / 89.6204");
  EXPECT_EQ(conservative.makespan_s, 28763776);
}

TEST(Kth, uncleaned_gives_the_published_figures) {
  expect_rows({.file = "KTH-SP2-1996-2-uncleaned", .processors = 100}, 28481,
              {{"fcfs", "389669.884 / 7507.0965 / 0.68731 / 29379608"},
               {"easy", "6802.093 / 90.7146 / 0.68769 / 29363626"}});
}

TEST(Kth, with_perfect_estimates_gives_the_published_figures) {
  Log log = kth;
  log.perfect_estimates = true;
  expect_rows(log, 27992,
              {{"fcfs", "218832.062 / 4294.5004 / 0.68371 / 28779758"},
               {"easy", "6098.585 / 71.5233 / 0.68409 / 28763776"}});
  if (!test::sanitized) expect_rows(log, 27992, {{"conservative", "6721.960 / 65.3785"}});
}

TEST(Kth, repeated_to_10000_jobs_gives_the_published_figures) {
  expect_rows(repeated(read(kth), 10'000), 100,
              {{"easy", "7569.506 / 106.9191 / 0.68594 / 11106242"}});
}

TEST(Kth, repeated_to_100000_jobs_gives_the_published_figures) {
  expect_rows(repeated(read(kth), 100'000), 100,
              {{"fcfs", "239667.989 / 4716.1233 / 0.68426 / 103942287"},
               {"easy", "6601.305 / 90.1280 / 0.68530 / 103783307"}});
}

TEST(Kth, gives_the_published_figures_of_other_backfill_orders) {
  expect_rows(kth, 27992,
              {{"fcfs+easy:order=sjf", "5623.395 / 66.4013"},
               {"fcfs+easy:order=saf", "5600.500 / 66.9169"}});
}

TEST(Kth, gives_the_published_figures_of_queue_orders_with_backfill) {
  expect_rows(kth, 27992,
              {{"sjf+easy", "4377.621 / 41.8744"},
               {"saf+easy", "5075.529 / 40.6765"},
               {"f1+easy", "5789.805 / 49.3776"},
               {"wfp3+easy", "5002.502 / 52.2063"},
               {"unicep+easy", "4805.062 / 46.8740"},
               {"sqf+easy", "6644.588 / 75.6514"}});
}

TEST(Kth, gives_the_published_figures_of_queue_orders_without_backfill) {
  expect_rows(kth, 27992,
              {{"sjf+none", "12937.040 / 131.6680"},
               {"saf+none", "12144.025 / 79.4555"},
               {"f1+none", "11291.224 / 79.5853"}});
  if (test::sanitized) return;  // queues are sorted anew at every pass
  expect_rows(kth, 27992,
              {{"wfp3+none", "31409.805 / 330.9537"}, {"unicep+none", "17101.118 / 166.8244"}});
}

TEST(SmallLogs, give_the_published_figures) {
  expect_rows({.file = "NASA-iPSC-1993-3.1-cln", .processors = 128}, 18066,
              {{"fcfs", "8.081 / 1.0262 / 0.46609 / 7949022"},
               {"easy", "4.067 / 1.0119 / 0.46609 / 7949022"},
               {"conservative", "4.067 / 1.0119"}});
  expect_rows({.file = "LLNL-Atlas-2006-2.1-cln", .processors = 9216}, 36600,
              {{"fcfs", "20.997 / 2.0350 / 0.70345 / 16671553"},
               {"easy", "8.519 / 1.3650 / 0.70345 / 16671553"},
               {"conservative", "8.519 / 1.3650"}});
  expect_rows({.file = "DOST-ASTI_COARE-Saliksik-2020-cln", .processors = 1728}, 19760,
              {{"fcfs", "1098.244 / 31.3433 / 0.34101 / 16286890"},
               {"easy", "283.460 / 4.7971 / 0.34101 / 16286890"},
               {"conservative", "361.449 / 4.8406"}});
}

}  // namespace
}  // namespace nexa::simulator::reference
