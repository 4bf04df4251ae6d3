// The tables of a validated run, read back by the library alone.
#include <gtest/gtest.h>

#include <algorithm>

#include "io/hdf5/run_writer.hpp"
#include "io/sha256.hpp"
#include "tests/io/hdf5_reader.hpp"
#include "tests/io/scratch.hpp"

namespace nexa::io::hdf5 {
namespace {

using core::Result;
using io::testing::column;
using io::testing::members;
using io::testing::Scratch;
using io::testing::texts;
using io::testing::words;
using Rows = std::vector<double>;
using Words = std::vector<std::string>;

class ValidatedRunFile : public ::testing::Test {
 protected:
  ValidatedRunFile() {
    platform_.tiers = {"cpu", "hpc"};
    platform_.groups = {
        {.name = "volunteer",
         .count = 4,
         .spec = {},
         .behaviours = {{.behaviour = core::Saboteur{}, .nodes = 1},
                        {.behaviour = core::Noisy{}, .nodes = 4}}},
        {.name = "arbiter", .count = 1, .spec = {.tier = core::TierId(1)}, .behaviours = {}}};
    jobs_.resize(2);
  }

  Result<RunWriter> create(const std::string& name) {
    return RunWriter::create(scratch_.file(name), meta_, platform_, jobs_);
  }

  /// Replica `number` of job 7, on three machines.
  scheduler::ReplicaRecord replica(std::uint32_t number) {
    return {.job = core::JobId(7),
            .replica = core::ReplicaId(number),
            .node = core::NodeId(12),
            .machine = core::NodeId(3),
            .owner = core::OwnerId(9),
            .behaviour = "saboteur",
            .tier = core::TierId(1),
            .purpose = validator::Purpose::arbitration,
            .state = validator::ReplicaState::invalid,
            .start = core::at_seconds(number),
            .end = core::at_seconds(number + 10),
            .cores = 6,
            .wrong = true,
            .trusted = true,
            .machines = machines_};
  }

