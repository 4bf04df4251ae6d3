// The HDF5 file of a validated run says the same as its summary.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/cli/run_to_json.hpp"
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
  - {name: volunteer, tier: cpu, count: 60, cores: 1, memory: 1 GiB, price: 0.02,
     owners: 60, behaviours: [{kind: saboteur, count: 12, rate: 0.2}]}
  - {name: arbiter, tier: hpc, count: 3, cores: 8, memory: 8 GiB, price: 0.1}
)"));
    flags_.scenario = scratch_.file("scenario.yaml", R"(name: mixed
workload:
  synthetic: {jobs: 2000, load: 0.3, tier: cpu}
platform: platform.yaml
policy: fcfs+easy
validation: {policy: arbitrated, target_nresults: 1, trusted_tier: hpc}
)");
    flags_.out = hdf5_;
  }

  nlohmann::json summary() { return testing::run_to_json(flags_); }

  template <class Word>
  [[nodiscard]] std::uint64_t count(const char* name, const Word& word) const {
    const auto rows = words(hdf5_, name);
    return static_cast<std::uint64_t>(std::count(rows.begin(), rows.end(), word));
  }

  io::testing::Scratch scratch_;
  std::string hdf5_;
  SimFlags flags_;
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

/// What was moved from one kind of account to another, for one reason, in micro-credits.
class MovedMoney {
 public:
  explicit MovedMoney(const std::string& hdf5) {
    const auto kinds = words(hdf5, "ledger/kind");
    const auto reasons = words(hdf5, "ledger/reason");
    const auto owners = words(hdf5, "accounts/kind");
    const auto debits = column(hdf5, "ledger/debit");
    const auto credits = column(hdf5, "ledger/credit");
    const auto amounts = column(hdf5, "ledger/amount_microcredits");
    balance_of_account_.resize(owners.size());
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      if (kinds[i] != "transfer" && kinds[i] != "post") continue;
      const auto debit = static_cast<std::size_t>(debits[i]) - 1;
      const auto credit = static_cast<std::size_t>(credits[i]) - 1;
      balance_of_account_[debit] -= amounts[i];
      balance_of_account_[credit] += amounts[i];
      moved_[reasons[i] + ' ' + owners[debit] + '>' + owners[credit]] += amounts[i];
    }
    for (std::size_t i = 0; i < owners.size(); ++i) {
      if (owners[i] == "op") minted_ -= balance_of_account_[i];
      if (owners[i] != "op") lowest_ = std::min(lowest_, balance_of_account_[i]);
    }
  }

  /// By `REASON KIND>KIND`.
  double operator[](const std::string& key) { return moved_[key]; }
  [[nodiscard]] double minted() const { return minted_; }
  [[nodiscard]] double lowest_balance() const { return lowest_; }

 private:
  std::vector<double> balance_of_account_;
  std::map<std::string, double> moved_;
  double minted_ = 0;
  double lowest_ = 0;
};

TEST_F(ValidatedOutputs, HaveALedgerWhoseRowsAddUpToTheSummary) {
  flags_.scenario = scratch_.file("paid.yaml", R"(name: paid
workload:
  synthetic: {jobs: 2000, load: 0.3, tier: cpu}
platform: platform.yaml
policy: fcfs+easy
validation: {policy: arbitrated, target_nresults: 1, trusted_tier: hpc}
credits: {price: flat_per_tier, fee: 0.05, slash: 1}
economy: {cost: 0.5, stake: 1, registration_fee: 0.1}
)");
  const nlohmann::json money = summary()["credits"];
  EXPECT_EQ(column(hdf5_, "ledger/time_us").size(), money["transfers"]);
  MovedMoney moved(hdf5_);
  EXPECT_EQ(moved.minted(), money["minted"]);
  EXPECT_EQ(moved.lowest_balance(), 0);
  EXPECT_EQ(moved["fee escrow>fee"] - moved["claw_back fee>escrow"], money["fees"]);
  EXPECT_EQ(moved["arbitration escrow>arb"], money["arbitration"]);
  EXPECT_EQ(moved["slash stake>slash"], money["slashed"]);
  for (const char* figure : {"minted", "fees", "arbitration", "slashed"}) {
    EXPECT_GT(money[figure], 0) << figure;
  }
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
