// The seeds of the YAML fuzzer reach every section and every kind of behaviour. A key that is
// added or renamed has to be in them, since a fuzzer does not guess words.

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <variant>

#include "io/platform_file.hpp"
#include "io/read_file.hpp"
#include "io/scenario_file.hpp"
#include "tests/io/yaml_helpers.hpp"

namespace nexa::io {
namespace {

using testing::source_of;
using testing::three_tiers;

std::string seed(const std::string& name) {
  auto text = read_file(std::string(NEXA_SOURCE_DIR) + "/fuzz/corpus/yaml/" + name, 65'536);
  EXPECT_TRUE(text) << name;
  return text ? std::move(*text) : std::string();
}

ScenarioSpec scenario(const std::string& name) {
  Diagnostics diagnostics;
  auto spec = decode_scenario(source_of(seed(name)), three_tiers(), diagnostics);
  EXPECT_TRUE(spec) << diagnostics.to_text();
  return spec ? std::move(*spec) : ScenarioSpec{};
}

TEST(FuzzSeeds, HaveEverySectionOfAScenario) {
  const ScenarioSpec world = scenario("world.yaml");
  EXPECT_TRUE(world.workload.synthetic);
  EXPECT_FALSE(world.requesters.empty());
  EXPECT_TRUE(world.economy);
  EXPECT_EQ(world.availability.size(), 2U);
  EXPECT_NE(world.defences, core::Defences{});
  EXPECT_FALSE(world.coordinator.faults == core::CoordinatorFaults{});
  ASSERT_TRUE(world.validation);
  EXPECT_EQ(world.validation->trusted_tier.value, "hpc");
  EXPECT_EQ(world.trusted_tiers, 4U);
  EXPECT_TRUE(scenario("validation.yaml").validation);
}

/// The names of all properties in a schema, at any depth.
void collect_keys(const nlohmann::json& schema, std::set<std::string>& keys) {
  if (!schema.is_structured()) return;
  if (schema.is_object() && schema.contains("properties")) {
    for (const auto& [key, value] : schema["properties"].items()) keys.insert(key);
  }
  for (const auto& part : schema) collect_keys(part, keys);
}

/// All seeds but those that are wrong on purpose.
std::string good_seeds() {
  std::string text;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(NEXA_SOURCE_DIR) + "/fuzz/corpus/yaml")) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(".yaml") && !name.starts_with("wrong")) text += '\n' + seed(name);
  }
  return text;
}

TEST(FuzzSeeds, HaveEveryKey) {
  std::set<std::string> keys;
  collect_keys(nlohmann::json::parse(scenario_json_schema()), keys);
  collect_keys(nlohmann::json::parse(platform_json_schema()), keys);
  EXPECT_TRUE(keys.contains("audit_numerator") && keys.contains("whitewash_after"));
  const std::string text = good_seeds();
  for (const std::string& key : keys) {
    const auto stands_behind = [&](char before) {
      return text.find(before + key + ':') != std::string::npos;
    };
    EXPECT_TRUE(stands_behind(' ') || stands_behind('{') || stands_behind('\n'))
        << key << " is in no seed";
  }
}

TEST(FuzzSeeds, HaveEveryKindOfBehaviour) {
  Diagnostics diagnostics;
  const auto platform =
      decode_platform(source_of(seed("behaviours.yaml")), three_tiers(), diagnostics);
  ASSERT_TRUE(platform) << diagnostics.to_text();
  std::set<std::size_t> kinds;
  for (const core::BehaviourShare& share : platform->groups.at(0).behaviours) {
    kinds.insert(share.behaviour.index());
  }
  EXPECT_EQ(kinds.size(), std::variant_size_v<core::Behaviour>);
}

TEST(FuzzSeeds, TellOfEachMistakeInTheWrongOnes) {
  Diagnostics world;
  EXPECT_FALSE(decode_scenario(source_of(seed("wrong_world.yaml")), three_tiers(), world));
  EXPECT_GE(world.count(), 9U) << world.to_text();
  Diagnostics behaviours;
  EXPECT_FALSE(
      decode_platform(source_of(seed("wrong_behaviours.yaml")), three_tiers(), behaviours));
  EXPECT_GE(behaviours.count(), 6U) << behaviours.to_text();
}

}  // namespace
}  // namespace nexa::io
