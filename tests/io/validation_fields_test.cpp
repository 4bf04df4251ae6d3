// The section `validation` of a scenario: where its errors point to, and that whatever it accepts a
// validator accepts too.

#include "io/validation_fields.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "io/scenario_file.hpp"
#include "tests/io/yaml_helpers.hpp"

namespace nexa::io {
namespace {

using testing::expect_one_error;
using testing::source_of;
using testing::three_tiers;

/// A scenario whose line 4 is `validation: ` and the rules.
core::Result<ScenarioSpec> decode(const std::string& rules, Diagnostics& diagnostics) {
  return decode_scenario(
      source_of("name: x\nplatform: cores:4\nworkload: {file: w.swf}\nvalidation: " + rules + '\n'),
      three_tiers(), diagnostics);
}

Diagnostics errors_of(const std::string& rules) {
  Diagnostics diagnostics;
  EXPECT_FALSE(decode(rules, diagnostics)) << rules;
  return diagnostics;
}

TEST(ValidationFields, NameAParameterAsTheFileDoes) {
  for (const auto& [key, value] :
       {std::pair{"p_min", "0"}, std::pair{"newcomer_results", "0"}, std::pair{"theta", "1"},
        std::pair{"assumed_faulty", "0.5"}, std::pair{"max_total_results", "49"},
        std::pair{"min_quorum", "0"}, std::pair{"target_nresults", "0"}}) {
    const std::string name(key);
    expect_one_error(errors_of('{' + name + ": " + value + '}'), 4,
                     static_cast<int>(16 + name.size()), "'validation." + name + "' must be");
  }
}

TEST(ValidationFields, PointToTheKeyThatIsToBlame) {
  expect_one_error(errors_of("{policy: fixed, min_quorum: 1}"), 4, 41, "min_quorum 1 accepts",
                   "use policy adaptive");
  expect_one_error(errors_of("{min_quorum: 7}"), 4, 26, "more than max_success_results 6");
  // Nobody wrote the quorum of 2.
  expect_one_error(errors_of("{max_success_results: 1}"), 4, 35,
                   "min_quorum 2 is more than max_success_results 1", "raise max_success_results");
  expect_one_error(errors_of("{p_min: 0.1, max_total_results: 1}"), 4, 45,
                   "min_quorum 2 is more than max_total_results 1");
  expect_one_error(errors_of("{target_nresults: 11}"), 4, 31, "target_nresults 11 is not between");
  expect_one_error(errors_of("{p_min: 0.1, policy: arbitrated}"), 4, 34, "needs a trusted tier");
}

validator::ValidatorConfig config_of(const std::string& rules) {
  Diagnostics diagnostics;
  const auto spec = decode(rules, diagnostics);
  EXPECT_TRUE(spec) << diagnostics.to_text();
  return spec ? spec->validation->config() : validator::ValidatorConfig{};
}

TEST(ValidationFields, SetEveryBackOffOverItsOwnDefaults) {
  const auto config = config_of(
      "{errors: {first: 1m}, wrong: {after: 3}, late: {after: 5, first: 2h, longest: 3h}}");
  EXPECT_EQ(config.errors.after, 3U);
  EXPECT_EQ(config.errors.first, core::seconds(60));
  EXPECT_EQ(config.errors.longest, core::seconds(604'800));
  EXPECT_EQ(config.wrong.after, 3U);
  EXPECT_EQ(config.wrong.first, core::seconds(3600));
  EXPECT_EQ(config.late.after, 5U);
  EXPECT_EQ(config.late.first, core::seconds(7200));
  EXPECT_EQ(config.late.longest, core::seconds(10'800));
  expect_one_error(errors_of("{late: {first: 8d}}"), 4, 28,
                   "'validation.late' begins with a longer time than its longest, 7d");
  expect_one_error(errors_of("{wrong: {longest: 59m}}"), 4, 31, "'validation.wrong' begins");
  expect_one_error(errors_of("{errors: {after: 0}}"), 4, 30, "'validation.errors.after' must be");
}

TEST(ValidationFields, SetTheOtherParametersOfAValidator) {
  const auto config = config_of(
      "{established_quantile: 0.25, class_mismatches: 4, class_clean_samples: 50, "
      "suspected_share: 0.125, admission_burst: 7, admission_period: 2h, forget: 0.002, "
      "odds_per_domain: 12}");
  EXPECT_EQ(config.established_quantile_ppm, 250'000U);
  EXPECT_EQ(config.class_mismatches, 4U);
  EXPECT_EQ(config.class_clean_samples, 50U);
  EXPECT_EQ(config.suspected_share_ppm, 125'000U);
  EXPECT_EQ(config.admission_burst, 7U);
  EXPECT_EQ(config.admission_period, core::seconds(7200));
  EXPECT_EQ(config.forget_permille, 2U);
  EXPECT_EQ(config.odds_per_domain, 12U);
}

TEST(ValidationFields, AreWrittenSuchThatTheyAreReadAgain) {
  const Codec<ValidationSource> codec = validation_codec();
  const std::string written = codec.write([] {
    ValidationSource source;
    source.wrong.after = 3;  // what another back-off has by default
    source.late.longest = core::seconds(86'400);
    return source;
  }());
  EXPECT_EQ(written, "{wrong: {after: 3}, late: {longest: 1d}}");
  const auto config = config_of(written);
  EXPECT_EQ(config.wrong.after, 3U);
  EXPECT_EQ(config.late.longest, core::seconds(86'400));
}

/// Each number of a table of the schema with a smallest and a largest value.
void try_the_ends_of(const nlohmann::json& fields, const std::string& before,
                     const std::string& behind, int& tried) {
  for (const auto& [key, field] : fields.items()) {
    if (field.contains("properties")) {
      try_the_ends_of(field["properties"], before + key + ": {", "}" + behind, tried);
    }
    for (const char* end : {"minimum", "maximum"}) {
      if (!field.contains(end)) continue;
      const std::string rules = before + key + ": " + field[end].dump() + behind;
      Diagnostics diagnostics;
      if (const auto spec = decode(rules, diagnostics)) {
        EXPECT_TRUE(validator::check(spec->validation->config())) << rules;
        EXPECT_TRUE(validator::check(spec->validation->rules())) << rules;
      } else {
        EXPECT_EQ(diagnostics.to_text().find("must be"), std::string::npos) << rules;
      }
      ++tried;
    }
  }
}

TEST(ValidationFields, AcceptWhatAValidatorAccepts) {
  const auto schema = nlohmann::json::parse(scenario_json_schema());
  int tried = 0;
  try_the_ends_of(schema["properties"]["validation"]["properties"], "{policy: adaptive, ", "}",
                  tried);
  EXPECT_GT(tried, 60);
}

/// Two machines of two owners on one site, in one rack, and a trusted one elsewhere.
core::Platform one_site() {
  core::Platform platform;
  platform.name = "small";
  platform.tiers = three_tiers();
  core::NodeGroup work{.name = "a", .count = 2};
  work.owners = 2;
  work.spec.rack = core::RackId{1};
  core::NodeGroup trusted{.name = "t"};
  trusted.spec.tier = core::TierId{2};
  trusted.spec.owner = core::OwnerId{2};
  trusted.spec.site = core::SiteId{1};
  platform.groups = {work, trusted};
  return platform;
}

Diagnostics domain_errors(const std::string& rules, const core::Platform& platform) {
  Diagnostics diagnostics;
  const auto spec = decode(rules, diagnostics);
  EXPECT_TRUE(spec) << diagnostics.to_text();
  if (spec) check_domains(*spec, platform, diagnostics);
  return diagnostics;
}

TEST(DomainsOfAPlatform, MustSufficeForAQuorum) {
  const core::Platform platform = one_site();
  for (const char* rules : {"{}", "{distinct: []}", "{policy: adaptive, target_nresults: 3}",
                            "{policy: arbitrated, trusted_tier: hpc}", "{distinct: [site]}"}) {
    EXPECT_TRUE(domain_errors(rules, platform).ok()) << rules;
  }
  const Diagnostics site =
      domain_errors("{policy: arbitrated, trusted_tier: hpc, distinct: [site]}", platform);
  expect_one_error(site, 4, 63, "need 2 distinct sites, and on platform 'small' there is 1",
                   "nodes of the trusted tier do nothing but arbitrate");
  EXPECT_EQ(site.first_error().code, core::ErrorCode::unsatisfiable);
  expect_one_error(domain_errors("{trusted_tier: hpc, distinct: [rack]}", platform), 4, 43,
                   "2 distinct racks", "take 'rack' out of 'distinct'");
  // A fixed number of copies is sent whatever the quorum is.
  const Diagnostics copies = domain_errors("{trusted_tier: hpc, target_nresults: 3}", platform);
  EXPECT_EQ(copies.count(), 2U) << copies.to_text();
  EXPECT_NE(copies.to_text().find("4:50: error: the replicas of a job need 3 distinct machines"),
            std::string::npos)
      << copies.to_text();
}

TEST(DomainsOfAPlatform, AreNoneWhereARackIsNotNamed) {
  core::Platform platform = one_site();
  platform.groups[0].spec.rack = core::RackId{};
  EXPECT_TRUE(domain_errors("{distinct: [rack]}", platform).ok());
}

TEST(ScenarioKeys, AreKnownByTheirPlaces) {
  Diagnostics diagnostics;
  const auto spec = decode("{}", diagnostics);
  ASSERT_TRUE(spec) << diagnostics.to_text();
  EXPECT_EQ(spec->keys.size(), 4U);
  EXPECT_EQ(spec->keys.at("validation").line, 4);
  EXPECT_EQ(spec->keys.at("validation").column, 1);
}

}  // namespace
}  // namespace nexa::io
