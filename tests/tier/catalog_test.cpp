#include "tier/catalog.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace nexa::tier {
namespace {

Rule rule(std::string name, std::vector<Condition> conditions) {
  return Rule{std::move(name), std::move(conditions)};
}

Catalog two_tiers() {
  Catalog catalog;
  catalog.tiers.push_back({"small", "", {rule("any", {{Figure::physical_cores, 1}})}, {}});
  catalog.tiers.push_back({"large", "", {rule("many cores", {{Figure::physical_cores, 8}})}, 300});
  return catalog;
}

std::vector<std::string> pointers(const Catalog& catalog) {
  std::vector<std::string> found;
  for (const CatalogProblem& problem : problems(catalog)) found.push_back(problem.pointer);
  return found;
}

using Pointers = std::vector<std::string>;

TEST(Catalog, DefaultHasThreeTiersInOrderAndNoProblem) {
  const Catalog catalog = default_catalog();
  EXPECT_EQ(pointers(catalog), Pointers{});
  ASSERT_EQ(catalog.tiers.size(), 3U);
  EXPECT_EQ(catalog.tiers[0].name, "cpu");
  EXPECT_EQ(catalog.tiers[1].name, "consumer_gpu");
  EXPECT_EQ(catalog.tiers[2].name, "hpc");
}

TEST(Catalog, TiersAtLeastHoldsTheTierAndAllAbove) {
  const Catalog catalog = default_catalog();
  EXPECT_EQ(tiers_at_least(catalog, "cpu").value(), 0b111U);
  EXPECT_EQ(tiers_at_least(catalog, "consumer_gpu").value(), 0b110U);
  EXPECT_EQ(tiers_at_least(catalog, "hpc").value(), 0b100U);
}

TEST(Catalog, UnknownTierSuggestsTheNearest) {
  const auto mask = tiers_at_least(default_catalog(), "consumer_gpus");
  ASSERT_FALSE(mask);
  EXPECT_EQ(mask.error().code, core::ErrorCode::not_found);
  EXPECT_EQ(mask.error().message, "unknown tier 'consumer_gpus'");
  EXPECT_EQ(mask.error().hint, "did you mean 'consumer_gpu'?");
}

TEST(Catalog, GpuIsCertainOnlyWhereEveryRuleOfTheTierAsksForOne) {
  const auto tiers = tiers_with_capability(default_catalog(), "gpu");
  ASSERT_TRUE(tiers);
  EXPECT_EQ(tiers->always, 0b010U) << "an hpc node may have many cores and no GPU";
  EXPECT_EQ(tiers->possible, 0b111U) << "a GPU of unknown make does not lift a node above cpu";
}

TEST(Catalog, ADatacenterGpuIsNeverFoundOnTheCpuTier) {
  const auto tiers = tiers_with_capability(default_catalog(), "datacenter_gpu");
  ASSERT_TRUE(tiers);
  EXPECT_EQ(tiers->always, 0U);
  EXPECT_EQ(tiers->possible, 0b110U);
}

TEST(Catalog, CapabilityFollowsFromALargerFigureOfTheTiersRule) {
  Catalog catalog = two_tiers();
  catalog.capabilities.push_back(
      {"four_threads", "", {rule("threads", {{Figure::hardware_threads, 4}})}});
  const auto tiers = tiers_with_capability(catalog, "four_threads");
  ASSERT_TRUE(tiers);
  EXPECT_EQ(tiers->always, 0b10U) << "eight cores have eight hardware threads at the least";
  EXPECT_EQ(tiers->possible, 0b11U);
}

TEST(Catalog, UnknownCapabilitySuggestsTheNearest) {
  const auto tiers = tiers_with_capability(default_catalog(), "bigmemory");
  ASSERT_FALSE(tiers);
  EXPECT_EQ(tiers.error().hint, "did you mean 'big_memory'?");
}

TEST(Catalog, EveryFigureIsFoundByItsKey) {
  EXPECT_EQ(all_figures().size(), figure_count);
  for (const FigureInfo& entry : all_figures()) {
    const auto figure = figure_from_key(entry.key);
    ASSERT_TRUE(figure) << entry.key;
    EXPECT_EQ(*figure, entry.figure);
    EXPECT_FALSE(entry.doc.empty()) << entry.key;
  }
  const auto unknown = figure_from_key("physical_core");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().hint, "did you mean 'physical_cores'?");
}

