// The experiments of configs/attacks: every file must be readable, and those of a pair must differ
// in the one defence only.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "io/platform_file.hpp"
#include "io/scenario_file.hpp"
#include "tests/io/yaml_helpers.hpp"

namespace nexa::io {
namespace {

namespace fs = std::filesystem;
using testing::three_tiers;

const fs::path folder = fs::path(NEXA_SOURCE_DIR) / "configs" / "attacks";

/// The names of the scenarios, without `.yaml`.
std::set<std::string> scenario_names() {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".yaml") names.insert(entry.path().stem());
  }
  return names;
}

struct Experiment {
  ScenarioSpec scenario;
  core::Platform platform;
};

Experiment load(const std::string& name) {
  SCOPED_TRACE(name);
  Experiment experiment;
  Diagnostics diagnostics;
  auto scenario = load_scenario(folder / (name + ".yaml"), three_tiers(), diagnostics);
  EXPECT_TRUE(scenario) << diagnostics.to_text();
  if (!scenario) return experiment;
  experiment.scenario = std::move(*scenario);
  auto platform = load_platform(experiment.scenario.platform.value, three_tiers(), diagnostics);
  EXPECT_TRUE(platform) << diagnostics.to_text();
  if (platform) experiment.platform = std::move(*platform);
  check_rules(experiment.scenario, experiment.platform, diagnostics);
  check_names(experiment.scenario, experiment.platform, diagnostics);
  EXPECT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  return experiment;
}

TEST(AttackConfigs, have_300_volunteers_and_arbiters_that_may_err) {
  const auto names = scenario_names();
  EXPECT_EQ(names.size(), 22U);
  for (const std::string& name : names) {
    SCOPED_TRACE(name);
    const Experiment experiment = load(name);
    EXPECT_EQ(experiment.scenario.name, name);
    ASSERT_FALSE(experiment.platform.groups.empty());
    // These show what nodes can do who only have each other, and get old.
    if (name.starts_with("a11-")) continue;
    std::uint64_t volunteers = 0;
    for (const core::NodeGroup& group : experiment.platform.groups) {
      if (group.spec.tier.value == 0) volunteers += group.count;
    }
    EXPECT_EQ(volunteers, 300U);
    const core::NodeGroup& arbiter = experiment.platform.groups.back();
    EXPECT_EQ(arbiter.spec.tier.value, 2);
    ASSERT_EQ(arbiter.behaviours.size(), 1U);
    EXPECT_EQ(
        arbiter.behaviours[0],
        (core::BehaviourShare{core::SilentCorruption{10, 10, 500'000}, arbiter.count, 0, {}}));
  }
}

TEST(AttackConfigs, of_a_pair_differ_in_defences_only) {
  std::size_t pairs = 0;
  for (const std::string& name : scenario_names()) {
    if (!name.ends_with("-on")) continue;
    SCOPED_TRACE(name);
    ++pairs;
    const Experiment on = load(name);
    const Experiment off = load(name.substr(0, name.size() - 3) + "-off");
    EXPECT_EQ(on.scenario.defences, core::Defences{});
    EXPECT_NE(off.scenario.defences, core::Defences{});
    EXPECT_EQ(on.scenario.platform.value, off.scenario.platform.value);
    EXPECT_EQ(on.scenario.seed, off.scenario.seed);
    EXPECT_EQ(on.scenario.economy, off.scenario.economy);
    EXPECT_EQ(on.scenario.coordinator.faults, off.scenario.coordinator.faults);
    ASSERT_TRUE(on.scenario.workload.synthetic && off.scenario.workload.synthetic);
    EXPECT_EQ(on.scenario.workload.synthetic->model, off.scenario.workload.synthetic->model);
  }
  EXPECT_EQ(pairs, 8U);
}

TEST(AttackConfigs, name_their_schemas) {
  const std::string marker = "# yaml-language-server: $schema=";
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".yaml") continue;
    SCOPED_TRACE(entry.path());
    std::ifstream file(entry.path());
    std::string line;
    std::getline(file, line);
    ASSERT_TRUE(line.starts_with(marker));
    EXPECT_TRUE(fs::exists(entry.path().parent_path() / line.substr(marker.size())));
  }
}

}  // namespace
}  // namespace nexa::io
