#include <gtest/gtest.h>

#include <string>

#include "io/tier_file.hpp"
#include "tests/io/yaml_helpers.hpp"

namespace nexa::io {
namespace {

using testing::expect_one_error;
using testing::find_error;
using testing::source_of;

constexpr const char* two_tiers = R"(tiers:
  - name: any
    doc: Any machine.
    any_of:
      - name: any machine
        all_of: {physical_cores: 1}
  - name: big
    doc: A big machine.
    min_benchmark: 500
    any_of:
      - name: much memory
        all_of: {memory: 60 GiB, physical_cores: 8}
)";

Diagnostics errors_with(const std::string& from, const std::string& to) {
  std::string text = two_tiers;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos);
  text.replace(at, from.size(), to);
  Diagnostics diagnostics;
  EXPECT_FALSE(decode_tiers(source_of(text), diagnostics)) << text;
  return diagnostics;
}

TEST(TierFile, OfTheRepositoryEqualsTheBuiltInCatalogue) {
  Diagnostics diagnostics;
  const auto catalog =
      load_tiers(std::string(NEXA_SOURCE_DIR) + "/configs/tiers.yaml", diagnostics);
  ASSERT_TRUE(catalog) << diagnostics.to_text();
  EXPECT_TRUE(*catalog == tier::default_catalog());
  EXPECT_EQ(tier_names(*catalog), testing::three_tiers());
}

TEST(TierFile, MayAddTiersAndKeepTheRest) {
  Diagnostics diagnostics;
  const auto catalog = decode_tiers(source_of(two_tiers), diagnostics);
  ASSERT_TRUE(catalog) << diagnostics.to_text();
  ASSERT_EQ(catalog->tiers.size(), 2U);
  const tier::Tier& big = catalog->tiers[1];
  EXPECT_EQ(big.min_benchmark, 500);
  ASSERT_EQ(big.any_of.size(), 1U);
  EXPECT_EQ(big.any_of[0].all_of,
            (std::vector<tier::Condition>{{tier::Figure::memory, std::int64_t{60} << 20},
                                          {tier::Figure::physical_cores, 8}}));
  EXPECT_EQ(catalog->capabilities, tier::default_catalog().capabilities);
  EXPECT_EQ(catalog->gpu_models, tier::default_catalog().gpu_models);
}

TEST(TierFile, SuggestsTheFigureThatWasMeant) {
  expect_one_error(errors_with("physical_cores: 8", "physical_core: 8"), 12, 34,
                   "unknown key 'tiers[1].any_of[0].all_of.physical_core'",
                   "did you mean 'physical_cores'?");
}

TEST(TierFile, ReadsFiguresInTheirUnits) {
  expect_one_error(errors_with("60 GiB", "60"), 12, 26, "'60' needs a unit");
  expect_one_error(errors_with("physical_cores: 8", "physical_cores: 8 GiB"), 12, 50,
                   "not a whole number");
  expect_one_error(errors_with("min_benchmark: 500", "min_benchmark: 0.5"), 9, 20,
                   "not a whole number");
}

TEST(TierFile, LocatesWhatTheCatalogueFindsWrong) {
  const Diagnostics diagnostics = errors_with("name: big", "name: any");
  ASSERT_EQ(diagnostics.count(), 1U) << diagnostics.to_text();
  EXPECT_EQ(diagnostics.entries()[0].line, 7);
}

TEST(TierFile, NeedsALowestTierThatTakesEveryMachine) {
  const Diagnostics diagnostics = errors_with("physical_cores: 1}", "physical_cores: 2}");
  ASSERT_EQ(diagnostics.count(), 1U) << diagnostics.to_text();
  EXPECT_EQ(diagnostics.entries()[0].line, 5);
  EXPECT_NE(diagnostics.entries()[0].message.find("does not take every machine"),
            std::string::npos);
}

TEST(TierFile, RefusesAnEmptyListOfTiers) {
  Diagnostics diagnostics;
  EXPECT_FALSE(decode_tiers(source_of("tiers: []\n"), diagnostics));
  expect_one_error(diagnostics, 1, 8, "'tiers' is an empty list");
}

}  // namespace
}  // namespace nexa::io
