#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/result.hpp"
#include "ledger/policy.hpp"

namespace nexa::ledger {

/// How a replica ended, as far as money goes.
enum class ReplicaOutcome : std::uint8_t {
  valid,         ///< agrees with the canonical result
  invalid,       ///< a wrong result
  inconclusive,  ///< the job ended without a verdict on it
  user_error,    ///< out of memory, over the time limit or crashed by the job's own fault
  node_error,    ///< the node failed, or the job did on this node only
  no_reply,      ///< nothing came until the deadline
  late,          ///< a right result after the deadline
  preempted,     ///< stopped for the platform's sake, with a checkpoint that is used
  not_needed,    ///< stopped because others had decided the job
  cancelled,     ///< stopped by the requester
};
inline constexpr std::size_t outcome_count = 10;

std::string_view name(ReplicaOutcome outcome);

/// What part of its price a replica is charged. What is not charged is refunded, without anybody's
/// asking; what is charged goes to the node, less the platform's fee.
enum class ChargeRule : std::uint8_t {
  reward,  ///< what the reward policy makes of the price
  price,   ///< the price of what it used
  nothing,
  progress,      ///< the price times the progress that its checkpoint saves
  late,          ///< the price times `RefundRules::late`
  not_needed,    ///< the price of what it used times `RefundRules::not_needed`
  inconclusive,  ///< the price times `RefundRules::inconclusive`
};

/// The refund matrix: one row for each outcome.
struct RefundRow {
  ReplicaOutcome outcome;
  ChargeRule charge;
  std::string_view why;
};

inline constexpr std::array<RefundRow, outcome_count> refund_matrix{{
    {ReplicaOutcome::valid, ChargeRule::reward, "the result is what was asked for"},
    {ReplicaOutcome::invalid, ChargeRule::nothing, "a wrong result is neither paid nor charged"},
    {ReplicaOutcome::inconclusive, ChargeRule::inconclusive, "nobody knows whether it is right"},
    {ReplicaOutcome::user_error, ChargeRule::price, "the node did its part"},
    {ReplicaOutcome::node_error, ChargeRule::nothing, "the fault is not the requester's"},
    {ReplicaOutcome::no_reply, ChargeRule::nothing, "nothing was delivered"},
    {ReplicaOutcome::late, ChargeRule::late, "it came when it was not needed any more"},
    {ReplicaOutcome::preempted, ChargeRule::progress, "the checkpoint is used, the rest is lost"},
    {ReplicaOutcome::not_needed, ChargeRule::not_needed, "the platform ordered one too many"},
    {ReplicaOutcome::cancelled, ChargeRule::price,
     "the node worked until the requester stopped it"},
}};

/// The parts of the matrix that a job's contract may choose, in basis points of the price.
struct RefundRules {
  std::uint32_t late = 0;
  std::uint32_t not_needed = basis_points;
  std::uint32_t inconclusive = 0;
  friend constexpr auto operator<=>(const RefundRules&, const RefundRules&) = default;
};

/// Errors: `invalid_argument` for a part above the whole.
core::Result<void> check(const RefundRules& rules);

/// What a replica of that price is charged by the matrix, rounded down. `progress` in millionths
/// counts for a preempted one only. For `valid` it is the price, which the reward policy changes.
Amount charge_of(ReplicaOutcome outcome, Amount price, const RefundRules& rules,
                 std::uint32_t progress);

}  // namespace nexa::ledger
