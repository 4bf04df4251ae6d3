#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "cli/sim_summary.hpp"
#include "core/outcome.hpp"
#include "core/platform.hpp"
#include "core/workload.hpp"
#include "io/report.hpp"
#include "io/report_reduce.hpp"
#include "scheduler/command.hpp"
#include "scheduler/run_records.hpp"

namespace nexa::cli {

/// Collects during a run what its report page shows: 24 bytes per job, and a bounded number of
/// bars. Both references must outlive the collector.
class ReportCollector {
 public:
  ReportCollector(const core::Platform& platform, const core::Workload& workload);

  /// Notes which node groups a replica is started on: outcomes name nodes, not cores on each.
  void note_commands(std::span<const scheduler::Command> commands);
  void add(const core::JobOutcome& outcome);
  /// Of a run that is validated, where replicas are what is drawn.
  void add_replica(const scheduler::ReplicaRecord& replica);

  /// Everything for the page. `snippet` loads the run's data, or is empty.
  [[nodiscard]] io::ReportData data(const RunSummary& summary, std::string snippet);

 private:
  using Shares = std::vector<io::LaneShare>;
  [[nodiscard]] std::uint32_t number_of(std::uint32_t workload_index) const;
  void note_start(const scheduler::StartReplica& start);
  void add_cores(Shares& shares, const scheduler::NodeShare& nodes, const core::Request& request);

  const core::Platform& platform_;
  const core::Workload& workload_;
  std::vector<std::uint32_t> first_node_of_group_;
  std::unordered_map<std::uint32_t, Shares> running_;
  io::GanttSampler bars_;
  std::vector<double> waits_;
  std::vector<io::SizedSlowdown> slowdowns_;
  core::Time latest_{};  ///< end of a replica
};

}  // namespace nexa::cli
