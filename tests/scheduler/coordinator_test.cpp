// Replicas as tasks of the engine: kept apart, placed in time, and ended.
#include "scheduler/coordinator.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/rng.hpp"
#include "io/sha256.hpp"
#include "tests/scheduler/test_size.hpp"

namespace nexa::scheduler {
namespace {

constexpr core::TierId volunteers{0};
constexpr core::TierId arbiters{1};

CoordinatorConfig config_of(validator::ValidatorConfig validation) {
  auto policies = parse_policy_set("fcfs+easy");
  return {.policies = std::move(*policies),
          .validation = validation,
          .trusted_tiers = core::TierMask{1} << arbiters.value,
          .sha256 = io::sha256_of_parts};
}

/// A host whose nodes answer at once or later, and now and then wrongly or not at all.
class Host {
 public:
  Host(std::uint64_t seed, std::uint32_t nodes, std::uint32_t owners)
      : seed_(seed), coordinator_(config_of({.newcomer_results = 2})) {
    for (std::uint32_t node = 0; node < nodes + 2; ++node) {
      core::NodeSpec spec;
      spec.tier = node < nodes ? volunteers : arbiters;
      spec.owner = core::OwnerId{node < nodes ? node % owners : owners};
      specs_.push_back(spec);
      coordinator_.add_node(core::NodeId{node}, spec, validator::MachineId{node + 1}, now_);
    }
  }

  void submit(std::uint32_t number, const validator::Redundancy& rules) {
    const core::JobId id{number};
    coordinator_.submit({.job = {.id = id,
                                 .user = {},
                                 .submit = now_,
                                 .time_limit = core::seconds(100),
                                 .request = {.tiers = core::TierMask{1} << volunteers.value}},
                         .rules = rules,
                         .value = core::Credits::whole(1),
                         .comparator = validator::ComparatorKind::exact,
                         .job_class = {}},
                        now_);
  }

  void step() {
    for (const CoordinatorCommand& command : coordinator_.step(now_)) {
      std::visit([this](const auto& alternative) { on(alternative); }, command);
    }
    coordinator_.check();
    for (const auto& [job, replica] : std::exchange(killed_, {})) end(job, replica, false);
  }

  /// Ends some of what runs, in a drawn order.
  void advance() {
    // Where nothing runs, what waits may wait for the end of a quarantine.
    now_ += running_.empty() ? core::seconds(3600) : core::seconds(10);
    const std::set<Running> running = running_;
    for (const Running& one : running) {
      if (below(3) != 0) end(one.first, one.second, below(20) != 0);
    }
    step();
  }

  bool is_idle() const { return running_.empty() && coordinator_.queue_length() == 0; }

  std::map<core::JobId, validator::Outcome> verdicts;
  std::uint64_t replicas = 0;

 private:
  using Running = std::pair<core::JobId, core::ReplicaId>;

  void on(const StartReplica& start) {
    ++replicas;
    ASSERT_EQ(start.nodes.size(), 1U);
    const std::uint32_t node = start.nodes[0].nodes.first;
    const bool trusted = specs_[node].tier == arbiters;
    // V-b: no two replicas of a job share a machine; those that vote share no owner either.
    ASSERT_TRUE(machines_of_[start.job].insert(node).second) << "a machine was used twice";
    if (!trusted) {
      ASSERT_TRUE(owners_of_[start.job].insert(specs_[node].owner).second) << "an owner was";
    }
    ASSERT_TRUE(running_.insert({start.job, start.replica}).second);
  }
  void on(const CancelReplica& cancel) { killed_.emplace_back(cancel.job, cancel.replica); }
  void on(const validator::Verdict& verdict) {
    ASSERT_TRUE(verdicts.emplace(verdict.job, verdict.outcome).second) << "a second verdict";
  }
  template <class Other>
  void on(const Other&) {}

  void end(core::JobId job, core::ReplicaId replica, bool with_result) {
    if (running_.erase({job, replica}) == 0) return;
    if (with_result) {
      core::Digest digest;
      digest.bytes[0] = below(50) == 0 ? static_cast<std::uint8_t>(1 + below(200)) : 0;
      coordinator_.tell(validator::ResultReported{.job = job, .replica = replica, .digest = digest},
                        now_);
    } else {
      coordinator_.tell(validator::ReplicaFailed{job, replica, validator::FailureKind::error},
                        now_);
    }
    coordinator_.replica_left(job, replica, now_);
  }

  std::uint64_t below(std::uint64_t bound) {
    return core::random_below({.seed = seed_, .entity = draws_++}, bound);
  }

