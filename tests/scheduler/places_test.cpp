// Jobs that come with a place in the order of arrival, as later replicas of a job do.
#include <gtest/gtest.h>

#include "tests/scheduler/desk.hpp"
#include "tests/scheduler/host.hpp"
#include "tests/scheduler/policy_sets.hpp"
#include "tests/scheduler/test_size.hpp"

namespace nexa::scheduler {
namespace {

using test::Desk;
using test::Host;
using Texts = std::vector<std::string>;
using Ids = std::vector<std::uint32_t>;

class Places : public testing::TestWithParam<std::string> {
 protected:
  Places() : desk(GetParam()) { desk.add_nodes(0, 4); }

  /// Job 1 runs on all nodes; 2 and 3 wait at the places 512 and 768.
  void start_one_of_three() {
    desk.submit(1, 4, 100, 256);
    desk.submit(2, 4, 100, 512);
    desk.submit(3, 4, 100, 768);
    ASSERT_EQ(desk.step(), Texts{"start 1.1 on 0-3"});
  }

  Desk desk;
};

TEST_P(Places, are_kept_before_jobs_that_came_earlier) {
  start_one_of_three();
  desk.submit(11, 1, 50, 257);
  desk.submit(12, 1, 50, 513);
  desk.step();
  EXPECT_EQ(desk.waiting(), (Ids{11, 2, 12, 3}));
  EXPECT_EQ(desk.explain(12).position, 3U);
}

TEST_P(Places, of_their_own_leave_other_jobs_behind_all_that_came_before) {
  start_one_of_three();
  desk.submit(5, 4, 100);
  desk.submit(6, 4, 100, 513);
  desk.submit(7, 4, 100);
  desk.step();
  EXPECT_EQ(desk.waiting(), (Ids{2, 6, 3, 5, 7}));
}

TEST_P(Places, decide_who_starts_first) {
  start_one_of_three();
  desk.step();
  desk.submit(11, 4, 50, 257);
  desk.step();
  desk.at(50);
  desk.end(1);
  // A plan has promised 100 to job 2 before job 11 came. What an early end frees goes to the job
  // that is first in the queue and fits into it, and that is job 11.
  EXPECT_EQ(desk.step(), Texts{"start 11.1 on 0-3"});
}

TEST_P(Places, are_those_of_a_job_that_comes_back) {
  start_one_of_three();
  desk.submit(11, 4, 100, 257);
  desk.step();
  desk.at(20);
  desk.end(1, 1, ReplicaEnd::node_failed);
  EXPECT_EQ(desk.step(), Texts{"start 1.2 on 0-3"});
  EXPECT_EQ(desk.waiting(), (Ids{11, 2, 3}));
}

TEST_P(Places, stay_with_a_job_that_changes) {
  start_one_of_three();
  desk.submit(11, 4, 100, 257);
  desk.change(11, 2, 70);
  desk.step();
  EXPECT_EQ(desk.waiting(), (Ids{11, 2, 3}));
}

INSTANTIATE_TEST_SUITE_P(policies, Places, testing::Values("fcfs", "easy", "conservative"));

TEST(Place, BreaksTiesOfTheOrderOnly) {
  Desk desk("sjf+easy");
  desk.add_nodes(0, 1);
  desk.submit(1, 1, 100, 256);
  desk.step();
  desk.submit(2, 1, 50, 512);
  desk.submit(3, 1, 60, 257);
  desk.submit(4, 1, 50, 513);
  desk.submit(5, 1, 50, 258);
  EXPECT_EQ(desk.waiting(), (Ids{5, 2, 4, 3}));
}

class PlacesInOrder : public testing::TestWithParam<std::string> {};

TEST_P(PlacesInOrder, change_no_decision) {
  for (const test::Kind kind : test::all_kinds) {
    for (std::uint64_t seed = 0; seed < test::fewer_if_slow(10); ++seed) {
      SCOPED_TRACE("seed " + std::to_string(seed) + " of " + std::string(test::name_of(kind)));
      test::Case random = test::without_places(test::random_case(seed, kind));
      Host plain(random, GetParam());
      plain.run();
      for (std::size_t i = 0; i < random.jobs.size(); ++i) random.jobs[i].place = 256 * i + 1;
      Host placed(random, GetParam());
      placed.run();
      EXPECT_EQ(placed.command_hash(), plain.command_hash());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(policies, PlacesInOrder,
                         testing::Values("fcfs", "easy", "easy:order=saf", "sjf+conservative",
                                         "wfp3+easy", "conservative"),
                         [](const auto& parameter) { return test::name_of_set(parameter.param); });

}  // namespace
}  // namespace nexa::scheduler
