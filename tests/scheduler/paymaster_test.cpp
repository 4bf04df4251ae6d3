// Money follows verdicts: what a coordinator decides is booked, whatever nodes, users and the bank
// do, and in the end every escrow is empty.
#include "scheduler/paymaster.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "core/rng.hpp"
#include "io/sha256.hpp"
#include "ledger/check.hpp"
#include "tests/ledger/money_desk.hpp"
#include "tests/scheduler/test_size.hpp"

namespace nexa::scheduler {
namespace {

using ledger::Amount;
using validator::RedundancyPolicy;

constexpr core::TierId volunteers{0};
constexpr core::TierId arbiters{1};
constexpr Amount stake_of_each = 50'000;

CoordinatorConfig config_of(RedundancyPolicy policy) {
  validator::ValidatorConfig validation{.newcomer_results = 2};
  validation.vest_results = 5;
  validation.in_flight_at_first = 8;
  const bool has_arbiters = policy != RedundancyPolicy::fixed;
  return {.policies = std::move(*parse_policy_set("fcfs+easy")),
          .validation = validation,
          .trusted_tiers = has_arbiters ? core::TierMask{1} << arbiters.value : 0,
          .sha256 = io::sha256_of_parts};
}

/// A cluster whose nodes are late, wrong or away now and then, with a bank that may not answer.
class Host {
 public:
  Host(std::uint64_t seed, RedundancyPolicy policy)
      : seed_(seed), policy_(policy), coordinator_(config_of(policy)) {
    desk_.bank.repeat = false;
    for (std::uint32_t node = 0; node < 14; ++node) {
      core::NodeSpec spec;
      spec.tier = node < 12 ? volunteers : arbiters;
      spec.owner = core::OwnerId{node};
      coordinator_.add_node(core::NodeId{node}, spec, validator::MachineId{node + 1}, now_);
      paymaster_.add_node(core::NodeId{node}, node >= 12 && policy != RedundancyPolicy::fixed);
      const auto own = desk_.open("node:" + std::to_string(node));
      desk_.grant(own, stake_of_each);
      EXPECT_TRUE(paymaster_.money().stake(core::NodeId{node}, own, stake_of_each, 1, now_));
    }
  }

  void submit(std::uint32_t number) {
    const core::JobId id{number};
    validator::Redundancy rules{.policy = policy_, .target_nresults = 2};
    if (policy_ != RedundancyPolicy::fixed) rules.target_nresults = 1;
    if (!paymaster_.submit(terms(number), now_)) {
      ++refused;
      return;
    }
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
    ++submitted;
    newest_ = id;
  }

  void step() {
    paymaster_.advance(now_);
    const auto commands = coordinator_.step(now_);
    std::vector<Running> at_stake;
    for (const CoordinatorCommand& command : commands) {
      const auto* it = std::get_if<validator::Convict>(&command);
      if (it == nullptr || !it->convicted) continue;
      ++convictions;
      add_pending_rewards(it->node, at_stake);
    }
    const bool bank_was_up = !desk_.bank.down && paymaster_.waiting() == 0;
    for (const RefusedStart& start : paymaster_.take(commands, coordinator_.validator(), now_)) {
      killed_.emplace_back(start.job, start.replica);
    }
    for (const CoordinatorCommand& command : commands) {
      std::visit([this](const auto& alternative) { on(alternative); }, command);
    }
    if (bank_was_up) expect_void(at_stake);
    coordinator_.check();
    ASSERT_TRUE(paymaster_.failures().empty()) << paymaster_.failures().front().message;
    const auto sound = ledger::check(desk_.ledger);
    ASSERT_TRUE(sound) << sound.error().message;
    for (const auto& [job, replica] : std::exchange(killed_, {})) {
      end(job, replica, ReplicaEnding::aborted);
    }
  }

