#include "io/platform_file.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/io/yaml_helpers.hpp"

namespace nexa::io {
namespace {

using testing::expect_one_error;
using testing::find_error;
using testing::source_of;
using testing::three_tiers;

const std::string source_dir = NEXA_SOURCE_DIR;

constexpr const char* two_groups = R"(name: small
groups:
  - name: a
    count: 60
    tier: cpu
    cores: 32
    memory: 128 GiB
    owner: physics
  - name: b
    count: 2
    tier: hpc
    cores: 64
    memory: 1T
    gpus: {type: a100, count: 4}
    speed: 1.25
    owner: physics
    site: annex
    price: 0.02
)";

core::Result<core::Platform> decode(const std::string& text, Diagnostics& diagnostics) {
  return decode_platform(source_of(text), three_tiers(), diagnostics);
}

/// The errors of the two groups with `from` replaced by `to`.
Diagnostics errors_with(const std::string& from, const std::string& to) {
  std::string text = two_groups;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos);
  text.replace(at, from.size(), to);
  Diagnostics diagnostics;
  EXPECT_FALSE(decode(text, diagnostics)) << text;
  return diagnostics;
}

TEST(PlatformFile, GivesGroupsWithTheirSpecs) {
  Diagnostics diagnostics;
  const auto platform = decode(two_groups, diagnostics);
  ASSERT_TRUE(platform) << diagnostics.to_text();
  EXPECT_EQ(platform->name, "small");
  EXPECT_EQ(platform->tiers, three_tiers());
  EXPECT_EQ(platform->owners, std::vector<std::string>{"physics"});
  EXPECT_EQ(platform->sites, (std::vector<std::string>{"main", "annex"}));
  EXPECT_EQ(platform->gpu_types, (std::vector<std::string>{"", "a100"}));
  EXPECT_EQ(platform->node_count(), 62U);
  EXPECT_EQ(platform->core_count(), 60U * 32 + 2 * 64);

  const core::NodeSpec& first = platform->groups.at(0).spec;
  EXPECT_EQ(first.tier, core::TierId{0});
  EXPECT_EQ(first.capacity, (core::Resources{32, 0, std::uint64_t{128} << 20}));
  EXPECT_EQ(first.gpu_type, core::GpuTypeId{0});
  EXPECT_EQ(first.speed_permille, 1000U);
  EXPECT_EQ(first.price_per_core_hour, core::Credits{});

  const core::NodeSpec& second = platform->groups.at(1).spec;
  EXPECT_EQ(second.tier, core::TierId{2});
  EXPECT_EQ(second.capacity, (core::Resources{64, 4, std::uint64_t{1} << 30}));
  EXPECT_EQ(second.gpu_type, core::GpuTypeId{1});
  EXPECT_EQ(second.speed_permille, 1250U);
  EXPECT_EQ(second.owner, core::OwnerId{0});
  EXPECT_EQ(second.site, core::SiteId{1});
  EXPECT_EQ(second.price_per_core_hour.micro(), 20'000);
}

TEST(PlatformFile, GivesDefaultsForOwnerAndSite) {
  Diagnostics diagnostics;
  const auto platform = decode(
      "name: x\ngroups: [{name: a, count: 1, tier: cpu, cores: 1, memory: 1G}]\n", diagnostics);
  ASSERT_TRUE(platform) << diagnostics.to_text();
  EXPECT_EQ(platform->owners, std::vector<std::string>{"site"});
  EXPECT_EQ(platform->sites, std::vector<std::string>{"main"});
}

TEST(PlatformFile, DealsNodesAmongOwnersInTurn) {
  Diagnostics diagnostics;
  const auto platform = decode(R"(name: x
groups:
  - {name: a, count: 1, tier: cpu, cores: 1, memory: 1G}
  - {name: b, count: 7, tier: cpu, cores: 1, memory: 1G, owners: 3}
  - {name: c, count: 5, tier: cpu, cores: 1, memory: 1G, owners: 5}
  - {name: d, count: 300, tier: cpu, cores: 1, memory: 1G, owners: 300, owner: lab}
  - {name: e, count: 2, tier: cpu, cores: 1, memory: 1G, owner: owner-2}
)",
                               diagnostics);
  ASSERT_TRUE(platform) << diagnostics.to_text();
  const auto owner_of = [&](std::size_t group, std::uint32_t position) {
    return platform->owners.at(platform->groups.at(group).spec_of(position).owner.value);
  };
  EXPECT_EQ(platform->owners.size(), 306U);
  EXPECT_EQ(owner_of(0, 0), "site");
  EXPECT_EQ(owner_of(1, 0), "owner-1");
  EXPECT_EQ(owner_of(1, 2), "owner-3");
  EXPECT_EQ(owner_of(1, 6), "owner-1");
  EXPECT_EQ(owner_of(2, 4), "owner-5");
  for (std::uint32_t node = 0; node < 300; ++node) {
    EXPECT_EQ(owner_of(3, node), "lab-" + std::to_string(node + 1));
  }
  EXPECT_EQ(owner_of(4, 1), "owner-2");
  EXPECT_EQ(platform->groups.size(), 5U);
}

