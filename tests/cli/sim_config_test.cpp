#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "cli/sim_inputs.hpp"

namespace nexa::cli {
namespace {

const std::vector<std::string> tiers{"cpu", "consumer_gpu", "hpc"};

/// Reads a configuration as if it stood in a file.
io::ScenarioSpec decoded(const std::string& text) {
  io::Diagnostics diagnostics;
  auto spec = io::decode_scenario(std::make_shared<io::Source>("c.yaml", text), tiers, diagnostics);
  EXPECT_TRUE(spec) << diagnostics.to_text() << text;
  return spec ? *spec : io::ScenarioSpec{};
}

io::ScenarioSpec full_spec() {
  io::ScenarioSpec spec;
  spec.name = "every.field_1";
  spec.workload.file.value = "a \"strange\" name: #1.swf";
  spec.workload.strict = true;
  spec.workload.first = 12;
  spec.workload.sharing = core::Sharing::whole_nodes;
  spec.workload.use_memory = true;
  io::TierRule first;
  first.tier.value = "consumer_gpu";
  first.tiers = 2;
  first.min_slots = 2;
  first.max_slots = 8;
  first.min_time_limit = core::seconds(90);
  first.max_time_limit = core::seconds(86'400);
  first.share_ppm = 123'456;
  first.cores_per_slot = 3;
  first.gpus_per_slot = 2;
  first.gpu_type.value = "rtx4090";
  io::TierRule second;
  second.tier.value = "hpc";
  second.tiers = core::all_tiers & ~core::TierMask{3};
  spec.workload.tiers = {first, second};
  spec.platform.value = "cores:17";
  spec.policy = io::split_policy("sjf+easy:order=saf,depth=9", {});
  spec.seed = 99;
  return spec;
}

TEST(ConfigYaml, IsReadBackAsTheSameConfiguration) {
  const io::ScenarioSpec spec = full_spec();
  const io::ScenarioSpec again = decoded(config_yaml(spec));
  EXPECT_EQ(again.name, spec.name);
  EXPECT_EQ(again.workload.file.value, spec.workload.file.value);
  EXPECT_TRUE(again.workload.strict);
  EXPECT_EQ(again.workload.first, 12U);
  EXPECT_EQ(again.workload.sharing, core::Sharing::whole_nodes);
  EXPECT_TRUE(again.workload.use_memory);
  EXPECT_EQ(again.platform.value, "cores:17");
  EXPECT_EQ(again.policy.text, "sjf+easy:order=saf,depth=9");
  EXPECT_EQ(again.seed, 99U);
  ASSERT_EQ(again.workload.tiers.size(), 2U);
  const io::TierRule& rule = again.workload.tiers[0];
  EXPECT_EQ(rule.tiers, 2U);
  EXPECT_EQ(rule.min_slots, 2U);
  EXPECT_EQ(rule.max_slots, 8U);
  EXPECT_EQ(rule.min_time_limit, core::seconds(90));
  EXPECT_EQ(rule.max_time_limit, core::seconds(86'400));
  EXPECT_EQ(rule.share_ppm, 123'456U);
  EXPECT_EQ(rule.cores_per_slot, 3U);
  EXPECT_EQ(rule.gpus_per_slot, 2U);
  EXPECT_EQ(rule.gpu_type.value, "rtx4090");
  EXPECT_EQ(again.workload.tiers[1].tiers, spec.workload.tiers[1].tiers);
  EXPECT_EQ(again.workload.tiers[1].max_slots, UINT32_MAX);
}

TEST(ConfigYaml, LeavesOutWhatWasNotSaid) {
  io::ScenarioSpec spec;
  spec.name = "plain";
  spec.workload.file.value = "t.swf";
  spec.platform.value = "cores:1";
  spec.policy = io::split_policy("easy", {});
  const std::string text = config_yaml(spec);
  EXPECT_EQ(text.find("first"), std::string::npos);
  EXPECT_EQ(text.find("tiers"), std::string::npos);
  EXPECT_FALSE(decoded(text).workload.first);
}

TEST(WorkloadName, IsThatOfTheFileWithoutFoldersAndEndings) {
  EXPECT_EQ(workload_name_of("traces/KTH-SP2-1996-2.1-cln.swf.gz"), "KTH-SP2-1996-2.1-cln");
  EXPECT_EQ(workload_name_of("/a/b.swf"), "b");
  EXPECT_EQ(workload_name_of("jobs"), "jobs");
  EXPECT_EQ(workload_name_of(".swf"), ".swf");
}

}  // namespace
}  // namespace nexa::cli
