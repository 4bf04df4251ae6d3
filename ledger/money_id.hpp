#pragma once

#include <cstdint>
#include <optional>

#include "core/ids.hpp"
#include "ledger/transfer.hpp"

namespace nexa::ledger {

/// What a transfer of a job's money is: part of its id.
enum class MoneyKind : std::uint8_t {
  hold = 1,
  renew_void,
  renew_hold,
  collect,  ///< a hold posted or voided at the verdict
  refund,
  reward,
  fee,
  fee_back,
  arbitration,
  arbiter,
  losers_pay,
  pledge,      ///< a bounty held
  bounty_out,  ///< a bounty posted into escrow, or voided
  bounty,
  bounty_back,
  stream,
  stream_void,
  stream_fee,
  release,   ///< a reward vested
  withdraw,  ///< a pending reward voided by itself
  claw_back,
  restitution,
  lock,
  unlock,
  stake,
  unstake,
  slash,
  void_rewards,
  void_locks,
  bond,
  bond_end,
  compensation,      ///< of a copy after the verdict, from the slashed stakes
  compensation_fee,  ///< or from the platform's fees
};

/// Bounties are numbered with this bit where replicas are numbered too, so replicas have none with
/// it.
inline constexpr std::uint32_t bounty_bit = std::uint32_t{1} << 31;

/// The id of a transfer of a job's money, packed from what it is: no two differ in one of these and
/// agree in the id, and whoever asks for the same thing twice asks with the same id.
///
///     4d | kind 8 | job 32 | part 32 | round 32 | 0 16 bits
///
/// `part` is a replica, a purse or a bounty of the job, as the kind has it; `round` counts how
/// often the job came to this: attempts of its submission, verdicts, settlements of a stream.
constexpr TransferId money_id(MoneyKind kind, core::JobId job, std::uint32_t part,
                              std::uint32_t round) {
  return TransferId((Amount{0x4d} << 120) | (Amount{static_cast<std::uint8_t>(kind)} << 112) |
                    (Amount{job.value} << 80) | (Amount{part} << 48) | (Amount{round} << 16));
}

/// The job whose money a transfer moves, if its id says so.
constexpr std::optional<core::JobId> job_of(TransferId id) {
  if (id.value >> 120 != 0x4d) return std::nullopt;
  return core::JobId(static_cast<std::uint32_t>(id.value >> 80));
}

/// The id of a transfer that concerns a node rather than one job; the first byte is 4e.
constexpr TransferId money_id(MoneyKind kind, core::NodeId node, std::uint32_t round) {
  return TransferId((Amount{0x4e} << 120) | (Amount{static_cast<std::uint8_t>(kind)} << 112) |
                    (Amount{node.value} << 80) | (Amount{round} << 16));
}

/// The group of all pending rewards of a node, or of all its locks, since its last conviction.
constexpr GroupId money_group(MoneyKind kind, core::NodeId node, std::uint32_t convictions) {
  return GroupId(money_id(kind, node, convictions).value);
}

}  // namespace nexa::ledger