TEST(PlatformFile, RefusesMoreOwnersThanNodes) {
  expect_one_error(errors_with("count: 2\n", "count: 2\n    owners: 3\n"), 11, 13,
                   "2 nodes cannot be dealt among 3 owners", "at most as many owners as nodes");
  expect_one_error(errors_with("count: 2\n", "count: 2\n    owners: 0\n"), 11, 13, "found '0'");
  expect_one_error(errors_with("count: 60", "count: 60\n    owners: 10001"), 5, 13,
                   "from 1 to 10000");
}

TEST(PlatformFile, NumbersRacksAndHostClassesFromOne) {
  Diagnostics diagnostics;
  const auto platform = decode(R"(name: x
groups:
  - {name: a, count: 1, tier: cpu, cores: 1, memory: 1G, rack: r7, host_class: x86-64-v4}
  - {name: b, count: 1, tier: cpu, cores: 1, memory: 1G}
  - {name: c, count: 1, tier: cpu, cores: 1, memory: 1G, rack: r7, host_class: armv8.2}
)",
                               diagnostics);
  ASSERT_TRUE(platform) << diagnostics.to_text();
  EXPECT_EQ(platform->racks, (std::vector<std::string>{"", "r7"}));
  EXPECT_EQ(platform->host_classes, (std::vector<std::string>{"", "x86-64-v4", "armv8.2"}));
  EXPECT_EQ(platform->groups[0].spec.rack, core::RackId{1});
  EXPECT_EQ(platform->groups[0].spec.host_class, core::HostClassId{1});
  EXPECT_EQ(platform->groups[1].spec.rack, core::RackId{});
  EXPECT_EQ(platform->groups[1].spec.host_class, core::HostClassId{});
  EXPECT_EQ(platform->groups[2].spec.host_class, core::HostClassId{2});
}

TEST(PlatformFile, RefusesAnUnknownTier) {
  expect_one_error(errors_with("tier: hpc", "tier: hcp"), 11, 11, "unknown tier 'hcp'",
                   "did you mean 'hpc'?");
  expect_one_error(errors_with("tier: hpc", "tier: quantum"), 11, 11, "unknown tier 'quantum'",
                   "known: cpu, consumer_gpu, hpc");
}

TEST(PlatformFile, RefusesAGroupNameThatIsUsedTwice) {
  expect_one_error(errors_with("name: b", "name: a"), 9, 11,
                   "the group name 'a' is used twice, first at 3:11");
}

TEST(PlatformFile, RefusesWrongUnitsAndNumbers) {
  expect_one_error(errors_with("128 GiB", "128"), 7, 13, "'128' needs a unit");
  expect_one_error(errors_with("128 GiB", "128 GB"), 7, 13, "unknown unit 'GB'");
  expect_one_error(errors_with("128 GiB", "90s"), 7, 13, "unknown unit 's'");
  expect_one_error(errors_with("count: 60", "count: 060"), 4, 12, "leading zero", "octal");
  expect_one_error(errors_with("count: 60", "count: 0"), 4, 12, "found '0'");
  expect_one_error(errors_with("cores: 32", "cores: -32"), 6, 12, "found '-32'");
  expect_one_error(errors_with("speed: 1.25", "speed: 0"), 15, 12, "from 0.001 to 1000");
  expect_one_error(errors_with("speed: 1.25", "speed: 1.2345"), 15, 12, "more than 3 decimals");
  expect_one_error(errors_with("price: 0.02", "price: 1e-3"), 18, 12, "not a decimal number");
}

TEST(PlatformFile, RefusesUnknownAndMissingKeys) {
  expect_one_error(errors_with("type: a100", "typ: a100, type: b"), 14, 12,
                   "unknown key 'groups[1].gpus.typ'", "did you mean 'type'?");
  const Diagnostics diagnostics = errors_with("    cores: 32\n", "");
  expect_one_error(diagnostics, 3, 5, "missing key 'groups[0].cores'", "cores per node");
  EXPECT_EQ(diagnostics.entries()[0].pointer, "/groups/0");
}

