// What a validated run tells of replicas, verdicts and nodes agrees with its figures.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "io/sha256.hpp"
#include "ledger/ledger_bank.hpp"
#include "ledger/money_id.hpp"
#include "simulator/ledger_recorder.hpp"
#include "simulator/synthetic_workload.hpp"
#include "simulator/validated_simulation.hpp"
#include "tests/scheduler/test_size.hpp"

namespace nexa::simulator {
namespace {

constexpr std::uint32_t volunteers = 60;

/// All that a sink was told, and how many machines each replica had.
struct Records {
  std::vector<std::uint32_t> jobs;
  std::vector<scheduler::ReplicaRecord> replicas;
  std::vector<std::uint32_t> machines;
  std::vector<scheduler::VerdictRecord> verdicts;
  std::vector<scheduler::IdentityRecord> identities;
  std::vector<std::string> accounts;
  std::vector<scheduler::TransferRecord> transfers;
};

class Keeper final : public ResultSink {
 public:
  explicit Keeper(Records& records) : records_(records) {}

  void add(const core::JobOutcome& outcome) override { records_.jobs.push_back(outcome.id.value); }
  void add_replica(const scheduler::ReplicaRecord& replica) override {
    records_.replicas.push_back(replica);
    std::uint32_t nodes = 0;
    for (const scheduler::NodeShare& share : replica.machines) nodes += share.nodes.size();
    records_.replicas.back().machines = {};
    records_.machines.push_back(nodes);
  }
  void add_verdict(const scheduler::VerdictRecord& verdict) override {
    records_.verdicts.push_back(verdict);
  }
  void add_identity(const scheduler::IdentityRecord& identity) override {
    records_.identities.push_back(identity);
  }
  void add_account(std::string_view name) override { records_.accounts.emplace_back(name); }
  void add_transfer(const scheduler::TransferRecord& transfer) override {
    records_.transfers.push_back(transfer);
  }

