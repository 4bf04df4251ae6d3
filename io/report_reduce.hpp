#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/outcome.hpp"
#include "io/report.hpp"

namespace nexa::io {

/// The empirical distribution of `samples` with at most `max_points` (at least 2) points. Every
/// point is exact: `fraction` of all samples are at most `value`. Where there are more distinct
/// values than points, the first and the last are kept and the others are chosen at even steps of
/// the rank. Samples that are not finite are left out.
std::vector<EcdfPoint> ecdf(std::vector<double> samples, std::size_t max_points = 2000);

/// One job as the table of slowdowns by size sees it.
struct SizedSlowdown {
  std::uint64_t cores = 0;
  double bounded_slowdown = 0;
};

/// Groups jobs by cores into 1, 2-4, 5-16, 17-64 and 65 or more. A quantile is the smallest sample
/// that at least that share of the samples do not exceed (nearest rank).
std::vector<SizeClassRow> slowdown_by_size(std::span<const SizedSlowdown> jobs);

/// The part of a job's allocation that lies on one lane.
struct LaneShare {
  std::uint32_t lane = 0;
  std::uint32_t cores = 0;
};

/// A job as the Gantt chart shows it.
struct GanttJob {
  std::uint32_t number = 0;
  double start_s = 0;
  double end_s = 0;
  double wait_s = 0;
  core::JobState state = core::JobState::completed;
  std::uint32_t replica = 0;  ///< from 1; 0 where jobs run once
  BarFate fate = BarFate::valid;
};

/// Collects the bars of a Gantt chart in bounded memory. It keeps all jobs until their bars exceed
/// `max_bars`; from then on every second job offered, then every fourth, and so on. The choice
/// depends on the order of the calls alone.
class GanttSampler {
 public:
  explicit GanttSampler(std::size_t max_bars = 100'000) : max_bars_(max_bars) {}

  /// Offers the next job with its shares of the lanes; or the next of its replicas, which come one
  /// after another and are kept or not together. Either all calls name replicas, or none does.
  void add(const GanttJob& job, std::span<const LaneShare> shares);

  /// One job in how many has been kept.
  [[nodiscard]] std::uint64_t stride() const { return stride_; }
  [[nodiscard]] const GanttBars& bars() const { return bars_; }

 private:
  void thin_out();

  std::size_t max_bars_;
  std::uint64_t stride_ = 1;
  std::uint64_t offered_ = 0;  ///< jobs
  std::uint32_t last_number_ = 0;
  std::vector<std::uint64_t> ordinal_;  ///< per bar: how many jobs were offered before its job
  GanttBars bars_;
};

}  // namespace nexa::io
