#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "simulator/validation_observer.hpp"

namespace nexa::simulator {

/// Something that happened to a replica of a machine, or to the machine itself.
struct NodeEvent {
  enum class Kind : std::uint8_t {
    verdict,    ///< of a replica
    revision,   ///< the same, of a verdict that was looked at again
    result,     ///< a replica was handed in
    failure,    ///< a replica ended without a result
    cancelled,  ///< a replica is not wanted any more, or is given up
    strike,
    diagnosis,  ///< a replica was run again
    renamed,    ///< the machine registered under another name
    released,   ///< the node may get work again
  };
  Kind kind = Kind::verdict;
  core::JobId job;
  core::ReplicaId replica;  ///< zero: not about a replica
  validator::ReplicaState state = validator::ReplicaState::inconclusive;  ///< of verdicts
  validator::Ground ground = validator::Ground::none;                     ///< of verdicts
  /// The evidence, another replica of the job; of a bad proof the replica itself; zero: none.
  core::ReplicaId against;
  std::optional<core::NodeId> against_node;  ///< on which that ran
  validator::FailureKind failure = validator::FailureKind::error;
  validator::StrikeKind strike = validator::StrikeKind::hard;
  bool convicted = false;  ///< of strikes
  validator::Diagnosis diagnosis = validator::Diagnosis::intermittent;
  core::NodeId node;   ///< its name, where there are several
  bool wrong = false;  ///< known to the simulation only: what the replica handed in was wrong
};

/// One moment at which the numbers of a node changed, or several at which nothing happened but
/// that a result was believed that nobody has compared with anything.
struct StandingChange {
  core::Time first{};
  core::Time last{};
  std::uint64_t moments = 1;
  bool uncompared = false;        ///< the result was believed because of who computed it
  std::vector<NodeEvent> events;  ///< of the last moment
  std::uint32_t forfeited = 0;    ///< valid replicas whose reward is void since
  validator::NodeStanding before;
  validator::NodeStanding after;
};

/// Whether anything differs that a replica's end could have changed: all but what counts replicas
/// that run or have not vested.
bool differs(const validator::NodeStanding& before, const validator::NodeStanding& after);

/// Collects what made the standing of one node in a validated simulation.
///
/// Costs a look at each command; and a standing, about 15 microseconds, per event of the node.
/// Memory: about 60 bytes per job, for all jobs, since any replica may become evidence.
class NodeHistory final : public ValidationObserver {
 public:
  struct Name {
    core::NodeId node;
    core::OwnerId owner;
    core::Time since{};
    bool one_record = true;  ///< the validator knows that it is the machine of the watched node
  };
  struct Suspicion {
    core::Time time{};
    validator::ClassSuspected said;
  };

  /// Watches `node`, a name of `machine`, whose host class is `host_class`. The last `keep` changes
  /// are kept.
  NodeHistory(core::NodeId node, core::NodeId machine, core::HostClassId host_class,
              std::size_t keep)
      : node_(node), machine_(machine), host_class_(host_class), keep_(keep) {}

  void on_identity(core::NodeId node, core::NodeId machine, core::OwnerId owner,
                   const validator::Validator& validator, core::Time now) override;
  void on_answer(core::JobId job, core::ReplicaId replica, core::NodeId node, bool wrong,
                 core::Time now) override;
  void on_fact(const validator::Fact& fact, const validator::Validator& validator,
               core::Time now) override;
  void on_commands(std::span<const scheduler::CoordinatorCommand> commands,
                   const validator::Validator& validator, core::Time now) override;

  [[nodiscard]] core::NodeId node() const { return node_; }
  [[nodiscard]] core::NodeId machine() const { return machine_; }
  /// By node number: the machines behind all names so far.
  [[nodiscard]] const std::vector<core::NodeId>& machines() const { return machines_; }
  /// All names of the machine, oldest first.
  [[nodiscard]] const std::vector<Name>& names() const { return names_; }
  /// Oldest first.
  [[nodiscard]] const std::deque<StandingChange>& changes() const { return changes_; }
  /// Earlier changes that were not kept.
  [[nodiscard]] std::uint64_t changes_left_out() const { return left_out_; }
  /// Mismatches of the host class, oldest first.
  [[nodiscard]] const std::vector<Suspicion>& suspicions() const { return suspicions_; }
  [[nodiscard]] std::uint64_t replicas() const { return replicas_; }
  [[nodiscard]] std::uint64_t results() const { return results_; }
  [[nodiscard]] std::uint64_t wrong_results() const { return wrong_results_; }
  [[nodiscard]] std::optional<core::Time> first_wrong() const { return first_wrong_; }
  /// On which node a replica ran, or runs; the first of several.
  [[nodiscard]] std::optional<core::NodeId> node_of(core::JobId job, core::ReplicaId replica) const;
  /// The last instant at which anything was decided.
  [[nodiscard]] core::Time last_instant() const { return last_instant_; }

 private:
  struct Placed {
    core::ReplicaId replica;
    core::NodeId node;
    bool ours = false;
    bool wrong = false;
  };
  [[nodiscard]] bool is_ours(core::NodeId node) const;
  [[nodiscard]] const Placed* find(core::JobId job, core::ReplicaId replica) const;
  [[nodiscard]] const Placed* find_ours(core::JobId job, core::ReplicaId replica) const;
  [[nodiscard]] NodeEvent event_of(NodeEvent::Kind kind, core::JobId job,
                                   core::ReplicaId replica) const;

  void on(const scheduler::StartReplica& start);
  void on(const scheduler::CancelReplica& cancel);
  void on(const validator::Verdict& verdict);
  void on(const validator::VerdictRevised& revised);
  void on(const validator::Convict& convict);
  void on(const validator::Release& release);
  void on(const validator::Diagnosed& diagnosed);
  void on(const validator::Forfeited& forfeited);
  void on(const validator::ClassSuspected& suspected);
  template <class Other>
  void on(const Other& /*command*/) {}

  void judge(NodeEvent::Kind kind, core::JobId job,
             std::span<const validator::ReplicaVerdict> replicas);
  /// Looks whether what has happened changed the numbers.
  void conclude(const validator::Validator& validator, core::Time now);
  void keep_change(StandingChange change);

  core::NodeId node_;
  core::NodeId machine_;
  core::HostClassId host_class_;
  std::size_t keep_;
  std::vector<core::NodeId> machines_;
  std::vector<Name> names_;
  std::vector<std::vector<Placed>> placed_;  ///< by job
  std::vector<NodeEvent> events_;            ///< of the moment that is being looked at
  std::uint32_t forfeited_ = 0;              ///< likewise
  std::optional<validator::NodeStanding> known_;
  std::deque<StandingChange> changes_;
  std::uint64_t left_out_ = 0;
  bool last_is_uncompared_ = false;  ///< the last change, whether it was kept or not
  std::vector<Suspicion> suspicions_;
  std::uint64_t replicas_ = 0;
  std::uint64_t results_ = 0;
  std::uint64_t wrong_results_ = 0;
  std::optional<core::Time> first_wrong_;
  core::Time last_instant_{};
};

}  // namespace nexa::simulator