 private:
  Records& records_;
};

core::Platform platform_of(std::vector<core::BehaviourShare> behaviours) {
  core::Platform platform;
  platform.tiers = {"cpu", "hpc"};
  platform.sites = {"here"};
  for (std::uint32_t owner = 0; owner <= volunteers; ++owner) {
    platform.owners.push_back("owner-" + std::to_string(owner));
  }
  core::NodeSpec volunteer;
  volunteer.capacity.cores = 2;
  platform.groups.push_back({.name = "volunteer",
                             .count = volunteers,
                             .spec = volunteer,
                             .owners = volunteers,
                             .behaviours = std::move(behaviours)});
  core::NodeSpec arbiter;
  arbiter.tier = core::TierId{1};
  arbiter.capacity.cores = 8;
  arbiter.owner = core::OwnerId{volunteers};
  platform.groups.push_back(
      {.name = "arbiter", .count = 4, .spec = arbiter, .owners = 1, .behaviours = {}});
  return platform;
}

core::Workload workload_for(const core::Platform& platform) {
  core::WorkloadModel model;
  model.jobs = static_cast<std::uint32_t>(nexa::test::fewer_if_slow(3000));
  model.load_permille = 300;
  model.tiers = 1;
  return draw_workload(model, platform, 5);
}

struct RecordedRun {
  core::Platform platform;
  core::Workload workload;
  Records records;
  SimulationResult result;
};

/// Saboteurs that come back under new names, and machines that crash, hoard and lag.
RecordedRun run_of(validator::RedundancyPolicy policy, bool record = true) {
  RecordedRun run;
  run.platform =
      platform_of({{.behaviour = core::Saboteur{.rate_ppm = 200'000},
                    .nodes = 10,
                    .whitewash_after = 1,
                    .whitewash_rest = core::seconds(60)},
                   {.behaviour = core::Flaky{.mtbf = core::seconds(3000)}, .nodes = 20},
                   {.behaviour = core::Straggler{.rate_ppm = 50'000, .slowdown_permille = 30'000},
                    .nodes = 20}});
  run.workload = workload_for(run.platform);
  ValidationSetup setup;
  setup.rules.policy = policy;
  if (policy != validator::RedundancyPolicy::fixed) setup.rules.target_nresults = 1;
  setup.trusted_tiers = 2;
  setup.sha256 = io::sha256_of_parts;
  setup.recognises_machines = false;
  SimulationOptions options;
  Keeper keeper(run.records);
  options.results = &keeper;
  options.record_replicas = record;
  run.result =
      ValidatedSimulation(run.platform, run.workload, *scheduler::parse_policy_set("fcfs+easy"),
                          std::move(setup), 5, std::move(options))
          .run();
  return run;
}

class RecordsOfARun : public ::testing::TestWithParam<validator::RedundancyPolicy> {};

TEST_P(RecordsOfARun, HaveEachReplicaOnce) {
  const RecordedRun run = run_of(GetParam());
  const ValidationFigures& figures = *run.result.validation;
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
  std::set<std::uint32_t> jobs;
  std::uint64_t trusted = 0;
  std::uint32_t last = UINT32_MAX;
  for (const scheduler::ReplicaRecord& replica : run.records.replicas) {
    EXPECT_TRUE(seen.insert({replica.job.value, replica.replica.value}).second);
    if (std::exchange(last, replica.job.value) != replica.job.value) {
      EXPECT_TRUE(jobs.insert(last).second) << "the replicas of a job come together";
    }
    EXPECT_GE(replica.start, run.workload.jobs[replica.job.value].submit);
    EXPECT_GE(replica.end, replica.start);
    EXPECT_NE(replica.end, core::never);
    EXPECT_EQ(replica.trusted, replica.tier == core::TierId{1});
    trusted += replica.trusted ? 1 : 0;
    const bool was_asked_for_there = replica.purpose == validator::Purpose::spot_check ||
                                     replica.purpose == validator::Purpose::arbitration ||
                                     replica.purpose == validator::Purpose::arbiter_check;
    EXPECT_TRUE(replica.trusted || !was_asked_for_there);
  }
  EXPECT_EQ(seen.size(), figures.replicas);
  EXPECT_EQ(trusted, figures.trusted_replicas);
  EXPECT_TRUE(std::all_of(run.records.machines.begin(), run.records.machines.end(),
                          [](std::uint32_t nodes) { return nodes > 0; }));
}

TEST_P(RecordsOfARun, AgreeWithTheFiguresOfEachBehaviour) {
  const RecordedRun run = run_of(GetParam());
  std::map<std::pair<std::string, validator::ReplicaState>, std::uint64_t> found;
  for (const scheduler::ReplicaRecord& replica : run.records.replicas) {
    ++found[{std::string(replica.behaviour), replica.state}];
  }
  std::uint64_t invalid = 0;
  for (const BehaviourFigures& behaviour : run.result.validation->behaviours) {
    const auto expect = [&](ReplicaFate fate, validator::ReplicaState state) {
      EXPECT_EQ((found[{behaviour.name, state}]),
                behaviour.replicas[static_cast<std::size_t>(fate)])
          << behaviour.name << ' ' << validator::to_text(state);
    };
    expect(ReplicaFate::valid, validator::ReplicaState::valid);
    expect(ReplicaFate::invalid, validator::ReplicaState::invalid);
    expect(ReplicaFate::too_late, validator::ReplicaState::too_late);
    invalid += behaviour.replicas[static_cast<std::size_t>(ReplicaFate::invalid)];
  }
  EXPECT_GT(invalid, 0U);
}

TEST_P(RecordsOfARun, TellWhatWasAcceptedAndWhatBecameOfIt) {
  const RecordedRun run = run_of(GetParam());
  const ValidationFigures& figures = *run.result.validation;
  std::map<std::uint32_t, const scheduler::VerdictRecord*> last;
  std::uint64_t wrong_at_first = 0;
  std::uint64_t first = 0;
  core::Time before{};
  for (const scheduler::VerdictRecord& verdict : run.records.verdicts) {
    EXPECT_GE(verdict.time, before);
    before = verdict.time;
    EXPECT_EQ(verdict.revised.has_value(), last.contains(verdict.job.value));
    if (!verdict.revised) {
      ++first;
      wrong_at_first += verdict.wrong ? 1 : 0;
      EXPECT_NE(verdict.rule == validator::Rule::none,
                verdict.outcome == validator::Outcome::accepted);
    }
    last[verdict.job.value] = &verdict;
  }
  EXPECT_EQ(first, figures.jobs_accepted + figures.jobs_without_result);
  EXPECT_EQ(first, run.records.jobs.size());
  EXPECT_EQ(wrong_at_first, figures.wrong_at_first);
  std::uint64_t wrong = 0;
  std::uint64_t accepted = 0;
  for (const auto& [job, verdict] : last) {
    wrong += verdict->wrong ? 1 : 0;
    accepted += verdict->outcome == validator::Outcome::accepted ? 1 : 0;
  }
  EXPECT_EQ(wrong, figures.wrong_accepted);
  EXPECT_EQ(accepted, figures.jobs_accepted);
}

TEST_P(RecordsOfARun, KnowEachNodeUnderEachOfItsNames) {
  const RecordedRun run = run_of(GetParam());
  std::map<std::string, std::uint64_t> identities;
  std::map<std::string, std::uint64_t> convicted;
  std::set<std::uint32_t> machines;
  for (std::size_t i = 0; i < run.records.identities.size(); ++i) {
    const scheduler::IdentityRecord& identity = run.records.identities[i];
    EXPECT_EQ(identity.node.value, i);
    EXPECT_EQ(machines.insert(identity.machine.value).second, identity.machine == identity.node);
    ++identities[std::string(identity.behaviour)];
    convicted[std::string(identity.behaviour)] += identity.convicted != core::never ? 1 : 0;
    EXPECT_EQ(identity.node_class, identity.machine.value < volunteers ? 0U : 1U);
  }
  EXPECT_GT(run.records.identities.size(), machines.size()) << "nobody came back";
  for (const BehaviourFigures& behaviour : run.result.validation->behaviours) {
    EXPECT_EQ(identities[behaviour.name], behaviour.identities);
    EXPECT_EQ(convicted[behaviour.name], behaviour.convicted);
  }
}

TEST_P(RecordsOfARun, ChangeNothing) {
  const RecordedRun with = run_of(GetParam());
  const RecordedRun without = run_of(GetParam(), false);
  EXPECT_EQ(with.result.command_hash, without.result.command_hash);
  EXPECT_EQ(with.records.jobs, without.records.jobs);
  EXPECT_TRUE(without.records.replicas.empty());
  EXPECT_TRUE(without.records.verdicts.empty());
  EXPECT_TRUE(without.records.identities.empty());
}

INSTANTIATE_TEST_SUITE_P(, RecordsOfARun,
                         ::testing::Values(validator::RedundancyPolicy::fixed,
                                           validator::RedundancyPolicy::adaptive,
                                           validator::RedundancyPolicy::arbitrated));

TEST(LedgerRecorder, TellsWhatIsBookedAndWhatExpires) {
  Records records;
  ledger::Ledger ledger;
  Keeper keeper(records);
  LedgerRecorder recorder(ledger, keeper);
  ledger.attach(&recorder);
  ledger::LedgerBank bank(ledger);
  const auto mint = bank.open("op:mint", core::Time{});
  const auto alice = bank.open("user:alice", core::Time{});
  const auto escrow = bank.open("escrow:7", core::Time{});
  const auto grant = ledger::money_id(ledger::MoneyKind::hold, core::NodeId{1}, 0);
  const auto hold = ledger::money_id(ledger::MoneyKind::hold, core::JobId{7}, 0, 0);
  ASSERT_EQ(ledger.book({.id = grant,
                         .debit = *mint,
                         .credit = *alice,
                         .amount = 100,
                         .reason = ledger::Reason::grant},
                        core::at_seconds(1)),
            ledger::Status::booked);
  ASSERT_EQ(ledger.book({.id = hold,
                         .kind = ledger::TransferKind::pending,
                         .debit = *alice,
                         .credit = *escrow,
                         .amount = 60,
                         .timeout = core::seconds(10),
                         .reason = ledger::Reason::escrow},
                        core::at_seconds(2)),
            ledger::Status::booked);
  ASSERT_NE(ledger.book({.id = ledger::money_id(ledger::MoneyKind::hold, core::JobId{8}, 0, 0),
                         .debit = *alice,
                         .credit = *escrow,
                         .amount = 60},
                        core::at_seconds(3)),
            ledger::Status::booked)
      << "spent twice";
  ASSERT_EQ(ledger.expire(core::at_seconds(100)), 1U);

  EXPECT_EQ(records.accounts, (std::vector<std::string>{"op:mint", "user:alice", "escrow:7"}));
  ASSERT_EQ(records.transfers.size(), 3U);
  EXPECT_EQ(records.transfers[0].job, std::nullopt);
  EXPECT_EQ(records.transfers[0].reason, ledger::Reason::grant);
  EXPECT_EQ(records.transfers[1].job, core::JobId{7});
  EXPECT_FALSE(records.transfers[1].expired);
  EXPECT_TRUE(records.transfers[2].expired);
  EXPECT_EQ(records.transfers[2].time, core::at_seconds(12));
  EXPECT_EQ(records.transfers[2].debit, *alice);
  EXPECT_EQ(records.transfers[2].amount, 60U);
}

}  // namespace
}  // namespace nexa::simulator
