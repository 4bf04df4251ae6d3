// Vesting against a list that is searched from end to end at every question. Prints its seed.
#include "ledger/vesting.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "core/rng.hpp"

namespace nexa::ledger {
namespace {

using core::JobId;
using core::NodeId;
using core::seconds;
using core::Time;

/// One reward, as the page on money describes it.
struct Row {
  PendingReward reward;
  RewardHandle handle = no_reward;
  VestingRules rules;
  Time added{};
  std::uint64_t valid_then = 0;
  bool vouched = false;

  [[nodiscard]] Time window_end() const { return added + rules.dispute_window; }
  [[nodiscard]] Time latest() const {
    if (rules.by_word && rules.longest == core::Duration{}) return core::never;
    return added + std::max(rules.longest, rules.dispute_window);
  }
};

class Model {
 public:
  explicit Model(std::uint64_t seed) : seed_(seed) {}

  void step() {
    now_ += seconds(static_cast<std::int64_t>(below(4)));
    switch (below(8)) {
      case 0:
      case 1:
        add();
        break;
      case 2:
        if (!rows_.empty()) remove(below(rows_.size()));
        break;
      case 3:
        count_valid();
        break;
      case 4:
        if (!rows_.empty()) vouch(below(rows_.size()));
        break;
      case 5:
        freeze_or_thaw();
        break;
      default:
        expect_due(below(2) == 0);
    }
    expect_same();
  }

 private:
  std::uint64_t below(std::uint64_t bound) {
    return core::random_below({seed_, core::RandomStream::test, 12, draws_++}, bound);
  }

  void add() {
    Row row;
    row.reward.id = TransferId{Amount{below(1'000'000)} << 32U | draws_};
    row.reward.job = JobId(static_cast<std::uint32_t>(below(4)));
    row.reward.node = NodeId(static_cast<std::uint32_t>(below(3)));
    row.reward.amount = 1 + below(100);
    row.rules.dispute_window = seconds(static_cast<std::int64_t>(below(12)));
    row.rules.longest = seconds(static_cast<std::int64_t>(below(3) * 15));
    row.rules.by_word = below(2) == 0;
    if (!row.rules.by_word) row.rules.vest_jobs = static_cast<std::uint32_t>(below(4));
    row.added = now_;
    row.valid_then = valid_[row.reward.node];
    row.vouched = below(4) == 0;
    row.handle = vesting_.add(row.reward, row.rules, row.vouched, now_);
    rows_.push_back(row);
  }
  void remove(std::size_t at) {
    vesting_.remove(rows_[at].handle);
    rows_.erase(rows_.begin() + static_cast<std::ptrdiff_t>(at));
  }
  void count_valid() {
    const NodeId node(static_cast<std::uint32_t>(below(3)));
    vesting_.count_valid(node);
    ++valid_[node];
  }
  void vouch(std::size_t at) {
    vesting_.vouch(rows_[at].handle);
    vesting_.vouch(no_reward);
    rows_[at].vouched = true;
  }
  void freeze_or_thaw() {
    const JobId job(static_cast<std::uint32_t>(below(4)));
    frozen_[job] = !frozen_[job];
    frozen_[job] ? vesting_.freeze(job) : vesting_.thaw(job);
  }

  [[nodiscard]] bool satisfied(const Row& row) {
    return valid_[row.reward.node] >= row.valid_then + row.rules.vest_jobs &&
           (!row.rules.by_word || row.vouched);
  }
  [[nodiscard]] bool ready(const Row& row, Time now) {
    return now >= row.window_end() && (satisfied(row) || now >= row.latest());
  }

  void expect_due(bool release) {
    std::vector<TransferId> expected;
    for (const Row& row : rows_) {
      if (ready(row, now_) && !frozen_[row.reward.job]) expected.push_back(row.reward.id);
    }
    std::sort(expected.begin(), expected.end());
    std::vector<TransferId> due;
    for (const RewardHandle handle : vesting_.due(now_)) due.push_back(vesting_.at(handle).id);
    EXPECT_EQ(due, expected);
    // Not all of them: the bank may be down half way.
    for (std::size_t i = 0; release && i < rows_.size();) {
      const bool gone = ready(rows_[i], now_) && !frozen_[rows_[i].reward.job] && below(3) != 0;
      gone ? remove(i) : static_cast<void>(++i);
    }
  }

  /// After a look: what it has left, or the next time at which to look.
  [[nodiscard]] Time next_event() {
    Time next = core::never;
    for (const Row& row : rows_) {
      if (ready(row, now_)) {
        if (!frozen_[row.reward.job]) return Time{};
      } else {
        next = std::min(next, now_ < row.window_end() ? row.window_end() : row.latest());
      }
    }
    return next;
  }

  void expect_same() {
    std::map<NodeId, Amount> pending;
    for (const Row& row : rows_) pending[row.reward.node] += row.reward.amount;
    for (std::uint32_t node = 0; node < 4; ++node) {
      EXPECT_EQ(vesting_.pending(NodeId(node)), pending[NodeId(node)]);
      std::vector<TransferId> expected;
      for (const Row& row : rows_) {
        if (row.reward.node == NodeId(node)) expected.push_back(row.reward.id);
      }
      std::sort(expected.begin(), expected.end());
      std::vector<TransferId> of_node;
      for (const RewardHandle handle : vesting_.of_node(NodeId(node))) {
        of_node.push_back(vesting_.at(handle).id);
      }
      EXPECT_EQ(of_node, expected);
    }
    expect_due(false);
    EXPECT_EQ(vesting_.next_event(), next_event());
  }

  std::uint64_t seed_;
  std::uint32_t draws_ = 0;
  Time now_ = core::at_seconds(100);
  Vesting vesting_;
  std::vector<Row> rows_;
  std::map<NodeId, std::uint64_t> valid_;
  std::map<JobId, bool> frozen_;
};

TEST(VestingModel, agrees_with_a_list_in_random_histories) {
  for (std::uint64_t seed = 1; seed <= 60 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Model model(seed);
    for (int step = 0; step < 400 && !testing::Test::HasFailure(); ++step) model.step();
    if (testing::Test::HasFailure()) {
      std::printf("SEED %llu\n", static_cast<unsigned long long>(seed));
    }
  }
}

}  // namespace
}  // namespace nexa::ledger
