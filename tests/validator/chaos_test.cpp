// Hosts that repeat themselves, contradict themselves and know no order, and nodes that lie:
// nothing breaks an invariant, and once the host behaves again every job ends.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <set>

#include "tests/scheduler/test_size.hpp"
#include "tests/validator/desk.hpp"

namespace nexa::validator {
namespace {

using test::Desk;
using test::Wish;

class HostFromHell {
 public:
  explicit HostFromHell(std::uint64_t seed) : seed_(seed), desk_(random_config()) {}

  void run() {
    for (std::uint32_t id = 1; id <= 6; ++id) join();
    for (int step = 0; step < 120; ++step) {
      for (std::uint64_t i = below(5); i > 0; --i) disturb();
      note(desk_.step());
      desk_.validator.check();
      check_verdicts();
      if (below(2) == 0) desk_.now += core::seconds(static_cast<std::int64_t>(below(500)));
    }
    calm_down();
    EXPECT_EQ(desk_.validator.undecided_jobs(), 0U);
    for (std::uint32_t job = 0; job < next_job_; ++job) {
      EXPECT_EQ(desk_.verdict_count[job], 1) << "job " << job;
    }
    check_rewards();
  }

 private:
  std::uint64_t below(std::uint64_t bound) {
    return core::random_below({.seed = seed_, .entity = draws_++}, bound);
  }