  Scratch scratch_;
  RunMeta meta_;
  core::Platform platform_;
  std::vector<core::WorkloadJob> jobs_;
  std::vector<scheduler::NodeShare> machines_{{{0, 1}, 1}, {{3, 3}, 4}};
};

TEST_F(ValidatedRunFile, KeepsReplicas) {
  const std::string path = scratch_.file("run.h5");
  auto writer = create("run.h5");
  ASSERT_TRUE(writer->expect_replicas().has_value());
  ASSERT_TRUE(writer->append(replica(1)).has_value());
  scheduler::ReplicaRecord running = replica(2);
  running.behaviour = "honest";
  running.purpose = validator::Purpose::work;
  running.state = validator::ReplicaState::assigned;
  running.tier = core::TierId(0);
  running.end = core::never;
  running.wrong = running.trusted = false;
  running.machines = {};
  ASSERT_TRUE(writer->append(running).has_value());
  ASSERT_TRUE(writer->close(true).has_value());

  EXPECT_EQ(column(path, "replicas/job_id"), (Rows{7, 7}));
  EXPECT_EQ(column(path, "replicas/replica"), (Rows{1, 2}));
  EXPECT_EQ(column(path, "replicas/node"), (Rows{12, 12}));
  EXPECT_EQ(column(path, "replicas/machine"), (Rows{3, 3}));
  EXPECT_EQ(column(path, "replicas/owner"), (Rows{9, 9}));
  EXPECT_EQ(column(path, "replicas/nodes"), (Rows{3, 0}));
  EXPECT_EQ(column(path, "replicas/cores_held"), (Rows{6, 6}));
  EXPECT_EQ(words(path, "replicas/behaviour"), (Words{"saboteur", "honest"}));
  EXPECT_EQ(words(path, "replicas/tier"), (Words{"hpc", "cpu"}));
  EXPECT_EQ(words(path, "replicas/purpose"), (Words{"arbitration", "work"}));
  EXPECT_EQ(words(path, "replicas/state"), (Words{"invalid", "assigned"}));
  EXPECT_EQ(column(path, "replicas/start_us"), (Rows{1e6, 2e6}));
  EXPECT_EQ(column(path, "replicas/end_us"), (Rows{11e6, -1}));
  EXPECT_EQ(words(path, "replicas/wrong"), (Words{"TRUE", "FALSE"}));
  EXPECT_EQ(words(path, "replicas/trusted"), (Words{"TRUE", "FALSE"}));
}

TEST_F(ValidatedRunFile, KeepsVerdictsAndTheirRevisions) {
  const std::string path = scratch_.file("run.h5");
  auto writer = create("run.h5");
  ASSERT_TRUE(writer->expect_replicas().has_value());
  scheduler::VerdictRecord verdict{.job = core::JobId(1),
                                   .time = core::at_seconds(5),
                                   .rule = validator::Rule::quorum,
                                   .canonical = core::ReplicaId(2),
                                   .wrong = true,
                                   .copies = 3};
  ASSERT_TRUE(writer->append(verdict).has_value());
  verdict.rule = validator::Rule::none;
  verdict.revised = validator::RevisedBecause::revalidation;
  verdict.confirmed = true;
  verdict.wrong = false;
  ASSERT_TRUE(writer->append(verdict).has_value());
  ASSERT_TRUE(writer
                  ->append(scheduler::VerdictRecord{.job = core::JobId(0),
                                                    .outcome = validator::Outcome::failed,
                                                    .why = validator::FailedBecause::poison})
                  .has_value());
  ASSERT_TRUE(writer->close(true).has_value());

  EXPECT_EQ(column(path, "verdicts/job_id"), (Rows{1, 1, 0}));
  EXPECT_EQ(column(path, "verdicts/time_us"), (Rows{5e6, 5e6, 0}));
  EXPECT_EQ(words(path, "verdicts/outcome"), (Words{"accepted", "accepted", "failed"}));
  EXPECT_EQ(words(path, "verdicts/why"), (Words{"none", "none", "poison"}));
  EXPECT_EQ(words(path, "verdicts/rule"), (Words{"quorum", "none", "none"}));
  EXPECT_EQ(words(path, "verdicts/revised"), (Words{"no", "revalidation", "no"}));
  EXPECT_EQ(column(path, "verdicts/canonical"), (Rows{2, 2, 0}));
  EXPECT_EQ(column(path, "verdicts/copies"), (Rows{3, 3, 0}));
  EXPECT_EQ(words(path, "verdicts/confirmed"), (Words{"FALSE", "TRUE", "FALSE"}));
  EXPECT_EQ(words(path, "verdicts/wrong"), (Words{"TRUE", "FALSE", "FALSE"}));
}

TEST_F(ValidatedRunFile, KeepsIdentities) {
  const std::string path = scratch_.file("run.h5");
  auto writer = create("run.h5");
  ASSERT_TRUE(writer->expect_replicas().has_value());
  ASSERT_TRUE(writer
                  ->append(scheduler::IdentityRecord{.node = core::NodeId(5),
                                                     .machine = core::NodeId(0),
                                                     .owner = core::OwnerId(6),
                                                     .node_class = 1,
                                                     .behaviour = "noisy",
                                                     .intent = core::Intent::faulty,
                                                     .joined = core::at_seconds(1),
                                                     .first_wrong = core::at_seconds(2),
                                                     .convicted = core::never,
                                                     .trust = validator::TrustBucket::established,
                                                     .reputation_ppm = 990'000,
                                                     .strikes = 1,
                                                     .expelled = true,
                                                     .valid = 10,
                                                     .invalid = 11,
                                                     .inconclusive = 12,
                                                     .errors = 13,
                                                     .no_replies = 14,
                                                     .aborted = 15})
                  .has_value());
  ASSERT_TRUE(writer->close(true).has_value());

  const std::vector<std::pair<const char*, double>> numbers{
      {"node", 5},          {"machine", 0},     {"owner", 6},
      {"node_class", 1},    {"joined_us", 1e6}, {"first_wrong_us", 2e6},
      {"convicted_us", -1}, {"strikes", 1},     {"reputation_ppm", 990'000},
      {"valid", 10},        {"invalid", 11},    {"inconclusive", 12},
      {"errors", 13},       {"no_replies", 14}, {"aborted", 15}};
  for (const auto& [name, value] : numbers) {
    EXPECT_EQ(column(path, std::string("identities/") + name), Rows{value}) << name;
  }
  EXPECT_EQ(words(path, "identities/behaviour"), Words{"noisy"});
  EXPECT_EQ(words(path, "identities/intent"), Words{"faulty"});
  EXPECT_EQ(words(path, "identities/trust"), Words{"established"});
  EXPECT_EQ(words(path, "identities/expelled"), Words{"TRUE"});
}

TEST_F(ValidatedRunFile, KeepsTheLedger) {
  const std::string path = scratch_.file("run.h5");
  auto writer = create("run.h5");
  ASSERT_TRUE(writer->append_account("op:mint").has_value());
  ASSERT_TRUE(writer->append_account("user:alice").has_value());
  const ledger::Amount large = (ledger::Amount{3} << 64) + 17;
  ASSERT_TRUE(writer
                  ->append(scheduler::TransferRecord{.time = core::at_seconds(1),
                                                     .kind = ledger::TransferKind::pending,
                                                     .debit = ledger::AccountId(1),
                                                     .credit = ledger::AccountId(2),
                                                     .amount = large,
                                                     .reason = ledger::Reason::grant,
                                                     .job = core::JobId(4)})
                  .has_value());
  ASSERT_TRUE(writer
                  ->append(scheduler::TransferRecord{.time = core::at_seconds(2),
                                                     .kind = ledger::TransferKind::pending,
                                                     .expired = true,
                                                     .amount = 5,
                                                     .reason = ledger::Reason::burn,
                                                     .job = std::nullopt})
                  .has_value());
  ASSERT_TRUE(writer->close(true).has_value());

  EXPECT_EQ(column(path, "ledger/time_us"), (Rows{1e6, 2e6}));
  EXPECT_EQ(words(path, "ledger/kind"), (Words{"pending", "expire"}));
  EXPECT_EQ(column(path, "ledger/debit"), (Rows{1, 0}));
  EXPECT_EQ(column(path, "ledger/credit"), (Rows{2, 0}));
  EXPECT_EQ(column(path, "ledger/amount_microcredits"), (Rows{17, 5}));
  EXPECT_EQ(column(path, "ledger/amount_high"), (Rows{3, 0}));
  EXPECT_EQ(words(path, "ledger/reason"), (Words{"grant", "burn"}));
  EXPECT_EQ(column(path, "ledger/job_id"), (Rows{4, -1}));
  EXPECT_EQ(column(path, "accounts/account"), (Rows{1, 2}));
  EXPECT_EQ(words(path, "accounts/kind"), (Words{"op", "user"}));
  EXPECT_EQ(texts(path, "accounts/name"), (Words{"op:mint", "user:alice"}));
  // A run may keep books of jobs that run once.
  const Words groups = members(path, "/");
  EXPECT_EQ(std::count(groups.begin(), groups.end(), "replicas"), 0);
}

TEST_F(ValidatedRunFile, HasNoTablesThatNobodyAskedFor) {
  const std::string path = scratch_.file("run.h5");
  auto writer = create("run.h5");
  ASSERT_TRUE(writer->close(true).has_value());
  EXPECT_EQ(members(path, "/"), (Words{"allocations", "jobs", "meta", "nodes"}));
}

TEST_F(ValidatedRunFile, KeepsAllRowsOfManyChunks) {
  constexpr std::uint32_t count = 3000;
  const std::string path = scratch_.file("run.h5");
  auto writer = create("run.h5");
  ASSERT_TRUE(writer->expect_replicas().has_value());
  for (std::uint32_t i = 0; i < count; ++i) {
    ASSERT_TRUE(writer->append(replica(i)).has_value());
    ASSERT_TRUE(
        writer->append(scheduler::VerdictRecord{.job = core::JobId(i), .copies = 2}).has_value());
    ASSERT_TRUE(writer
                    ->append(scheduler::TransferRecord{
                        .time = core::at_seconds(i), .amount = i, .job = core::JobId(i)})
                    .has_value());
  }
  ASSERT_TRUE(writer->close(true).has_value());
  for (const char* group : {"replicas", "verdicts", "ledger"}) {
    for (const std::string& name : members(path, group)) {
      EXPECT_EQ(column(path, std::string(group) + "/" + name).size(), count) << name;
    }
  }
  const Rows ends = column(path, "replicas/end_us");
  const Rows jobs = column(path, "verdicts/job_id");
  const Rows amounts = column(path, "ledger/amount_microcredits");
  for (std::uint32_t i = 0; i < count; ++i) {
    ASSERT_EQ(ends[i], 1e6 * (i + 10));
    ASSERT_EQ(jobs[i], i);
    ASSERT_EQ(amounts[i], i);
  }
}

}  // namespace
}  // namespace nexa::io::hdf5
