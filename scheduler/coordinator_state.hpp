#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "core/digest.hpp"
#include "scheduler/contracts.hpp"
#include "scheduler/coordinator.hpp"
#include "scheduler/engine.hpp"

namespace nexa::scheduler {

/// The commands of one step. What they point to is copied, since engine and validator are called
/// several times within a step; the memory is used again for the next.
class CoordinatorCommands {
 public:
  void clear() {
    list_.clear();
    used_shares_ = 0;
    used_verdicts_ = 0;
  }
  template <class AnyCommand>
  void add(const AnyCommand& command) {
    list_.emplace_back(command);
  }
  void add(StartReplica start) {
    start.nodes = copy(start.nodes, shares_, used_shares_);
    list_.emplace_back(start);
  }
  void add(validator::Verdict verdict) {
    verdict.replicas = copy(verdict.replicas, verdicts_, used_verdicts_);
    list_.emplace_back(verdict);
  }
  void add(validator::VerdictRevised revised) {
    revised.replicas = copy(revised.replicas, verdicts_, used_verdicts_);
    list_.emplace_back(revised);
  }
  [[nodiscard]] std::span<const CoordinatorCommand> list() const { return list_; }

 private:
  template <class Item>
  static std::span<const Item> copy(std::span<const Item> items,
                                    std::deque<std::vector<Item>>& pool, std::size_t& used) {
    if (used == pool.size()) pool.emplace_back();
    std::vector<Item>& kept = pool[used++];
    kept.assign(items.begin(), items.end());
    return kept;
  }

  std::vector<CoordinatorCommand> list_;
  std::deque<std::vector<NodeShare>> shares_;
  std::deque<std::vector<validator::ReplicaVerdict>> verdicts_;
  std::size_t used_shares_ = 0;
  std::size_t used_verdicts_ = 0;
};

struct Coordinator::State {
  explicit State(CoordinatorConfig config);

  void add_node(core::NodeId node, const core::NodeSpec& spec, validator::MachineId machine,
                core::Time now);
  void set_availability(core::NodeId node, core::NodeAvailability wanted, core::Time now);
  void replica_left(core::JobId job, core::ReplicaId replica, core::Time now);

  /// Forgets a job that the validator does not know, or no more, and of which nothing is left in
  /// the engine.
  void forget_if_over(core::JobId job);

  /// Carries out what the validator decides; false if there was nothing.
  bool decide(core::Time now);
  /// Lets the engine place what waits; false if there was nothing to tell it.
  bool place(core::Time now);

  Engine engine;
  validator::Validator validator;
  core::TierMask trusted_tiers;
  Contracts jobs;
  CoordinatorCommands commands;
  Recorder* recorder = nullptr;
  core::StreamHash hash;
  std::uint64_t events = 0;
  std::uint64_t steps = 0;

 private:
  struct Node {
    core::NodeSpec spec;
    core::NodeAvailability availability = core::NodeAvailability::up;  ///< as the host says
    bool quarantined = false;
    bool expelled = false;  ///< for ever; it is removed as soon as nothing runs on it
    bool known = false;     ///< to the engine
  };

  template <class AnyFact>
  void tell_engine(const AnyFact& fact, core::Time now);
  void tell_availability(core::NodeId node, core::Time now);
  void remove_if_idle(core::NodeId node, core::Time now);
  void submit_next(Contract& contract, core::Time now);
  void submit(Contract& contract, WantedReplica& wanted, core::Time now);
  void avoid_domains_of_placed(const Contract& contract, std::vector<core::FaultDomain>& avoid);
  void remove_task(Contract& contract, core::ReplicaId replica, core::Time now);
  [[nodiscard]] core::Request request_of(const Contract& contract,
                                         const validator::SendReplica& send) const;
  void list_domains_to_avoid(const validator::SendReplica& send,
                             std::vector<core::FaultDomain>& avoid) const;
  void list_domains_of_placed(const Contract& contract,
                              std::vector<core::FaultDomain>& domains) const;

  void on(const validator::SendReplica& send, core::Time now);
  void on(const validator::CancelReplica& cancel, core::Time now);
  void on(const validator::Quarantine& quarantine, core::Time now);
  void on(const validator::Release& release, core::Time now);
  void on(const validator::TrustChanged& changed, core::Time now);
  template <class OtherDecision>
  void on(const OtherDecision& decision, core::Time /*now*/) {
    commands.add(decision);
  }

  void on(const StartReplica& start, core::Time now);
  void on(const CancelReplica& cancel, core::Time now);
  void on(const RejectJob& reject, core::Time now);

  std::vector<Node> nodes_;                  ///< by node id
  std::vector<core::NodeId> leaving_;        ///< expelled nodes on which something runs
  std::vector<core::JobId> next_to_submit_;  ///< jobs whose next replica may wait now
  std::vector<validator::ReplicaUnplaceable> unplaceable_;
  std::vector<core::NodeId> scratch_nodes_;
  std::vector<core::FaultDomain> scratch_domains_;
  WantedReplica scratch_wanted_;  ///< what is submitted at once, kept for its memory
  bool engine_was_told_ = false;
};

}  // namespace nexa::scheduler
