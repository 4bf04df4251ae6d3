// The published results of a replay of the KTH-SP2 log; independent simulators give the same
// digits.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/oracle/samples.hpp"

namespace nexa::oracle {
namespace {

const char* const kth = NEXA_SOURCE_DIR "/configs/traces/KTH-SP2-1996-2.1-cln.swf.gz";

struct Reference {
  std::size_t jobs;
  std::string fcfs_row, easy_row, conservative_row;
};

class KthReference : public testing::TestWithParam<Reference> {
 protected:
  Figures replay(Rule rule) {
    const std::vector<JobSpec> jobs = read_trace(kth, 100, GetParam().jobs);
    EXPECT_EQ(jobs.size(), GetParam().jobs);
    const std::vector<Node> nodes = one_core_nodes(100);
    const std::vector<ClassInfo> classes(1);
    const std::vector<Started> started = simulate(nodes, classes, jobs, rule);
    EXPECT_EQ(violation(nodes, classes, jobs, started), "");
    return figures_of(jobs, started, 100);
  }
};

TEST_P(KthReference, is_met_by_fcfs_to_all_digits) {
  EXPECT_EQ(row(replay(fcfs)), GetParam().fcfs_row);
}

TEST_P(KthReference, is_met_by_easy_to_all_digits) {
  EXPECT_EQ(row(replay(easy)), GetParam().easy_row);
}

TEST_P(KthReference, is_met_by_conservative_to_all_digits) {
  EXPECT_EQ(short_row(replay(conservative)), GetParam().conservative_row);
}

INSTANTIATE_TEST_SUITE_P(
    first_jobs, KthReference,
    testing::Values(Reference{1000, "15654.725 / 377.5843 / 0.58763 / 981836",
                              "2834.630 / 41.1431 / 0.61803 / 933549", "2660.240 / 40.3934"},
                    Reference{5000, "155772.360 / 3913.1351 / 0.61053 / 6662471",
                              "8736.766 / 123.4432 / 0.64997 / 6258149", "8799.697 / 125.3457"}));

// One node of 100 cores is planned by node and 100 nodes of one core are counted, but both are a
// pool of 100 cores.
TEST(KthOnOneLargeNode, gives_the_times_of_one_core_nodes) {
  const std::vector<JobSpec> jobs = read_trace(kth, 100, 1000);
  ASSERT_EQ(jobs.size(), 1000U);
  std::vector<Node> large(1);
  large[0].cores = 100;
  const std::vector<ClassInfo> classes(1);
  for (const Rule rule : {fcfs, easy, conservative}) {
    const std::vector<Started> pool = simulate(large, classes, jobs, rule);
    const std::vector<Started> single = simulate(one_core_nodes(100), classes, jobs, rule);
    EXPECT_EQ(violation(large, classes, jobs, pool), "");
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      ASSERT_EQ(pool[i].start_us, single[i].start_us) << "job " << jobs[i].id << ", rule " << rule;
    }
  }
}

// The second core is never asked for, but a job that wants whole nodes holds it.
TEST(KthOnWholeNodes, gives_the_times_of_one_core_nodes_under_fcfs_and_easy) {
  const std::vector<JobSpec> jobs = read_trace(kth, 100, 1000);
  ASSERT_EQ(jobs.size(), 1000U);
  std::vector<JobSpec> whole = jobs;
  for (JobSpec& spec : whole) spec.whole_nodes = true;
  std::vector<Node> nodes = one_core_nodes(100);
  for (Node& node : nodes) node.cores = 2;
  const std::vector<ClassInfo> classes(1);
  for (const Rule rule : {fcfs, easy}) {
    const std::vector<Started> on_whole = simulate(nodes, classes, whole, rule);
    const std::vector<Started> single = simulate(one_core_nodes(100), classes, jobs, rule);
    EXPECT_EQ(violation(nodes, classes, whole, on_whole), "");
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      ASSERT_EQ(on_whole[i].start_us, single[i].start_us)
          << "job " << jobs[i].id << ", rule " << rule;
    }
  }
}

}  // namespace
}  // namespace nexa::oracle