  /// Ends some of what runs, in a drawn order.
  void advance(bool faults) {
    now_ += running_.empty() ? core::seconds(3600) : core::seconds(10);
    if (faults && below(6) == 0) desk_.bank.down = !desk_.bank.down;
    const std::map<Running, core::Time> running = running_;
    for (const auto& [one, since] : running) {
      if (below(3) == 0) continue;
      const std::uint64_t draw = faults ? below(20) : 5;
      end(one.first, one.second,
          draw == 0   ? ReplicaEnding::error
          : draw == 1 ? ReplicaEnding::node_lost
                      : ReplicaEnding::result);
    }
    if (faults && below(15) == 0) coordinator_.cancel(newest_, now_);
    if (faults && !decided_.empty() && below(4) == 0) dispute(decided_[below(decided_.size())]);
    step();
  }

  void mend() { desk_.bank.down = false; }
  bool is_idle() const { return running_.empty() && coordinator_.queue_length() == 0; }

  /// Everything that is still withheld is released, or goes back, with time.
  void let_all_vest() {
    for (int day = 0; day < 40; ++day) {
      now_ += core::seconds(86'400);
      step();
    }
    paymaster_.advance(now_);
  }

  void expect_all_resolved(std::uint32_t jobs) {
    EXPECT_EQ(paymaster_.waiting(), 0U);
    for (std::uint32_t number = 0; number < jobs; ++number) {
      const auto totals = paymaster_.money().totals(core::JobId{number});
      if (!totals) continue;  // was refused
      EXPECT_TRUE(totals->resolved) << "job " << number;
      EXPECT_EQ(totals->held, totals->reward + totals->fee + totals->arbitration + totals->refund);
      EXPECT_EQ(desk_.has("escrow:" + std::to_string(number)), 0U) << "job " << number;
      check_payments(core::JobId{number});
    }
  }

  std::uint32_t submitted = 0;
  std::uint32_t refused = 0;
  std::uint32_t verdicts = 0;
  std::uint32_t convictions = 0;
  std::uint32_t disputes = 0;
  std::uint32_t revisions = 0;

 private:
  using Running = std::pair<core::JobId, core::ReplicaId>;

  ledger::JobTerms terms(std::uint32_t number) const {
    ledger::JobTerms terms = desk_.terms(number);
    terms.limits[0].usage.elapsed = core::seconds(100);
    terms.max_replicas = 10;
    terms.arbitration_reserve = 2000;
    terms.vesting = {.dispute_window = core::seconds(600), .longest = core::seconds(30 * 86'400)};
    terms.vesting.by_word = true;
    terms.stake_per_replica = 4000;
    terms.bond = 500;
    return terms;
  }

  void add_pending_rewards(core::NodeId node, std::vector<Running>& list) const {
    for (std::uint32_t job = 0; job < submitted + refused; ++job) {
      const ledger::JobRecord* record = paymaster_.money().find(core::JobId{job});
      if (record == nullptr) continue;
      for (const auto& [replica, money] : record->replicas) {
        if (money.node == node && money.pending > 0) list.emplace_back(record->id(), replica);
      }
    }
  }

  /// V-h: a conviction voids all pending rewards of the node.
  void expect_void(const std::vector<Running>& at_stake) const {
    for (const auto& [job, replica] : at_stake) {
      const auto& money = paymaster_.money().find(job)->replicas.at(replica);
      EXPECT_EQ(money.pending, 0U) << "job " << job.value << " replica " << replica.value;
    }
  }

  /// V-g: no payment for what is not valid.
  void check_payments(core::JobId job) {
    const ledger::JobRecord* record = paymaster_.money().find(job);
    for (const auto& [replica, money] : record->replicas) {
      ASSERT_TRUE(money.report);
      const auto outcome = money.report->outcome;
      // What was booked is the validator's last word.
      const auto word = last_word_.find({job, replica});
      if (word != last_word_.end()) {
        EXPECT_EQ(outcome == ledger::ReplicaOutcome::valid,
                  word->second == validator::ReplicaState::valid);
        EXPECT_EQ(outcome == ledger::ReplicaOutcome::invalid,
                  word->second == validator::ReplicaState::invalid);
      }
      if (money.earned() == 0) continue;
      EXPECT_TRUE(outcome == ledger::ReplicaOutcome::valid ||
                  outcome == ledger::ReplicaOutcome::not_needed ||
                  outcome == ledger::ReplicaOutcome::user_error ||
                  outcome == ledger::ReplicaOutcome::cancelled)
          << "job " << job.value << ' ' << ledger::name(outcome);
    }
  }

  void on(const StartReplica& start) {
    const std::uint32_t node = start.nodes[0].nodes.first;
    running_.emplace(Running{start.job, start.replica}, now_);
    node_of_[{start.job, start.replica}] = node;
  }
  void on(const CancelReplica& cancel) { killed_.emplace_back(cancel.job, cancel.replica); }
  void note(core::JobId job, std::span<const validator::ReplicaVerdict> replicas) {
    for (const validator::ReplicaVerdict& one : replicas) {
      last_word_[{job, one.replica}] = one.state;
    }
  }
  void on(const validator::VerdictRevised& revised) {
    ++revisions;
    note(revised.job, revised.replicas);
  }
  void on(const validator::Verdict& verdict) {
    ++verdicts;
    note(verdict.job, verdict.replicas);
    if (verdict.outcome == validator::Outcome::accepted) decided_.push_back(verdict.job);
  }
  template <class Other>
  void on(const Other&) {}

  void dispute(core::JobId job) {
    if (desk_.bank.down || paymaster_.waiting() > 0) return;
    if (!paymaster_.dispute(job, desk_.alice, now_)) return;
    ++disputes;
    coordinator_.tell(validator::VerdictDisputed{job}, now_);
  }

  void end(core::JobId job, core::ReplicaId replica, ReplicaEnding ending) {
    const auto found = running_.find({job, replica});
    if (found == running_.end()) return;
    ReplicaUse use;
    use.tier = node_of_[{job, replica}] < 12 ? volunteers : arbiters;
    use.usage.elapsed = now_ - found->second;
    use.ending = ending;
    running_.erase(found);
    if (ending == ReplicaEnding::result) {
      core::Digest digest;
      // Two of the nodes are often wrong, and agree with each other.
      const bool is_bad_node = node_of_[{job, replica}] < 2;
      digest.bytes[0] = is_bad_node && below(3) == 0 ? 1 : 0;
      coordinator_.tell(validator::ResultReported{.job = job, .replica = replica, .digest = digest},
                        now_);
    } else {
      const auto how = ending == ReplicaEnding::error     ? validator::FailureKind::error
                       : ending == ReplicaEnding::aborted ? validator::FailureKind::aborted
                                                          : validator::FailureKind::node_lost;
      coordinator_.tell(validator::ReplicaFailed{job, replica, how}, now_);
    }
    coordinator_.replica_left(job, replica, now_);
    paymaster_.replica_ended(job, replica, use, now_);
  }

  std::uint64_t below(std::uint64_t bound) {
    return core::random_below({.seed = seed_, .entity = draws_++}, bound);
  }

  std::uint64_t seed_;
  RedundancyPolicy policy_;
  std::uint64_t draws_ = 0;
  core::Time now_ = core::at_seconds(1);
  nexa::test::MoneyDesk desk_;
  Coordinator coordinator_;
  Paymaster paymaster_{desk_.bank, {.slash = 5000, .probation_results = 3}, &desk_.payments};
  std::map<Running, core::Time> running_;
  std::map<Running, validator::ReplicaState> last_word_;
  std::map<Running, std::uint32_t> node_of_;
  std::vector<Running> killed_;
  std::vector<core::JobId> decided_;
  core::JobId newest_;
};

class Paymasters : public ::testing::TestWithParam<RedundancyPolicy> {};

TEST_P(Paymasters, EveryEscrowResolvesAfterFaults) {
  const std::uint64_t seeds = nexa::test::fewer_if_slow(40);
  std::uint32_t convictions = 0;
  std::uint32_t disputes = 0;
  std::uint32_t revisions = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Host host(seed, GetParam());
    constexpr std::uint32_t jobs = 120;
    // Safety, with faults on: nothing is ever booked that must not be.
    for (std::uint32_t job = 0; job < jobs; ++job) {
      host.submit(job);
      host.step();
      host.advance(true);
      ASSERT_FALSE(HasFatalFailure());
    }
    // Liveness: once the bank answers, all money comes to rest.
    host.mend();
    for (int i = 0; i < 2000 && !host.is_idle(); ++i) host.advance(false);
    ASSERT_TRUE(host.is_idle());
    EXPECT_EQ(host.verdicts, host.submitted);
    host.let_all_vest();
    host.expect_all_resolved(jobs);
    convictions += host.convictions;
    disputes += host.disputes;
    revisions += host.revisions;
    ASSERT_GT(host.submitted, jobs / 8);
  }
  EXPECT_GT(disputes, 0U);
  if (GetParam() == RedundancyPolicy::arbitrated) {
    EXPECT_GT(convictions, 0U);
    EXPECT_GT(revisions, 0U);
  }
}

std::string name_of(const ::testing::TestParamInfo<RedundancyPolicy>& policy) {
  switch (policy.param) {
    case RedundancyPolicy::fixed:
      return "fixed";
    case RedundancyPolicy::adaptive:
      return "adaptive";
    case RedundancyPolicy::credibility:
      return "credibility";
    default:
      return "arbitrated";
  }
}

INSTANTIATE_TEST_SUITE_P(AllPolicies, Paymasters,
                         ::testing::Values(RedundancyPolicy::fixed, RedundancyPolicy::adaptive,
                                           RedundancyPolicy::credibility,
                                           RedundancyPolicy::arbitrated),
                         name_of);

TEST(ReplicaOutcomes, FollowVerdictsFirst) {
  using ledger::ReplicaOutcome;
  using validator::ReplicaState;
  const JobDecision accepted;
  const JobDecision cancelled{validator::Outcome::cancelled, validator::FailedBecause::none};
  const JobDecision poison{validator::Outcome::failed, validator::FailedBecause::poison};
  EXPECT_EQ(outcome_of(ReplicaState::valid, ReplicaEnding::result, accepted),
            ReplicaOutcome::valid);
  EXPECT_EQ(outcome_of(ReplicaState::invalid, ReplicaEnding::result, cancelled),
            ReplicaOutcome::invalid);
  EXPECT_EQ(outcome_of(ReplicaState::too_late, ReplicaEnding::result, accepted),
            ReplicaOutcome::late);
  EXPECT_EQ(outcome_of(ReplicaState::inconclusive, ReplicaEnding::result, accepted),
            ReplicaOutcome::inconclusive);
  EXPECT_EQ(outcome_of(ReplicaState::not_needed, ReplicaEnding::aborted, accepted),
            ReplicaOutcome::not_needed);
  EXPECT_EQ(outcome_of(ReplicaState::not_needed, ReplicaEnding::node_lost, accepted),
            ReplicaOutcome::node_error);
  EXPECT_EQ(outcome_of(ReplicaState::error, ReplicaEnding::error, accepted),
            ReplicaOutcome::node_error);
  EXPECT_EQ(outcome_of(ReplicaState::error, ReplicaEnding::error, poison),
            ReplicaOutcome::user_error);
  EXPECT_EQ(outcome_of(ReplicaState::no_reply, ReplicaEnding::no_reply, accepted),
            ReplicaOutcome::no_reply);
  // A requester who stops a job pays for what was done, whether it has handed in or not.
  EXPECT_EQ(outcome_of(ReplicaState::inconclusive, ReplicaEnding::result, cancelled),
            ReplicaOutcome::cancelled);
  EXPECT_EQ(outcome_of(ReplicaState::not_needed, ReplicaEnding::aborted, cancelled),
            ReplicaOutcome::cancelled);
}

}  // namespace
}  // namespace nexa::scheduler
