#include "cli/sim_fit.hpp"

#include <gtest/gtest.h>

#include "tests/io/scratch.hpp"

namespace nexa::cli {
namespace {

core::Platform platform() {
  core::Platform platform;
  platform.name = "small";
  platform.tiers = {"cpu", "gpu"};
  platform.gpu_types = {"", "t4"};
  core::NodeGroup plain{.name = "a", .count = 4, .spec = {}};
  plain.spec.capacity = {4, 0, 1000};
  core::NodeGroup with_gpu{.name = "b", .count = 2, .spec = {}};
  with_gpu.spec.tier = core::TierId{1};
  with_gpu.spec.capacity = {8, 2, 1000};
  with_gpu.spec.gpu_type = core::GpuTypeId{1};
  platform.groups = {plain, with_gpu};
  return platform;
}

/// How many slots of a request the platform has room for, found by asking for one too many.
std::uint64_t room_for(const core::Request& request) {
  core::Workload workload;
  workload.request_classes = {request};
  core::WorkloadJob job;
  job.slots = 1'000'000;
  workload.jobs = {job};
  const MisfitJobs misfits = find_misfits(workload, platform());
  EXPECT_EQ(misfits.count, 1U);
  job.slots = static_cast<std::uint32_t>(misfits.slots_at_most);
  workload.jobs = {job};
  EXPECT_EQ(find_misfits(workload, platform()).count, 0U);
  return misfits.slots_at_most;
}

TEST(Misfits, CountTheSlotsOfEachNodeThatMayHostThem) {
  core::Request request;
  EXPECT_EQ(room_for(request), 32U);
  request.per_slot.cores = 3;
  EXPECT_EQ(room_for(request), 4U + 2 * 2);
  request.per_slot.memory_kib = 600;
  EXPECT_EQ(room_for(request), 6U);
  request.sharing = core::Sharing::whole_nodes;
  EXPECT_EQ(room_for(request), 6U);
}

TEST(Misfits, HeedTierAndGpuModel) {
  core::Request request;
  request.tiers = 1;
  EXPECT_EQ(room_for(request), 16U);
  request = {};
  request.per_slot = {1, 1, 0};
  EXPECT_EQ(room_for(request), 4U);
  request.gpu_type = core::GpuTypeId{1};
  EXPECT_EQ(room_for(request), 4U);
  request.gpu_type = core::GpuTypeId{9};
  EXPECT_EQ(room_for(request), 0U);
}

TEST(JobLine, IsFoundByTheNumberInItsFirstField) {
  const io::testing::Scratch folder;
  const std::string trace = folder.file("t.swf",
                                        "; 12 is no job here\n"
                                        "1 0 -1 10 1 -1 -1 1 10\n"
                                        "  12\t5 -1 10 1 -1 -1 99 10\n"
                                        "123 9 -1 10 1 -1 -1 1 10\n");
  const core::SourcePos where = find_job_line(trace, 12);
  EXPECT_EQ(where.file, trace);
  EXPECT_EQ(where.line, 3);
  EXPECT_EQ(where.column, 22);
  EXPECT_EQ(find_job_line(trace, 13).line, 0);
  EXPECT_EQ(find_job_line(folder.file("absent"), 1).line, 0);
}

TEST(MisfitError, NamesJobPlatformAndPlace) {
  const io::testing::Scratch folder;
  const std::string trace = folder.file("t.swf", "7 0 -1 10 50 -1 -1 50 10\n");
  core::Workload workload;
  workload.request_classes = {core::Request{}};
  core::WorkloadJob job;
  job.slots = 50;
  job.number = 7;
  workload.jobs = {job, core::WorkloadJob{}};
  const MisfitJobs misfits = find_misfits(workload, platform());
  EXPECT_EQ(misfits.count, 1U);
  const core::Error error = misfit_error(misfits, workload, platform(), trace);
  EXPECT_EQ(error.code, core::ErrorCode::unsatisfiable);
  EXPECT_EQ(error.message, "job 7 needs 50 slots at once, platform 'small' has room for 32");
  EXPECT_EQ(error.where.line, 1);
  EXPECT_EQ(error.where.column, 20);
}

}  // namespace
}  // namespace nexa::cli
