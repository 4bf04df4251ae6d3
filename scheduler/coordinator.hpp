#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "core/request.hpp"
#include "core/sha256_port.hpp"
#include "scheduler/command.hpp"
#include "scheduler/policy_set.hpp"
#include "scheduler/recorder.hpp"
#include "validator/validator.hpp"

namespace nexa::scheduler {

/// A job that is validated: what the engine must know of it, and what the validator must.
struct JobContracted {
  core::Job job;
  validator::Redundancy rules;
  core::Credits value;  ///< see `validator::JobSubmitted`, as for the two below
  validator::ComparatorKind comparator = validator::ComparatorKind::exact;
  validator::JobClass job_class;
};

/// What a coordinator asks of its host, or tells it. Replicas are named by job and number, as the
/// validator numbers them. Spans are valid until the coordinator is called again.
using CoordinatorCommand =
    std::variant<StartReplica, CancelReplica, validator::Verdict, validator::VerdictRevised,
                 validator::Convict, validator::Quarantine, validator::Release,
                 validator::TrustChanged, validator::Diagnosed, validator::ClassSuspected,
                 validator::Vested, validator::Forfeited, validator::SeedCommitted,
                 validator::SeedRevealed, validator::DisputeDecided, validator::Leaning>;

struct CoordinatorConfig {
  PolicySet policies;
  validator::ValidatorConfig validation;
  /// Nodes of these tiers are the trusted ones: they arbitrate, and run no other replicas.
  core::TierMask trusted_tiers = 0;
  core::Sha256 sha256 = nullptr;
};

/// Runs jobs as replicas: an engine that places them and a validator that says how many there must
/// be, where not, and whose results count. Every replica is a task, a job of its own to the engine
/// (ADR 0008). A state machine like the engine: facts, then a step, at times that never decrease.
///
/// Costs what engine and validator cost, and constant time per replica. Keeps about 200 bytes per
/// job until the validator forgets it, and 8 bytes per job and task for ever.
class Coordinator {
 public:
  explicit Coordinator(CoordinatorConfig config);
  Coordinator(Coordinator&&) noexcept;
  Coordinator& operator=(Coordinator&&) noexcept;
  ~Coordinator();

  /// Who sees the facts and commands of tasks, from which placements can be replayed; null for
  /// none. It must outlive the coordinator.
  void attach(Recorder* recorder);

  /// `machine` is the fingerprint that a node keeps under a new name. Of a node that is known, or
  /// was expelled under this number, nothing changes.
  void add_node(core::NodeId node, const core::NodeSpec& spec, validator::MachineId machine,
                core::Time now);
  /// A node comes, goes, or is drained by its owner. What the validator keeps from it is added; of
  /// a node that the validator has expelled nothing changes.
  void set_availability(core::NodeId node, core::NodeAvailability availability, core::Time now);
  /// The job ids of one coordinator are dense: about as many bytes are spent as the largest.
  void submit(const JobContracted& fact, core::Time now);
  void cancel(core::JobId job, core::Time now);
  /// A fact for the validator alone: results and failures of replicas, ends of epochs.
  void tell(const validator::Fact& fact, core::Time now);
  /// A replica has left its nodes: it ended by itself, was killed after a CancelReplica, or lost a
  /// node. What came of it is a fact for the validator.
  void replica_left(core::JobId job, core::ReplicaId replica, core::Time now);

  /// Decides. The span is valid until the next call of a member that is not const.
  std::span<const CoordinatorCommand> step(core::Time now);
  [[nodiscard]] std::optional<core::Time> next_wakeup() const;

  [[nodiscard]] const validator::Validator& validator() const;
  /// Why a replica was asked for. It must have been started, and not have left its nodes.
  [[nodiscard]] validator::Purpose purpose_of(core::JobId job, core::ReplicaId replica) const;
  [[nodiscard]] std::size_t queue_length() const;
  [[nodiscard]] std::size_t running_replicas() const;
  /// Steps that the engine took.
  [[nodiscard]] std::uint64_t engine_steps() const;
  /// Facts that the engine was told.
  [[nodiscard]] std::uint64_t engine_events() const;
  /// Of the engine's commands, as `add_to_hash` folds them.
  [[nodiscard]] std::uint64_t command_hash() const;

  void check() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace nexa::scheduler
