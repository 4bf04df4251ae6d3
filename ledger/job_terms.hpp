#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/ids.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "ledger/policy_descriptor.hpp"
#include "ledger/refund_matrix.hpp"
#include "ledger/transfer.hpp"
#include "ledger/vesting.hpp"

namespace nexa::ledger {

/// What somebody offers for the result of a job, beside its price and free of the platform's fee.
struct BountyPledge {
  AccountId account{};
  Amount amount = 0;
  friend constexpr auto operator<=>(const BountyPledge&, const BountyPledge&) = default;
};

/// Whether a replica earns while it runs.
enum class StreamMode : std::uint8_t {
  none,
  /// What is due is reserved for the node, cumulatively, and vests after the verdict.
  vested,
  /// What is due is the node's at once; a verdict against it claws back. For nodes that are
  /// trusted.
  immediate,
};

/// The part of a job's terms that many jobs have in common: it is kept once for all of them.
struct Contract {
  std::shared_ptr<const PricePolicy> price;
  std::shared_ptr<RewardPolicy> reward;  ///< may be shared with other jobs, and learn from them
  std::uint32_t max_replicas = 1;        ///< counting every one that is ever started
  std::uint32_t fee = 0;  ///< of each charge, in basis points; the charge includes it
  RefundRules refunds;
  VestingRules vesting;
  core::Duration hold_timeout{};  ///< a job that has not started by then is dropped; zero: never
  Amount stake_per_replica = 0;   ///< locked of a node's stake from assignment to verdict
  StreamMode stream = StreamMode::none;
  core::Duration stream_grace{};
  Amount bond = 0;  ///< of whoever disputes the verdict
  core::Duration dispute_timeout = core::seconds(std::int64_t{7} * 86'400);

  friend bool operator==(const Contract& a, const Contract& b) = default;
};

/// The money part of a job's contract, fixed at submission.
struct JobTerms : Contract {
  core::UserId user{};
  RewardedJob about;  ///< names the job
  /// What a replica may use at most, one entry for each tier that it may run on, with the work.
  std::vector<PriceView> limits;
  Amount arbitration_reserve = 0;
  std::vector<BountyPledge> bounties;
  std::vector<AccountId> purses;  ///< in the order in which they pay

  friend bool operator==(const JobTerms& a, const JobTerms& b) = default;
};

/// What a job may cost.
struct Quote {
  Amount replica = 0;  ///< the highest price of a replica
  Amount most = 0;     ///< that, as a reward policy may raise it
  Amount job = 0;      ///< max_replicas x most + arbitration_reserve: what is held
  friend constexpr auto operator<=>(const Quote&, const Quote&) = default;
};

/// Computes a quote. Errors: `invalid_argument` for terms that contradict themselves, such as a fee
/// above the whole, negative usage, a stream without a posted price; `limit_exceeded` for a price
/// beyond `price_limit`.
core::Result<Quote> quote(const JobTerms& terms);

/// How one replica ended, by the host's and the validator's word.
struct ReplicaReport {
  core::ReplicaId replica{};
  ReplicaOutcome outcome = ReplicaOutcome::valid;
  core::TierId tier{};
  Usage usage;
  std::uint32_t progress = 0;  ///< of a preempted one, in millionths
  std::uint32_t quality = 0;   ///< of its node, in basis points
  std::uint32_t version = 0;
  bool on_gpu = false;
  std::uint64_t claimed_flops = 0;
  std::uint32_t valid_in_a_row = 0;
  friend bool operator==(const ReplicaReport&, const ReplicaReport&) = default;
};

/// What a trusted copy has cost that somebody had to ask for.
struct Arbitration {
  Amount cost = 0;
  std::optional<core::NodeId> arbiter;  ///< whom the cost is paid to; none: the platform keeps it
  friend bool operator==(const Arbitration&, const Arbitration&) = default;
};

/// The end of a job: what became of its replicas, and whose result is the canonical one.
struct Verdict {
  std::vector<ReplicaReport> reports;  ///< of all replicas but those that are still running
  std::optional<core::ReplicaId> canonical;
  /// One for each trusted copy; of a revised verdict, those that came since.
  std::vector<Arbitration> arbitrations;
  friend bool operator==(const Verdict&, const Verdict&) = default;
};

}  // namespace nexa::ledger
