#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "core/digest.hpp"
#include "core/platform.hpp"
#include "core/workload.hpp"
#include "ledger/journal.hpp"
#include "scheduler/engine.hpp"
#include "scheduler/recorder.hpp"
#include "simulator/coordinator_figures.hpp"
#include "simulator/credit_figures.hpp"
#include "simulator/event_heap.hpp"
#include "simulator/load_recorder.hpp"
#include "simulator/platform_index.hpp"
#include "simulator/result_sink.hpp"
#include "simulator/statistics.hpp"
#include "simulator/validation_statistics.hpp"

namespace nexa::simulator {

class ValidationObserver;

/// How far a simulation has come.
struct Progress {
  core::Time now{};
  std::uint64_t jobs_submitted = 0;
  std::uint64_t jobs_total = 0;
  std::uint64_t events = 0;
  std::size_t queue_length = 0;
};

struct SimulationOptions {
  ResultSink* results = nullptr;                  ///< may be null
  scheduler::Recorder* recorder = nullptr;        ///< may be null
  bool record_load = false;                       ///< keep `SimulationResult::load`
  bool record_replicas = false;                   ///< all calls of `results`, not only of jobs
  std::function<void(const Progress&)> progress;  ///< called every few hundred instants
  ledger::Journal* journal = nullptr;       ///< of the ledger, where there is one; may be null
  const std::atomic<bool>* stop = nullptr;  ///< true: stop soon, with what is there
  core::Time until = core::never;           ///< stop behind the last instant up to then
  ValidationObserver* observer = nullptr;   ///< of runs that are validated; may be null
  bool check_invariants = false;            ///< Engine::check after every step; slow
};

struct SimulationResult {
  JobStatistics jobs;
  std::uint64_t jobs_submitted = 0;
  std::uint64_t replicas_started = 0;
  std::uint64_t events = 0;  ///< facts that the engine was told
  std::uint64_t steps = 0;
  std::size_t longest_queue = 0;
  std::uint64_t command_hash = 0;
  core::LoadSeries load;
  std::optional<ValidationFigures> validation;    ///< of runs that are validated
  std::optional<TrustSeries> trust;               ///< likewise
  std::optional<CreditFigures> credits;           ///< of runs that keep books
  std::optional<CoordinatorFigures> coordinator;  ///< of runs with a dishonest one
  bool stopped_early = false;
};

/// Drives an engine through a workload on a platform; the host of the decision core that has no
/// cluster. Both inputs must outlive the simulation.
///
/// At one instant: first all ends, then all submissions, then one step. A replica ends after its
/// run time divided by the speed of the slowest node that it got, rounded up to a microsecond, or
/// when the engine cancels it at its time limit.
class Simulation {
 public:
  Simulation(const core::Platform& platform, const core::Workload& workload,
             scheduler::PolicySet policies, SimulationOptions options);

  SimulationResult run();

 private:
  /// A replica that will end by itself.
  struct PendingEnd {
    core::Time time{};
    std::uint32_t workload_index = 0;
    std::uint32_t run = 0;

    /// At one instant, ends come in the order of the workload.
    friend constexpr bool operator<(const PendingEnd& a, const PendingEnd& b) {
      return a.time != b.time ? a.time < b.time : a.workload_index < b.workload_index;
    }
  };
  struct Run {
    std::uint32_t workload_index = 0;
    core::ReplicaId replica;
    core::Time start{};
    core::SelectedBy selected_by{};
    std::uint64_t cores_held = 0;
    std::vector<core::Interval> nodes;                   ///< only if results are wanted
    std::vector<std::pair<core::TierId, double>> tiers;  ///< cores by tier, if load is recorded
  };

  void add_nodes();
  /// `core::never` when nothing can happen any more.
  [[nodiscard]] core::Time next_instant() const;
  template <class AnyFact>
  void tell(core::Time now, const AnyFact& fact);
  void end_runs(core::Time now);
  void submit_jobs(core::Time now);
  void step(core::Time now);
  void carry_out(const scheduler::StartReplica& start, core::Time now);
  void carry_out(const scheduler::CancelReplica& cancel, core::Time now);
  void carry_out(const scheduler::RejectJob& reject, core::Time now);
  void finish(std::uint32_t run, core::Time now, core::JobState state);
  void report(const Run& run, core::Time end, core::JobState state);
  void note_load(Run& run, const scheduler::StartReplica& start);
  void report_unfinished(core::Time now);
  bool stop_is_wanted();
  void show_progress(core::Time now);

  const core::Platform& platform_;
  const core::Workload& workload_;
  SimulationOptions options_;
  scheduler::Engine engine_;
  PlatformIndex index_;

  std::uint32_t next_job_ = 0;
  EventHeap<PendingEnd> ends_;
  std::vector<Run> runs_;
  std::vector<std::uint32_t> spare_runs_;
  /// Runs that outlast their time limit: they end when the engine cancels them.
  std::map<std::uint32_t, std::uint32_t> overlong_;
  std::vector<std::uint32_t> killed_;

  StatisticsCollector statistics_;
  LoadRecorder load_;
  core::StreamHash hash_;
  SimulationResult result_;
};

}  // namespace nexa::simulator
