#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/platform.hpp"
#include "core/workload.hpp"
#include "scheduler/coordinator.hpp"
#include "simulator/availability.hpp"
#include "simulator/books.hpp"
#include "simulator/event_heap.hpp"
#include "simulator/insider.hpp"
#include "simulator/platform_index.hpp"
#include "simulator/population.hpp"
#include "simulator/requesters.hpp"
#include "simulator/simulation.hpp"
#include "simulator/validation_collector.hpp"
#include "simulator/validation_setup.hpp"

namespace nexa::simulator {

/// Drives a coordinator through a workload on a platform whose nodes behave as the platform says:
/// every job runs as replicas that are compared, and only a simulation knows which were right.
///
/// At one instant: what happens to replicas, then to nodes, then submissions, then one step of the
/// coordinator. A replica on several nodes is as fast as the slowest, fails if one fails, and is
/// wrong if one is wrong; figures and verdicts are attributed to the first node that misbehaved.
/// A node that comes back under a new identity gets a new number and, unless the setup knows
/// machines, a clean record.
///
/// Both inputs must outlive the simulation. Memory: about 250 bytes per job.
class ValidatedSimulation {
 public:
  ValidatedSimulation(const core::Platform& platform, const core::Workload& workload,
                      scheduler::PolicySet policies, ValidationSetup setup, std::uint64_t seed,
                      SimulationOptions options);

  SimulationResult run();

  /// What is known of nodes, as it stands after `run`.
  [[nodiscard]] const validator::Validator& validator() const { return coordinator_.validator(); }
  /// The books as they stand after `run`, to let time pass in them; null: nobody pays.
  [[nodiscard]] Books* books() { return books_.get(); }

 private:
  enum class Happening : std::uint8_t {
    replica_ends,
    node_returns,
    job_withdrawn,
    epoch_ends,
    providers_reckon,
    verdict_disputed,
  };

  struct Pending {
    core::Time time{};
    Happening what = Happening::replica_ends;
    std::uint64_t number = 0;  ///< in the order of being foreseen
    std::uint32_t subject = 0;

    friend constexpr bool operator<(const Pending& a, const Pending& b) {
      if (a.time != b.time) return a.time < b.time;
      return a.what != b.what ? a.what < b.what : a.number < b.number;
    }
  };

  /// A replica on its nodes.
  struct Run {
    core::JobId job;
    core::ReplicaId replica;
    core::Time start{};
    core::Duration run_time{};  ///< on these nodes
    Ending ending = Ending::result;
    scheduler::ReplicaEnding ended{};  ///< for who pays; known when it leaves
    bool computed = true;              ///< the work was really done
    core::Duration inflation{};        ///< what its node claims beyond the time that it took
    std::vector<core::NodeId> nodes;   ///< identities
    std::vector<std::pair<core::TierId, double>> tiers;  ///< cores by tier, if load is recorded
    std::uint64_t cores_held = 0;
    std::uint64_t end_number = 0;  ///< of the event that ends it; another run may take its place
    bool active = false;
    bool overlong = false;  ///< computes beyond its time limit
  };

  /// What a replica handed in; kept while its verdict may be looked at again.
  struct Given {
    core::ReplicaId replica;
    core::NodeId node;      ///< to whom it is attributed
    std::uint32_t run = 0;  ///< index into `runs_` while it runs
    Answer answer{};
    ReplicaFate fate = ReplicaFate::inconclusive;
    bool handed_in = false;
    bool judged = false;
    validator::Purpose purpose = validator::Purpose::work;  ///< only if replicas are recorded
    core::Time start{};
    core::Time end = core::never;               ///< when it left its nodes
    std::vector<scheduler::NodeShare> nodes{};  ///< machines; only if results are wanted
  };

  struct Job {
    core::Time first_start = core::never;
    std::vector<Given> given;
    core::SelectedBy selected_by = core::SelectedBy::order;
    bool accepted = false;
    bool decided = false;
    bool wrong = false;
    bool overlong = false;  ///< a replica was stopped at its time limit while it computed
  };

  /// Who a node number stands for.
  struct Identity {
    core::NodeId machine;  ///< its first number, by which the platform and the population know it
    core::OwnerId owner;
    bool hostile = false;
    core::Time joined{};
  };

  void add_nodes();
  void register_node(core::NodeId node, core::NodeId machine, core::OwnerId owner, bool is_new,
                     core::Time now);
  [[nodiscard]] core::Time next_instant() const;
  [[nodiscard]] bool is_over() const;
  /// Returns the number of the event.
  std::uint64_t foresee(core::Time time, Happening what, std::uint32_t subject);
  void happen(core::Time now);
  void change_nodes(core::Time now);
  void lose_replicas(core::NodeId node, core::Time now);
  void submit_jobs(core::Time now);
  void submit(core::JobId job, core::Time now);
  [[nodiscard]] core::TierMask tiers_of(const core::Request& request) const;
  void step(core::Time now);

  void tell(const validator::Fact& fact, core::Time now);

  void on(const scheduler::StartReplica& start, core::Time now);
  void on(const scheduler::CancelReplica& cancel, core::Time now);
  void on(const validator::Verdict& verdict, core::Time now);
  void on(const validator::VerdictRevised& revised, core::Time now);
  void on(const validator::Convict& convict, core::Time now);
  void on(const validator::Leaning& leaning, core::Time now);
  void on(const validator::Vested& vested, core::Time now);
  void on(const validator::SeedCommitted& committed, core::Time now);
  void on(const validator::SeedRevealed& revealed, core::Time now);
  void on(const validator::DisputeDecided& decided, core::Time now);
  template <class Other>
  void on(const Other& /*command*/, core::Time /*now*/) {}

