// Facts that change what was told before: jobs that become others, policies that are replaced.
#include <gtest/gtest.h>

#include "tests/scheduler/desk.hpp"

namespace nexa::scheduler {
namespace {

using test::Desk;
using Texts = std::vector<std::string>;
using Ids = std::vector<std::uint32_t>;

class Changes : public testing::TestWithParam<std::string> {
 protected:
  Changes() : desk(GetParam()) { desk.add_nodes(0, 4); }

  /// Job 1 runs on three of four nodes, job 2 needs all, job 3 needs two.
  void let_two_wait() {
    desk.submit(1, 3, 100);
    desk.submit(2, 4, 100);
    desk.submit(3, 2, 200);
    ASSERT_EQ(desk.step(), Texts{"start 1.1 on 0-2"});
    desk.at(10);
  }

  Desk desk;
};

TEST_P(Changes, of_a_waiting_job_leave_it_its_place) {
  let_two_wait();
  desk.change(2, 3, 50);
  EXPECT_EQ(desk.step(), Texts{});
  EXPECT_EQ(desk.waiting(), (Ids{2, 3}));
  EXPECT_EQ(desk.explain(2).slots_needed, 3U);
  EXPECT_EQ(desk.explain(2).since, core::Time{}) << "it was submitted when it was submitted";
  desk.at(20);
  desk.end(1);
  EXPECT_EQ(desk.step(), Texts{"start 2.1 on 0-2"});
  EXPECT_EQ(desk.engine.next_wakeup(), core::at_seconds(70));
}

TEST_P(Changes, let_a_job_that_asks_for_less_start_at_once) {
  let_two_wait();
  desk.change(2, 1, 100);
  EXPECT_EQ(desk.step(), Texts{"start 2.1 on 3"});
}

TEST_P(Changes, may_make_a_job_one_that_can_never_run) {
  let_two_wait();
  desk.change(2, 5, 100);
  EXPECT_EQ(desk.waiting(), Ids{3});
  EXPECT_EQ(desk.step(), Texts{"reject 2 cluster_too_small"});
  EXPECT_EQ(desk.explain(2).state, ExplainedState::unknown);
  desk.submit(2, 1, 10);
  EXPECT_EQ(desk.step().size(), GetParam() == "fcfs" ? 0U : 1U) << "the id is free again";
}

TEST_P(Changes, of_the_limit_of_a_running_job_move_its_end) {
  let_two_wait();
  desk.change(1, 3, 50);
  EXPECT_EQ(desk.step(), Texts{});
  EXPECT_EQ(desk.engine.next_wakeup(), core::at_seconds(50));
  desk.change(1, 3, 30);
  EXPECT_EQ(desk.step(), Texts{});
  EXPECT_EQ(desk.engine.next_wakeup(), core::at_seconds(30));
  EXPECT_EQ(desk.explain(2).start_estimate, core::at_seconds(30));
  desk.at(30);
  EXPECT_EQ(desk.step(), Texts{"cancel 1.1 time_limit"});
}

TEST_P(Changes, come_too_late_for_a_job_that_the_host_was_told_to_end) {
  let_two_wait();
  desk.at(100);
  ASSERT_EQ(desk.step(), Texts{"cancel 1.1 time_limit"});
  desk.at(101);
  desk.change(1, 3, 1000);
  desk.step();
  desk.at(130);
  EXPECT_EQ(desk.step(), Texts{"cancel 1.1 time_limit"});
  desk.end(1, 1, ReplicaEnd::node_failed);
  EXPECT_EQ(desk.step(), Texts{"start 1.2 on 0-2"});
  EXPECT_EQ(desk.engine.next_wakeup(), core::at_seconds(1130)) << "but count for its next run";
}

TEST_P(Changes, of_a_running_job_do_not_move_it) {
  let_two_wait();
  desk.change(1, 1, 100);
  EXPECT_EQ(desk.step(), Texts{});
  desk.end(1);
  EXPECT_EQ(desk.step(), Texts{"start 2.1 on 0-3"});
}

TEST_P(Changes, of_unknown_jobs_are_ignored) {
  let_two_wait();
  desk.change(99, 1, 10);
  EXPECT_EQ(desk.step(), Texts{});
  EXPECT_EQ(desk.waiting(), (Ids{2, 3}));
}

TEST_P(Changes, of_policies_keep_what_runs_and_who_waits) {
  let_two_wait();
  for (const char* policies :
       {"conservative", "sjf+easy", "lpf+none", "wfp3+conservative", "easy:order=lpf", "fcfs"}) {
    desk.reload(policies);
    EXPECT_EQ(desk.step(), Texts{}) << policies;
    EXPECT_EQ(desk.engine.queue_length(), 2U);
    EXPECT_EQ(desk.engine.running_jobs(), 1U);
  }
  desk.end(1);
  EXPECT_EQ(desk.step(), Texts{"start 2.1 on 0-3"});
}

INSTANTIATE_TEST_SUITE_P(policies, Changes, testing::Values("fcfs", "easy", "conservative"),
                         [](const auto& parameter) { return parameter.param; });

/// Job 1 runs on three of four nodes for 100 s, job 2 needs all, job 3 would delay it.
Desk blocked_backfill() {
  Desk desk("easy");
  desk.add_nodes(0, 4);
  desk.submit(1, 3, 100);
  desk.submit(2, 4, 100);
  desk.submit(3, 1, 150);
  EXPECT_EQ(desk.step(), Texts{"start 1.1 on 0-2"});
  desk.at(10);
  return desk;
}

TEST(ChangesUnderEasy, of_a_running_job_move_the_shadow_time) {
  Desk desk = blocked_backfill();
  desk.change(1, 3, 159);
  EXPECT_EQ(desk.step(), Texts{});
  desk.change(1, 3, 160);
  EXPECT_EQ(desk.step(), Texts{"start 3.1 on 3"});
}

TEST(ChangesUnderEasy, of_the_head_change_what_is_spare) {
  Desk desk = blocked_backfill();
  desk.change(2, 3, 100);
  EXPECT_EQ(desk.step(), Texts{"start 3.1 on 3"});
}

TEST(ChangesUnderConservative, put_no_other_job_off) {
  Desk desk("conservative");
  desk.add_nodes(0, 2);
  desk.submit(1, 2, 100);
  desk.submit(2, 1, 50);
  desk.submit(3, 2, 50);
  EXPECT_EQ(desk.step(), Texts{"start 1.1 on 0-1"});
  EXPECT_EQ(desk.explain(3).start_estimate, core::at_seconds(150));
  desk.change(2, 1, 500);
  EXPECT_EQ(desk.step(), Texts{});
  EXPECT_EQ(desk.explain(3).start_estimate, core::at_seconds(150));
  EXPECT_EQ(desk.explain(2).start_estimate, core::at_seconds(200)) << "it is too long for its gap";
  desk.change(2, 1, 40);
  EXPECT_EQ(desk.step(), Texts{});
  EXPECT_EQ(desk.explain(2).start_estimate, core::at_seconds(100));
}

TEST(ReloadedPolicies, sort_the_queue_anew) {
  Desk desk("fcfs");
  desk.add_nodes(0, 1);
  desk.submit(1, 1, 100);
  desk.submit(2, 1, 50);
  desk.submit(3, 1, 10);
  desk.submit(4, 1, 20);
  desk.step();
  ASSERT_EQ(desk.waiting(), (Ids{2, 3, 4}));
  desk.reload("sjf");
  EXPECT_EQ(desk.waiting(), (Ids{3, 4, 2}));
  desk.submit(5, 1, 15);
  EXPECT_EQ(desk.waiting(), (Ids{3, 5, 4, 2}));
}

TEST(ReloadedPolicies, may_start_jobs_at_once) {
  Desk desk("fcfs");
  desk.add_nodes(0, 4);
  desk.submit(1, 3, 100);
  desk.submit(2, 4, 100);
  desk.submit(3, 1, 100);
  EXPECT_EQ(desk.step(), Texts{"start 1.1 on 0-2"});
  desk.reload("easy");
  EXPECT_EQ(desk.step(), Texts{"start 3.1 on 3"});
}

TEST(ReloadedPolicies, plan_for_every_waiting_job) {
  Desk desk("fcfs");
  desk.add_nodes(0, 4);
  desk.submit(1, 4, 100);
  desk.submit(2, 4, 50);
  desk.submit(3, 4, 50);
  desk.step();
  EXPECT_EQ(desk.explain(3).start_estimate, std::nullopt);
  desk.reload("conservative");
  desk.step();
  EXPECT_EQ(desk.explain(2).start_estimate, core::at_seconds(100));
  EXPECT_EQ(desk.explain(3).start_estimate, core::at_seconds(150));
}

TEST(ReloadedPolicies, reject_the_jobs_for_which_they_leave_no_node) {
  for (const char* policies : {"easy", "conservative"}) {
    Desk desk(policies);
    desk.add_nodes(0, 1, {.capacity = {1, 1, 0}});
    desk.add_nodes(1, 1);
    desk.submit(1, 2, 100);
    desk.submit(2, 2, 100);
    desk.submit(3, 1, 100);
    EXPECT_EQ(desk.step(), Texts{"start 1.1 on 1 0"});
    desk.reload(std::string(policies) + "+keep_gpu_nodes");
    EXPECT_EQ(desk.step(), Texts{"reject 2 cluster_too_small"}) << policies;
    EXPECT_EQ(desk.waiting(), Ids{3});
    desk.at(10);
    desk.end(1, 1, ReplicaEnd::node_failed);
    EXPECT_EQ(desk.step(), (Texts{"reject 1 cluster_too_small", "start 3.1 on 1"})) << policies;
  }
}

TEST(ReloadedPoliciesDeath, comes_from_policies_that_do_not_exist) {
  Desk desk("fcfs");
  EXPECT_DEATH(desk.reload("no_such_policy"), "");
}

}  // namespace
}  // namespace nexa::scheduler