TEST(PlatformFile, RefusesMoreNodesThanTheLimit) {
  expect_one_error(errors_with("count: 60", "count: 1000001"), 4, 12, "from 1 to 1000000");
  expect_one_error(errors_with("count: 60", "count: 999999"), 1, 1,
                   "1000001 nodes together, at most 1000000");
}

TEST(PlatformFile, ReportsErrorsOfAllGroupsInOnePass) {
  Diagnostics diagnostics;
  EXPECT_FALSE(decode("name: 'a/b'\ngroups:\n  - {name: a, count: x, tier: cpux}\n  - nothing\n",
                      diagnostics));
  find_error(diagnostics, 1, 7, "must be a name");
  find_error(diagnostics, 3, 22, "'x' is not a whole number");
  find_error(diagnostics, 3, 31, "unknown tier 'cpux'");
  find_error(diagnostics, 3, 5, "missing key 'groups[0].memory'");
  find_error(diagnostics, 4, 5, "must be a mapping that describes a group");
  EXPECT_EQ(diagnostics.count(), 6U) << diagnostics.to_text();
}

TEST(PlatformFile, RepeatsTheFirstErrorInItsResult) {
  Diagnostics diagnostics;
  const auto platform = decode("name: x\n", diagnostics);
  ASSERT_FALSE(platform);
  EXPECT_EQ(platform.error().message, "missing key 'groups'");
  EXPECT_EQ(platform.error().where.file, "job.yaml");
  EXPECT_EQ(platform.error().where.line, 1);
}

TEST(PlatformFile, ReportsAFileThatIsMissingOrAFolder) {
  Diagnostics diagnostics;
  EXPECT_EQ(load_platform("none.yaml", three_tiers(), diagnostics).error().code,
            core::ErrorCode::not_found);
  EXPECT_EQ(load_platform(source_dir, three_tiers(), diagnostics).error().code,
            core::ErrorCode::io);
  EXPECT_EQ(diagnostics.count(), 2U);
}

TEST(ShortPlatform, IsOneGroupOfSingleCoreNodes) {
  Diagnostics diagnostics;
  const auto platform = load_platform("cores:100", three_tiers(), diagnostics);
  ASSERT_TRUE(platform) << diagnostics.to_text();
  EXPECT_EQ(platform->name, "cores:100");
  ASSERT_EQ(platform->groups.size(), 1U);
  EXPECT_EQ(platform->groups[0].name, "node");
  EXPECT_EQ(platform->groups[0].count, 100U);
  EXPECT_EQ(platform->groups[0].spec, (core::NodeSpec{}));
  EXPECT_EQ(platform->groups[0].spec.capacity, (core::Resources{1, 0, 0}));
  EXPECT_EQ(platform->owners.size(), 1U);
  EXPECT_EQ(platform->sites.size(), 1U);
  EXPECT_EQ(platform->gpu_types.size(), 1U);
}

TEST(ShortPlatform, NeedsASensibleNumber) {
  for (const char* text : {"cores:", "cores:0", "cores:-1", "cores:x", "cores:010", "cores:1e3",
                           "cores:1000001", "cores: 5", "cores:99999999999999999999"}) {
    Diagnostics diagnostics;
    const auto platform = load_platform(text, three_tiers(), diagnostics);
    ASSERT_FALSE(platform) << text;
    EXPECT_EQ(platform.error().code, core::ErrorCode::invalid_argument);
    EXPECT_NE(diagnostics.to_text().find(text), std::string::npos);
  }
}

TEST(BundledPlatforms, TieredHasRoomForTheWidestJobsOfTheBundledTrace) {
  Diagnostics diagnostics;
  const auto platform =
      load_platform(source_dir + "/configs/platforms/tiered.yaml", three_tiers(), diagnostics);
  ASSERT_TRUE(platform) << diagnostics.to_text();
  EXPECT_EQ(platform->core_count(), 112U);
  std::set<core::TierId> tiers;
  for (const core::NodeGroup& group : platform->groups) tiers.insert(group.spec.tier);
  EXPECT_EQ(tiers.size(), 3U);
}

TEST(BundledPlatforms, LargeHasSixtyNodeClassesAndTenThousandNodes) {
  Diagnostics diagnostics;
  const auto platform =
      load_platform(source_dir + "/configs/platforms/large.yaml", three_tiers(), diagnostics);
  ASSERT_TRUE(platform) << diagnostics.to_text();
  EXPECT_EQ(platform->node_count(), 10'000U);
  EXPECT_EQ(platform->owners.size(), 20U);
  std::set<core::NodeSpec> classes;
  for (const core::NodeGroup& group : platform->groups) classes.insert(group.spec);
  EXPECT_EQ(classes.size(), 60U);
}

}  // namespace
}  // namespace nexa::io