  ValidatorConfig random_config() {
    ValidatorConfig config;
    config.newcomer_results = static_cast<std::uint32_t>(1 + below(4));
    config.established_quantile_ppm = static_cast<std::uint32_t>(below(2) * 300'000);
    config.spot_check_ppm = static_cast<std::uint32_t>(below(3) * 300'000);
    config.arbiter_check_ppm = static_cast<std::uint32_t>(below(3) * 400'000);
    config.cross_class_ppm = static_cast<std::uint32_t>(below(3) * 300'000);
    config.vest_results = static_cast<std::uint32_t>(below(3) * 5);
    has_no_window_ = config.vest_results == 0;
    config.strikes_to_expel = static_cast<std::uint32_t>(1 + below(4));
    config.backtrack = below(4) > 0;
    config.rerun_after_strike = below(2) == 0;
    config.in_flight_at_first = static_cast<std::uint32_t>(1 + below(5));
    config.errors.first = core::seconds(static_cast<std::int64_t>(below(300)));
    config.theta_ppm = 900'000;
    EXPECT_TRUE(check(config));
    return config;
  }

  Redundancy random_rules() {
    Redundancy rules;
    rules.policy = static_cast<RedundancyPolicy>(below(6));
    rules.min_quorum = static_cast<std::uint32_t>(1 + below(3));
    rules.target_nresults = static_cast<std::uint32_t>(1 + below(4));
    rules.max_error_results = static_cast<std::uint32_t>(below(5));
    rules.max_total_results = static_cast<std::uint32_t>(2 + below(12));
    rules.max_success_results = static_cast<std::uint32_t>(2 + below(8));
    rules.delay_bound = core::seconds(static_cast<std::int64_t>(below(3) * 400));
    rules.distinct = static_cast<std::uint8_t>(below(16));
    rules.host_class = below(3) == 0 ? HostClassRule::uarch : HostClassRule::none;
    return rules;
  }

  void join() {
    NodeJoined fact = desk_.node(++nodes_);
    fact.owner = core::OwnerId{static_cast<std::uint32_t>(below(5))};
    fact.rack = core::RackId{static_cast<std::uint32_t>(below(3))};
    fact.machine = MachineId{below(12)};
    fact.host_class = core::HostClassId{static_cast<std::uint16_t>(1 + below(2))};
    fact.trusted = below(4) == 0;
    desk_.tell(fact);
    if (below(4) == 0) desk_.tell(fact);
  }

  std::uint32_t any_node() { return static_cast<std::uint32_t>(below(nodes_ + 2)); }
  std::uint32_t any_job() { return static_cast<std::uint32_t>(below(next_job_ + 2)); }

  std::vector<Comparison> any_comparisons() {
    std::vector<Comparison> result;
    for (std::uint64_t i = below(4); i > 0; --i) {
      result.push_back(
          {core::ReplicaId{static_cast<std::uint32_t>(below(6))}, below(2) == 0, below(10)});
    }
    return result;
  }

  void submit() {
    const Redundancy rules = random_rules();
    if (check(rules)) {
      desk_.submit(next_job_++, rules, static_cast<std::int64_t>(below(9)),
                   below(2) == 0 ? ComparatorKind::exact : ComparatorKind::tolerance);
    } else {
      desk_.submit(1'000'000, rules);
    }
  }

  /// A replica that was asked for, or any numbers.
  std::pair<std::uint32_t, std::uint32_t> any_replica() {
    if (!wished_.empty() && below(4) > 0) return wished_[below(wished_.size())];
    return {any_job(), static_cast<std::uint32_t>(below(8))};
  }

  void disturb() {
    const auto [job, replica] = any_replica();
    switch (below(14)) {
      case 0:
        return join();
      case 1:
        return desk_.tell(NodeLeft{core::NodeId{any_node()}});
      case 2:
        return desk_.tell(NodeReturned{core::NodeId{any_node()}});
      case 3:
      case 4:
        return submit();
      case 5:
        if (below(8) == 0) desk_.tell(JobCancelled{core::JobId{any_job()}});
        return;
      case 6:
        if (below(3) == 0) {
          desk_.tell(ReplicaUnplaceable{core::JobId{job}, core::ReplicaId{replica}});
        }
        return;
      case 7:
        return desk_.tell(ResultCommitted{core::JobId{job}, core::ReplicaId{replica}});
      case 8:
      case 9: {
        std::vector<std::uint32_t> on(1 + below(2), any_node());
        for (std::uint32_t& id : on) id = any_node();
        return desk_.place(job, replica, on);
      }
      case 10:
      case 11:
        return desk_.report(job, replica, below(3), any_comparisons());
      case 12:
        return desk_.fail(job, replica, static_cast<FailureKind>(below(5)));
      default:
        if (below(10) == 0) desk_.tell(EpochEnded{});
        if (next_job_ > 0 && below(4) == 0) resubmit(static_cast<std::uint32_t>(below(next_job_)));
    }
  }

  /// The id of a job that is in use is refused; one that is free again names another job.
  void resubmit(std::uint32_t job) {
    const bool undecided = !desk_.verdicts.contains(job);
    if (undecided) desk_.submit(job, random_rules());
  }

  void note(const std::vector<Wish>& wishes) {
    for (const Wish& wish : wishes) {
      wished_.emplace_back(wish.send.job.value, wish.send.replica.value);
    }
  }

  void check_verdicts() {
    for (const auto& [job, said] : desk_.verdicts) {
      for (const ReplicaVerdict& replica : said.replicas) {
        EXPECT_NE(replica.state, ReplicaState::assigned);
        EXPECT_NE(replica.state, ReplicaState::committed);
        EXPECT_NE(replica.state, ReplicaState::revealed);
        if (replica.state != ReplicaState::invalid) continue;
        EXPECT_NE(replica.ground, Ground::none) << job;  // V-f
        EXPECT_NE(replica.against.value, 0U) << job;
        EXPECT_FALSE(is_payable(replica.state));  // V-g
      }
      EXPECT_EQ(said.verdict.outcome == Outcome::accepted, said.verdict.canonical.value != 0);
    }
  }

  /// Of each reward something is said once; without windows, of all of them.
  void check_rewards() {
    std::map<std::pair<std::uint32_t, std::uint32_t>, ReplicaState> states;
    for (const auto& [job, said] : desk_.verdicts) {
      for (const ReplicaVerdict& replica : said.replicas) {
        states[{job, replica.replica.value}] = replica.state;
      }
    }
    for (const test::Revised& revised : desk_.revisions) {
      for (const ReplicaVerdict& replica : revised.replicas) {
        states[{revised.revised.job.value, replica.replica.value}] = replica.state;
      }
    }
    std::set<std::pair<std::uint32_t, std::uint32_t>> closed;
    for (const auto& entry : desk_.vested) EXPECT_TRUE(closed.insert(entry).second);
    for (const auto& entry : desk_.forfeited) EXPECT_TRUE(closed.insert(entry).second);
    if (!has_no_window_) return;
    for (const auto& [replica, state] : states) {
      if (state != ReplicaState::valid) continue;
      EXPECT_TRUE(closed.contains(replica)) << replica.first << ' ' << replica.second;
    }
  }

  /// From now on the host does what it is asked to, and nodes answer.
  void calm_down() {
    for (int round = 0; round < 10'000 && desk_.validator.undecided_jobs() > 0; ++round) {
      for (const auto& [job, replica] : wished_) {
        desk_.place(job, replica, {1 + static_cast<std::uint32_t>(below(nodes_))});
        desk_.report(job, replica, 0);
      }
      wished_.clear();
      note(desk_.step());
      desk_.validator.check();
    }
  }

  std::uint64_t seed_;
  std::uint64_t draws_ = 0;
  bool has_no_window_ = false;
  Desk desk_;
  std::uint32_t nodes_ = 0;
  std::uint32_t next_job_ = 0;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> wished_;
};

TEST(Chaos, NothingBreaksAnInvariantAndEveryJobEnds) {
  const std::uint64_t cases = nexa::test::fewer_if_slow(400);
  for (std::uint64_t seed = 1; seed <= cases; ++seed) {
    HostFromHell host(seed);
    host.run();
    if (testing::Test::HasFailure()) {
      std::cout << "seed " << seed << '\n';
      return;
    }
  }
}

}  // namespace
}  // namespace nexa::validator
