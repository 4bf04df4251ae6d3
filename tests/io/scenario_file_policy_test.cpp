#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "io/policy_text.hpp"
#include "io/scenario_file.hpp"
#include "tests/io/yaml_helpers.hpp"

namespace nexa::io {
namespace {

using testing::expect_one_error;
using testing::find_error;
using testing::source_of;
using testing::three_tiers;

/// Decodes a scenario whose policy stands on line 4.
core::Result<ScenarioSpec> with_policy(const std::string& policy, Diagnostics& diagnostics) {
  return decode_scenario(
      source_of("name: x\nplatform: cores:4\nworkload: {file: w}\npolicy: " + policy + "\n"),
      three_tiers(), diagnostics);
}

std::string text_of(const std::string& policy) {
  Diagnostics diagnostics;
  const auto scenario = with_policy(policy, diagnostics);
  EXPECT_TRUE(scenario) << diagnostics.to_text();
  return scenario ? scenario->policy.text : std::string();
}

Diagnostics errors_of(const std::string& policy) {
  Diagnostics diagnostics;
  EXPECT_FALSE(with_policy(policy, diagnostics)) << policy;
  return diagnostics;
}

TEST(PolicyText, IsTheSameFromEveryForm) {
  EXPECT_EQ(text_of("sjf+easy:order=saf"), "sjf+easy:order=saf");
  EXPECT_EQ(text_of("'sjf+easy:order=saf'"), "sjf+easy:order=saf");
  EXPECT_EQ(text_of("{order: sjf, backfill: {name: easy, order: saf}}"), "sjf+easy:order=saf");
  EXPECT_EQ(text_of("{backfill: {depth: 100, name: easy, order: saf}}"),
            "easy:depth=100,order=saf");
  EXPECT_EQ(text_of("{order: sjf, score: [lowest_tier, {name: fastest_first, weight: 0.5}]}"),
            "sjf+lowest_tier+fastest_first:weight=0.5");
}

TEST(PolicyText, KnowsThePlaceOfEachComponent) {
  Diagnostics diagnostics;
  const auto scenario = with_policy("sjf+easy:order=saf+x", diagnostics);
  ASSERT_TRUE(scenario);
  const auto& components = scenario->policy.components;
  ASSERT_EQ(components.size(), 3U);
  EXPECT_EQ(components[0].place.column, 9);
  EXPECT_EQ(components[1].text, "easy:order=saf");
  EXPECT_EQ(components[1].place.column, 13);
  EXPECT_EQ(components[1].place.width, 14);
  EXPECT_EQ(components[2].place.column, 28);
}

TEST(PolicyText, TellsTheSlotOfEachComponentOfAMapping) {
  Diagnostics diagnostics;
  const auto scenario = with_policy("{order: sjf, score: [a, b]}", diagnostics);
  ASSERT_TRUE(scenario);
  ASSERT_EQ(scenario->policy.components.size(), 3U);
  EXPECT_EQ(scenario->policy.components[0].slot, "order");
  EXPECT_EQ(scenario->policy.components[2].slot, "score");
  EXPECT_EQ(scenario->policy.components[2].place.column, 33);
}

TEST(PolicyText, OfAMappingIsChecked) {
  expect_one_error(errors_of("{ordr: sjf, order: sjf}"), 4, 10, "unknown key 'policy.ordr'",
                   "did you mean 'order'?");
  expect_one_error(errors_of("{}"), 4, 9, "names no order");
  expect_one_error(errors_of("[sjf, easy]"), 4, 9, "found a list");
  expect_one_error(errors_of("{order: sjf+easy}"), 4, 17, "names several policies", "list");
  expect_one_error(errors_of("{order: {name: sjf, x: 'a,b'}}"), 4, 32, "must not contain ','");
  expect_one_error(errors_of("{order: {name: sjf, x: [1]}}"), 4, 32, "must be text or a number");
  find_error(errors_of("{order: {nme: sjf}}"), 4, 10, "missing key 'policy.order.name'");
  find_error(errors_of("{order: }"), 4, 10, "found nothing");
}

TEST(PolicyText, IsReadFromAFileWithADescription) {
  Diagnostics diagnostics;
  const auto policy = decode_policy(
      source_of("name: tuned\ndescription: d\nprovenance: {study: s, trial: 17}\norder: wfp3\n"
                "backfill: easy\n"),
      diagnostics);
  ASSERT_TRUE(policy) << diagnostics.to_text();
  EXPECT_EQ(policy->text, "wfp3+easy");
}

TEST(PolicyText, OfTheCommandLineIsSplitWithoutAPlace) {
  Diagnostics diagnostics;
  const auto policy = load_policy("sjf+easy", diagnostics);
  ASSERT_TRUE(policy);
  ASSERT_EQ(policy->components.size(), 2U);
  EXPECT_EQ(policy->components[1].text, "easy");
  EXPECT_FALSE(load_policy("none.yaml", diagnostics));
  EXPECT_EQ(diagnostics.first_error().code, core::ErrorCode::not_found);
}

TEST(PolicyCheck, ReportsEachWrongComponentAtItsPlace) {
  Diagnostics diagnostics;
  const auto scenario = with_policy("sjf+esay+saff", diagnostics);
  ASSERT_TRUE(scenario);
  const auto check = [](const PolicyComponent& component) -> core::Result<void> {
    if (component.text == "sjf") return {};
    return core::Error{core::ErrorCode::not_found, "unknown policy " + component.text, "hint", {}};
  };
  check_policy(scenario->policy, check, diagnostics);
  EXPECT_EQ(diagnostics.count(), 2U);
  find_error(diagnostics, 4, 13, "unknown policy esay");
  find_error(diagnostics, 4, 18, "unknown policy saff");
}

TEST(PolicyCheck, LooksAtTheWholeWhenTheComponentsAreRight) {
  Diagnostics diagnostics;
  const auto scenario = with_policy("sjf+fcfs", diagnostics);
  ASSERT_TRUE(scenario);
  const auto check = [](const PolicyComponent& component) -> core::Result<void> {
    if (component.text.find('+') == std::string::npos) return {};
    return core::Error{core::ErrorCode::conflict, "two orders", {}, {}};
  };
  check_policy(scenario->policy, check, diagnostics);
  expect_one_error(diagnostics, 4, 9, "two orders");
}

}  // namespace
}  // namespace nexa::io
