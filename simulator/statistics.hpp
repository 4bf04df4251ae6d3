#pragma once

#include <cstdint>
#include <vector>

#include "core/outcome.hpp"
#include "core/time.hpp"

namespace nexa::simulator {

/// Mean and nearest-rank percentiles of a sample, in its own unit.
struct Distribution {
  double mean = 0;
  double p50 = 0;
  double p95 = 0;
  double max = 0;
};

/// Figures over all jobs that ran to an end. Times in seconds.
struct JobStatistics {
  std::uint64_t finished = 0;  ///< completed, timed out or failed
  std::uint64_t timed_out = 0;
  std::uint64_t failed = 0;
  std::uint64_t rejected = 0;
  std::uint64_t cancelled = 0;
  std::uint64_t unfinished = 0;
  Distribution wait_s;
  Distribution turnaround_s;
  /// max(1, (wait + run) / max(run, tau)) with tau = 10 s.
  /// Source: Feitelson, Rudolph, Schwiegelshohn, Sevcik, Wong, JSSPP'97.
  Distribution bounded_slowdown;
  double makespan_s = 0;   ///< from the first submission to the last end
  double utilization = 0;  ///< core seconds held, by all cores over the makespan
};

/// Collects the figures: 24 bytes per finished job, for exact percentiles.
class StatisticsCollector {
 public:
  void reserve(std::size_t jobs);
  void add_finished(core::Duration wait, core::Duration run, std::uint64_t cores_held,
                    core::Time end);
  /// Core time that was held for something else than the run of a finished job.
  void add_core_time(std::uint64_t cores, core::Duration duration);
  void add(core::JobState state);
  [[nodiscard]] JobStatistics summarise(std::uint64_t platform_cores);

 private:
  __extension__ using Sum = unsigned __int128;

  std::vector<core::Duration> waits_;
  std::vector<core::Duration> turnarounds_;
  std::vector<double> slowdowns_;
  Sum wait_microseconds_ = 0;
  Sum run_microseconds_ = 0;
  Sum core_microseconds_ = 0;
  double slowdown_sum_ = 0;
  core::Time last_end_{};
  JobStatistics counts_;
};

}  // namespace nexa::simulator
