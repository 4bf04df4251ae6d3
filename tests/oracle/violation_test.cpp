#include <gtest/gtest.h>

#include "tests/oracle/samples.hpp"

namespace nexa::oracle {
namespace {

// Two nodes of two cores, the second in tier 1; job 1 takes node 1, job 2 waits for it.
class Violation : public testing::Test {
 protected:
  Violation()
      : nodes_(one_core_nodes(2)), classes_(2), jobs_{job(1, 0, 4, 9, 2), job(2, 1, 8, 6, 1)} {
    for (Node& node : nodes_) node.cores = 2;
    nodes_[1].cls = 1;
    classes_[1].tier = 1;
    started_ = simulate(nodes_, classes_, jobs_, fcfs);
  }

  std::string found() const { return violation(nodes_, classes_, jobs_, started_); }

  std::vector<Node> nodes_;
  std::vector<ClassInfo> classes_;
  std::vector<JobSpec> jobs_;
  std::vector<Started> started_;
};

TEST_F(Violation, is_empty_for_a_sound_schedule) {
  EXPECT_EQ(started_[1].start_us, 4);
  EXPECT_TRUE(started_[1].timed_out);
  EXPECT_EQ(found(), "");
}

TEST_F(Violation, names_a_missing_result) {
  started_.pop_back();
  EXPECT_EQ(found(), "1 results for 2 jobs");
}

TEST_F(Violation, names_results_in_another_order) {
  std::swap(started_[0], started_[1]);
  EXPECT_EQ(found(), "job 2 stands where job 1 is expected");
}

TEST_F(Violation, names_an_over_committed_node) {
  started_[1].start_us -= 1;
  started_[1].end_us -= 1;
  EXPECT_EQ(found(), "node 0 at 3 us is over-committed");
}

TEST_F(Violation, names_a_node_in_a_wrong_tier) {
  started_[1].slots_on_node = {{1, 1}};
  EXPECT_EQ(found(), "job 2 is not eligible on node 1");
}

TEST_F(Violation, names_a_wrong_gpu_type) {
  for (Node& node : nodes_) node.gpus = 2;
  nodes_[0].gpu_type = 3;
  jobs_[0].gpus = 1;
  jobs_[0].gpu_type = 4;
  jobs_[0].tier_mask = 3;
  nodes_[1].gpu_type = 4;
  EXPECT_EQ(found(), "job 1 is not eligible on node 0");
}

TEST_F(Violation, names_a_wrong_number_of_slots) {
  started_[0].slots_on_node = {{0, 1}};
  EXPECT_EQ(found(), "job 1 has 1 slots instead of 2");
  started_[0].slots_on_node = {{0, 0}};
  EXPECT_EQ(found(), "job 1 has 0 slots on node 0");
}

TEST_F(Violation, names_slots_beyond_the_capacity_of_a_node) {
  jobs_[0].tier_mask = 3;
  jobs_[0].slots = 3;
  started_[0].slots_on_node = {{0, 3}};
  EXPECT_EQ(found(), "job 1 is too large on node 0");
}

TEST_F(Violation, names_a_node_that_does_not_exist) {
  started_[0].slots_on_node = {{5, 2}};
  EXPECT_EQ(found(), "job 1 runs on node 5, which does not exist");
}

TEST_F(Violation, names_a_start_before_the_submission) {
  jobs_[1].submit_us = 5;
  EXPECT_EQ(found(), "job 2 starts before it is submitted");
}

TEST_F(Violation, names_a_wrong_end) {
  started_[0].end_us = 3;
  EXPECT_EQ(found(), "job 1 ends at 3 instead of 4");
}

TEST_F(Violation, names_a_wrong_time_out) {
  started_[0].timed_out = true;
  EXPECT_EQ(found(), "job 1 is timed out within its limit");
  started_[0].timed_out = false;
  started_[1].timed_out = false;
  EXPECT_EQ(found(), "job 2 reaches its limit but is not timed out");
}

TEST_F(Violation, names_a_wrong_verdict_on_what_fits) {
  started_[1].rejected = true;
  EXPECT_EQ(found(), "job 2 is rejected but fits");
  jobs_[1].slots = 3;
  EXPECT_EQ(found(), "job 2 is rejected but holds nodes");
  started_[1].rejected = false;
  EXPECT_EQ(found(), "job 2 is not rejected but cannot fit");
}

TEST_F(Violation, names_a_whole_node_that_is_shared) {
  // A job of one core and one that holds the node whole would be within the capacity if only needs
  // counted.
  jobs_[0] = job(1, 0, 4, 9, 1);
  jobs_[1].whole_nodes = true;
  started_[0].slots_on_node = {{0, 1}};
  started_[1].start_us = 2;
  started_[1].end_us = 8;
  EXPECT_EQ(found(), "node 0 at 2 us is held whole and shared");
}

}  // namespace
}  // namespace nexa::oracle
