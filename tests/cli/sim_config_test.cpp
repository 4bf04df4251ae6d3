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

/// A scenario with every section of a simulated world, each key away from its default.
constexpr const char* simulated_world = R"(name: world
platform: cores:4
workload:
  synthetic: {jobs: 500, min_run_time: 30s, max_run_time: 2m, limit: 1.5, load: 0.75, cores: 2,
              users: 3, tier: hpc}
requesters:
  - {name: griefers, share: 0.1, budget: 20.5, poison: 0.01, cancels: 0.2, cancels_at: 0.5,
     withholds: true, disputes: 1, notices: 0.3, slanders: 0.4, burst: 1000}
  - {name: others}
economy: {review_every: 12h, cost: 0.01, idle_cost: 0.001, stake: 5, registration_fee: 2,
          patience: 4, horizon: 7, probation_jobs: 8, present: 0.5}
availability:
  - {group: a, mean_up: 10h, mean_down: 30m, up_shape: 0.7, down_shape: 2}
  - {trace: "a \"strange\" name: #1.csv", system: 20}
defences: {commit_reveal: unsalted, vesting: false, sandbox: false}
coordinator: {skip_audits: 0.5, favoured_group: friends, fork_at: 100, backdate: 5m,
              bank_down: [{from: 1h, for: 10m}, {from: 2h, for: 1s}]}
)";

TEST(ConfigYaml, OfASimulatedWorldIsReadBackAsTheSame) {
  const io::ScenarioSpec spec = decoded(simulated_world);
  ASSERT_TRUE(spec.workload.synthetic);
  const io::ScenarioSpec again = decoded(config_yaml(spec));
  ASSERT_TRUE(again.workload.synthetic);
  EXPECT_EQ(again.workload.synthetic->model, spec.workload.synthetic->model);
  EXPECT_EQ(again.workload.synthetic->tier.value, "hpc");
  EXPECT_EQ(again.requesters, spec.requesters);
  EXPECT_EQ(again.economy, spec.economy);
  ASSERT_EQ(again.availability.size(), 2U);
  EXPECT_EQ(again.availability[0].model, spec.availability[0].model);
  EXPECT_EQ(again.availability[0].group.value, "a");
  EXPECT_EQ(again.availability[1].trace.value, spec.availability[1].trace.value);
  EXPECT_EQ(again.availability[1].system, 20U);
  EXPECT_EQ(again.defences, spec.defences);
  EXPECT_EQ(again.coordinator.faults, spec.coordinator.faults);
  EXPECT_EQ(again.coordinator.favoured_group.value, "friends");
}

TEST(ConfigYaml, SaysNothingOfAWorldThatIsNotSimulated) {
  const std::string text = config_yaml(full_spec());
  for (const char* key : {"requesters", "economy", "availability", "defences", "coordinator"}) {
    EXPECT_EQ(text.find(key), std::string::npos) << key;
  }
}

TEST(WorkloadName, IsThatOfTheFileWithoutFoldersAndEndings) {
  EXPECT_EQ(workload_name_of("traces/KTH-SP2-1996-2.1-cln.swf.gz"), "KTH-SP2-1996-2.1-cln");
  EXPECT_EQ(workload_name_of("/a/b.swf"), "b");
  EXPECT_EQ(workload_name_of("jobs"), "jobs");
  EXPECT_EQ(workload_name_of(".swf"), ".swf");
}

}  // namespace
}  // namespace nexa::cli
