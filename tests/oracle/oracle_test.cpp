#include "tests/oracle/oracle.hpp"

#include <gtest/gtest.h>

#include <random>
#include <stdexcept>

#include "tests/oracle/samples.hpp"

namespace nexa::oracle {
namespace {

using Slots = std::map<int, int>;
using Starts = std::vector<long>;

Node node(int id, int cls, int cores, int gpus = 0, long memory = 0, int gpu_type = 0) {
  Node result;
  result.id = id;
  result.cls = cls;
  result.cores = cores;
  result.gpus = gpus;
  result.memory = memory;
  result.gpu_type = gpu_type;
  return result;
}

ClassInfo in_tier(int tier, int speed_permille = 1000) {
  ClassInfo result;
  result.tier = tier;
  result.speed_permille = speed_permille;
  return result;
}

Starts starts(const std::vector<Started>& results) {
  Starts times;
  for (const Started& result : results) times.push_back(result.start_us);
  return times;
}

Starts on_one_core_nodes(int count, const std::vector<JobSpec>& jobs, Rule rule) {
  return starts(simulate(one_core_nodes(count), std::vector<ClassInfo>(1), jobs, rule));
}

const std::vector<ClassInfo> one_class(1);

TEST(Placement, prefers_the_fullest_node_and_then_the_lowest_id) {
  const std::vector<Node> nodes = {node(7, 0, 4), node(3, 0, 4), node(5, 0, 3)};
  const std::vector<JobSpec> jobs = {job(1, 0, 9, 9, 2), job(2, 0, 9, 9, 2), job(3, 0, 9, 9, 5)};
  const std::vector<Started> results = simulate(nodes, one_class, jobs, fcfs);
  EXPECT_EQ(results[0].slots_on_node, (Slots{{5, 2}}));
  EXPECT_EQ(results[1].slots_on_node, (Slots{{5, 1}, {3, 1}}));
  EXPECT_EQ(results[2].slots_on_node, (Slots{{3, 3}, {7, 2}}));
}

TEST(Placement, fills_a_preferred_class_before_a_fuller_node_of_another) {
  const std::vector<Node> nodes = {node(1, 1, 1), node(2, 0, 8)};
  const std::vector<Started> results =
      simulate(nodes, {in_tier(0), in_tier(0)}, {job(1, 0, 9, 9, 9)}, fcfs);
  EXPECT_EQ(results[0].slots_on_node, (Slots{{1, 1}, {2, 8}}));
  const std::vector<Started> small =
      simulate(nodes, {in_tier(0), in_tier(0)}, {job(1, 0, 9, 9, 1)}, fcfs);
  EXPECT_EQ(small[0].slots_on_node, (Slots{{2, 1}}));
}

TEST(Placement, counts_slots_by_the_scarcest_resource_of_one_node) {
  const std::vector<Node> nodes = {node(1, 0, 8, 4, 100), node(2, 0, 8, 1, 1000)};
  JobSpec wide = job(1, 0, 9, 9, 3);
  wide.gpus = 1;
  wide.memory = 50;
  const std::vector<Started> results = simulate(nodes, one_class, {wide}, fcfs);
  EXPECT_EQ(results[0].slots_on_node, (Slots{{2, 1}, {1, 2}}));
  wide.slots = 4;  // 2 by the memory of node 1, 1 by the GPU of node 2
  EXPECT_TRUE(simulate(nodes, one_class, {wide}, fcfs)[0].rejected);
}

TEST(Placement, keeps_to_the_tiers_and_the_gpu_type) {
  const std::vector<Node> nodes = {node(1, 0, 4, 2, 0, 8), node(2, 1, 4, 2, 0, 9),
                                   node(3, 2, 4, 2, 0, 9)};
  const std::vector<ClassInfo> classes = {in_tier(0), in_tier(1), in_tier(2)};
  JobSpec spec = job(1, 0, 9, 9, 2);
  spec.tier_mask = 0b101;
  spec.gpus = 1;
  spec.gpu_type = 9;
  EXPECT_EQ(simulate(nodes, classes, {spec}, fcfs)[0].slots_on_node, (Slots{{3, 2}}));
  spec.gpus = 0;  // the type of a GPU that is not needed does not matter
  EXPECT_EQ(simulate(nodes, classes, {spec}, fcfs)[0].slots_on_node, (Slots{{1, 2}}));
  spec.tier_mask = 0b1000;
  EXPECT_TRUE(simulate(nodes, classes, {spec}, fcfs)[0].rejected);
}

TEST(Placement, gives_whole_nodes_only_if_they_are_idle) {
  const std::vector<Node> nodes = {node(1, 0, 2), node(2, 0, 4)};
  JobSpec whole = job(2, 0, 5, 5, 2);
  whole.whole_nodes = true;
  const std::vector<JobSpec> jobs = {job(1, 0, 3, 3, 1), whole, job(3, 0, 1, 1, 1)};
  const std::vector<Started> results = simulate(nodes, one_class, jobs, fcfs);
  EXPECT_EQ(starts(results), (Starts{0, 3, 8}));
  EXPECT_EQ(results[1].slots_on_node, (Slots{{1, 1}, {2, 1}}));
}

TEST(Duration, follows_the_slowest_class_and_rounds_up) {
  const std::vector<Node> nodes = {node(1, 0, 1), node(2, 1, 1)};
  const std::vector<ClassInfo> classes = {in_tier(0, 2000), in_tier(0, 600)};
  EXPECT_EQ(simulate(nodes, classes, {job(1, 5, 7, 50, 1)}, fcfs)[0].end_us, 9);   // 3.5
  EXPECT_EQ(simulate(nodes, classes, {job(1, 5, 7, 50, 2)}, fcfs)[0].end_us, 17);  // 11.7
}

TEST(Duration, is_cut_at_the_limit_and_only_then_timed_out) {
  const std::vector<Node> nodes = one_core_nodes(1);
  const Started exact = simulate(nodes, {in_tier(0, 500)}, {job(1, 0, 5, 10, 1)}, conservative)[0];
  EXPECT_EQ(exact.end_us, 10);
  EXPECT_FALSE(exact.timed_out);
  const Started cut = simulate(nodes, {in_tier(0, 500)}, {job(1, 0, 6, 10, 1)}, conservative)[0];
  EXPECT_EQ(cut.end_us, 10);
  EXPECT_TRUE(cut.timed_out);
}

TEST(Rejection, does_not_hold_up_the_jobs_behind) {
  for (const Rule rule : {fcfs, easy, conservative}) {
    const std::vector<JobSpec> jobs = {job(1, 0, 1, 1, 3), job(2, 0, 1, 1, 2)};
    const std::vector<Started> results = simulate(one_core_nodes(2), one_class, jobs, rule);
    EXPECT_TRUE(results[0].rejected);
    EXPECT_EQ(starts(results), (Starts{-1, 0}));
  }
}

TEST(Fcfs, stops_at_the_first_job_that_does_not_fit) {
  EXPECT_EQ(
      on_one_core_nodes(3, {job(1, 0, 4, 9, 2), job(2, 1, 3, 3, 2), job(3, 2, 1, 1, 1)}, fcfs),
      (Starts{0, 4, 4}));
}

TEST(Easy, starts_a_short_job_that_ends_at_the_shadow_but_none_that_ends_later) {
  const std::vector<JobSpec> jobs = {job(1, 0, 10, 10, 2), job(2, 1, 5, 5, 3), job(3, 2, 9, 9, 1),
                                     job(4, 2, 8, 8, 1)};
  EXPECT_EQ(on_one_core_nodes(3, jobs, easy), (Starts{0, 10, 15, 2}));
}

TEST(Easy, uses_the_processors_that_the_head_leaves_over_only_once) {
  const std::vector<JobSpec> jobs = {job(1, 0, 10, 10, 3), job(2, 1, 5, 5, 4), job(3, 2, 50, 50, 1),
                                     job(4, 2, 50, 50, 1)};
  EXPECT_EQ(on_one_core_nodes(5, jobs, easy), (Starts{0, 10, 2, 15}));
}

TEST(Easy, takes_the_jobs_started_in_the_same_pass_into_account) {
  const std::vector<JobSpec> jobs = {job(1, 0, 2, 6, 1), job(2, 0, 9, 9, 2), job(3, 0, 6, 6, 1),
                                     job(4, 0, 7, 7, 1)};
  EXPECT_EQ(on_one_core_nodes(2, jobs, easy), (Starts{0, 6, 0, 15}));
}

TEST(Easy, lets_a_long_job_use_a_resource_that_the_head_does_not_need) {
  const std::vector<Node> nodes = {node(1, 0, 8, 2)};
  JobSpec running = job(1, 0, 10, 10, 1);
  running.cores = 6;
  JobSpec head = job(2, 1, 10, 10, 1);
  head.cores = 7;
  JobSpec with_gpu = job(3, 2, 99, 99, 1);
  with_gpu.gpus = 2;
  EXPECT_EQ(starts(simulate(nodes, one_class, {running, head, with_gpu}, easy)),
            (Starts{0, 10, 2}));
  head.gpus = 1;
  EXPECT_EQ(starts(simulate(nodes, one_class, {running, head, with_gpu}, easy)),
            (Starts{0, 10, 20}));
}

TEST(Easy, waits_with_a_head_of_whole_nodes_for_idle_ones) {
  const std::vector<Node> nodes = {node(1, 0, 4), node(2, 0, 4)};
  JobSpec head = job(2, 1, 5, 5, 2);
  head.whole_nodes = true;
  const std::vector<JobSpec> jobs = {job(1, 0, 10, 10, 1), head, job(3, 2, 9, 9, 1),
                                     job(4, 2, 8, 8, 1)};
  EXPECT_EQ(starts(simulate(nodes, one_class, jobs, easy)), (Starts{0, 10, 15, 2}));
}

// Jobs 2 and 3 end at 4, both before their limits (7 and 6). By position 2 goes first: then job 4
// (4 wide) can move to 6 only and job 5 takes the hole at 4; the end of job 3 then lets job 4 move
// on to 5. By start time or by planned end job 3 would go first, and job 4 would get 4.
TEST(Conservative, handles_the_ends_of_one_instant_in_the_order_of_the_jobs) {
  const std::vector<JobSpec> jobs = {job(1, 0, 2, 2, 2), job(2, 0, 2, 5, 3), job(3, 0, 4, 6, 1),
                                     job(4, 2, 3, 3, 4), job(5, 3, 1, 1, 2)};
  EXPECT_EQ(on_one_core_nodes(4, jobs, conservative), (Starts{0, 2, 0, 5, 4}));
}

// EASY promises a start to the head only: job 4 delays job 3 there and does not here.
TEST(Conservative, protects_every_waiting_job) {
  const std::vector<JobSpec> jobs = {job(1, 0, 10, 10, 2), job(2, 0, 10, 10, 2),
                                     job(3, 0, 10, 10, 3), job(4, 0, 30, 30, 1)};
  EXPECT_EQ(on_one_core_nodes(3, jobs, easy), (Starts{0, 10, 30, 0}));
  EXPECT_EQ(on_one_core_nodes(3, jobs, conservative), (Starts{0, 10, 20, 30}));
}

TEST(Conservative, takes_the_lowest_free_ids_of_a_counted_class_at_the_start) {
  std::vector<Node> nodes = {node(9, 0, 1), node(4, 0, 1), node(6, 0, 1)};
  const std::vector<JobSpec> jobs = {job(1, 0, 2, 2, 1), job(2, 0, 9, 9, 1), job(3, 1, 9, 9, 2)};
  const std::vector<Started> results = simulate(nodes, one_class, jobs, conservative);
  EXPECT_EQ(results[0].slots_on_node, (Slots{{4, 1}}));
  EXPECT_EQ(results[1].slots_on_node, (Slots{{6, 1}}));
  EXPECT_EQ(results[2].slots_on_node, (Slots{{4, 1}, {9, 1}}));
  EXPECT_EQ(results[2].start_us, 2);
}

// At 1 job 1 ends early and job 4 arrives. Job 4 is looked up first, in the plan that still has job
// 1 until 2, and so gets ahead of job 2, which the end alone would have moved to 1.
TEST(Conservative, places_an_arrival_before_the_ends_of_the_same_instant) {
  const std::vector<JobSpec> jobs = {job(1, 0, 1, 2, 1), job(2, 0, 1, 1, 2), job(3, 0, 3, 3, 1),
                                     job(4, 1, 1, 1, 1)};
  EXPECT_EQ(on_one_core_nodes(2, jobs, conservative), (Starts{0, 2, 3, 1}));
}

TEST(Conservative, moves_a_promise_to_another_node_if_that_is_earlier) {
  const std::vector<Node> nodes = {node(1, 0, 2), node(2, 0, 2)};
  const std::vector<JobSpec> jobs = {job(1, 0, 6, 6, 2), job(2, 0, 4, 8, 2), job(3, 1, 1, 1, 2)};
  const std::vector<Started> results = simulate(nodes, one_class, jobs, conservative);
  EXPECT_EQ(results[2].start_us, 4);
  EXPECT_EQ(results[2].slots_on_node, (Slots{{2, 2}}));
}

// Job 3 is promised node 2 at 6. At 6 node 1, which would come first, becomes idle as well, two
// before its plan.
TEST(Conservative, keeps_the_promised_node_if_another_is_not_earlier) {
  const std::vector<Node> nodes = {node(1, 0, 2), node(2, 0, 2)};
  const std::vector<JobSpec> jobs = {job(1, 0, 6, 8, 2), job(2, 0, 6, 6, 2), job(3, 1, 1, 1, 2)};
  const std::vector<Started> results = simulate(nodes, one_class, jobs, conservative);
  EXPECT_EQ(results[2].start_us, 6);
  EXPECT_EQ(results[2].slots_on_node, (Slots{{2, 2}}));
}

// At 0 node 1 has 2 free cores and node 2 has 3, but from 5 on only 1, because job 3 is promised
// there. A job that is over by then goes to node 1, a longer one to node 2: the fuller node in its
// window.
TEST(Conservative, judges_a_node_by_its_least_free_resources_in_the_window) {
  const std::vector<Node> nodes = {node(1, 0, 4, 0), node(2, 0, 4, 1)};
  std::vector<JobSpec> jobs = {job(1, 0, 20, 20, 1), job(2, 0, 5, 5, 1), job(3, 0, 5, 5, 1),
                               job(4, 0, 5, 5, 1)};
  jobs[0].cores = 2;
  jobs[1].gpus = 1;
  jobs[2].gpus = 1;
  jobs[2].cores = 3;
  std::vector<Started> results = simulate(nodes, one_class, jobs, conservative);
  EXPECT_EQ(starts(results), (Starts{0, 0, 5, 0}));
  EXPECT_EQ(results[3].slots_on_node, (Slots{{1, 1}}));
  jobs[3].limit_us = 6;
  results = simulate(nodes, one_class, jobs, conservative);
  EXPECT_EQ(starts(results), (Starts{0, 0, 5, 0}));
  EXPECT_EQ(results[3].slots_on_node, (Slots{{2, 1}}));
}

TEST(Simulate, refuses_input_that_breaks_its_conditions) {
  const std::vector<Node> nodes = one_core_nodes(2);
  EXPECT_THROW(simulate(nodes, one_class, {job(1, 1, 1, 1, 1), job(2, 0, 1, 1, 1)}, fcfs),
               std::invalid_argument);
  EXPECT_THROW(simulate(nodes, one_class, {job(1, 0, 1, 1, 1), job(1, 0, 1, 1, 1)}, fcfs),
               std::invalid_argument);
  EXPECT_THROW(simulate(nodes, one_class, {job(1, 0, 0, 1, 1)}, fcfs), std::invalid_argument);
  EXPECT_THROW(simulate(nodes, one_class, {job(1, 0, 1, 1, 0)}, fcfs), std::invalid_argument);
  EXPECT_THROW(simulate({node(1, 1, 1)}, one_class, {}, fcfs), std::invalid_argument);
  EXPECT_THROW(simulate({node(1, 0, 1), node(1, 0, 1)}, one_class, {}, fcfs),
               std::invalid_argument);
  EXPECT_THROW(simulate({node(1, 0, 1, 1), node(2, 0, 1, 0)}, one_class, {}, conservative),
               std::invalid_argument);
}

struct Case {
  std::vector<Node> nodes;
  std::vector<ClassInfo> classes;
  std::vector<JobSpec> jobs;
};

// The third class is counted, the others are planned by node.
Case random_case(unsigned seed) {
  std::mt19937 random(seed);
  const auto below = [&random](int n) {
    return static_cast<int>(random() % static_cast<unsigned>(n));
  };
  Case result;
  for (int cls = 0; cls < 3; ++cls) {
    result.classes.push_back(in_tier(below(3), 500 + 250 * below(5)));
    const int cores = cls == 2 ? 1 : 2 + below(7);
    const int gpus = below(3);
    const int gpu_type = 1 + below(2);
    for (int i = 1 + below(4); i > 0; --i) {
      const int id = static_cast<int>(result.nodes.size()) + 1;
      result.nodes.push_back(node(id, cls, cores, gpus, 64, gpu_type));
    }
  }
  long submit = 0;
  for (int id = 1; id <= 60; ++id) {
    submit += below(4);
    JobSpec spec = job(id, submit, 1 + below(20), 1 + below(30), 1 + below(6));
    spec.cores = 1 + below(10) / 7;
    spec.gpus = below(10) / 8;
    spec.memory = below(3) * 12;
    spec.tier_mask = 1U + static_cast<unsigned>(below(7));
    spec.gpu_type = below(3);
    spec.whole_nodes = below(6) == 0;
    result.jobs.push_back(spec);
  }
  return result;
}

TEST(RandomClusters, get_schedules_without_violations_from_every_rule) {
  int rejected = 0;
  int timed_out = 0;
  int waited = 0;
  for (unsigned seed = 1; seed <= 150; ++seed) {
    const Case sample = random_case(seed);
    for (const Rule rule : {fcfs, easy, conservative}) {
      const std::vector<Started> results =
          simulate(sample.nodes, sample.classes, sample.jobs, rule);
      ASSERT_EQ(violation(sample.nodes, sample.classes, sample.jobs, results), "")
          << "seed " << seed << ", rule " << rule;
      for (std::size_t i = 0; i < results.size(); ++i) {
        rejected += results[i].rejected ? 1 : 0;
        timed_out += results[i].timed_out ? 1 : 0;
        waited += results[i].start_us > sample.jobs[i].submit_us ? 1 : 0;
      }
    }
  }
  EXPECT_GT(rejected, 100);  // the cases do exercise what they are meant to
  EXPECT_GT(timed_out, 100);
  EXPECT_GT(waited, 1000);
}

TEST(RandomClusters, start_jobs_in_arrival_order_under_fcfs) {
  for (unsigned seed = 1; seed <= 50; ++seed) {
    const Case sample = random_case(seed);
    long latest = 0;
    for (const Started& result : simulate(sample.nodes, sample.classes, sample.jobs, fcfs)) {
      if (result.rejected) continue;
      ASSERT_GE(result.start_us, latest) << "job " << result.id << ", seed " << seed;
      latest = result.start_us;
    }
  }
}

}  // namespace
}  // namespace nexa::oracle
