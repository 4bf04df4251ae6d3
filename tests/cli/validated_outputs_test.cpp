// The HDF5 file of a validated run says the same as its summary.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/sim_run.hpp"
#include "tests/io/hdf5_reader.hpp"
#include "tests/io/scratch.hpp"

namespace nexa::cli {
namespace {

using io::testing::column;
using io::testing::members;
using io::testing::words;

class ValidatedOutputs : public ::testing::Test {
 protected:
  ValidatedOutputs() : hdf5_(scratch_.file("run.h5")) {
    static_cast<void>(scratch_.file("platform.yaml", R"(name: mixed
groups:
  - {name: volunteer, tier: cpu, count: 60, cores: 1, memory: 1 GiB,
     owners: 60, behaviours: [{kind: saboteur, count: 12, rate: 0.2}]}
  - {name: arbiter, tier: hpc, count: 3, cores: 8, memory: 8 GiB}
)"));
    flags_.scenario = scratch_.file("scenario.yaml", R"(name: mixed
workload:
  synthetic: {jobs: 2000, load: 0.3, tier: cpu}
platform: platform.yaml
policy: fcfs+easy
validation: {policy: arbitrated, target_nresults: 1, trusted_tier: hpc}
)");
    flags_.out = hdf5_;
    options_.json = true;
    options_.quiet = true;
  }

  nlohmann::json summary() {
    ::testing::internal::CaptureStdout();
    const int code = run_simulation(flags_, options_);
    const std::string text = ::testing::internal::GetCapturedStdout();
    EXPECT_EQ(code, 0) << text;
    return nlohmann::json::parse(text);
  }

  template <class Word>
  [[nodiscard]] std::uint64_t count(const char* name, const Word& word) const {
    const auto rows = words(hdf5_, name);
    return static_cast<std::uint64_t>(std::count(rows.begin(), rows.end(), word));
  }

  io::testing::Scratch scratch_;
  std::string hdf5_;
  SimFlags flags_;
  GlobalOptions options_;
};

TEST_F(ValidatedOutputs, AgreeWithTheSummary) {
  const nlohmann::json run = summary();
  const nlohmann::json& figures = run["validation"];
  EXPECT_EQ(column(hdf5_, "replicas/job_id").size(), figures["replicas"]);
  EXPECT_EQ(count("replicas/trusted", "TRUE"), figures["trusted_replicas"]);
  EXPECT_EQ(count("verdicts/revised", "no"), run["jobs_finished"]);

  std::map<std::pair<std::string, std::string>, std::uint64_t> found;
  const auto behaviours = words(hdf5_, "replicas/behaviour");
  const auto states = words(hdf5_, "replicas/state");
  for (std::size_t i = 0; i < states.size(); ++i) ++found[{behaviours[i], states[i]}];
  std::uint64_t identities = 0;
  for (const nlohmann::json& behaviour : figures["behaviours"]) {
    for (const char* state : {"valid", "invalid"}) {
      EXPECT_EQ((found[{behaviour["name"], state}]), behaviour["replicas"][state]) << behaviour;
    }
    EXPECT_EQ(count("identities/behaviour", behaviour["name"].get<std::string>()),
              behaviour["identities"]);
    identities += behaviour["identities"].get<std::uint64_t>();
  }
  EXPECT_EQ(column(hdf5_, "identities/node").size(), identities);
  EXPECT_GT((found[{"saboteur", "invalid"}]), 0U);

  const auto wrong = words(hdf5_, "verdicts/wrong");
  const auto revised = words(hdf5_, "verdicts/revised");
  std::uint64_t wrong_at_first = 0;
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    wrong_at_first += wrong[i] == "TRUE" && revised[i] == "no" ? 1 : 0;
  }
  EXPECT_EQ(wrong_at_first, figures["wrong_at_first"]);
}

TEST_F(ValidatedOutputs, DrawEachReplicaInTheReport) {
  flags_.report = scratch_.file("run.html");
  const nlohmann::json run = summary();
  const std::string page = io::testing::bytes_of(flags_.report);
  const std::string open = "id=\"nexa-data\">";
  const std::size_t begin = page.find(open) + open.size();
  const nlohmann::json data =
      nlohmann::json::parse(page.substr(begin, page.find("</script>", begin) - begin));
  // One byte per bar, four characters for three bytes.
  const std::string fates = data["gantt"]["fate"];
  const auto padding = static_cast<std::size_t>(std::count(fates.begin(), fates.end(), '='));
  const std::size_t bars = (fates.size() - 3) / 4 * 3 - padding;
  EXPECT_EQ(data["gantt"]["stride"], 1);
  EXPECT_EQ(bars, run["validation"]["replicas"]);
  EXPECT_EQ(data["trust"]["wrong_at_first"], run["validation"]["wrong_at_first"]);
  EXPECT_EQ(data["trust"]["jobs"], 2000);
  EXPECT_FALSE(data.contains("money"));
}

TEST_F(ValidatedOutputs, HaveTheirTablesOnlyWhereJobsAreValidated) {
  summary();
  const auto groups = members(hdf5_, "/");
  for (const char* group : {"replicas", "verdicts", "identities"}) {
    EXPECT_EQ(std::count(groups.begin(), groups.end(), group), 1) << group;
  }
  EXPECT_EQ(std::count(groups.begin(), groups.end(), "ledger"), 0);

  flags_.scenario.clear();
  flags_.workload = std::string(NEXA_SOURCE_DIR) + "/configs/traces/KTH-SP2-1996-2.1-cln.swf.gz";
  flags_.platform = "cores:100";
  flags_.first = 100;
  summary();
  EXPECT_EQ(members(hdf5_, "/"),
            (std::vector<std::string>{"allocations", "jobs", "meta", "nodes", "series"}));
}

}  // namespace
}  // namespace nexa::cli
