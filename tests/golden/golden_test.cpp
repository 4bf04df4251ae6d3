// Five runs whose command streams must not change: not by a compiler, not by its options, and not
// by an optimisation. UPDATE=1 rewrites the file of hashes after a change that was meant.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>

#include "core/digest.hpp"
#include "core/rng.hpp"
#include "io/swf.hpp"
#include "simulator/simulation.hpp"

namespace nexa::simulator {
namespace {

const char* const hash_file = NEXA_SOURCE_DIR "/tests/golden/command_hashes.txt";
const char* const kth = NEXA_SOURCE_DIR "/configs/traces/KTH-SP2-1996-2.1-cln.swf.gz";

struct Input {
  core::Platform platform;
  core::Workload workload;
  std::string policies;
};

core::NodeGroup group(std::uint32_t count, std::uint8_t tier, std::uint32_t cores,
                      std::uint32_t gpus = 0, std::uint64_t memory_gib = 16,
                      std::uint32_t speed_permille = 1000) {
  core::NodeGroup made;
  made.count = count;
  made.spec.tier = core::TierId{tier};
  made.spec.capacity = {cores, gpus, memory_gib << 20};
  made.spec.gpu_type = core::GpuTypeId{static_cast<std::uint16_t>(gpus == 0 ? 0 : tier)};
  made.spec.speed_permille = speed_permille;
  return made;
}

Input kth_on_100_cores(std::uint64_t first, std::string policies) {
  io::SwfOptions options;
  options.max_processors = 100;
  options.first = first;
  Input input;
  input.workload = io::read_swf(kth, options).value();
  input.platform.tiers = {"cpu"};
  input.platform.groups = {group(100, 0, 1)};
  input.policies = std::move(policies);
  return input;
}

/// A number from a stream of its own per property, so that properties do not shift each other.
std::uint64_t draw(std::uint64_t job, std::uint32_t property, std::uint64_t bound) {
  return core::random_below({2026, core::RandomStream::test, job, property}, bound);
}

core::Workload drawn_workload(std::uint64_t jobs, std::uint64_t mean_gap_s,
                              const std::function<core::Request(std::uint64_t)>& request_of) {
  core::Workload workload;
  core::Time submit{};
  for (std::uint64_t i = 0; i < jobs; ++i) {
    submit += core::seconds(static_cast<std::int64_t>(draw(i, 0, 2 * mean_gap_s)));
    const auto run_s = static_cast<std::int64_t>(1 + draw(i, 1, draw(i, 2, 8) == 0 ? 40000 : 2000));
    const auto spare_s = static_cast<std::int64_t>(draw(i, 3, 4000));
    const core::Request request = request_of(i);
    workload.jobs.push_back({.submit = submit,
                             .run_time = core::seconds(run_s),
                             .time_limit = core::seconds(run_s * 3 / 4 + spare_s + 1),
                             .slots = request.slots,
                             .request_class = static_cast<std::uint32_t>(i)});
    workload.request_classes.push_back(request);
  }
  return workload;
}

/// The shape of configs/platforms/tiered.yaml: shared nodes with memory, GPUs and speeds.
Input tiered_with_several_resources() {
  Input input;
  input.platform.tiers = {"cpu", "consumer_gpu", "hpc"};
  input.platform.groups = {group(5, 0, 4),
                           group(4, 0, 4, 0, 32),
                           group(6, 0, 2, 0, 8, 800),
                           group(4, 1, 4, 1, 32, 1100),
                           group(4, 1, 4, 1, 64, 1250),
                           group(2, 2, 16, 2, 256, 1500)};
  input.policies = "easy";
  input.workload = drawn_workload(5000, 150, [](std::uint64_t job) {
    core::Request request;
    request.slots = static_cast<std::uint32_t>(1 + draw(job, 4, draw(job, 5, 4) == 0 ? 24 : 4));
    request.per_slot.cores = static_cast<std::uint32_t>(1 + draw(job, 6, 3));
    request.per_slot.memory_kib = draw(job, 7, 6) << 20;
    if (draw(job, 8, 4) == 0) request.per_slot.gpus = 1;
    if (draw(job, 9, 3) == 0) request.tiers = static_cast<core::TierMask>(1 + draw(job, 10, 7));
    return request;
  });
  return input;
}

Input whole_nodes_of_several_classes() {
  Input input;
  input.platform.tiers = {"cpu", "consumer_gpu", "hpc"};
  input.platform.groups = {group(40, 0, 1), group(30, 0, 8), group(70, 1, 16, 2),
                           group(16, 2, 64, 4, 512, 1700)};
  input.policies = "conservative";
  input.workload = drawn_workload(400, 90, [](std::uint64_t job) {
    core::Request request;
    request.sharing = draw(job, 4, 5) == 0 ? core::Sharing::shared : core::Sharing::whole_nodes;
    request.slots = static_cast<std::uint32_t>(1 + draw(job, 5, draw(job, 6, 6) == 0 ? 90 : 12));
    if (draw(job, 7, 3) == 0) request.per_slot.cores = 4;
    if (draw(job, 8, 4) == 0) request.tiers = static_cast<core::TierMask>(1 + draw(job, 9, 7));
    return request;
  });
  return input;
}

std::string hash_of(const Input& input) {
  Simulation simulation(input.platform, input.workload,
                        scheduler::parse_policy_set(input.policies).value(), {});
  const SimulationResult result = simulation.run();
  EXPECT_GT(result.longest_queue, 20U) << "a run without a queue decides nothing";
  EXPECT_EQ(result.jobs.unfinished, 0U);
  return core::to_hex(result.command_hash);
}

std::map<std::string, std::string> read_hashes() {
  std::map<std::string, std::string> hashes;
  std::ifstream file(hash_file);
  for (std::string name, hash; file >> name >> hash;) hashes[name] = hash;
  return hashes;
}

/// Compares with the file, or replaces the line of that name if UPDATE=1.
void expect_golden(const std::string& name, const Input& input) {
  const std::string hash = hash_of(input);
  std::map<std::string, std::string> hashes = read_hashes();
  const char* const update = std::getenv("UPDATE");
  if (update == nullptr || std::string(update) != "1") {
    EXPECT_EQ(hash, hashes[name]) << "if this change of decisions was meant, run with UPDATE=1";
    return;
  }
  hashes[name] = hash;
  std::ofstream file(hash_file);
  for (const auto& [run, value] : hashes) file << run << ' ' << value << '\n';
  EXPECT_TRUE(file.good()) << hash_file;
}

TEST(GoldenRun, kth_under_easy_decides_as_ever) {
  expect_golden("kth_easy", kth_on_100_cores(0, "easy"));
}

TEST(GoldenRun, kth_first_5000_under_conservative_decides_as_ever) {
  expect_golden("kth_5000_conservative", kth_on_100_cores(5000, "conservative"));
}

TEST(GoldenRun, kth_first_5000_under_wfp3_and_easy_decides_as_ever) {
  expect_golden("kth_5000_wfp3_easy", kth_on_100_cores(5000, "wfp3+easy"));
}

TEST(GoldenRun, tiers_with_several_resources_decide_as_ever) {
  expect_golden("tiered_resources_easy", tiered_with_several_resources());
}

TEST(GoldenRun, whole_nodes_of_several_classes_decide_as_ever) {
  expect_golden("whole_nodes_conservative", whole_nodes_of_several_classes());
}

}  // namespace
}  // namespace nexa::simulator
