#include "simulator/statistics.hpp"

#include <algorithm>

namespace nexa::simulator {
namespace {

constexpr core::Duration tau = core::seconds(10);

double as_number(core::Duration duration) {
  return core::to_seconds(duration);
}
double as_number(double value) {
  return value;
}

/// The place of the smallest value such that at least the share `percent` / 100 of the sample is
/// not above it (nearest rank), if the sample were sorted.
template <class T>
auto rank(std::vector<T>& sample, unsigned percent) {
  const std::size_t count = std::max<std::size_t>((sample.size() * percent + 99) / 100, 1);
  return sample.begin() + static_cast<std::ptrdiff_t>(count) - 1;
}

/// Reorders the sample. Each selection leaves the larger values behind its place, where the next
/// one looks for its own.
template <class T>
Distribution distribution(std::vector<T>& sample, double mean) {
  Distribution out{.mean = mean};
  const auto p50 = rank(sample, 50);
  std::nth_element(sample.begin(), p50, sample.end());
  out.p50 = as_number(*p50);
  const auto p95 = rank(sample, 95);
  std::nth_element(p50, p95, sample.end());
  out.p95 = as_number(*p95);
  out.max = as_number(*std::max_element(p95, sample.end()));
  return out;
}

double mean_of(const std::vector<core::Duration>& sample) {
  __extension__ using Wide = __int128;
  Wide sum = 0;
  for (const core::Duration value : sample) sum += value.count();
  return static_cast<double>(sum) / static_cast<double>(sample.size()) / 1e6;
}

}  // namespace

void StatisticsCollector::reserve(std::size_t jobs) {
  waits_.reserve(jobs);
  turnarounds_.reserve(jobs);
  slowdowns_.reserve(jobs);
}

void StatisticsCollector::add_finished(core::Duration wait, core::Duration run,
                                       std::uint64_t cores_held, core::Time end) {
  ++counts_.finished;
  waits_.push_back(wait);
  turnarounds_.push_back(wait + run);
  const double slowdown =
      static_cast<double>((wait + run).count()) / static_cast<double>(std::max(run, tau).count());
  slowdowns_.push_back(std::max(1.0, slowdown));
  slowdown_sum_ += slowdowns_.back();
  core_microseconds_ += Sum{cores_held} * static_cast<std::uint64_t>(run.count());
  last_end_ = std::max(last_end_, end);
}

void StatisticsCollector::add(core::JobState state) {
  if (state == core::JobState::timed_out) ++counts_.timed_out;
  if (state == core::JobState::rejected) ++counts_.rejected;
  if (state == core::JobState::cancelled) ++counts_.cancelled;
  if (state == core::JobState::unfinished) ++counts_.unfinished;
}

JobStatistics StatisticsCollector::summarise(std::uint64_t platform_cores) {
  JobStatistics out = counts_;
  if (waits_.empty()) return out;
  out.wait_s = distribution(waits_, mean_of(waits_));
  out.turnaround_s = distribution(turnarounds_, mean_of(turnarounds_));
  out.bounded_slowdown =
      distribution(slowdowns_, slowdown_sum_ / static_cast<double>(slowdowns_.size()));
  out.makespan_s = core::to_seconds(last_end_);
  out.utilization = static_cast<double>(core_microseconds_) / 1e6 /
                    (static_cast<double>(platform_cores) * out.makespan_s);
  return out;
}

}  // namespace nexa::simulator
