#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "ledger/fixed_point.hpp"
#include "ledger/job_terms.hpp"
#include "ledger/money_id.hpp"
#include "ledger/purses.hpp"
#include "ledger/stream.hpp"

namespace nexa::ledger {

/// What one replica has cost so far.
struct ReplicaMoney {
  core::NodeId node{};
  std::optional<Stream> stream;
  bool vouched = false;         ///< the validator has said that its reward may vest
  bool forfeited = false;       ///< its stream was voided by a conviction
  TransferId stream_pending{};  ///< the reservation of a vested stream; zero: none
  std::optional<ReplicaReport> report;
  TransferId reward{};  ///< the pending reward; zero: none
  Amount pending = 0;   ///< reserved for the node, of the stream or the reward
  Amount paid = 0;      ///< the node's for good, less what was taken back
  Amount fee = 0;       ///< the platform's, likewise
  [[nodiscard]] Amount earned() const { return pending + paid; }
};

/// A bounty of a job. It is held, then in the escrow, then reserved for a node or paid, or
/// returned.
struct BountyMoney {
  AccountId account{};
  TransferId hold{};
  Amount held = 0;
  bool posted = false;
  TransferId reward{};  ///< the pending transfer to a node; zero: none
  std::optional<core::NodeId> node;
  Amount pending = 0;
  Amount paid = 0;
  Amount returned = 0;
  [[nodiscard]] Amount in_escrow() const { return posted ? held - pending - paid - returned : 0; }
};

/// What a replica is charged by its report, before anything is booked.
struct Charge {
  ReplicaReport report;
  Amount price = 0;
  Amount amount = 0;  ///< by the refund matrix and the reward policy
  Amount fee = 0;     ///< the part of it that is the platform's
  std::vector<Factor> factors;
  [[nodiscard]] Amount reward() const { return amount - fee; }
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

/// Everything that is known of a job's money. A step works on a copy, which replaces this once the
/// bank has booked.
struct JobRecord {
  enum class State : std::uint8_t {
    held,  ///< paid for, nothing has started
    running,
    settled,  ///< there is a verdict
    dropped,  ///< given up before it started: everything went back
  };

  std::shared_ptr<const JobTerms> terms;
  Quote quote;
  State state = State::held;
  AccountId escrow{};
  Purses purses;
  std::vector<TransferId> holds;  ///< by purse; zero: nothing was held of it
  core::Time hold_end = core::never;
  bool funded = false;  ///< the holds were resolved; what is needed is in the escrow
  std::vector<BountyMoney> bounties;
  std::map<core::ReplicaId, ReplicaMoney> replicas;
  std::optional<Verdict> verdict;
  core::Time settled_at{};
  std::optional<Dispute> dispute;
  std::uint32_t round = 0;  ///< of the next booking, part of its ids
  Amount arbitration = 0;   ///< charged to the requester

  [[nodiscard]] core::JobId id() const { return terms->about.job; }
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
};

}  // namespace nexa::ledger
