#pragma once

#include <memory>
#include <optional>
#include <span>

#include "core/result.hpp"
#include "scheduler/command.hpp"
#include "scheduler/event.hpp"
#include "scheduler/explanation.hpp"
#include "scheduler/policy_set.hpp"

namespace nexa::scheduler {

struct EngineState;

/// The decision core: a state machine without a clock, I/O or threads. A host tells it facts, asks
/// for a step, and carries the commands out. The same facts give the same commands, always.
///
/// A host gathers all facts of an instant, in the order: ends, node changes, other policies,
/// submissions and changes of jobs, ticks; applies them; then steps once. Times never decrease.
/// Facts that contradict what the engine knows (the end of a job that does not run) are ignored,
/// since hosts may repeat themselves; facts that no host may send (a job id or a place that is
/// still in use, a request for nothing) break an invariant.
class Engine {
 public:
  explicit Engine(PolicySet policies);
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;
  ~Engine();

  /// Updates state, never decides. Costs O(log jobs) plus a step per run of nodes that change.
  void apply(const Event& event);
  /// The same for a host that has the fact at hand and needs no event otherwise.
  template <class AnyFact>
  void apply(const AnyFact& fact, core::Time time) {
    advance_to(time);
    on(fact, time);
  }

  /// Decides. The span is valid until the next call of any member that is not const.
  ///
  /// A step that has to cancel replicas returns only that: what they release is worth waiting for
  /// before anything is started, and `next_wakeup()` is then `now`.
  std::span<const Command> step(core::Time now);

  /// When `step` could matter without new facts: a time limit runs out, a reservation begins.
  [[nodiscard]] std::optional<core::Time> next_wakeup() const;

  /// Why a job is where it is. Costs a pass over the queue and one over the running jobs.
  [[nodiscard]] Explanation explain(core::JobId job, core::Time now) const;

  /// The ids of waiting jobs in the order of the queue.
  [[nodiscard]] std::vector<core::JobId> waiting() const;
  [[nodiscard]] std::size_t queue_length() const;
  [[nodiscard]] std::size_t running_jobs() const;
  /// Whether nothing runs on a node, so that it may be removed. Costs O(log nodes).
  [[nodiscard]] bool is_idle(core::NodeId node) const;

  /// Checks every invariant by a recount. For tests and chaos runs: costs a step per node and job.
  void check() const;

 private:
  void advance_to(core::Time time);
  void on(const JobSubmitted& fact, core::Time now);
  void on(const JobCancelled& fact, core::Time now);
  void on(const NodeAdded& fact, core::Time now);
  void on(const NodeStateChanged& fact, core::Time now);
  void on(const ReplicaEnded& fact, core::Time now);
  void on(const CommandRejected& fact, core::Time now);
  void on(const Tick& fact, core::Time now);
  void on(const JobChanged& fact, core::Time now);
  void on(const PolicyReloaded& fact, core::Time now);
  void on(const NodeChanged& fact, core::Time now);
  void on(const NodeRemoved& fact, core::Time now);
  void note_other_nodes();
  std::optional<std::uint32_t> request_class_for(const core::Job& job,
                                                 std::span<const core::FaultDomain> avoid);
  void change_waiting(std::uint32_t slot, const core::Job& job, core::Time now);
  void change_limit(std::uint32_t slot, core::Duration limit);
  void reject_hopeless();
  void forget(std::uint32_t slot);
  void stop_running(std::uint32_t slot, core::Time now);
  void requeue(std::uint32_t slot, core::Time now);
  bool issue_cancellations(core::Time now);
  void run_pass(core::Time now);

  std::unique_ptr<EngineState> state_;
  std::vector<RejectJob> rejections_;
  std::vector<core::JobId> cancellations_;
  core::Time last_time_{};
  bool pass_due_ = false;
  bool some_may_be_hopeless_ = false;  ///< the nodes for a waiting job may have become too few
};

}  // namespace nexa::scheduler
