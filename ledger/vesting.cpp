#include "ledger/vesting.hpp"

#include <algorithm>

#include "core/assert.hpp"

namespace nexa::ledger {

void Vesting::add(const PendingReward& reward, const VestingRules& rules, bool vouched,
                  core::Time now) {
  Node& node = nodes_[reward.node];
  const core::Duration longest = std::max(rules.longest, rules.dispute_window);
  const bool without_end = rules.by_word && rules.longest == core::Duration{};
  const Entry entry{.reward = reward,
                    .earliest = now + rules.dispute_window,
                    .latest = without_end ? core::never : now + longest,
                    .valid_needed = node.valid + rules.vest_jobs,
                    .needs_word = rules.by_word && !vouched};
  const bool is_new = entries_.emplace(reward.id, entry).second;
  NEXA_ASSERT(is_new, "a reward is booked once");
  node.rewards.insert(reward.id);
  window_open_.insert({entry.earliest, reward.id});
}

void Vesting::make_ready(TransferId id) {
  const Entry& entry = entries_.at(id);
  waiting_.erase({entry.latest, id});
  nodes_[entry.reward.node].waiting.erase({entry.valid_needed, id});
  ready_.insert(id);
}

void Vesting::vouch(TransferId id) {
  const auto found = entries_.find(id);
  if (found == entries_.end() || !found->second.needs_word) return;
  found->second.needs_word = false;
  if (waiting_.contains({found->second.latest, id})) make_ready(id);
}

void Vesting::count_valid(core::NodeId node) {
  Node& of = nodes_[node];
  ++of.valid;
  while (!of.waiting.empty() && of.waiting.begin()->first <= of.valid) {
    make_ready(of.waiting.begin()->second);
  }
}

std::vector<PendingReward> Vesting::due(core::Time now) {
  while (!window_open_.empty() && window_open_.begin()->first <= now) {
    const TransferId id = window_open_.begin()->second;
    window_open_.erase(window_open_.begin());
    const Entry& entry = entries_.at(id);
    Node& node = nodes_[entry.reward.node];
    const bool counted = node.valid >= entry.valid_needed;
    if (counted && !entry.needs_word) {
      ready_.insert(id);
      continue;
    }
    waiting_.insert({entry.latest, id});
    if (!counted) node.waiting.insert({entry.valid_needed, id});
  }
  while (!waiting_.empty() && waiting_.begin()->first <= now) make_ready(waiting_.begin()->second);
  std::vector<PendingReward> rewards;
  for (const TransferId id : ready_) {
    const PendingReward& reward = entries_.at(id).reward;
    if (!frozen_.contains(reward.job)) rewards.push_back(reward);
  }
  return rewards;
}

void Vesting::remove(TransferId id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  const Entry& entry = found->second;
  Node& node = nodes_[entry.reward.node];
  window_open_.erase({entry.earliest, id});
  waiting_.erase({entry.latest, id});
  node.waiting.erase({entry.valid_needed, id});
  node.rewards.erase(id);
  ready_.erase(id);
  entries_.erase(found);
}

const PendingReward* Vesting::find(TransferId id) const {
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : &found->second.reward;
}

std::vector<PendingReward> Vesting::of_node(core::NodeId node) const {
  std::vector<PendingReward> rewards;
  const auto found = nodes_.find(node);
  if (found == nodes_.end()) return rewards;
  for (const TransferId id : found->second.rewards) rewards.push_back(entries_.at(id).reward);
  return rewards;
}

Amount Vesting::pending(core::NodeId node) const {
  Amount sum = 0;
  for (const PendingReward& reward : of_node(node)) sum += reward.amount;
  return sum;
}

core::Time Vesting::next_event() const {
  for (const TransferId id : ready_) {
    if (!frozen_.contains(entries_.at(id).reward.job)) return core::Time{};
  }
  core::Time next = core::never;
  if (!window_open_.empty()) next = window_open_.begin()->first;
  if (!waiting_.empty()) next = std::min(next, waiting_.begin()->first);
  return next;
}

}  // namespace nexa::ledger
