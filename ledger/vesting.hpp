#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "ledger/transfer.hpp"

namespace nexa::ledger {

/// When a reward is a node's for good.
struct VestingRules {
  core::Duration dispute_window = core::seconds(std::int64_t{7} * 86'400);  ///< not before
  std::uint32_t vest_jobs = 0;  ///< nor before so many later valid results of the node
  core::Duration longest{};     ///< but at the latest then; shorter than the window: the window
  /// Nor before the validator's word, see `JobMoney::vest`. Then `vest_jobs` must be 0, and where
  /// `longest` is zero there is no latest.
  bool by_word = false;
  friend constexpr auto operator<=>(const VestingRules&, const VestingRules&) = default;
};

/// A reward, or a bounty, that is booked and pending.
struct PendingReward {
  TransferId id{};
  core::JobId job{};
  core::ReplicaId replica{};
  core::NodeId node{};
  Amount amount = 0;
  std::optional<std::uint32_t> bounty;  ///< which of the job's bounties, if it is one
};

/// Keeps all pending rewards, by node for convictions and by time for their release. Decides when,
/// books nothing. Cost: logarithmic in the pending rewards, and in `due` linear in those of frozen
/// jobs.
class Vesting {
 public:
  /// `vouched`: the word that `rules` may wait for was given before.
  void add(const PendingReward& reward, const VestingRules& rules, bool vouched, core::Time now);

  /// Rewards that may be released by `now`, by id, without those of frozen jobs. They stay until
  /// `remove`.
  [[nodiscard]] std::vector<PendingReward> due(core::Time now);

  /// The validator's word for this reward has come. It does nothing for one that is not pending or
  /// does not wait for a word.
  void vouch(TransferId id);

  /// A valid result of the node.
  void count_valid(core::NodeId node);

  /// Rewards of a frozen job are not released.
  void freeze(core::JobId job) { frozen_.insert(job); }
  void thaw(core::JobId job) { frozen_.erase(job); }

  void remove(TransferId id);
  [[nodiscard]] const PendingReward* find(TransferId id) const;
  /// All pending rewards of a node, by id.
  [[nodiscard]] std::vector<PendingReward> of_node(core::NodeId node) const;
  [[nodiscard]] Amount pending(core::NodeId node) const;

  /// The next instant at which `due` may have more: the origin of time if it has some now,
  /// `core::never` if nothing is pending, or only what waits for a word and has no latest time.
  [[nodiscard]] core::Time next_event() const;

 private:
  using ByTime = std::set<std::pair<core::Time, TransferId>>;
  struct Entry {
    PendingReward reward;
    core::Time earliest{};
    core::Time latest{};
    std::uint64_t valid_needed = 0;  // of its node
    bool needs_word = false;
  };
  struct Node {
    std::uint64_t valid = 0;
    std::set<TransferId> rewards;
    std::set<std::pair<std::uint64_t, TransferId>> waiting;  // for results
  };
  void make_ready(TransferId id);

  // Each entry is in one of these: its window is open, it waits for results of its node, the word
  // or its latest time, or it is ready.
  ByTime window_open_;
  ByTime waiting_;
  std::set<TransferId> ready_;

  std::map<TransferId, Entry> entries_;
  std::map<core::NodeId, Node> nodes_;
  std::set<core::JobId> frozen_;
};

}  // namespace nexa::ledger
