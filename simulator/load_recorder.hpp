#pragma once

#include <cstdint>
#include <vector>

#include "core/ids.hpp"
#include "core/series.hpp"

namespace nexa::simulator {

/// Averages the load of the cluster over buckets of time. The length of a run is not known
/// beforehand, so buckets start at one second and neighbours are joined whenever there are too
/// many: memory is bounded, and the averages are exact at every width.
class LoadRecorder {
 public:
  explicit LoadRecorder(std::size_t tiers) : busy_cores_(tiers), level_busy_(tiers) {}

  /// Time goes on to `now` with the load as it was. Times never decrease.
  void advance_to(core::Time now);
  void set_jobs(std::size_t waiting, std::size_t running) {
    level_waiting_ = static_cast<double>(waiting);
    level_running_ = static_cast<double>(running);
  }
  void change_busy_cores(core::TierId tier, double cores) { level_busy_[tier.value] += cores; }

  /// The series up to the last `advance_to`.
  [[nodiscard]] core::LoadSeries series() const;

 private:
  using Buckets = std::vector<double>;  ///< level times seconds
  void join_neighbours();
  void add(std::size_t bucket, double seconds);

  core::Duration width_ = core::seconds(1);
  core::Time now_{};
  Buckets waiting_;
  Buckets running_;
  std::vector<Buckets> busy_cores_;
  double level_waiting_ = 0;
  double level_running_ = 0;
  std::vector<double> level_busy_;
};

}  // namespace nexa::simulator
