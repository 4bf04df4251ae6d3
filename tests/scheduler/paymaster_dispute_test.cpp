// Who pays which of the copies that the trusted tier computes for a dispute.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "io/sha256.hpp"
#include "ledger/check.hpp"
#include "scheduler/paymaster.hpp"
#include "tests/ledger/money_desk.hpp"

namespace nexa::scheduler {
namespace {

using ledger::Amount;
using validator::ReplicaState;

constexpr core::JobId job{1};
constexpr core::ReplicaId disputed{1};
constexpr core::NodeId volunteer{0};
constexpr Amount bond = 5000;

/// A job that one node computed, was paid for and is disputed, and copies of it on trusted nodes.
class DisputeDesk {
 public:
  DisputeDesk() {
    desk_.bank.repeat = false;
    desk_.grant(desk_.open("slash:pool"), 10'000);
    for (std::uint32_t node = 0; node < 6; ++node) {
      paymaster_.add_node(core::NodeId{node}, node > volunteer.value);
    }
    validator::JobSubmitted submitted;
    submitted.job = job;
    validator_.apply(submitted, desk_.now);
    ledger::JobTerms terms = desk_.terms(job.value);
    terms.bond = bond;
    EXPECT_TRUE(paymaster_.submit(terms, desk_.now));
    start(disputed, volunteer);
    end(disputed, 100);
    const std::array found{verdict_of(disputed, ReplicaState::valid)};
    validator::Verdict verdict;
    verdict.job = job;
    verdict.canonical = disputed;
    verdict.replicas = found;
    take({verdict});
    EXPECT_TRUE(paymaster_.dispute(job, desk_.alice, desk_.now));
  }

  void start(core::ReplicaId replica, core::NodeId node) {
    const std::array on{NodeShare{{node.value, node.value}, 1}};
    take({StartReplica{.job = job, .replica = replica, .nodes = on}});
  }
  void end(core::ReplicaId replica, std::int64_t seconds) {
    ReplicaUse use;
    use.usage.elapsed = core::seconds(seconds);
    paymaster_.replica_ended(job, replica, use, desk_.now);
  }
  /// The dispute is rejected, and so many trusted copies, the second replica and those behind it,
  /// are found to be what `states` says.
  void reject(const std::vector<ReplicaState>& states) {
    std::vector<validator::ReplicaVerdict> found;
    for (const ReplicaState state : states) {
      const auto number = static_cast<std::uint32_t>(found.size() + 2);
      found.push_back(verdict_of(core::ReplicaId{number}, state));
    }
    validator::VerdictRevised revised;
    revised.job = job;
    revised.canonical = disputed;
    revised.replicas = found;
    take({revised, validator::DisputeDecided{.job = job, .upheld = false, .computed = true}});
    const auto sound = ledger::check(desk_.ledger);
    EXPECT_TRUE(sound) << sound.error().message;
    EXPECT_TRUE(paymaster_.failures().empty());
  }

  Amount earned(std::uint32_t node) { return desk_.has("node:" + std::to_string(node)); }
  /// What is left of the bond has gone back by then.
  Amount disputer_has() { return desk_.can_spend("user:alice"); }
  Amount pool() { return desk_.has("slash:pool"); }

 private:
  static validator::ReplicaVerdict verdict_of(core::ReplicaId replica, ReplicaState state) {
    validator::ReplicaVerdict verdict;
    verdict.replica = replica;
    verdict.state = state;
    return verdict;
  }
  void take(const std::vector<CoordinatorCommand>& commands) {
    paymaster_.take(commands, validator_, desk_.now);
  }

  nexa::test::MoneyDesk desk_;
  validator::Validator validator_{validator::ValidatorConfig{}, io::sha256_of_parts};
  Paymaster paymaster_{desk_.bank, {}, &desk_.payments};
};

TEST(Disputes, CostTheLoserOneCopyAndThePlatformTheOthers) {
  DisputeDesk desk;
  const Amount before = desk.disputer_has();
  for (std::uint32_t node = 1; node <= 3; ++node) {
    desk.start(core::ReplicaId{node + 1}, core::NodeId{node});
    desk.end(core::ReplicaId{node + 1}, std::int64_t{10} * node);  // ten micro-credits a second
  }
  desk.reject({ReplicaState::valid, ReplicaState::valid, ReplicaState::valid});
  EXPECT_EQ(desk.earned(1), 100U);
  EXPECT_EQ(desk.earned(2), 200U);
  EXPECT_EQ(desk.earned(3), 300U);
  EXPECT_EQ(desk.disputer_has(), before + bond - 100) << "the first to be started";
  EXPECT_EQ(desk.pool(), 10'000U - 500);
}

TEST(Disputes, PayAnArbiterThatIsFoundValid) {
  DisputeDesk desk;
  const Amount before = desk.disputer_has();
  for (std::uint32_t node = 1; node <= 3; ++node) {
    desk.start(core::ReplicaId{node + 1}, core::NodeId{node});
    desk.end(core::ReplicaId{node + 1}, std::int64_t{10} * node);
  }
  desk.reject({ReplicaState::invalid, ReplicaState::valid, ReplicaState::valid});
  EXPECT_EQ(desk.earned(1), 0U) << "others have outvoted it";
  EXPECT_EQ(desk.earned(2), 200U);
  EXPECT_EQ(desk.earned(3), 300U);
  EXPECT_EQ(desk.disputer_has(), before + bond - 200);
  EXPECT_EQ(desk.pool(), 10'000U - 300);
}

}  // namespace
}  // namespace nexa::scheduler
