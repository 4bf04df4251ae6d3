// A30: users who submit many jobs at one instant, to spend the same money twice. What the scenario
// says of bursts arrives in the run, and holds at submission stop them.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <variant>

#include "cli/sim_inputs.hpp"
#include "cli/sim_validation.hpp"
#include "ledger/ledger.hpp"
#include "simulator/validated_simulation.hpp"
#include "tests/io/scratch.hpp"

namespace nexa::cli {
namespace {

constexpr std::uint32_t jobs = 400;
constexpr std::uint32_t burst = 40;
constexpr std::int64_t budget = 40;  // credits; as in the scenario

/// Keeps the books of a run a second time, and looks at both accounts after each transfer.
class OverdraftWatch final : public ledger::Journal {
 public:
  void append(const ledger::Entry& entry) override {
    ASSERT_TRUE(books_.replay(entry));
    const auto* transfer = std::get_if<ledger::Transfer>(&entry.body);
    if (transfer == nullptr || books_.unfinished_chain() > 0) return;
    ++transfers;
    for (const ledger::AccountId account : {transfer->debit, transfer->credit}) {
      if (!books_.names().contains(account)) continue;
      const std::string_view name = books_.names()[account];
      if (!name.starts_with("user:") && !name.starts_with("escrow:")) continue;
      EXPECT_FALSE(is_overdrawn(account)) << name;
    }
  }
  core::Result<void> commit() override { return {}; }

  std::uint64_t transfers = 0;

 private:
  [[nodiscard]] bool is_overdrawn(ledger::AccountId account) const {
    const ledger::Account& known = books_.account(account);
    return known.balance().negative || known.available().negative;
  }

  ledger::Ledger books_;
};

class Bursts : public ::testing::Test {
 protected:
  Bursts() {
    static_cast<void>(scratch_.file("platform.yaml", R"(name: small
groups:
  - {name: volunteer, tier: cpu, count: 30, cores: 1, memory: 1 GiB, price: 0.02, owners: 30}
  - {name: arbiter, tier: hpc, count: 2, cores: 8, memory: 8 GiB, price: 0.1}
)"));
  }

  /// Four users, who have little money and submit so many jobs at once.
  SimInputs inputs(std::uint32_t size) {
    SimFlags flags;
    flags.scenario = scratch_.file("scenario.yaml", R"(name: racers
workload:
  synthetic: {jobs: 400, load: 0.3, tier: cpu, users: 4}
  tiers: [{tier: cpu, share: 0.5}]
platform: platform.yaml
policy: fcfs+easy
validation: {policy: arbitrated, target_nresults: 1, trusted_tier: hpc}
credits: {price: flat_per_tier}
requesters: [{name: racers, budget: 40, burst: )" + std::to_string(size) +
                                                        "}]\n");
    io::Diagnostics diagnostics;
    auto loaded = load_sim_inputs(flags, diagnostics);
    EXPECT_TRUE(loaded) << diagnostics.to_text();
    return std::move(*loaded);
  }

  static simulator::SimulationResult run(const SimInputs& inputs) {
    OverdraftWatch watch;
    simulator::SimulationOptions options;
    options.check_invariants = true;
    options.journal = &watch;
    auto result = simulator::ValidatedSimulation(inputs.platform, inputs.workload, inputs.policies,
                                                 validation_setup(inputs), inputs.spec.seed,
                                                 std::move(options))
                      .run();
    EXPECT_GT(watch.transfers, 0U);
    return result;
  }

  io::testing::Scratch scratch_;
};

TEST_F(Bursts, ShiftTheJobsOfAUserToOneInstant) {
  const SimInputs calm = inputs(1);
  const SimInputs raced = inputs(burst);
  ASSERT_EQ(raced.workload.jobs.size(), jobs);
  const auto earlier = [](const auto& a, const auto& b) { return a.submit < b.submit; };
  EXPECT_TRUE(std::is_sorted(raced.workload.jobs.begin(), raced.workload.jobs.end(), earlier));
  std::map<std::pair<std::uint32_t, core::Time>, std::uint32_t> at_once;
  for (const core::WorkloadJob& job : raced.workload.jobs) ++at_once[{job.user, job.submit}];
  for (const auto& [who, count] : at_once) EXPECT_LE(count, burst) << "user " << who.first;
  EXPECT_LE(at_once.size(), jobs / burst + 4) << "all but the last burst of a user are full";
  // Nothing else is changed: neither what a job is nor which tier it may run on.
  std::map<std::uint32_t, const core::WorkloadJob*> known;
  for (const core::WorkloadJob& job : calm.workload.jobs) known[job.number] = &job;
  ASSERT_EQ(known.size(), jobs);
  for (const core::WorkloadJob& job : raced.workload.jobs) {
    const core::WorkloadJob& was = *known.at(job.number);
    EXPECT_LE(job.submit, was.submit);
    EXPECT_EQ(job.user, was.user);
    EXPECT_EQ(job.run_time, was.run_time);
    EXPECT_EQ(job.request_class, was.request_class);
  }
}

TEST_F(Bursts, SpendNoMoneyTwice) {
  const simulator::SimulationResult calm = run(inputs(1));
  const simulator::SimulationResult raced = run(inputs(burst));
  EXPECT_GT(raced.validation->jobs_accepted, 0U);
  EXPECT_GT(raced.credits->jobs_refused, calm.credits->jobs_refused);
  EXPECT_EQ(raced.validation->jobs_accepted + raced.credits->jobs_refused, jobs);
  EXPECT_LE(raced.credits->paid + raced.credits->fees + raced.credits->arbitration,
            core::Credits::whole(4 * budget));
  EXPECT_EQ(raced.credits->held, core::Credits{});
}

}  // namespace
}  // namespace nexa::cli
