#pragma once

#include <cstdint>

namespace nexa::core {

/// What hides the answers of others until all have committed to theirs.
enum class CommitReveal : std::uint8_t {
  none,      ///< answers are visible as soon as they are handed in
  unsalted,  ///< a hash of the answer is visible, as in iExec's PoCo
  salted,    ///< a hash of the answer and 256 random bits is visible
};

/// The defences of a coordinator, each of which an experiment may switch off to show that the
/// attack that it stops works without it. All are on by default. The names A1 to A31 are those of
/// the attack table in docs/behaviours.md.
struct Defences {
  CommitReveal commit_reveal = CommitReveal::salted;  ///< A4
  bool output_header = true;     ///< A2, A18: output and attestation must name this execution
  bool domain_placement = true;  ///< A8, A9: replicas of a job go to different owners
  bool identity_cost = true;     ///< A10: fee, stake, and probation of new identities
  bool audit_floor = true;       ///< A11: the audit probability never falls below p_min
  bool vesting = true;           ///< A11: pay is withheld, and lost by a conviction
  bool backtracking = true;      ///< A11: results of a convicted node are looked at again
  bool value_weighting = true;   ///< A6: what pays more is audited more
  bool cross_class = true;       ///< A13: replicas are sampled from other host classes too
  bool in_flight_cap = true;     ///< A15: a node without trust holds few replicas at once
  bool poison_stop = true;       ///< A16: a job that fails in several domains is stopped
  bool ledger_time = true;       ///< A17: times that nodes report move no money
  bool signature_checks = true;  ///< A19, A26: canonical keys and signatures, revocations
  bool usage_by_peers = true;    ///< A20: usage is priced by the median of the replicas
  bool dispute_bond = true;      ///< A23: who loses a dispute pays for it
  bool witness = true;           ///< A25: outsiders recompute draws and cosign checkpoints
  bool strict_structure = true;  ///< A28: another shape is a different result
  bool sandbox = true;           ///< A29: comparators run with limits, out of process

  friend constexpr bool operator==(const Defences&, const Defences&) = default;
};

}  // namespace nexa::core
