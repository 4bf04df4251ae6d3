#include "ledger/vesting.hpp"

#include <algorithm>
#include <utility>

#include "core/assert.hpp"

namespace nexa::ledger {
namespace {

// The heaps of the standard library have the greatest first.
constexpr auto later = [](const auto& a, const auto& b) { return a.at > b.at; };
constexpr auto needs_more = [](const auto& a, const auto& b) {
  return a.valid_needed > b.valid_needed;
};

}  // namespace

Vesting::Node& Vesting::node(core::NodeId id) {
  Node* const known = nodes_.find(id);
  if (known != nullptr) return *known;
  Node added;
  added.node = id;
  return nodes_.add(std::move(added));
}

bool Vesting::waits(RewardHandle reward, std::uint32_t serial) const {
  const Entry& entry = entries_[reward];
  return entry.serial == serial && (entry.state == State::open || entry.state == State::waiting);
}

void Vesting::set_timer(core::Time at, RewardHandle reward) {
  timers_.push_back({at, reward, entries_[reward].serial});
  std::push_heap(timers_.begin(), timers_.end(), later);
}

void Vesting::pop_timer() {
  std::pop_heap(timers_.begin(), timers_.end(), later);
  timers_.pop_back();
}

void Vesting::drop_dead_timers() {
  while (!timers_.empty() && !waits(timers_.front().reward, timers_.front().serial)) pop_timer();
}

RewardHandle Vesting::add(const PendingReward& reward, const VestingRules& rules, bool vouched,
                          core::Time now) {
  RewardHandle handle = first_free_;
  if (handle == no_reward) {
    handle = entries_.size();
    entries_.push_back(Entry{});
  }
  Entry& entry = entries_[handle];
  first_free_ = std::exchange(entry.next, no_reward);

  Node& of = node(reward.node);
  const core::Duration longest = std::max(rules.longest, rules.dispute_window);
  const bool without_end = rules.by_word && rules.longest == core::Duration{};
  entry.reward = reward;
  entry.latest = without_end ? core::never : now + longest;
  entry.valid_needed = of.valid + rules.vest_jobs;
  entry.serial = ++serials_;
  entry.state = State::open;
  entry.needs_word = rules.by_word && !vouched;
  entry.previous = no_reward;
  entry.next = std::exchange(of.first, handle);
  if (entry.next != no_reward) entries_[entry.next].previous = handle;
  of.pending += reward.amount;
  set_timer(now + rules.dispute_window, handle);
  return handle;
}

void Vesting::make_ready(RewardHandle reward) {
  Entry& entry = entries_[reward];
  entry.state = State::ready;
  entry.in_ready = static_cast<std::uint32_t>(ready_.size());
  ready_.push_back(reward);
}

void Vesting::vouch(RewardHandle reward) {
  if (reward == no_reward || !entries_[reward].needs_word) return;
  entries_[reward].needs_word = false;
  if (entries_[reward].state != State::waiting) return;
  make_ready(reward);
  drop_dead_timers();
}

void Vesting::count_valid(core::NodeId id) {
  Node& of = node(id);
  ++of.valid;
  while (!of.waiting.empty() && of.waiting.front().valid_needed <= of.valid) {
    const Node::Waiting first = of.waiting.front();
    std::pop_heap(of.waiting.begin(), of.waiting.end(), needs_more);
    of.waiting.pop_back();
    if (waits(first.reward, first.serial)) make_ready(first.reward);
  }
  drop_dead_timers();
}

void Vesting::look_at(RewardHandle reward) {
  Entry& entry = entries_[reward];
  if (entry.state == State::waiting) {
    make_ready(reward);
    return;
  }
  Node& of = node(entry.reward.node);
  const bool counted = of.valid >= entry.valid_needed;
  if (counted && !entry.needs_word) {
    make_ready(reward);
    return;
  }
  entry.state = State::waiting;
  if (entry.latest != core::never) set_timer(entry.latest, reward);
  if (counted) return;
  of.waiting.push_back({entry.valid_needed, reward, entry.serial});
  std::push_heap(of.waiting.begin(), of.waiting.end(), needs_more);
}

std::vector<RewardHandle> Vesting::due(core::Time now) {
  while (!timers_.empty() && timers_.front().at <= now) {
    const Timer timer = timers_.front();
    pop_timer();
    if (waits(timer.reward, timer.serial)) look_at(timer.reward);
  }
  drop_dead_timers();
  std::vector<RewardHandle> rewards;
  for (const RewardHandle reward : ready_) {
    if (!frozen_.contains(entries_[reward].reward.job)) rewards.push_back(reward);
  }
  sort_by_id(rewards);
  return rewards;
}

void Vesting::remove(RewardHandle reward) {
  Entry& entry = entries_[reward];
  NEXA_ASSERT(entry.state != State::free, "the reward is pending");
  if (entry.state == State::ready) {
    entries_[ready_.back()].in_ready = entry.in_ready;
    ready_[entry.in_ready] = ready_.back();
    ready_.pop_back();
  }
  Node& of = node(entry.reward.node);
  of.pending -= entry.reward.amount;
  (entry.previous == no_reward ? of.first : entries_[entry.previous].next) = entry.next;
  if (entry.next != no_reward) entries_[entry.next].previous = entry.previous;
  entry.state = State::free;
  entry.next = std::exchange(first_free_, reward);
  drop_dead_timers();
}

const PendingReward& Vesting::at(RewardHandle reward) const {
  NEXA_ASSERT(entries_[reward].state != State::free, "the reward is pending");
  return entries_[reward].reward;
}

void Vesting::sort_by_id(std::vector<RewardHandle>& rewards) const {
  std::sort(rewards.begin(), rewards.end(), [this](RewardHandle a, RewardHandle b) {
    return entries_[a].reward.id < entries_[b].reward.id;
  });
}

std::vector<RewardHandle> Vesting::of_node(core::NodeId id) const {
  std::vector<RewardHandle> rewards;
  const Node* const of = nodes_.find(id);
  if (of == nullptr) return rewards;
  for (RewardHandle at = of->first; at != no_reward; at = entries_[at].next) rewards.push_back(at);
  sort_by_id(rewards);
  return rewards;
}

Amount Vesting::pending(core::NodeId id) const {
  const Node* const of = nodes_.find(id);
  return of == nullptr ? 0 : of->pending;
}

core::Time Vesting::next_event() const {
  for (const RewardHandle reward : ready_) {
    if (!frozen_.contains(entries_[reward].reward.job)) return core::Time{};
  }
  return timers_.empty() ? core::never : timers_.front().at;
}

}  // namespace nexa::ledger
