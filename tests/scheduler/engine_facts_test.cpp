// What each fact does to an engine, under every kind of backfill.
#include <gtest/gtest.h>

#include "tests/scheduler/desk.hpp"

namespace nexa::scheduler {
namespace {

using core::NodeAvailability;
using test::Desk;
using Texts = std::vector<std::string>;
using Ids = std::vector<std::uint32_t>;

class Facts : public testing::TestWithParam<std::string> {
 protected:
  Facts() : desk(GetParam()) { desk.add_nodes(0, 4); }

  /// Job 1 runs on all nodes, jobs 2 (4 slots) and 3 (1 slot) wait.
  void start_one_of_three() {
    desk.submit(1, 4, 100);
    desk.submit(2, 4, 100);
    desk.submit(3, 1, 200);
    ASSERT_EQ(desk.step(), Texts{"start 1.1 on 0-3"});
    ASSERT_EQ(desk.waiting(), (Ids{2, 3}));
  }

  Desk desk;
};

TEST_P(Facts, start_a_job_that_fits_on_the_lowest_nodes) {
  desk.submit(7, 2, 60);
  EXPECT_EQ(desk.step(), Texts{"start 7.1 on 0-1"});
  EXPECT_EQ(desk.engine.running_jobs(), 1U);
  EXPECT_EQ(desk.engine.next_wakeup(), core::at_seconds(60));
  desk.submit(8, 2, 60);
  EXPECT_EQ(desk.step(), Texts{"start 8.1 on 2-3"});
}

TEST_P(Facts, reject_a_job_that_no_node_set_can_ever_hold) {
  desk.submit(1, 5, 60);
  EXPECT_EQ(desk.step(), Texts{"reject 1 cluster_too_small"});
  EXPECT_EQ(desk.explain(1).state, ExplainedState::unknown);
  EXPECT_EQ(desk.step(), Texts{});
  desk.submit(1, 4, 60);
  EXPECT_EQ(desk.step(), Texts{"start 1.1 on 0-3"}) << "the id of a rejected job is free again";
}

TEST_P(Facts, let_new_nodes_start_waiting_jobs_at_once) {
  start_one_of_three();
  desk.at(10);
  desk.add_nodes(4, 4);
  EXPECT_EQ(desk.step(), Texts{"start 2.1 on 4-7"});
}

TEST_P(Facts, about_the_end_of_unknown_jobs_and_replicas_are_ignored) {
  start_one_of_three();
  desk.at(10);
  desk.end(99);
  desk.end(2);     // waits
  desk.end(1, 2);  // has no such replica
  desk.refuse(99);
  desk.refuse(3);
  desk.cancel(99);
  desk.set_node(99, NodeAvailability::down);
  EXPECT_EQ(desk.step(), Texts{});
  EXPECT_EQ(desk.waiting(), (Ids{2, 3}));
  EXPECT_EQ(desk.engine.running_jobs(), 1U);
}

TEST_P(Facts, about_an_end_count_once) {
  start_one_of_three();
  desk.at(50);
  desk.end(1);
  desk.end(1);
  EXPECT_EQ(desk.step(), Texts{"start 2.1 on 0-3"});
  desk.end(1);
  EXPECT_EQ(desk.step(), Texts{});
}

TEST_P(Facts, about_a_refused_start_put_the_job_back_at_its_place) {
  start_one_of_three();
  desk.refuse(1);
  EXPECT_EQ(desk.waiting(), (Ids{1, 2, 3}));
  EXPECT_EQ(desk.explain(1).decisive, RejectCode::refused_by_host);
  EXPECT_EQ(desk.step(), Texts{"start 1.2 on 0-3"});
  desk.at(20);
  desk.end(1, 2);
  EXPECT_EQ(desk.step(), Texts{"start 2.1 on 0-3"});
}

// Under conservative backfill the jobs behind it hold reservations, which a later retry must keep.
TEST(RefusedStart, is_tried_again_before_later_jobs_where_no_reservations_are_held) {
  for (const char* policies : {"fcfs", "easy"}) {
    Desk desk(policies);
    desk.add_nodes(0, 4);
    desk.submit(1, 4, 100);
    desk.submit(2, 4, 100);
    ASSERT_EQ(desk.step(), Texts{"start 1.1 on 0-3"}) << policies;
    desk.refuse(1);
    desk.at(5);
    EXPECT_EQ(desk.step(), Texts{"start 1.2 on 0-3"}) << policies;
  }
}

TEST_P(Facts, cancel_a_waiting_job_without_a_trace) {
  start_one_of_three();
  desk.cancel(2);
  EXPECT_EQ(desk.waiting(), Ids{3});
  EXPECT_EQ(desk.explain(2).state, ExplainedState::unknown);
  EXPECT_EQ(desk.step(), Texts{});
  desk.at(10);
  desk.end(1);
  EXPECT_EQ(desk.step(), Texts{"start 3.1 on 0"});
}

TEST_P(Facts, cancel_a_running_job_by_a_command_to_the_host) {
  start_one_of_three();
  desk.at(10);
  desk.cancel(1);
  EXPECT_EQ(desk.step(), Texts{"cancel 1.1 job_cancelled"});
  EXPECT_EQ(desk.engine.next_wakeup(), desk.now);
  desk.end(1, 1, ReplicaEnd::killed);
  EXPECT_EQ(desk.step(), Texts{"start 2.1 on 0-3"});
  EXPECT_EQ(desk.explain(1).state, ExplainedState::unknown);
}

TEST_P(Facts, about_a_lost_node_do_not_revive_a_cancelled_job) {
  start_one_of_three();
  desk.cancel(1);
  desk.step();
  desk.end(1, 1, ReplicaEnd::node_failed);
  EXPECT_EQ(desk.waiting(), (Ids{2, 3}));
}

TEST_P(Facts, about_a_refused_start_do_not_revive_a_cancelled_job) {
  start_one_of_three();
  desk.cancel(1);
  desk.refuse(1);
  EXPECT_EQ(desk.step(), Texts{"start 2.1 on 0-3"});
  EXPECT_EQ(desk.waiting(), Ids{3});
}

TEST_P(Facts, cancel_a_running_job_once_however_often_they_come) {
  start_one_of_three();
  desk.cancel(1);
  desk.cancel(1);
  EXPECT_EQ(desk.step(), Texts{"cancel 1.1 job_cancelled"});
}

TEST_P(Facts, about_a_draining_node_keep_new_work_off_it) {
  desk.set_node(0, NodeAvailability::draining);
  desk.submit(1, 2, 100);
  EXPECT_EQ(desk.step(), Texts{"start 1.1 on 1-2"});
  desk.set_node(1, NodeAvailability::draining);  // finishes its work
  desk.submit(2, 2, 100);
  EXPECT_EQ(desk.step(), Texts{});
  EXPECT_EQ(desk.engine.running_jobs(), 1U);
  desk.at(50);
  desk.end(1);
  EXPECT_EQ(desk.step(), Texts{"start 2.1 on 2-3"});
  desk.submit(3, 2, 100);
  EXPECT_EQ(desk.step(), Texts{});
  desk.set_node(0, NodeAvailability::up);
  desk.set_node(1, NodeAvailability::up);
  EXPECT_EQ(desk.step(), Texts{"start 3.1 on 0-1"});
}

TEST_P(Facts, about_a_lost_node_requeue_its_jobs_at_their_old_place) {
  start_one_of_three();
  desk.at(10);
  desk.set_node(2, NodeAvailability::down);
  desk.end(1, 1, ReplicaEnd::node_failed);
  EXPECT_EQ(desk.waiting(), (Ids{1, 2, 3}));
  const Texts backfilled = desk.step();
  EXPECT_TRUE(backfilled.empty() || backfilled == Texts{"start 3.1 on 0"});
  EXPECT_EQ(desk.waiting().front(), 1U);
  desk.at(20);
  desk.end(3);
  desk.set_node(2, NodeAvailability::up);
  EXPECT_EQ(desk.step(), Texts{"start 1.2 on 0-3"});
}

TEST_P(Facts, about_a_lost_node_without_jobs_change_nothing_but_room) {
  desk.submit(1, 1, 100);
  desk.step();
  desk.set_node(3, NodeAvailability::down);
  desk.set_node(3, NodeAvailability::down);
  desk.submit(2, 3, 100);
  EXPECT_EQ(desk.step(), Texts{});
  EXPECT_EQ(desk.explain(2).slots_available, 2U);
  desk.set_node(3, NodeAvailability::up);
  EXPECT_EQ(desk.step(), Texts{"start 2.1 on 1-3"});
}

TEST_P(Facts, about_a_known_node_do_not_add_it_twice) {
  desk.add_nodes(0, 4);
  desk.submit(1, 5, 100);
  EXPECT_EQ(desk.step(), Texts{"reject 1 cluster_too_small"});
}

TEST_P(Facts, of_an_instant_with_time_limits_give_cancellations_first) {
  start_one_of_three();
  EXPECT_EQ(desk.engine.next_wakeup(), core::at_seconds(100));
  desk.at(100);
  desk.submit(4, 1, 10);
  EXPECT_EQ(desk.step(), Texts{"cancel 1.1 time_limit"});
  EXPECT_EQ(desk.engine.next_wakeup(), desk.now);
  desk.end(1, 1, ReplicaEnd::killed);
  EXPECT_EQ(desk.step(), Texts{"start 2.1 on 0-3"});
}

TEST_P(Facts, that_never_come_are_asked_for_again_after_30_seconds) {
  start_one_of_three();
  desk.at(100);
  EXPECT_EQ(desk.step(), Texts{"cancel 1.1 time_limit"});
  EXPECT_EQ(desk.step(), Texts{}) << "nothing is free yet";
  EXPECT_EQ(desk.engine.next_wakeup(), core::at_seconds(130));
  desk.at(129);
  EXPECT_EQ(desk.step(), Texts{});
  desk.at(130);
  EXPECT_EQ(desk.step(), Texts{"cancel 1.1 time_limit"});
  desk.at(131);
  desk.end(1, 1, ReplicaEnd::killed);
  EXPECT_EQ(desk.step(), Texts{"start 2.1 on 0-3"});
}

TEST_P(Facts, like_a_tick_change_nothing) {
  start_one_of_three();
  desk.at(10);
  desk.tell(Tick{});
  EXPECT_EQ(desk.step(), Texts{});
  EXPECT_EQ(desk.waiting(), (Ids{2, 3}));
}

TEST_P(Facts, explain_running_and_waiting_jobs) {
  start_one_of_three();
  desk.at(30);
  EXPECT_EQ(desk.explain(1).state, ExplainedState::running);
  const Explanation head = desk.explain(2);
  EXPECT_EQ(head.state, ExplainedState::waiting);
  EXPECT_EQ(head.since, core::Time{});
  EXPECT_EQ(head.position, 1U);
  EXPECT_EQ(head.queue_length, 2U);
  EXPECT_EQ(head.slots_needed, 4U);
  EXPECT_EQ(head.slots_available, 0U);
  EXPECT_EQ(head.nodes_suitable, 4U);
  EXPECT_EQ(head.decisive, RejectCode::cores_busy);
  EXPECT_EQ(head.start_estimate, core::at_seconds(100));
  EXPECT_EQ(to_text(head, desk.now),
            "job 2 is waiting since 30 s - position 1 of 2\n  too few cores are free\n"
            "  needs 4 slots; 0 could start now on 4 suitable nodes\n"
            "  4 nodes: too few cores are free\n  starts in 70 s at the latest\n");
}

INSTANTIATE_TEST_SUITE_P(policies, Facts, testing::Values("fcfs", "easy", "conservative"),
                         [](const auto& parameter) { return parameter.param; });

TEST(Overrun, lets_only_one_of_two_reserved_jobs_start_on_the_one_node_that_is_free) {
  for (const core::NodeSpec& spec : {core::NodeSpec{}, core::NodeSpec{.capacity = {2, 0, 0}}}) {
    Desk desk("conservative");
    desk.add_nodes(0, 1, spec);
    if (spec.capacity.cores == 1) desk.add_nodes(1, 1, spec);
    for (std::uint32_t job = 1; job <= 4; ++job) desk.submit(job, 1, 10);
    ASSERT_EQ(desk.step().size(), 2U);
    desk.at(10);
    ASSERT_EQ(desk.step(), (Texts{"cancel 1.1 time_limit", "cancel 2.1 time_limit"}));
    desk.end(1, 1, ReplicaEnd::killed);  // and job 2 runs on
    EXPECT_EQ(desk.step(), Texts{"start 3.1 on 0"});
    EXPECT_EQ(desk.waiting(), Ids{4});
    desk.at(12);
    desk.end(2, 1, ReplicaEnd::killed);
    EXPECT_EQ(desk.step().size(), 1U);
  }
}

TEST(EngineDeath, names_a_job_id_that_is_in_use) {
  Desk desk("fcfs");
  desk.add_nodes(0, 1);
  desk.submit(1, 1, 10);
  EXPECT_DEATH(desk.submit(1, 1, 10), "");
}

TEST(EngineDeath, comes_from_time_that_runs_backwards) {
  Desk desk("fcfs");
  desk.at(10);
  desk.step();
  desk.at(9);
  EXPECT_DEATH(desk.step(), "");
  EXPECT_DEATH(desk.tell(Tick{}), "");
}

TEST(EngineDeath, comes_from_a_request_for_nothing) {
  Desk desk("fcfs");
  desk.add_nodes(0, 1);
  EXPECT_DEATH(desk.submit(1, 0, 10), "");
  EXPECT_DEATH(desk.submit(1, 1, 0), "");
}

TEST(AdvancedReservations, are_kept_when_nodes_come) {
  Desk desk("conservative");
  desk.add_nodes(0, 2);
  desk.submit(1, 2, 100);
  desk.submit(2, 2, 50);
  desk.submit(3, 1, 500);
  EXPECT_EQ(desk.step(), Texts{"start 1.1 on 0-1"});
  EXPECT_EQ(desk.explain(3).start_estimate, core::at_seconds(150));
  desk.at(10);
  desk.add_nodes(2, 1);
  EXPECT_EQ(desk.step(), Texts{"start 3.1 on 2"});
  EXPECT_EQ(desk.explain(2).start_estimate, core::at_seconds(100));
}

}  // namespace
}  // namespace nexa::scheduler
