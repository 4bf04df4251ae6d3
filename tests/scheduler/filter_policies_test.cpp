// The filter policies that are built in, on clusters small enough to check by hand.
#include <gtest/gtest.h>

#include "tests/scheduler/desk.hpp"

namespace nexa::scheduler {
namespace {

using test::Desk;
using Texts = std::vector<std::string>;

core::NodeSpec with_gpus(std::uint32_t gpus) {
  core::NodeSpec spec;
  spec.capacity = {4, gpus, 0};
  return spec;
}

void submit_gpu_job(Desk& desk, std::uint32_t id, std::uint32_t gpus) {
  core::Job job{.id = core::JobId{id}, .submit = desk.now, .time_limit = core::seconds(60)};
  job.request.per_slot = {1, gpus, 0};
  desk.tell(JobSubmitted{job});
}

TEST(KeepGpuNodes, LeavesThemToJobsThatAskForGpus) {
  Desk desk("easy+keep_gpu_nodes");
  desk.add_nodes(0, 1, with_gpus(0));
  desk.add_nodes(1, 1, with_gpus(2));
  desk.submit(1, 4, 60);
  desk.submit(2, 1, 60);
  submit_gpu_job(desk, 3, 1);
  EXPECT_EQ(desk.step(), (Texts{"start 1.1 on 0x4", "start 3.1 on 1"}));
  EXPECT_EQ(desk.explain(2).decisive, RejectCode::cores_busy);
  EXPECT_EQ(desk.explain(2).nodes_suitable, 1U);
}

TEST(KeepGpuNodes, RejectsWhatFitsNowhereElse) {
  Desk desk("easy+keep_gpu_nodes");
  desk.add_nodes(0, 1, with_gpus(0));
  desk.add_nodes(1, 1, with_gpus(2));
  desk.submit(1, 5, 60);
  EXPECT_EQ(desk.step(), Texts{"reject 1 cluster_too_small"});
}

TEST(KeepGpuNodes, LeavesNodesWithFewerGpusToAll) {
  Desk desk("easy+keep_gpu_nodes:gpus=3");
  desk.add_nodes(0, 1, with_gpus(2));
  desk.add_nodes(1, 1, with_gpus(3));
  desk.submit(1, 4, 60);
  desk.submit(2, 1, 60);
  submit_gpu_job(desk, 3, 1);
  EXPECT_EQ(desk.step(), (Texts{"start 1.1 on 0x4", "start 3.1 on 1"}));
}

}  // namespace
}  // namespace nexa::scheduler
