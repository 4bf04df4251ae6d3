// What a plan of reservations must survive between two passes.
#include <gtest/gtest.h>

#include "tests/scheduler/desk.hpp"

namespace nexa::scheduler {
namespace {

using test::Desk;
using Texts = std::vector<std::string>;

void submit_shared(Desk& desk, std::uint32_t id, std::uint32_t cores, std::uint64_t memory_kib) {
  core::Request request;
  request.per_slot = {cores, 0, memory_kib};
  desk.tell(JobSubmitted{{.id = core::JobId{id},
                          .submit = desk.now,
                          .time_limit = core::seconds(100),
                          .request = request}});
}

// When the 1025th kind of request comes, those that no job has are forgotten, and their numbers are
// given to others: here the one of job 1 to job 2000.
TEST(Plan, gives_back_what_a_job_held_though_its_kind_of_request_is_forgotten) {
  Desk desk("conservative");
  core::NodeSpec spec;
  spec.capacity = {8, 0, 1'000'000};
  desk.add_nodes(0, 1, spec);
  submit_shared(desk, 1, 8, 10);
  EXPECT_EQ(desk.step(), Texts{"start 1.1 on 0"});
  for (std::uint32_t id = 2; id <= 1024; ++id) {
    submit_shared(desk, id, 1, id);
    desk.cancel(id);
  }
  desk.at(10);
  desk.end(1);
  submit_shared(desk, 2000, 1, 5000);
  EXPECT_EQ(desk.step(), Texts{"start 2000.1 on 0"});
  submit_shared(desk, 2001, 7, 0);
  EXPECT_EQ(desk.step(), Texts{"start 2001.1 on 0"});
}

TEST(Plan, has_no_start_for_a_job_that_needs_a_drained_node) {
  for (const std::uint32_t cores : {1U, 2U}) {
    Desk desk("conservative");
    core::NodeSpec spec;
    spec.capacity.cores = cores;
    desk.add_nodes(0, 2, spec);
    desk.set_node(1, core::NodeAvailability::draining);
    desk.submit(1, 2 * cores, 50);
    EXPECT_EQ(desk.step(), Texts{});
    EXPECT_FALSE(desk.explain(1).start_estimate);
    EXPECT_FALSE(desk.engine.next_wakeup());
    desk.set_node(1, core::NodeAvailability::up);
    EXPECT_EQ(desk.step().size(), 1U);
  }
}

TEST(Plan, expects_no_start_in_the_past) {
  Desk desk("conservative");
  desk.add_nodes(0, 1);
  desk.submit(1, 1, 50);
  desk.submit(2, 1, 50);
  EXPECT_EQ(desk.step().size(), 1U);
  desk.at(60);  // the host has not ended the first yet
  EXPECT_EQ(desk.step(), Texts{"cancel 1.1 time_limit"});
  EXPECT_EQ(desk.step(), Texts{});
  EXPECT_EQ(desk.explain(2).start_estimate, core::at_seconds(60));
  desk.at(65);
  desk.end(1);
  EXPECT_EQ(desk.step(), Texts{"start 2.1 on 0"});
}

// Cancelling job 2 and the early end of job 1 would let job 3 start.
TEST(Plan, is_kept_without_compression) {
  Desk desk("conservative:compress=false");
  desk.add_nodes(0, 2);
  desk.submit(1, 2, 100);
  desk.submit(2, 2, 100);
  desk.submit(3, 1, 100);
  EXPECT_EQ(desk.step().size(), 1U);
  desk.cancel(2);
  EXPECT_EQ(desk.step(), Texts{});
  desk.at(50);
  desk.end(1);
  EXPECT_EQ(desk.step(), Texts{});
  EXPECT_EQ(desk.explain(3).start_estimate, core::at_seconds(200)) << "it keeps its first promise";
}

}  // namespace
}  // namespace nexa::scheduler