  std::uint64_t seed_;
  std::uint64_t draws_ = 0;
  core::Time now_{};
  Coordinator coordinator_;
  std::vector<core::NodeSpec> specs_;
  std::set<Running> running_;
  std::vector<Running> killed_;
  std::map<core::JobId, std::set<std::uint32_t>> machines_of_;
  std::map<core::JobId, std::set<core::OwnerId>> owners_of_;
};

class CoordinatorCase : public testing::TestWithParam<validator::RedundancyPolicy> {};

// V-b, and liveness: every job gets a verdict, and nothing is left running or waiting.
TEST_P(CoordinatorCase, KeepsReplicasApartAndDecidesEveryJob) {
  const std::uint64_t cases = nexa::test::fewer_if_slow(20);
  for (std::uint64_t seed = 1; seed <= cases; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Host host(seed, 24, 12);
    constexpr std::uint32_t jobs = 40;
    for (std::uint32_t job = 0; job < jobs; ++job) {
      host.submit(job, {.policy = GetParam()});
      if (job % 3 == 0) host.advance();
    }
    for (int round = 0; round < 2000 && !(host.is_idle() && host.verdicts.size() == jobs);
         ++round) {
      host.advance();
      if (HasFatalFailure()) return;
    }
    EXPECT_EQ(host.verdicts.size(), jobs);
    EXPECT_TRUE(host.is_idle());
  }
}

INSTANTIATE_TEST_SUITE_P(Policies, CoordinatorCase,
                         testing::Values(validator::RedundancyPolicy::fixed,
                                         validator::RedundancyPolicy::adaptive,
                                         validator::RedundancyPolicy::arbitrated));

TEST(Coordinator, PlacesTheSecondReplicaInTheSameStepOnAnotherOwner) {
  Host host(1, 4, 2);
  host.submit(0, {.policy = validator::RedundancyPolicy::fixed});
  host.step();
  EXPECT_EQ(host.replicas, 2U);
}

TEST(Coordinator, EndsAJobThatCannotBeKeptApart) {
  Host host(1, 4, 1);
  host.submit(0, {.policy = validator::RedundancyPolicy::fixed});
  for (int i = 0; i < 50; ++i) host.advance();
  ASSERT_EQ(host.verdicts.size(), 1U);
  EXPECT_EQ(host.verdicts.at(core::JobId{0}), validator::Outcome::failed);
}

/// Notes what the engine is told of nodes.
struct NodeFacts : Recorder {
  void on_event(const Event& event) override {
    if (const auto* removed = std::get_if<NodeRemoved>(&event.fact)) {
      said.push_back("removed " + std::to_string(removed->node.value));
    } else if (const auto* changed = std::get_if<NodeStateChanged>(&event.fact)) {
      said.push_back((changed->availability == core::NodeAvailability::up ? "up " : "out ") +
                     std::to_string(changed->node.value));
    } else if (const auto* added = std::get_if<NodeAdded>(&event.fact)) {
      said.push_back("added " + std::to_string(added->node.value));
    } else if (std::holds_alternative<NodeChanged>(event.fact)) {
      said.push_back("changed");
    }
  }
  void on_step(core::Time, std::span<const Command>) override {}
  std::vector<std::string> take() { return std::exchange(said, {}); }
  std::vector<std::string> said;
};

/// Three nodes of two cores, of an owner each, where one strike expels.
struct Expelling {
  Expelling() : coordinator(config_of({.strikes_to_expel = 1})) {
    coordinator.attach(&facts);
    for (std::uint32_t node = 0; node < 3; ++node) add(node, node + 1);
    facts.take();
  }
  void add(std::uint32_t node, std::uint32_t machine) {
    core::NodeSpec spec;
    spec.owner = core::OwnerId{node};
    spec.capacity.cores = 2;
    coordinator.add_node(core::NodeId{node}, spec, validator::MachineId{machine}, now);
  }
  void submit(std::uint32_t job) {
    coordinator.submit({.job = {.id = core::JobId{job},
                                .user = {},
                                .submit = now,
                                .time_limit = core::seconds(100),
                                .request = {.tiers = core::TierMask{1} << volunteers.value}},
                        .rules = {.policy = validator::RedundancyPolicy::fixed},
                        .value = core::Credits::whole(1),
                        .comparator = validator::ComparatorKind::exact,
                        .job_class = {}},
                       now);
  }
  void step() {
    for (const CoordinatorCommand& command : coordinator.step(now)) {
      if (const auto* start = std::get_if<StartReplica>(&command)) {
        node_of[{start->job.value, start->replica.value}] = start->nodes[0].nodes.first;
      } else if (const auto* verdict = std::get_if<validator::Verdict>(&command)) {
        verdicts[verdict->job.value] = *verdict;
        verdicts[verdict->job.value].replicas = {};
      }
    }
    coordinator.check();
  }
  /// Its proof is false, so that its node is struck, whatever others say.
  void forge(std::uint32_t job, std::uint32_t replica) {
    coordinator.tell(validator::ReplicaFailed{core::JobId{job}, core::ReplicaId{replica},
                                              validator::FailureKind::bad_proof},
                     now);
    coordinator.replica_left(core::JobId{job}, core::ReplicaId{replica}, now);
  }
  void finish(std::uint32_t job, std::uint32_t replica) {
    coordinator.tell(
        validator::ResultReported{
            .job = core::JobId{job}, .replica = core::ReplicaId{replica}, .digest = {}},
        now);
    coordinator.replica_left(core::JobId{job}, core::ReplicaId{replica}, now);
  }

