#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/outcome.hpp"
#include "core/result.hpp"
#include "core/series.hpp"
#include "io/report_trust.hpp"

namespace nexa::io {

/// One line of the table that says how the run was made: policy, platform, workload, seed, commit,
/// the digests of the inputs. Shown in the order given.
struct ReportFact {
  std::string label;
  std::string value;
};

/// Mean and quantiles of one measure over the jobs that started.
struct ReportSpread {
  double mean = 0;
  double p50 = 0;
  double p95 = 0;
  double max = 0;
};

struct ReportSummary {
  std::uint64_t jobs = 0;  ///< all jobs of the workload; the six counts below add up to it
  std::uint64_t completed = 0;
  std::uint64_t timed_out = 0;
  std::uint64_t failed = 0;  ///< ran, and no result was accepted
  std::uint64_t cancelled = 0;
  std::uint64_t rejected = 0;
  std::uint64_t unfinished = 0;
  double makespan_s = 0;
  double utilization = 0;  ///< busy core-seconds over offered core-seconds, from 0 to 1
  ReportSpread wait_s;
  ReportSpread turnaround_s;
  ReportSpread bounded_slowdown;
};

struct ReportTier {
  std::string name;
  double cores = 0;
};

/// `fraction` of the samples are at most `value`.
struct EcdfPoint {
  double value = 0;
  double fraction = 0;
};

/// Bounded slowdown of the jobs of one size; the figures mean nothing where `jobs` is 0.
struct SizeClassRow {
  std::string label;  ///< the range of cores, such as "5-16"
  std::uint64_t jobs = 0;
  double mean = 0;
  double p50 = 0;
  double p95 = 0;
};

/// A horizontal band of the Gantt chart: a node class, or a single node where there are few.
struct GanttLane {
  std::string name;
  std::uint32_t tier = 0;  ///< index into `ReportData::tiers`
  double cores = 0;
};

/// What became of a replica, as the Gantt chart tells it.
enum class BarFate : std::uint8_t {
  valid,
  invalid,     ///< found to be wrong
  undetected,  ///< wrong, and counts as valid
  failed,      ///< crashed, or did not answer in time
  unused,      ///< not needed, or nothing was found of it
  open,        ///< not judged when the run ended
};

/// The bars of the Gantt chart, one entry per bar in each column. A job that ran on several lanes
/// has a bar on each. Use `GanttSampler` to fill it within a bound of memory.
struct GanttBars {
  std::vector<std::uint32_t> lane;   ///< index into `ReportData::lanes`
  std::vector<std::uint32_t> job;    ///< the number by which people know the job
  std::vector<std::uint32_t> cores;  ///< held on this lane
  std::vector<double> start_s;
  std::vector<double> end_s;
  std::vector<double> wait_s;
  std::vector<core::JobState> state;
  std::vector<std::uint32_t> replica;  ///< of the job, from 1; empty where jobs run once
  std::vector<BarFate> fate;           ///< likewise
};

/// Everything that the page shows. Times are seconds since the origin of the run.
struct ReportData {
  std::string title;    ///< the headline, such as "KTH-SP2 on tiered, EASY"
  std::string notice;   ///< a warning at the top, such as "stopped at 62 %"; empty: none
  std::string snippet;  ///< a few lines of code that load the run's data; empty: none
  std::vector<ReportFact> provenance;
  ReportSummary summary;
  std::vector<ReportTier> tiers;  ///< in the order of `load.busy_cores`
  core::LoadSeries load;
  std::vector<EcdfPoint> wait_ecdf;  ///< seconds; see `ecdf`
  std::vector<SizeClassRow> slowdown_by_size;
  std::vector<GanttLane> lanes;
  GanttBars bars;
  std::uint64_t bar_stride = 1;      ///< one job in how many is drawn; 1: all of them
  std::optional<ReportTrust> trust;  ///< of runs that are validated
  std::optional<ReportMoney> money;  ///< of runs that keep books
};

/// The whole page as text: one HTML file that needs nothing else. The same data give the same
/// bytes. Fails with `invalid_argument` where columns differ in length or an index points nowhere.
core::Result<std::string> render_report(const ReportData& data);

/// Renders the page and writes it to `path` by way of an `AtomicFile`, so that the final name never
/// carries a part of a report. Fails as `render_report` and `AtomicFile` do.
core::Result<void> write_report(const ReportData& data, const std::string& path);

}  // namespace nexa::io
