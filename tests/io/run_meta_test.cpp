#include "io/run_meta.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/io/scratch.hpp"

namespace nexa::io {
namespace {

using testing::bytes_of;
using testing::Scratch;

RunMeta sample() {
  RunMeta meta;
  meta.command_line = "nexa sim run 'a b.yaml'";
  meta.config_yaml = "policy: easy\n";
  meta.policy = "easy";
  meta.seed = UINT64_MAX;
  meta.inputs = {{"kth.swf.gz", "00ff", 404417}};
  meta.commit = "abc123";
  return meta;
}

TEST(RunMeta, BecomesOneJsonDocument) {
  const auto document = nlohmann::json::parse(to_json(sample(), false));
  EXPECT_EQ(document["schema"], "nexa.run_meta/1");
  EXPECT_EQ(document["complete"], false);
  EXPECT_EQ(document["seed"], UINT64_MAX);
  EXPECT_EQ(document["config_yaml"], "policy: easy\n");
  EXPECT_EQ(document["inputs"][0]["sha256"], "00ff");
  EXPECT_EQ(document["inputs"][0]["bytes"], 404417);
  EXPECT_EQ(to_json(sample(), true).back(), '\n');
}

TEST(RunMeta, SurvivesPathsThatAreNotUtf8) {
  RunMeta meta = sample();
  meta.inputs[0].path = "caf\xe9.swf";
  EXPECT_EQ(nlohmann::json::parse(to_json(meta, true))["inputs"][0]["path"], "caf\xef\xbf\xbd.swf");
}

TEST(RunMeta, IsWrittenWholeOrNotAtAll) {
  const Scratch scratch;
  const std::string path = scratch.file("meta.json");
  ASSERT_TRUE(write_run_meta(path, sample(), true).has_value());
  EXPECT_EQ(bytes_of(path), to_json(sample(), true));
  EXPECT_FALSE(write_run_meta("/dev/full", sample(), true).has_value());
  EXPECT_FALSE(write_run_meta(scratch.file("missing/meta.json"), sample(), true).has_value());
  EXPECT_EQ(scratch.names(), std::vector<std::string>{"meta.json"});
}

}  // namespace
}  // namespace nexa::io