TEST(Catalog, ValuesCarryTheirUnitAndRoundDown) {
  constexpr std::int64_t gib = 1024 * 1024;
  EXPECT_EQ(value_text(Figure::physical_cores, 64), "64");
  EXPECT_EQ(value_text(Figure::memory, 64 * gib), "64 GiB");
  EXPECT_EQ(value_text(Figure::memory, 60 * gib - 1), "59.9 GiB");
  EXPECT_EQ(value_text(Figure::memory, 512 * 1024), "512 MiB");
  EXPECT_EQ(value_text(Figure::memory, 0), "0");
  EXPECT_EQ(value_text(Figure::network_mbit, 100'000), "100 Gbit/s");
  EXPECT_EQ(value_text(Figure::network_mbit, 2'500), "2.5 Gbit/s");
  EXPECT_EQ(value_text(Figure::network_mbit, 100), "100 Mbit/s");
}

TEST(CatalogProblems, NoneInAPlainCatalogue) {
  EXPECT_EQ(pointers(two_tiers()), Pointers{});
}

TEST(CatalogProblems, NoTierAtAll) {
  EXPECT_EQ(pointers(Catalog{}), Pointers{"/tiers"});
}

TEST(CatalogProblems, MoreTiersThanAMaskHolds) {
  Catalog catalog = two_tiers();
  for (int i = 0; i < 31; ++i) {
    Tier tier = catalog.tiers[1];
    tier.name = "tier_" + std::to_string(i);
    catalog.tiers.push_back(tier);
  }
  EXPECT_EQ(pointers(catalog), Pointers{"/tiers"});
}

TEST(CatalogProblems, BadAndRepeatedNames) {
  Catalog catalog = two_tiers();
  catalog.tiers[1].name = "Big Iron";
  EXPECT_EQ(pointers(catalog), Pointers{"/tiers/1/name"});
  catalog.tiers[1].name = "small";
  ASSERT_EQ(problems(catalog).size(), 1U);
  EXPECT_EQ(problems(catalog)[0].message, "tier 'small' is listed twice");
}

TEST(CatalogProblems, RuleWithoutNameConditionOrSense) {
  Catalog catalog = two_tiers();
  catalog.tiers[1].any_of = {rule("", {{Figure::gpus, 1}}), rule("nothing", {}),
                             rule("negative", {{Figure::gpus, -1}}),
                             rule("twice", {{Figure::gpus, 1}, {Figure::gpus, 2}})};
  const Pointers expected{"/tiers/1/any_of/0/name", "/tiers/1/any_of/1/all_of",
                          "/tiers/1/any_of/2/all_of/gpus", "/tiers/1/any_of/3/all_of/gpus"};
  EXPECT_EQ(pointers(catalog), expected);
}

TEST(CatalogProblems, TierWithoutRuleIsReachedByNoNode) {
  Catalog catalog = two_tiers();
  catalog.tiers[1].any_of.clear();
  EXPECT_EQ(pointers(catalog), Pointers{"/tiers/1/any_of"});
}

TEST(CatalogProblems, LowestTierMustTakeEveryMachine) {
  Catalog catalog = two_tiers();
  std::swap(catalog.tiers[0], catalog.tiers[1]);
  const Pointers expected{"/tiers/0/min_benchmark", "/tiers/0/any_of"};
  EXPECT_EQ(pointers(catalog), expected);
}

TEST(CatalogProblems, BenchmarkMustBePositive) {
  Catalog catalog = two_tiers();
  catalog.tiers[1].min_benchmark = 0;
  EXPECT_EQ(pointers(catalog), Pointers{"/tiers/1/min_benchmark"});
}

TEST(CatalogProblems, GpuPatternNeedsAWord) {
  Catalog catalog = two_tiers();
  catalog.gpu_models.consumer = {"GeForce*", "*"};
  EXPECT_EQ(pointers(catalog), Pointers{"/gpu_models/consumer/1"});
}

}  // namespace
}  // namespace nexa::tier
