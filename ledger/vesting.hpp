#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "core/chunks.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"
#include "ledger/id_table.hpp"
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

/// Names a pending reward as long as it is pending; after that it may name another.
using RewardHandle = std::uint32_t;
inline constexpr RewardHandle no_reward = UINT32_MAX;

/// Keeps all pending rewards, by node for convictions and by time for their release. Decides when,
/// books nothing. Cost: constant for each but for its time, which costs logarithmic time in the
/// pending rewards; and in `due` linear in those of frozen jobs.
class Vesting {
 public:
  /// `vouched`: the word that `rules` may wait for was given before.
  RewardHandle add(const PendingReward& reward, const VestingRules& rules, bool vouched,
                   core::Time now);

  /// Rewards that may be released by `now`, by id, without those of frozen jobs. They stay until
  /// `remove`.
  [[nodiscard]] std::vector<RewardHandle> due(core::Time now);

  /// The validator's word for this reward has come. It does nothing for one that does not wait for
  /// a word, nor for `no_reward`.
  void vouch(RewardHandle reward);

  /// A valid result of the node.
  void count_valid(core::NodeId node);

  /// Rewards of a frozen job are not released.
  void freeze(core::JobId job) { frozen_.insert(job); }
  void thaw(core::JobId job) { frozen_.erase(job); }

  void remove(RewardHandle reward);
  [[nodiscard]] const PendingReward& at(RewardHandle reward) const;
  /// All pending rewards of a node, by id.
  [[nodiscard]] std::vector<RewardHandle> of_node(core::NodeId node) const;
  [[nodiscard]] Amount pending(core::NodeId node) const;

  /// The next instant at which `due` may have more: the origin of time if it has some now,
  /// `core::never` if nothing is pending, or only what waits for a word and has no latest time.
  [[nodiscard]] core::Time next_event() const;

 private:
  /// An entry's window is open, or it waits for results of its node, for the word or for its latest
  /// time, or it may be released.
  enum class State : std::uint8_t { free, open, waiting, ready };
  struct Entry {
    PendingReward reward;
    core::Time latest{};
    std::uint64_t valid_needed = 0;     // of its node
    std::uint32_t serial = 0;           // tells the entries apart that have had this place
    RewardHandle next = no_reward;      // of its node, or of the free ones
    RewardHandle previous = no_reward;  // of its node
    std::uint32_t in_ready = 0;         // its place there
    State state = State::free;
    bool needs_word = false;
  };
  struct Node {
    core::NodeId node{};
    RewardHandle first = no_reward;
    Amount pending = 0;
    std::uint64_t valid = 0;
    struct Waiting {
      std::uint64_t valid_needed;
      RewardHandle reward;
      std::uint32_t serial;
    };
    std::vector<Waiting> waiting;  // for results: a heap, the least first
    [[nodiscard]] core::NodeId id() const { return node; }
  };
  /// When to look at an entry again, unless it is ready or gone by then.
  struct Timer {
    core::Time at;
    RewardHandle reward;
    std::uint32_t serial;
  };

  Node& node(core::NodeId id);
  void look_at(RewardHandle reward);
  void set_timer(core::Time at, RewardHandle reward);
  void pop_timer();
  void drop_dead_timers();
  void make_ready(RewardHandle reward);
  [[nodiscard]] bool waits(RewardHandle reward, std::uint32_t serial) const;
  void sort_by_id(std::vector<RewardHandle>& rewards) const;

  core::Chunks<Entry, 256> entries_;
  RewardHandle first_free_ = no_reward;
  std::uint32_t serials_ = 0;
  std::vector<Timer> timers_;  // a heap, the earliest first, which is that of a waiting entry
  std::vector<RewardHandle> ready_;
  IdTable<Node> nodes_;
  std::set<core::JobId> frozen_;
};

}  // namespace nexa::ledger