  NodeFacts facts;
  core::Time now{};
  Coordinator coordinator;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> node_of;
  std::map<std::uint32_t, validator::Verdict> verdicts;
};

using Said = std::vector<std::string>;

TEST(ExpelledNode, LeavesTheEngineAtOnceIfNothingRunsThere) {
  Expelling host;
  host.submit(0);
  host.step();
  const std::uint32_t forger = host.node_of.at({0, 1});
  host.forge(0, 1);
  host.step();
  EXPECT_EQ(host.facts.take(), Said{"removed " + std::to_string(forger)});
  EXPECT_NE(host.node_of.at({0, 3}), forger);
  host.finish(0, 2);
  host.finish(0, 3);
  host.step();
  EXPECT_EQ(host.verdicts.at(0).outcome, validator::Outcome::accepted);
}

TEST(ExpelledNode, LeavesTheEngineWhenTheLastOfItsReplicasHasEnded) {
  Expelling host;
  for (const std::uint32_t job : {0U, 1U}) host.submit(job);
  host.step();
  const std::uint32_t forger = host.node_of.at({0, 1});
  // The other job has a replica there as well, as each node has two cores.
  std::uint32_t other = 0;
  for (const auto& [replica, node] : host.node_of) {
    if (replica.first == 1 && node == forger) other = replica.second;
  }
  ASSERT_NE(other, 0U);
  host.forge(0, 1);
  host.step();
  EXPECT_EQ(host.facts.take(), Said{"out " + std::to_string(forger)});
  host.finish(1, other);
  EXPECT_EQ(host.facts.take(), Said{"removed " + std::to_string(forger)});
  host.step();
}

TEST(ExpelledNode, JobsThatNothingCanRunAnyMoreAreRejected) {
  Expelling host;
  host.submit(0);
  host.step();
  host.forge(0, 1);
  host.forge(0, 2);
  host.step();
  // One node is left, and two are needed.
  ASSERT_EQ(host.verdicts.size(), 1U);
  EXPECT_EQ(host.verdicts.at(0).outcome, validator::Outcome::failed);
  EXPECT_EQ(host.verdicts.at(0).why, validator::FailedBecause::unplaceable);
  host.submit(1);
  host.step();
  EXPECT_EQ(host.verdicts.at(1).why, validator::FailedBecause::unplaceable);
  EXPECT_EQ(host.coordinator.queue_length(), 0U);
}

TEST(ExpelledNode, WhatIsSaidOfItLaterChangesNothing) {
  Expelling host;
  host.submit(0);
  host.step();
  const std::uint32_t forger = host.node_of.at({0, 1});
  host.forge(0, 1);
  host.step();
  host.facts.take();
  for (const auto availability : {core::NodeAvailability::down, core::NodeAvailability::up,
                                  core::NodeAvailability::draining, core::NodeAvailability::up}) {
    host.coordinator.set_availability(core::NodeId{forger}, availability, host.now);
    host.step();
  }
  host.add(forger, 77);  // not even as another machine
  host.coordinator.tell(validator::NodeReturned{core::NodeId{forger}}, host.now);
  host.now += core::seconds(1'000'000);
  host.step();
  EXPECT_EQ(host.facts.take(), Said{});
}

TEST(ExpelledNode, ItsMachineIsNotLetInUnderAnotherName) {
  Expelling host;
  host.submit(0);
  host.step();
  const std::uint32_t forger = host.node_of.at({0, 1});
  host.forge(0, 1);
  host.step();
  host.facts.take();
  host.add(9, forger + 1);
  host.step();
  EXPECT_EQ(host.facts.take(), (Said{"added 9", "removed 9"}));
}

TEST(Coordinator, ANodeThatIsKnownStaysAsItIs) {
  Expelling host;
  host.add(1, 50);
  EXPECT_EQ(host.facts.take(), Said{});
  host.step();
}

}  // namespace
}  // namespace nexa::scheduler
