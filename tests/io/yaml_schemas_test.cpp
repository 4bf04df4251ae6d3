// The schemas in the repository are printed from the field tables. After a change of a table, run
// this test with UPDATE=1 in the environment to write them anew.

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "io/platform_file.hpp"
#include "io/policy_text.hpp"
#include "io/scenario_file.hpp"
#include "io/tier_file.hpp"

namespace nexa::io {
namespace {

std::string schema_path(const std::string& name) {
  return std::string(NEXA_SOURCE_DIR) + "/schemas/" + name + ".schema.json";
}

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void expect_schema(const std::string& name, const std::string& schema) {
  if (std::getenv("UPDATE") != nullptr) {
    std::ofstream(schema_path(name), std::ios::binary) << schema;
  }
  EXPECT_TRUE(contents(schema_path(name)) == schema)
      << schema_path(name) << " is out of date; run this test with UPDATE=1";
}

TEST(Schemas, OfPlatformsIsUpToDate) {
  expect_schema("platform", platform_json_schema());
}
TEST(Schemas, OfScenariosIsUpToDate) {
  expect_schema("scenario", scenario_json_schema());
}
TEST(Schemas, OfTiersIsUpToDate) {
  expect_schema("tiers", tiers_json_schema());
}
TEST(Schemas, OfPoliciesIsUpToDate) {
  expect_schema("policy", policy_json_schema());
}

TEST(Schemas, AreNamedByTheFirstLineOfEveryExample) {
  const std::string dir = NEXA_SOURCE_DIR;
  const std::string marker = "# yaml-language-server: $schema=";
  for (const char* example : {"/configs/platforms/tiered.yaml", "/configs/platforms/large.yaml",
                              "/configs/scenarios/demo.yaml", "/configs/tiers.yaml"}) {
    std::ifstream file(dir + example);
    std::string line;
    std::getline(file, line);
    ASSERT_EQ(line.find(marker), 0U) << example;
    const std::string folder = std::string(example).substr(0, std::string(example).rfind('/') + 1);
    EXPECT_TRUE(std::ifstream(dir + folder + line.substr(marker.size())).good())
        << example << " names a schema that does not exist: " << line;
  }
}

}  // namespace
}  // namespace nexa::io
