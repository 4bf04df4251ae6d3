#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "ledger/boxed.hpp"
#include "ledger/fixed_point.hpp"
#include "ledger/flat_map.hpp"
#include "ledger/job_terms.hpp"
#include "ledger/money_id.hpp"
#include "ledger/purses.hpp"
#include "ledger/stream.hpp"

namespace nexa::ledger {

/// What one replica has cost so far.
struct ReplicaMoney {
  core::NodeId node{};
  RewardHandle reward = no_reward;  ///< the pending reward
  Boxed<Stream> stream;
  std::uint32_t stream_round = 0;  ///< of the reservation of a vested stream; zero: none
  bool vouched = false;            ///< the validator has said that its reward may vest
  bool forfeited = false;          ///< its stream was voided by a conviction
  bool in_verdict = false;         ///< the job's verdict reports it
  Amount pending = 0;              ///< reserved for the node, of the stream or the reward
  Amount paid = 0;                 ///< the node's for good, less what was taken back
  Amount fee = 0;                  ///< the platform's, likewise
  std::optional<ReplicaReport> report;
  [[nodiscard]] Amount earned() const { return pending + paid; }
};

/// A bounty of a job. It is held, then in the escrow, then reserved for a node or paid, or
/// returned.
struct BountyMoney {
  AccountId account{};
  TransferId hold{};
  Amount held = 0;
  bool posted = false;
  RewardHandle reward = no_reward;  ///< the pending transfer to a node
  std::optional<core::NodeId> node;
  Amount pending = 0;
  Amount paid = 0;
  Amount returned = 0;
  [[nodiscard]] Amount in_escrow() const { return posted ? held - pending - paid - returned : 0; }
};

/// The platform's part of a charge: rounded down, so that a remainder is the node's.
inline Amount fee_of(Amount charge, std::uint32_t rate) {
  return multiply_divide(charge, rate, basis_points);
}

struct Dispute {
  AccountId by{};
  TransferId bond{};  ///< zero: no bond was asked for
  Amount amount = 0;
  core::Time deadline{};
};

/// What the verdict was, beside what the replicas say: see `JobRecord::has_verdict`.
struct KnownVerdict {
  std::optional<core::ReplicaId> canonical;
  struct More {
    std::vector<Arbitration> arbitrations;
    std::vector<ReplicaReport> reports;  ///< that are not those of the replicas
  };
  Boxed<More> more;
};

/// What is fixed when a job is submitted.
struct JobPlan {
  const Contract* terms = nullptr;  ///< shared with other jobs
  std::uint32_t contract = 0;       ///< its number
  RewardedJob about;
  core::UserId user{};
  AccountId escrow{};
  Amount arbitration_reserve = 0;
  Quote quote;
  std::vector<PriceView> limits;
};

/// What steps of a job's money change.
struct JobProgress {
  enum class State : std::uint8_t {
    held,  ///< paid for, nothing has started
    running,
    settled,  ///< there is a verdict
    dropped,  ///< given up before it started: everything went back
  };

  State state = State::held;
  bool funded = false;      ///< the holds were resolved; what is needed is in the escrow
  std::uint32_t round = 0;  ///< of the next booking, part of its ids
  Purses purses;
  core::Time hold_end = core::never;
  core::Time settled_at{};
  std::vector<BountyMoney> bounties;
  FlatMap<core::ReplicaId, ReplicaMoney> replicas;
  std::optional<KnownVerdict> verdict;
  Boxed<Dispute> dispute;
  Amount arbitration = 0;  ///< charged to the requester
};

/// Everything that is known of a job's money: about 600 bytes for a job of one replica, of which
/// `JobStore` keeps a hundred once nothing moves any more.
struct JobRecord : JobPlan, JobProgress {
  [[nodiscard]] core::JobId id() const { return about.job; }
  [[nodiscard]] TransferId key(MoneyKind kind, std::uint32_t part = 0) const {
    return money_id(kind, id(), part, round);
  }
  [[nodiscard]] Amount rewards() const {
    Amount sum = 0;
    for (const auto& [replica, money] : replicas) sum += money.earned();
    return sum;
  }
  [[nodiscard]] Amount fees() const {
    Amount sum = 0;
    for (const auto& [replica, money] : replicas) sum += money.fee;
    return sum;
  }
  /// Posted by the purses, and neither spent nor returned.
  [[nodiscard]] Amount unspent() const { return purses.paid() - rewards() - fees() - arbitration; }
  /// Of that, what no open replica can cost.
  [[nodiscard]] Amount free() const {
    const Amount kept = quote.most * open_replicas();
    return unspent() - std::min(unspent(), kept);
  }
  /// Replicas that may still be charged.
  [[nodiscard]] std::size_t open_replicas() const {
    std::size_t count = 0;
    for (const auto& [replica, money] : replicas) count += money.report.has_value() ? 0 : 1;
    return count;
  }

  /// Whether nothing will move any more, but for a revised verdict.
  [[nodiscard]] bool resolved() const;
  /// Whether it was submitted with these terms.
  [[nodiscard]] bool is_of(const JobTerms& known) const;
  /// Whether this is its verdict, in whatever order the reports come.
  [[nodiscard]] bool has_verdict(const Verdict& known) const;
  /// Keeps the verdict. The replicas have their reports.
  void keep_verdict(const Verdict& found);
};

}  // namespace nexa::ledger
