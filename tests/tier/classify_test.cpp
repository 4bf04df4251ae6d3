#include "tier/classify.hpp"

#include <gtest/gtest.h>

namespace nexa::tier {
namespace {

constexpr std::uint64_t gib = 1'048'576;  // in KiB

Profile machine(std::uint32_t cores, std::uint64_t memory_gib) {
  Profile profile;
  profile.packages.push_back({cores, cores, ""});
  profile.physical_cores = cores;
  profile.hardware_threads = cores;
  profile.numa_nodes = 1;
  profile.memory_kib = memory_gib * gib;
  return profile;
}

Gpu gpu(std::string model) {
  return Gpu{"NVIDIA", std::move(model), "PCI", "", std::nullopt};
}

NetworkCard card(NetworkKind kind) {
  NetworkCard result;
  result.kind = kind;
  return result;
}

Classification verdict(const Profile& profile) {
  return classify(default_catalog(), profile);
}

TEST(Classify, APlainMachineIsOfTheLowestTierAndLearnsWhy) {
  const Classification found = verdict(machine(4, 16));
  EXPECT_EQ(found.tier, core::TierId{0});
  EXPECT_EQ(verdict_text(found), "tier cpu: rule 'any machine' (physical cores 4 >= 1)");
  const std::vector<std::string> expected{
      "not hpc: rule 'data-centre GPUs' (data-centre GPUs 0 < 1; physical cores 4 < 16; memory 16 "
      "GiB < 60 GiB)",
      "not hpc: rule 'many cores with a fast network' (physical cores 4 < 32; memory 16 GiB < 60 "
      "GiB; RDMA network links 0 < 1)",
      "not hpc: rule 'large shared memory' (memory 16 GiB < 500 GiB; physical cores 4 < 64)",
      "not consumer_gpu: rule 'consumer graphics card' (consumer GPUs 0 < 1)",
      "not consumer_gpu: rule 'data-centre GPU in a small machine' (data-centre GPUs 0 < 1)"};
  EXPECT_EQ(why_not_higher(found), expected);
}

TEST(Classify, AGraphicsCardMakesAConsumerGpuNode) {
  Profile profile = machine(8, 32);
  profile.gpus.push_back(gpu("GeForce RTX 3090"));
  const Classification found = verdict(profile);
  EXPECT_EQ(verdict_text(found),
            "tier consumer_gpu: rule 'consumer graphics card' (consumer GPUs 1 >= 1)");
  ASSERT_EQ(found.higher.size(), 1U);
  EXPECT_EQ(found.higher[0].name, "hpc");
  EXPECT_EQ(found.capabilities, std::vector<std::string>{"gpu"});
}

TEST(Classify, AFastNetworkMakesAManyCoreMachineHpc) {
  Profile profile = machine(64, 256);
  EXPECT_EQ(verdict(profile).name, "cpu");
  profile.networks.push_back(card(NetworkKind::ethernet));
  EXPECT_EQ(verdict(profile).name, "cpu") << "plain Ethernet is no fast network";
  profile.networks.push_back(card(NetworkKind::infiniband));
  const Classification found = verdict(profile);
  EXPECT_EQ(verdict_text(found),
            "tier hpc: rule 'many cores with a fast network' (physical cores 64 >= 32)");
  EXPECT_TRUE(found.higher.empty());
  const std::vector<std::string> capabilities{"mpi", "big_memory"};
  EXPECT_EQ(found.capabilities, capabilities);
}

TEST(Classify, ThresholdsAreInclusive) {
  Profile profile = machine(32, 60);
  profile.networks.push_back(card(NetworkKind::slingshot));
  EXPECT_EQ(verdict(profile).name, "hpc");
  profile.memory_kib -= 1;
  const Classification below = verdict(profile);
  EXPECT_EQ(below.name, "cpu");
  const std::vector<Check> unmet{
      Check{{Figure::memory, 60 * gib}, static_cast<std::int64_t>(60 * gib - 1)}};
  EXPECT_EQ(below.higher.at(0).rules.at(1).unmet, unmet);
  EXPECT_EQ(why_not_higher(below)[1],
            "not hpc: rule 'many cores with a fast network' (memory 59.9 GiB < 60 GiB)");
}

TEST(Classify, AllConditionsOfTheRuleThatDecidedAreInTheEvidence) {
  Profile profile = machine(32, 512);
  for (int i = 0; i < 4; ++i) profile.gpus.push_back(gpu("A100-SXM4-40GB"));
  const Classification found = verdict(profile);
  EXPECT_EQ(found.rule, "data-centre GPUs");
  ASSERT_EQ(found.checks.size(), 3U);
  EXPECT_EQ(found.decided_by, (Check{{Figure::datacenter_gpus, 1}, 4}));
  EXPECT_EQ(found.checks[1], (Check{{Figure::physical_cores, 16}, 32}));
}

TEST(Classify, AScreenOnlyChipIsNotCountedAsAGpu) {
  Profile profile = machine(8, 32);
  profile.gpus.push_back(Gpu{"ASPEED", "AST2500", "PCI", "", std::nullopt});
  const Classification found = verdict(profile);
  EXPECT_EQ(found.name, "cpu");
  EXPECT_TRUE(found.capabilities.empty());
  EXPECT_EQ(measure(default_catalog().gpu_models, profile).get(Figure::gpus), 0);
}

TEST(Classify, ABenchmarkLowersATierAndSaysSo) {
  Profile profile = machine(64, 256);
  profile.networks.push_back(card(NetworkKind::infiniband));
  profile.benchmark = 499;
  const Classification found = verdict(profile);
  EXPECT_EQ(found.name, "cpu");
  EXPECT_EQ(found.higher.at(0).benchmark, (BenchmarkMiss{499, 500}));
  EXPECT_EQ(why_not_higher(found)[0],
            "not hpc: benchmark 499 < 500 per mille of the reference core");
}

TEST(Classify, ABenchmarkNeverRaisesATier) {
  Profile profile = machine(4, 16);
  const Classification without = verdict(profile);
  profile.benchmark = 1'000'000;
  EXPECT_EQ(verdict(profile).name, without.name);
  EXPECT_EQ(why_not_higher(verdict(profile)), why_not_higher(without));
}

TEST(Classify, ABenchmarkOnTheLimitIsEnough) {
  Profile profile = machine(64, 256);
  profile.networks.push_back(card(NetworkKind::roce));
  profile.benchmark = 500;
  EXPECT_EQ(verdict(profile).name, "hpc");
}

TEST(Classify, AFigureThatWasNotMeasuredMeetsNoCondition) {
  Catalog catalog = default_catalog();
  catalog.tiers[1].any_of = {Rule{"large GPU", {{Figure::gpu_memory, 1}}}};
  Profile profile = machine(8, 32);
  profile.gpus.push_back(gpu("GeForce RTX 3090"));
  const Classification unknown = classify(catalog, profile);
  EXPECT_EQ(unknown.name, "cpu");
  EXPECT_EQ(why_not_higher(unknown).back(),
            "not consumer_gpu: rule 'large GPU' (GPU memory not measured, needs 1 KiB)");
  profile.gpus[0].memory_kib = 24 * gib;
  EXPECT_EQ(classify(catalog, profile).name, "consumer_gpu");
}

TEST(Classify, TheFirstRuleThatHoldsIsNamed) {
  Profile profile = machine(64, 1024);
  profile.networks.push_back(card(NetworkKind::omni_path));
  EXPECT_EQ(verdict(profile).rule, "many cores with a fast network");
  profile.networks.clear();
  EXPECT_EQ(verdict(profile).rule, "large shared memory");
}

TEST(Classify, ATierAddedToTheCatalogueIsFound) {
  Catalog catalog = default_catalog();
  catalog.tiers.push_back({"exascale", "", {Rule{"eight GPUs", {{Figure::gpus, 8}}}}, {}});
  Profile profile = machine(64, 512);
  for (int i = 0; i < 8; ++i) profile.gpus.push_back(gpu("GH200"));
  EXPECT_EQ(classify(catalog, profile).tier, core::TierId{3});
  profile.gpus.pop_back();
  EXPECT_EQ(classify(catalog, profile).name, "hpc");
}

TEST(Figures, ThatOfNetworkSpeedIsTheFastestLink) {
  Profile profile = machine(1, 1);
  const GpuModels models;
  EXPECT_EQ(measure(models, profile).get(Figure::network_mbit), 0);
  profile.networks = {card(NetworkKind::ethernet), card(NetworkKind::ethernet)};
  EXPECT_EQ(measure(models, profile).get(Figure::network_mbit), std::nullopt);
  profile.networks[0].speed_mbit = 1000;
  profile.networks[1].speed_mbit = 25'000;
  EXPECT_EQ(measure(models, profile).get(Figure::network_mbit), 25'000);
}

}  // namespace
}  // namespace nexa::tier
