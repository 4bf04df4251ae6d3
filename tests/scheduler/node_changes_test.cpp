// Nodes that change or leave, under every kind of backfill.
#include <gtest/gtest.h>

#include "tests/scheduler/desk.hpp"

namespace nexa::scheduler {
namespace {

using core::NodeId;
using test::Desk;
using Texts = std::vector<std::string>;

core::NodeSpec spec_of(std::uint32_t cores, std::uint8_t tier = 0, std::uint8_t trust = 0) {
  core::NodeSpec spec;
  spec.capacity.cores = cores;
  spec.tier = core::TierId{tier};
  spec.trust_bucket = trust;
  return spec;
}

class NodeChanges : public testing::TestWithParam<std::string> {
 protected:
  NodeChanges() : desk(GetParam()) {}

  void change(std::uint32_t node, const core::NodeSpec& spec) {
    desk.tell(NodeChanged{NodeId{node}, spec});
  }
  void remove(std::uint32_t node) { desk.tell(NodeRemoved{NodeId{node}}); }
  void submit(std::uint32_t id, std::uint32_t slots, core::TierMask tiers) {
    core::Job job{.id = core::JobId{id}, .submit = desk.now, .time_limit = core::seconds(60)};
    job.request.slots = slots;
    job.request.tiers = tiers;
    desk.tell(JobSubmitted{job});
  }

  Desk desk;
};

TEST_P(NodeChanges, of_an_idle_node_count_at_once) {
  desk.add_nodes(0, 2, spec_of(1, 1));
  desk.step();
  change(0, spec_of(1, 0));
  submit(1, 1, 0b10);
  submit(2, 1, 0b10);
  submit(3, 2, 0b10);
  EXPECT_EQ(desk.step(), (Texts{"reject 3 cluster_too_small", "start 1.1 on 1"}));
  submit(4, 1, 0b01);
  EXPECT_EQ(GetParam() == "fcfs" ? Texts{} : Texts{"start 4.1 on 0"}, desk.step());
}

TEST_P(NodeChanges, leave_running_jobs_where_they_are) {
  for (const std::uint32_t cores : {1U, 4U}) {
    Desk fresh(GetParam());
    desk = std::move(fresh);
    desk.add_nodes(0, 3, spec_of(cores, 1));
    submit(1, 3 * cores, 0b10);
    desk.step();
    change(1, spec_of(cores, 0));
    EXPECT_EQ(desk.step(), Texts{});
    EXPECT_EQ(desk.engine.running_jobs(), 1U);
    submit(2, cores, 0b01);
    submit(3, 2 * cores, 0b10);
    EXPECT_EQ(desk.step(), Texts{}) << "what the job holds is not free in the new class either";
    desk.at(10);
    desk.end(1);
    const std::string each = cores == 1 ? "" : "x4";
    EXPECT_EQ(desk.step(), (Texts{"start 2.1 on 1" + each, "start 3.1 on 0" + each + " 2" + each}));
  }
}

TEST_P(NodeChanges, of_a_node_that_jobs_share_leave_the_rest_of_it_in_use) {
  desk.add_nodes(0, 2, spec_of(4));
  submit(1, 3, 1);
  submit(2, 1, 1);
  EXPECT_EQ(desk.step(), (Texts{"start 1.1 on 0x3", "start 2.1 on 0"}));
  desk.at(10);
  desk.end(2);
  change(0, spec_of(4, 0, 3));
  submit(3, 5, 1);
  EXPECT_EQ(desk.step(), Texts{"start 3.1 on 1x4 0"});
  desk.at(20);
  desk.end(1);
  desk.end(3);
  submit(4, 8, 1);
  EXPECT_EQ(desk.step(), Texts{"start 4.1 on 1x4 0x4"});
}

TEST_P(NodeChanges, judge_a_job_anew_that_comes_back) {
  desk.add_nodes(0, 1, spec_of(1, 1));
  submit(1, 1, 0b10);
  desk.step();
  change(0, spec_of(1, 0));
  desk.end(1, 1, ReplicaEnd::node_failed);
  EXPECT_EQ(desk.step(), Texts{"reject 1 cluster_too_small"});
}

TEST_P(NodeChanges, reject_waiting_jobs_that_no_node_is_left_for) {
  desk.add_nodes(0, 1, spec_of(1, 1));
  submit(1, 1, 0b10);
  submit(2, 1, 0b10);
  submit(3, 1, 0b11);
  desk.step();
  change(0, spec_of(1, 0));
  EXPECT_EQ(desk.step(), Texts{"reject 2 cluster_too_small"});
  EXPECT_EQ(desk.waiting(), std::vector<std::uint32_t>{3});
}

TEST_P(NodeChanges, keep_a_node_offline_that_is) {
  desk.add_nodes(0, 2, spec_of(1));
  desk.set_node(0, core::NodeAvailability::draining);
  change(0, spec_of(1, 0, 2));
  desk.submit(1, 1, 60);
  desk.submit(2, 1, 60);
  EXPECT_EQ(desk.step(), Texts{"start 1.1 on 1"});
  desk.set_node(0, core::NodeAvailability::up);
  EXPECT_EQ(desk.step(), Texts{"start 2.1 on 0"});
}

TEST_P(NodeChanges, to_and_fro_leave_no_trace) {
  desk.add_nodes(0, 4, spec_of(2));
  for (std::uint8_t trust = 1; trust < 200; ++trust) {
    change(trust % 4, spec_of(2, 0, trust));
    desk.step();
  }
  for (std::uint32_t node = 0; node < 4; ++node) change(node, spec_of(2));
  desk.submit(1, 8, 60);
  EXPECT_EQ(desk.step().size(), 1U);
  EXPECT_EQ(desk.explain(1).state, ExplainedState::running);
}

TEST_P(NodeChanges, of_nodes_that_are_not_known_are_ignored) {
  desk.add_nodes(0, 1);
  change(7, spec_of(1, 3));
  remove(7);
  change(0, core::NodeSpec{});
  desk.submit(1, 1, 60);
  EXPECT_EQ(desk.step(), Texts{"start 1.1 on 0"});
}

TEST_P(NodeChanges, take_a_node_that_leaves_out_of_what_there_is) {
  desk.add_nodes(0, 3);
  desk.submit(1, 3, 60);
  desk.submit(2, 3, 60);
  desk.submit(3, 2, 60);
  desk.step();
  desk.at(10);
  desk.end(1);
  remove(1);
  EXPECT_EQ(desk.step(), (Texts{"reject 2 cluster_too_small", "start 3.1 on 0 2"}));
  desk.add_nodes(1, 1);
  desk.submit(4, 1, 60);
  EXPECT_EQ(desk.step(), Texts{"start 4.1 on 1"});
}

TEST_P(NodeChanges, are_seen_by_an_explanation_before_the_next_step) {
  desk.add_nodes(0, 1, spec_of(1));
  desk.submit(1, 1, 60);
  desk.submit(2, 1, 60);
  desk.step();
  desk.add_nodes(1, 1, spec_of(1, 5));
  change(0, spec_of(1, 7));
  EXPECT_EQ(desk.explain(2).nodes_suitable, 2U);
}

INSTANTIATE_TEST_SUITE_P(policies, NodeChanges, testing::Values("fcfs", "easy", "conservative"));

}  // namespace
}  // namespace nexa::scheduler
