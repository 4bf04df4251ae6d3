#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "ledger/job_money.hpp"
#include "scheduler/coordinator.hpp"
#include "scheduler/replica_use.hpp"

namespace nexa::scheduler {

struct PaymasterConfig {
  /// What a conviction takes of the node's stake, in basis points.
  std::uint32_t slash = ledger::basis_points;
  /// Rewards of a node wait until so many of its results were valid, whatever else has happened.
  std::uint32_t probation_results = 0;
  /// Replicas earn by the second while they run. The terms of all jobs say so too then.
  bool streams = false;
};

/// A replica whose node could not answer for it with its stake. The host must not start it, or
/// stops it.
struct RefusedStart {
  core::JobId job;
  core::ReplicaId replica;
  core::NodeId node;
};

/// Books what a coordinator decides (ADR 0009): the layer above it in which money follows verdicts.
///
/// The requester of a job pays for the copies that its verdict rests on. Copies on trusted nodes
/// are arbitrations, charged to losers and then to the job's reserve; copies that are started after
/// the verdict are the platform's own doubts, which the platform pays for.
///
/// A bank that does not answer holds nothing up: what is to be booked waits in its order for the
/// next `advance`. Only a submission is refused at once, since nobody may start what is not paid.
///
/// Costs what `JobMoney` costs, and logarithmic time per replica. Keeps about 200 bytes per job
/// until the validator forgets it.
class Paymaster {
 public:
  /// `bank` and `sink` must outlive this.
  Paymaster(ledger::Bank& bank, PaymasterConfig config, ledger::PaymentSink* sink = nullptr);

  /// A node that may be given replicas; trusted ones are of the tier that arbitrates.
  void add_node(core::NodeId node, bool trusted);

  /// Holds what the job may cost. After an error, which is one of `JobMoney::submit`, the job must
  /// not be submitted to the coordinator.
  core::Result<void> submit(const ledger::JobTerms& terms, core::Time now);

  /// Somebody contests the verdict on a job and puts up the bond. Errors: those of
  /// `JobMoney::dispute`. The validator must be told after a success: its DisputeDecided settles
  /// the matter, and without one the time-out of the job's terms does.
  core::Result<void> dispute(core::JobId job, ledger::AccountId by, core::Time now) {
    return money_.dispute(job, by, now);
  }

  /// A replica has left its nodes; to be told before the step that follows.
  void replica_ended(core::JobId job, core::ReplicaId replica, const ReplicaUse& use,
                     core::Time now);

  /// The commands of a step of the coordinator: what is started, decided, revised, convicted and
  /// vested. `validator` is the coordinator's, and says which jobs may be heard of again. The span
  /// is valid until the next call.
  std::span<const RefusedStart> take(std::span<const CoordinatorCommand> commands,
                                     const validator::Validator& validator, core::Time now);

  /// Does what has become due, and what waited for the bank.
  void advance(core::Time now);
  /// When `advance` has something to do; `core::never`: nothing, or nobody knows when the bank is
  /// back.
  [[nodiscard]] core::Time next_event() const;

  [[nodiscard]] ledger::JobMoney& money() { return money_; }
  [[nodiscard]] const ledger::JobMoney& money() const { return money_; }
  /// Owed for copies after a verdict, for which the platform had no money.
  [[nodiscard]] ledger::Amount unpaid() const { return unpaid_; }
  /// What could not be booked and never will, which is a fault of this program or its host.
  [[nodiscard]] std::span<const core::Error> failures() const { return failures_; }
  /// Bookings that wait for the bank.
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

 private:
  /// A replica that was started.
  struct Copy {
    core::ReplicaId replica;
    core::NodeId node;
    bool trusted = false;
    bool after_verdict = false;
    bool booked = false;  ///< its outcome was reported, or its arbitration paid
    validator::ReplicaState state = validator::ReplicaState::assigned;
    std::optional<ReplicaUse> use;  ///< once it has ended
    [[nodiscard]] bool is_paid_by_job() const { return !trusted && !after_verdict; }
  };
  struct Pay {
    std::vector<Copy> copies;
    std::optional<JobDecision> decision;
    core::ReplicaId canonical;
  };
  struct Node {
    bool trusted = false;
    std::uint32_t valid = 0;
    std::vector<std::pair<core::JobId, core::ReplicaId>> on_probation;  ///< words to be passed on
  };
  using Booking = std::function<core::Result<void>(core::Time now)>;

  void start(const StartReplica& start, core::Time now);
  /// The copy for which the loser of a dispute pays: of the trusted tier's that were started after
  /// the verdict and are not paid yet, the first to be started of those that are found valid now;
  /// where none of them is, the first to be started. Those beyond it are the platform's own doubts.
  /// Null if nothing was computed for the dispute.
  static Copy* arbiter_of(const validator::DisputeDecided& decided, Pay& pay,
                          std::span<const CoordinatorCommand> commands);
  void resolve(const validator::DisputeDecided& decided,
               std::span<const CoordinatorCommand> commands, core::Time now);
  void end_stream(core::JobId job, core::ReplicaId replica, core::Duration elapsed, core::Time now);
  void convict(const validator::Convict& convict, core::Time now);
  void settle(const validator::Verdict& verdict, core::Time now);
  void revise(const validator::VerdictRevised& revised, core::Time now);
  void book_revision(core::JobId job, const Pay& pay, core::Time now);
  void finish(core::JobId job, const Pay& pay, Copy& copy, core::Time now);
  void compensate(core::JobId job, Copy& copy, core::Time now);
  void vest(const validator::Vested& vested, core::Time now);
  void release_if_final(core::JobId job, const Pay& pay, const Copy& copy, core::Time now);
  void release(core::JobId job, core::ReplicaId replica, core::Time now);
  void forfeit(const validator::Forfeited& forfeited, core::Time now);
  void finish_ended(core::Time now);
  void count_valid(core::NodeId node, core::Time now);
  static void note_states(Pay& pay, std::span<const validator::ReplicaVerdict> replicas);
  void forget_what_is_over(std::span<const CoordinatorCommand> commands,
                           const validator::Validator& validator);

  [[nodiscard]] ledger::ReplicaReport report_on(const Copy& copy,
                                                const JobDecision& decision) const;
  [[nodiscard]] ledger::Verdict verdict_of(const Pay& pay) const;
  [[nodiscard]] Pay* find(core::JobId job);
  static Copy* find(Pay& pay, core::ReplicaId replica);
  Node& node(core::NodeId id);

  /// Whether the job pays for the replica: not if the node's stake was too low for it.
  [[nodiscard]] bool is_assigned(core::JobId job, core::ReplicaId replica) const {
    return !unassigned_.contains({job, replica});
  }
  /// Without those that the job does not pay for.
  [[nodiscard]] ledger::Verdict assigned_part(core::JobId job, ledger::Verdict verdict) const;

  /// Books now, or once the bank answers, after all that waits already.
  void book(Booking booking, core::Time now);
  /// False if the bank does not answer.
  bool try_to_book(const Booking& booking, core::Time now);

  PaymasterConfig config_;
  ledger::JobMoney money_;
  std::map<core::JobId, Pay> jobs_;
  std::vector<Node> nodes_;                                     ///< by id
  std::vector<std::pair<core::JobId, core::ReplicaId>> ended_;  ///< since the last step
  std::vector<RefusedStart> refused_;
  std::size_t sweep_at_ = 0;
  std::set<std::pair<core::JobId, core::ReplicaId>> unassigned_;
  std::deque<Booking> waiting_;
  std::vector<core::Error> failures_;
  ledger::Amount unpaid_ = 0;
};

}  // namespace nexa::scheduler
