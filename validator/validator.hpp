#pragma once

#include <memory>
#include <optional>
#include <span>

#include "core/result.hpp"
#include "core/sha256_port.hpp"
#include "validator/config.hpp"
#include "validator/decision.hpp"
#include "validator/fact.hpp"
#include "validator/standing.hpp"

namespace nexa::validator {

struct ValidatorState;

/// Decides how many replicas a job gets, which results count, and what becomes of nodes that were
/// wrong: a state machine without a clock, I/O or threads, in the manner of `scheduler::Engine`.
/// The same facts and steps give the same decisions, always.
///
/// A host applies all facts of an instant and then calls `decide`, until that returns nothing and
/// no fact of the instant is left. Times never decrease; an earlier time is taken for the latest
/// one. Facts that contradict what is known (a result of a replica that does not run, a second
/// result, an unknown node) are ignored: hosts may repeat themselves, and nodes may lie.
///
/// Every replica that was placed must end with exactly one of ResultReported, ReplicaFailed, also
/// after a CancelReplica; one that never does is given up at the job's delay bound, if it has one.
///
/// A replica on several nodes (a parallel job) belongs to the fault domains of all of them. What is
/// wrong with it is blamed on those machines that most likely were the culprit (`CrowdBlame`), by a
/// soft strike; the others only lose the trust that lets them go without a second copy.
class Validator {
 public:
  /// `config` has passed `check`.
  Validator(const ValidatorConfig& config, core::Sha256 sha256);
  Validator(Validator&&) noexcept;
  Validator& operator=(Validator&&) noexcept;
  ~Validator();

  /// Updates state, never decides. Costs a look-up; a result, a step per result of its job.
  void apply(const Fact& fact, core::Time now);

  /// Decides. The span, and spans in it, are valid until the next call of a member that is not
  /// const. Costs a step per job that something has happened to.
  std::span<const Decision> decide(core::Time now);

  /// When `decide` could matter without new facts: a delay bound or a quarantine ends.
  [[nodiscard]] std::optional<core::Time> next_wakeup() const;

  /// All that is known of a node, and what made it. Errors: `not_found`.
  [[nodiscard]] core::Result<NodeStanding> standing(core::NodeId node) const;
  /// Its `reputation_ppm` alone, without memory being asked for; nothing for an unknown node.
  [[nodiscard]] std::optional<std::uint32_t> reputation(core::NodeId node) const;

  /// The same of a host class. A class that was never heard of has a record without samples.
  [[nodiscard]] HostClassStanding standing(core::HostClassId host_class) const;

  /// Whether more may be decided of the job: it has no verdict, its verdict is being looked at
  /// again, or a conviction could still reopen it.
  [[nodiscard]] bool knows(core::JobId job) const;
  /// The jobs that were forgotten in the last `decide`, each once.
  [[nodiscard]] std::span<const core::JobId> forgotten() const;
  /// Jobs without a verdict, or whose verdict is being looked at again.
  [[nodiscard]] std::size_t undecided_jobs() const;
  /// Jobs in memory: undecided ones, and decided ones that a conviction could reopen.
  [[nodiscard]] std::size_t known_jobs() const;

  /// Checks every invariant by a recount. For tests and chaos runs.
  void check() const;

 private:
  std::unique_ptr<ValidatorState> state_;
};

}  // namespace nexa::validator
