#include "io/scenario_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "io/platform_file.hpp"
#include "tests/io/scratch.hpp"
#include "tests/io/yaml_helpers.hpp"

namespace nexa::io {
namespace {

using testing::expect_one_error;
using testing::find_error;
using testing::source_of;
using testing::three_tiers;

const std::string source_dir = NEXA_SOURCE_DIR;

core::Result<ScenarioSpec> decode(const std::string& text, Diagnostics& diagnostics) {
  return decode_scenario(source_of(text), three_tiers(), diagnostics);
}

/// A scenario with these rules, each on one line from line 6 on.
std::string with_rules(const std::string& rules) {
  return "name: x\nplatform: cores:4\nworkload:\n  file: w.swf\n  tiers:\n" + rules;
}

Diagnostics rule_errors(const std::string& rules) {
  Diagnostics diagnostics;
  EXPECT_FALSE(decode(with_rules(rules), diagnostics)) << rules;
  return diagnostics;
}

TEST(ScenarioFile, NeedsLittle) {
  Diagnostics diagnostics;
  const auto scenario =
      decode("name: x\nplatform: cores:100\nworkload: {file: w.swf}\n", diagnostics);
  ASSERT_TRUE(scenario) << diagnostics.to_text();
  EXPECT_EQ(scenario->name, "x");
  EXPECT_EQ(scenario->workload.file.value, "w.swf");
  EXPECT_FALSE(scenario->workload.strict);
  EXPECT_FALSE(scenario->workload.first);
  EXPECT_EQ(scenario->workload.sharing, core::Sharing::shared);
  EXPECT_FALSE(scenario->workload.use_memory);
  EXPECT_TRUE(scenario->workload.tiers.empty());
  EXPECT_EQ(scenario->platform.value, "cores:100");
  EXPECT_EQ(scenario->policy.text, "fcfs+easy");
  EXPECT_EQ(scenario->seed, 1U);
  EXPECT_EQ(scenario->outputs.report, "");
}

TEST(ScenarioFile, DecodesEveryField) {
  Diagnostics diagnostics;
  const auto scenario = decode(
      "name: x\n"
      "workload:\n"
      "  {file: w.swf, strict: true, first: 5000, sharing: whole_nodes, memory: requested}\n"
      "platform: p.yaml\n"
      "policy: sjf+easy:order=saf\n"
      "seed: 9223372036854775807\n"
      "outputs: {report: r.html, hdf5: h.h5, csv: c, json: j.json}\n",
      diagnostics);
  ASSERT_TRUE(scenario) << diagnostics.to_text();
  EXPECT_TRUE(scenario->workload.strict);
  EXPECT_EQ(scenario->workload.first, 5000U);
  EXPECT_EQ(scenario->workload.sharing, core::Sharing::whole_nodes);
  EXPECT_TRUE(scenario->workload.use_memory);
  EXPECT_EQ(scenario->platform.place.line, 4);
  EXPECT_EQ(scenario->policy.text, "sjf+easy:order=saf");
  EXPECT_EQ(scenario->seed, 9'223'372'036'854'775'807U);
  EXPECT_EQ(scenario->outputs.report, "r.html");
  EXPECT_EQ(scenario->outputs.hdf5, "h.h5");
  EXPECT_EQ(scenario->outputs.csv, "c");
  EXPECT_EQ(scenario->outputs.json, "j.json");
}

TEST(ScenarioFile, RefusesTyposInEveryPart) {
  Diagnostics diagnostics;
  EXPECT_FALSE(decode("nam: x\nplatform: cores:1\nworkload: {fil: w, sharing: share}\nsed: 1\n",
                      diagnostics));
  find_error(diagnostics, 1, 1, "unknown key 'nam'");
  find_error(diagnostics, 1, 1, "missing key 'name'");
  find_error(diagnostics, 3, 12, "unknown key 'workload.fil'");
  find_error(diagnostics, 3, 11, "needs either 'file' or 'synthetic'");
  find_error(diagnostics, 3, 29, "must be shared or whole_nodes");
  find_error(diagnostics, 4, 1, "unknown key 'sed'");
  EXPECT_EQ(diagnostics.count(), 6U) << diagnostics.to_text();
}

TEST(ScenarioFile, LocatesAWrongShortPlatform) {
  Diagnostics diagnostics;
  EXPECT_FALSE(decode("name: x\nplatform: cores:many\nworkload: {file: w}\n", diagnostics));
  expect_one_error(diagnostics, 2, 11, "'cores:many' must name a number of cores", "cores:100");
}

TEST(TierRules, SayWhichTiersJobsRunOn) {
  Diagnostics diagnostics;
  const auto scenario =
      decode(with_rules("    - {tier: consumer_gpu, share: 0.15, gpus_per_slot: 1, max_slots: 4}\n"
                        "    - {min_tier: consumer_gpu, min_slots: 32, min_time_limit: 1h,\n"
                        "       max_time_limit: 1-00:00:00, cores_per_slot: 2, gpus_per_slot: 1,\n"
                        "       gpu_type: a100}\n"),
             diagnostics);
  ASSERT_TRUE(scenario) << diagnostics.to_text();
  ASSERT_EQ(scenario->workload.tiers.size(), 2U);
  const TierRule& exact = scenario->workload.tiers[0];
  EXPECT_EQ(exact.tiers, 0b010U);
  EXPECT_EQ(exact.share_ppm, 150'000U);
  EXPECT_EQ(exact.gpus_per_slot, 1U);
  EXPECT_EQ(exact.min_slots, 1U);
  EXPECT_EQ(exact.max_slots, 4U);
  EXPECT_EQ(exact.min_time_limit, core::Duration{});
  EXPECT_EQ(exact.gpu_type.value, "");
  const TierRule& above = scenario->workload.tiers[1];
  EXPECT_EQ(above.tiers, core::all_tiers & ~core::TierMask{1});
  EXPECT_EQ(above.share_ppm, 1'000'000U);
  EXPECT_EQ(above.min_slots, 32U);
  EXPECT_EQ(above.max_slots, UINT32_MAX);
  EXPECT_EQ(above.min_time_limit, core::seconds(3600));
  EXPECT_EQ(above.max_time_limit, core::seconds(86'400));
  EXPECT_EQ(above.cores_per_slot, 2U);
  EXPECT_EQ(above.gpu_type.value, "a100");
}

TEST(TierRules, RefuseUnknownTiers) {
  expect_one_error(rule_errors("    - {tier: gpu_consumer}\n"), 6, 14, "unknown tier");
  expect_one_error(rule_errors("    - {min_tier: hcp}\n"), 6, 18, "unknown tier 'hcp'",
                   "did you mean 'hpc'?");
}

TEST(TierRules, NeedExactlyOneTier) {
  expect_one_error(rule_errors("    - {min_slots: 2}\n"), 6, 7,
                   "needs either 'tier' or 'min_tier'");
  expect_one_error(rule_errors("    - {tier: cpu, min_tier: cpu}\n"), 6, 7, "needs either");
}

TEST(TierRules, RefuseConditionsThatNoJobMeets) {
  expect_one_error(rule_errors("    - {tier: cpu, min_slots: 5, max_slots: 4}\n"), 6, 7,
                   "takes no job: min_slots is 5, max_slots is 4");
  expect_one_error(rule_errors("    - {tier: cpu, min_time_limit: 2h, max_time_limit: 1h}\n"), 6, 7,
                   "takes no job");
  expect_one_error(rule_errors("    - {tier: cpu, share: 0}\n"), 6, 26, "from 0.000001 to 1");
  expect_one_error(rule_errors("    - {tier: cpu, share: 15%}\n"), 6, 26, "not a decimal number");
  expect_one_error(rule_errors("    - {tier: cpu, gpu_type: a100}\n"), 6, 29,
                   "gpu_type needs gpus_per_slot");
  expect_one_error(rule_errors("    - {tier: cpu, max_time_limit: 60}\n"), 6, 35, "needs a unit");
  expect_one_error(rule_errors("    - {tier: cpu, max_time_limit: -60s}\n"), 6, 35, "negative");
}

TEST(TierRules, ThatNoNodeServesAreImpossible) {
  Diagnostics diagnostics;
  const auto platform = decode_platform(
      source_of("name: p\ngroups:\n"
                "  - {name: a, count: 1, tier: cpu, cores: 4, memory: 1G}\n"
                "  - {name: b, count: 1, tier: consumer_gpu, cores: 2, memory: 1G,\n"
                "     gpus: {type: rtx, count: 2}}\n"),
      three_tiers(), diagnostics);
  const auto scenario =
      decode(with_rules("    - {tier: hpc}\n"
                        "    - {min_tier: hpc}\n"
                        "    - {tier: consumer_gpu, gpus_per_slot: 3}\n"
                        "    - {min_tier: cpu, cores_per_slot: 4, gpus_per_slot: 1}\n"
                        "    - {min_tier: cpu, gpus_per_slot: 1, gpu_type: rxt}\n"
                        "    - {min_tier: cpu, gpus_per_slot: 2, gpu_type: rtx}\n"
                        "    - {tier: cpu, cores_per_slot: 4}\n"),
             diagnostics);
  ASSERT_TRUE(platform && scenario) << diagnostics.to_text();
  check_rules(*scenario, *platform, diagnostics);
  EXPECT_EQ(diagnostics.count(), 5U) << diagnostics.to_text();
  find_error(diagnostics, 6, 14, "no node of platform 'p' has tier 'hpc'");
  EXPECT_EQ(diagnostics.entries()[0].hint, "its tiers: cpu, consumer_gpu");
  find_error(diagnostics, 7, 18, "has tier 'hpc'");
  find_error(diagnostics, 8, 14, "the 1 cores and 3 GPUs of one slot");
  find_error(diagnostics, 9, 18, "the 4 cores and 1 GPUs of one slot");
  const Diagnostic* type = find_error(diagnostics, 10, 51, "GPUs of type 'rxt'");
  ASSERT_NE(type, nullptr);
  EXPECT_EQ(type->hint, "did you mean 'rtx'?");
  EXPECT_EQ(diagnostics.first_error().code, core::ErrorCode::unsatisfiable);
}

class ScenarioFolder : public ::testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_ / "scenarios"); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return (folder_ / name).string();
  }
  const testing::Scratch scratch_;
  const std::filesystem::path folder_ = scratch_.path();
};

TEST_F(ScenarioFolder, IsWhatInputFilesAreRelativeTo) {
  write("w.swf", "; nothing\n");
  write("p.yaml", "name: p\n");
  write("policy.yaml", "order: sjf\n");
  const std::string file =
      write("scenarios/s.yaml",
            "name: x\nworkload: {file: ../w.swf}\nplatform: ../p.yaml\npolicy: ../policy.yaml\n"
            "outputs: {json: out.json}\n");
  Diagnostics diagnostics;
  const auto scenario = load_scenario(file, three_tiers(), diagnostics);
  ASSERT_TRUE(scenario) << diagnostics.to_text();
  EXPECT_EQ(scenario->workload.file.value, (folder_ / "w.swf").string());
  EXPECT_EQ(scenario->platform.value, (folder_ / "p.yaml").string());
  EXPECT_EQ(scenario->policy.text, "sjf");
  EXPECT_EQ(scenario->outputs.json, "out.json");
}

TEST_F(ScenarioFolder, MissesNoMissingFile) {
  const std::string file = write("s.yaml",
                                 "name: x\nworkload: {file: none.swf}\nplatform: scenarios\n"
                                 "policy: none.yaml\n");
  Diagnostics diagnostics;
  EXPECT_FALSE(load_scenario(file, three_tiers(), diagnostics));
  EXPECT_EQ(diagnostics.count(), 3U) << diagnostics.to_text();
  find_error(diagnostics, 2, 18, "no such file");
  find_error(diagnostics, 3, 11, "is a folder");
  find_error(diagnostics, 4, 9, "no such file");
}

TEST_F(ScenarioFolder, ReportsErrorsOfAPolicyFileInThatFile) {
  write("w.swf", "");
  write("policy.yaml", "order: sjf\nbackfil: easy\n");
  const std::string file =
      write("s.yaml", "name: x\nworkload: {file: w.swf}\nplatform: cores:4\npolicy: policy.yaml\n");
  Diagnostics diagnostics;
  EXPECT_FALSE(load_scenario(file, three_tiers(), diagnostics));
  expect_one_error(diagnostics, 2, 1, "unknown key 'backfil'", "did you mean 'backfill'?");
  EXPECT_EQ(diagnostics.entries()[0].file, (folder_ / "policy.yaml").string());
}

TEST_F(ScenarioFolder, SurvivesEveryTruncationOfAScenario) {
  std::ifstream demo(source_dir + "/configs/scenarios/demo.yaml", std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(demo), {}};
  ASSERT_GT(whole.size(), 500U);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    Diagnostics diagnostics;
    const auto scenario = decode(whole.substr(0, size), diagnostics);
    ASSERT_EQ(scenario.has_value(), diagnostics.ok()) << size;
    if (scenario) continue;
    ASSERT_GT(diagnostics.entries()[0].line, 0) << size;
  }
}

TEST(BundledScenarios, DemoRunsOnItsPlatform) {
  Diagnostics diagnostics;
  const auto scenario =
      load_scenario(source_dir + "/configs/scenarios/demo.yaml", three_tiers(), diagnostics);
  ASSERT_TRUE(scenario) << diagnostics.to_text();
  const auto platform = load_platform(scenario->platform.value, three_tiers(), diagnostics);
  ASSERT_TRUE(platform) << diagnostics.to_text();
  check_rules(*scenario, *platform, diagnostics);
  EXPECT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  EXPECT_EQ(scenario->workload.tiers.size(), 2U);
  EXPECT_EQ(scenario->policy.text, "fcfs+easy");
}

}  // namespace
}  // namespace nexa::io
