#include "cli/commands/node.hpp"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/commands/node_slurm.hpp"

namespace nexa::cli {
namespace {

std::string data_file(const std::string& name) {
  return std::string(NEXA_SOURCE_DIR) + "/tests/data/hwloc/" + name;
}

struct Outcome {
  int exit_code = -1;
  std::string out;
  std::string err;
};

/// `nexa node profile` with the given arguments.
Outcome profile(std::vector<std::string> arguments) {
  CLI::App app("nexa");
  CommandContext context;
  app.add_flag("--json", context.options.json);
  app.add_flag("--quiet", context.options.quiet);
  add_node_commands(app, context);
  arguments.insert(arguments.begin(), {"node", "profile"});
  std::reverse(arguments.begin(), arguments.end());  // CLI11 takes a vector last word first
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  app.parse(arguments);
  Outcome run;
  run.exit_code = context.exit_code;
  run.out = ::testing::internal::GetCapturedStdout();
  run.err = ::testing::internal::GetCapturedStderr();
  return run;
}

Outcome profile_of(const std::string& file, std::vector<std::string> arguments = {}) {
  arguments.insert(arguments.end(), {"--hwloc-xml", data_file(file)});
  return profile(std::move(arguments));
}

TEST(NodeProfile, EndsWithTheTierAndWhyItIsNotAHigherOne) {
  const Outcome run = profile_of("workstation_geforce.xml");
  EXPECT_EQ(run.exit_code, exit_done);
  EXPECT_EQ(run.err, "");
  EXPECT_NE(run.out.find("GPUs          1 x NVIDIA Corporation NVIDIA GeForce RTX 3090, 24.2 GiB "
                         "(consumer, by NVML)\n"),
            std::string::npos)
      << run.out;
  const std::string ending =
      "tier consumer_gpu: rule 'consumer graphics card' (consumer GPUs 1 >= 1)\n"
      "  not hpc: rule 'data-centre GPUs' (data-centre GPUs 0 < 1)\n"
      "  not hpc: rule 'many cores with a fast network' (physical cores 16 < 32; RDMA network "
      "links 0 < 1)\n"
      "  not hpc: rule 'large shared memory' (memory 62.5 GiB < 500 GiB; physical cores 16 < 64)\n";
  ASSERT_GE(run.out.size(), ending.size());
  EXPECT_EQ(run.out.substr(run.out.size() - ending.size()), ending);
}

TEST(NodeProfile, JsonHoldsTheEvidence) {
  const Outcome run = profile_of("a100_node.xml", {"--json"});
  EXPECT_EQ(run.exit_code, exit_done);
  const auto json = nlohmann::json::parse(run.out);
  EXPECT_EQ(json["schema"], "nexa.node_profile/1");
  EXPECT_EQ(json["hostname"], "gpu03");
  EXPECT_EQ(json["physical_cores"], 32);
  EXPECT_EQ(json["gpus"].size(), 5U);
  EXPECT_EQ(json["gpus"][0]["class"], "datacenter");
  EXPECT_EQ(json["gpus"][3]["class"], "display_only");
  EXPECT_TRUE(json["gpus"][0]["memory_kib"].is_null());
  EXPECT_EQ(json["tier"]["name"], "hpc");
  EXPECT_EQ(json["tier"]["rank"], 2);
  EXPECT_EQ(json["tier"]["decided_by"],
            (nlohmann::json{{"figure", "datacenter_gpus"}, {"found", 4}, {"needed", 1}}));
  EXPECT_TRUE(json["tier"]["higher"].empty());
  EXPECT_FALSE(json.contains("slurm"));
}

TEST(NodeProfile, JsonListsWhatIsMissingForEachHigherTier) {
  const auto json = nlohmann::json::parse(profile_of("desktop_4core.xml", {"--json"}).out);
  const auto& higher = json["tier"]["higher"];
  ASSERT_EQ(higher.size(), 2U);
  EXPECT_EQ(higher[1]["name"], "consumer_gpu");
  EXPECT_EQ(higher[1]["rules"][0]["unmet"][0],
            (nlohmann::json{{"figure", "consumer_gpus"}, {"found", 0}, {"needed", 1}}));
}

TEST(NodeProfile, SlurmLineDescribesGpusAndTier) {
  const Outcome run = profile_of("a100_node.xml", {"--slurm"});
  EXPECT_EQ(run.out,
            "NodeName=gpu03 CPUs=64 Boards=1 SocketsPerBoard=2 CoresPerSocket=16 ThreadsPerCore=2 "
            "RealMemory=516096 Gres=gpu:a100_sxm4_40gb:4 Feature=tier_hpc\n");
  EXPECT_EQ(run.err, "");
}

TEST(NodeProfile, SlurmNameIsTheHostNameUpToThePointOrTheGivenOne) {
  EXPECT_EQ(profile_of("hpc_infiniband.xml", {"--slurm"}).out.substr(0, 16), "NodeName=hpc017 ");
  EXPECT_EQ(profile_of("hpc_infiniband.xml", {"--slurm", "--name", "n1"}).out.substr(0, 12),
            "NodeName=n1 ");
}

TEST(NodeProfile, SlurmLineOfAHybridMachineCountsEveryCoreOnce) {
  const Outcome run = profile_of("hybrid_laptop.xml", {"--slurm"});
  EXPECT_EQ(run.out,
            "NodeName=laptop CPUs=14 Boards=1 SocketsPerBoard=1 CoresPerSocket=14 ThreadsPerCore=1 "
            "RealMemory=31744 Feature=tier_cpu\n");
  EXPECT_EQ(run.err,
            "note: 6 of 20 hardware threads are left out: Slurm describes a node by equal sockets "
            "of equal cores\n");
  EXPECT_EQ(profile_of("hybrid_laptop.xml", {"--slurm", "--quiet"}).err, "");
}

TEST(NodeProfile, SlurmLineOfUnequalSocketsPromisesTheSmallerOne) {
  const Outcome run = profile_of("unequal_sockets.xml", {"--slurm", "--json"});
  const auto json = nlohmann::json::parse(run.out);
  EXPECT_EQ(json["slurm"]["line"],
            "NodeName=odd CPUs=24 Boards=1 SocketsPerBoard=2 CoresPerSocket=6 ThreadsPerCore=2 "
            "RealMemory=32768 Feature=tier_cpu");
  EXPECT_EQ(json["slurm"]["threads_left_out"], 4);
}

TEST(NodeProfile, SlurmRefusesANameThatItCannotHold) {
  const Outcome run = profile_of("hpc_infiniband.xml", {"--slurm", "--name", "a b"});
  EXPECT_EQ(run.exit_code, exit_usage);
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(run.err,
            "nexa: error: 'a b' is not a node name for Slurm\n"
            "     = help: use letters, digits, '-', '_' and '.'\n");
}

TEST(NodeProfile, ABrokenTopologyExitsWithTwoAndPrintsNothingElse) {
  const Outcome run = profile_of("bad_truncated.xml");
  EXPECT_EQ(run.exit_code, exit_usage);
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(run.err, data_file("bad_truncated.xml") +
                         ": error: the topology is cut off: it does not end with '</topology>'\n"
                         "     = help: copy or export it again\n");
}

TEST(NodeProfile, ABrokenTopologyIsOneDocumentWithJson) {
  const Outcome run = profile_of("bad_wrong_root.xml", {"--json"});
  EXPECT_EQ(run.exit_code, exit_usage);
  EXPECT_EQ(run.err, "");
  const auto json = nlohmann::json::parse(run.out);
  EXPECT_EQ(json["error"]["code"], "corrupt");
  EXPECT_EQ(json["error"]["where"]["file"], data_file("bad_wrong_root.xml"));
}

TEST(NodeProfile, TheCatalogueInTheRepositoryGivesTheBuiltInVerdict) {
  const std::string catalog = std::string(NEXA_SOURCE_DIR) + "/configs/tiers.yaml";
  for (const char* file : {"hpc_infiniband.xml", "workstation_geforce.xml", "desktop_4core.xml"}) {
    const Outcome run = profile_of(file, {"--catalog", catalog});
    EXPECT_EQ(run.exit_code, exit_done) << run.err;
    EXPECT_EQ(run.out, profile_of(file).out);
  }
}

TEST(NodeProfile, AMissingCatalogueExitsWithTwo) {
  const Outcome run = profile_of("desktop_4core.xml", {"--catalog", "no/such/tiers.yaml"});
  EXPECT_EQ(run.exit_code, exit_usage);
  EXPECT_EQ(run.out, "");
  EXPECT_NE(run.err.find("no/such/tiers.yaml"), std::string::npos) << run.err;
}

TEST(SlurmGpuType, IsTheModelInSmallLetters) {
  EXPECT_EQ(slurm_gpu_type("GA100 [A100 SXM4 40GB]"), "a100_sxm4_40gb");
  EXPECT_EQ(slurm_gpu_type("NVIDIA GeForce RTX 3090"), "nvidia_geforce_rtx_3090");
  EXPECT_EQ(slurm_gpu_type("Navi 31 [Radeon RX 7900 XT/7900 XTX]"), "radeon_rx_7900_xt_7900_xtx");
  EXPECT_EQ(slurm_gpu_type("10de:20b0"), "10de_20b0");
  EXPECT_EQ(slurm_gpu_type(""), "");
}

}  // namespace
}  // namespace nexa::cli