  /// Takes a record for a replica that starts, and fills in where it runs; returns its number.
  std::uint32_t begin_run(const scheduler::StartReplica& start, core::Time now);
  /// How a replica will end, and on which of its nodes that depends.
  Conduct conduct_of(const Run& run, core::Time now, core::NodeId& responsible);
  /// A record more of what a job's replicas hand in.
  Given& give_to(Job& record);
  /// Whether the run is about to end because it was cancelled.
  [[nodiscard]] bool is_killed(std::uint32_t run) const;
  void end_run(std::uint32_t number, core::Time now);
  void hand_in(Run& run, core::Time now);
  void tell_result(const Run& run, const Answer& answer, std::uint32_t times, core::Time now);
  void fail(const Run& run, validator::FailureKind how, ReplicaFate fate, core::Time now);
  void leave(std::uint32_t number, core::Time now);
  [[nodiscard]] Assignment assignment(const Run& run, core::NodeId node, core::Time now) const;
  [[nodiscard]] bool proof_holds(const Report& report, const Run& run, core::NodeId node,
                                 core::Time now) const;
  /// Whether a dishonest coordinator has told the node that others compute this, too.
  [[nodiscard]] bool is_warned(const Run& run, core::NodeId node) const;
  [[nodiscard]] Given& given_of(core::JobId job, core::ReplicaId replica);
  [[nodiscard]] Given* find_given(core::JobId job, core::ReplicaId replica);
  void judge(core::JobId job, const validator::ReplicaVerdict& verdict, bool checked,
             core::Time now);
  void learn(core::NodeId node, const OwnVerdict& verdict, core::Time now);
  /// The replica that stands for the job in tables: a valid one, else the first.
  [[nodiscard]] const Given* shown_replica(core::JobId job) const;
  void note_job(core::JobId job, core::JobState state, core::Time now);
  void note_load(Run& run, const scheduler::StartReplica& start);
  void sample_reputation(core::Time now);

  // Money, where there are books; see validated_money.cpp.
  void stop_unpaid(std::span<const scheduler::RefusedStart> refused);
  void watch_stakes(std::span<const scheduler::CoordinatorCommand> commands, core::Time now);
  void tell_books(const Run& run, core::Time now);
  void note_claim(Run& run, const Report& report) const;
  void let_providers_reckon(core::Time now);
  void carry_out(const ProviderMove& move, core::Time now);
  void consider_dispute(core::JobId job, core::Time now);
  void dispute(core::JobId job, core::Time now);
  void report_unfinished();

  // What is told only if replicas are recorded: simulator/validated_records.cpp.
  void record_replicas(core::JobId job);
  void record_verdict(const validator::Verdict& verdict, core::Time now);
  void record_revision(const validator::VerdictRevised& revised, core::Time now);
  void record_rest();
  [[nodiscard]] scheduler::ReplicaRecord record_of(core::JobId job, const Given& given) const;
  [[nodiscard]] scheduler::IdentityRecord record_of(core::NodeId node) const;

  [[nodiscard]] core::Credits value_of(const core::WorkloadJob& job) const;
  [[nodiscard]] std::uint32_t class_of(core::JobId job) const;
  [[nodiscard]] bool is_trusted(core::NodeId node) const;
  [[nodiscard]] const core::NodeSpec& spec_of(core::NodeId node) const;

  const core::Platform& platform_;
  const core::Workload& workload_;
  ValidationSetup setup_;
  Comparison comparison_ = Comparison::exact;
  std::uint64_t seed_;
  SimulationOptions options_;
  PlatformIndex index_;
  Population population_;
  Requesters requesters_;
  AvailabilityTimeline availability_;
  std::unique_ptr<Insider> insider_;  ///< null: the coordinator is honest
  scheduler::Coordinator coordinator_;
  std::unique_ptr<Books> books_;  ///< null: nobody pays

  std::vector<Identity> identities_;           ///< by node number
  std::vector<core::NodeId> name_of_machine_;  ///< its latest number
  core::Time now_{};
  std::uint32_t next_owner_ = 0;
  std::uint32_t next_job_ = 0;
  std::uint64_t undecided_ = 0;      ///< jobs that were submitted and have no verdict
  std::uint64_t open_disputes_ = 0;  ///< that users have in mind, or that nobody has decided yet
  std::uint64_t foreseen_ = 0;
  std::uint64_t idle_changes_ = 0;           ///< of nodes, since a replica was last started
  std::uint64_t periodic_ = 0;               ///< pending events that come again and again
  std::vector<core::JobId> without_bank_;    ///< jobs that wait for the bank, to be submitted
  std::vector<core::NodeId> without_stake_;  ///< that is free
  std::vector<bool> absent_;                 ///< by machine: its provider takes no part
  EventHeap<Pending> pending_;
  std::vector<Run> runs_;
  std::vector<std::uint32_t> spare_runs_;
  std::vector<std::uint32_t> killed_;
  std::vector<Job> jobs_;
  std::vector<std::vector<Given>> spare_given_;  ///< of jobs that are over, for their memory
  std::vector<scheduler::NodeShare> scratch_shares_;
  std::vector<core::Interval> scratch_intervals_;
  std::vector<Answer> scratch_answers_;
  std::vector<validator::Comparison> scratch_comparisons_;

  StatisticsCollector statistics_;
  ValidationCollector collector_;
  LoadRecorder load_;
  core::Duration between_samples_{};
  core::Time next_sample_{};
  SimulationResult result_;
};

}  // namespace nexa::simulator
