#include "simulator/statistics.hpp"

#include <algorithm>
#include <span>

namespace nexa::simulator {
namespace {

constexpr core::Duration tau = core::seconds(10);

double as_number(core::Duration duration) {
  return core::to_seconds(duration);
}
double as_number(double value) {
  return value;
}

/// Moves the values for which `is_low` holds to the front and returns how many there are. The loop
/// has no branch that depends on a value, since half of these would be mispredicted.
template <class T, class IsLow>
std::size_t gather_low(std::span<T> values, IsLow is_low) {
  std::size_t low = 0;
  for (T& value : values) {
    const T moved = value;
    value = values[low];
    values[low] = moved;
    low += is_low(moved) ? 1 : 0;
  }
  return low;
}

// A sample that was made to mislead the choice of pivots costs no more than std::nth_element.
constexpr int most_rounds = 64;

/// The value that would be at `rank` in a sorted sample: std::nth_element, at half its cost.
/// Smaller values end up before that place and larger ones behind it.
template <class T>
T select(std::span<T> sample, std::size_t rank) {
  for (int round = 0; round < most_rounds; ++round) {
    const T& first = sample.front();
    const T& middle = sample[sample.size() / 2];
    const T& last = sample.back();
    const T pivot = std::max(std::min(first, middle), std::min(std::max(first, middle), last));
    const std::size_t below = gather_low(sample, [&](const T& value) { return value < pivot; });
    if (rank < below) {
      sample = sample.first(below);
      continue;
    }
    rank -= below;
    sample = sample.subspan(below);
    const std::size_t equal = gather_low(sample, [&](const T& value) { return value <= pivot; });
    if (rank < equal) return pivot;
    rank -= equal;
    sample = sample.subspan(equal);
  }
  const auto wanted = sample.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(sample.begin(), wanted, sample.end());
  return *wanted;
}

/// The place of the smallest value such that at least the share `percent` / 100 of the sample is
/// not above it (nearest rank), if the sample were sorted.
std::size_t nearest_rank(std::size_t size, unsigned percent) {
  return std::max<std::size_t>((size * percent + 99) / 100, 1) - 1;
}

/// Reorders the sample. The median leaves the larger values behind its place, where the others are.
template <class T>
Distribution distribution(std::vector<T>& sample, double mean) {
  const std::size_t rank_50 = nearest_rank(sample.size(), 50);
  const std::size_t rank_95 = nearest_rank(sample.size(), 95);
  const T p50 = select(std::span(sample), rank_50);
  const auto upper = std::span(sample).subspan(rank_50);
  const T p95 = select(upper, rank_95 - rank_50);
  const auto highest = upper.subspan(rank_95 - rank_50);
  return {.mean = mean,
          .p50 = as_number(p50),
          .p95 = as_number(p95),
          .max = as_number(*std::max_element(highest.begin(), highest.end()))};
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
  wait_microseconds_ += static_cast<std::uint64_t>(wait.count());
  run_microseconds_ += static_cast<std::uint64_t>(run.count());
  waits_.push_back(wait);
  turnarounds_.push_back(wait + run);
  const double slowdown =
      static_cast<double>((wait + run).count()) / static_cast<double>(std::max(run, tau).count());
  slowdowns_.push_back(std::max(1.0, slowdown));
  slowdown_sum_ += slowdowns_.back();
  add_core_time(cores_held, run);
  last_end_ = std::max(last_end_, end);
}

void StatisticsCollector::add_core_time(std::uint64_t cores, core::Duration duration) {
  core_microseconds_ += Sum{cores} * static_cast<std::uint64_t>(duration.count());
}

void StatisticsCollector::add(core::JobState state) {
  if (state == core::JobState::timed_out) ++counts_.timed_out;
  if (state == core::JobState::failed) ++counts_.failed;
  if (state == core::JobState::rejected) ++counts_.rejected;
  if (state == core::JobState::cancelled) ++counts_.cancelled;
  if (state == core::JobState::unfinished) ++counts_.unfinished;
}

JobStatistics StatisticsCollector::summarise(std::uint64_t platform_cores) {
  JobStatistics out = counts_;
  if (waits_.empty()) return out;
  const auto jobs = static_cast<double>(waits_.size());
  const Sum turnaround_microseconds = wait_microseconds_ + run_microseconds_;
  out.wait_s = distribution(waits_, static_cast<double>(wait_microseconds_) / jobs / 1e6);
  out.turnaround_s =
      distribution(turnarounds_, static_cast<double>(turnaround_microseconds) / jobs / 1e6);
  out.bounded_slowdown = distribution(slowdowns_, slowdown_sum_ / jobs);
  out.makespan_s = core::to_seconds(last_end_);
  out.utilization = static_cast<double>(core_microseconds_) / 1e6 /
                    (static_cast<double>(platform_cores) * out.makespan_s);
  return out;
}

}  // namespace nexa::simulator
