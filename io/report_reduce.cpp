#include "io/report_reduce.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

namespace nexa::io {
namespace {

struct SizeClass {
  const char* label;
  std::uint64_t largest;
};

constexpr std::array<SizeClass, 5> size_classes{{
    {"1", 1},
    {"2-4", 4},
    {"5-16", 16},
    {"17-64", 64},
    {"65+", std::numeric_limits<std::uint64_t>::max()},
}};

std::size_t size_class_of(std::uint64_t cores) {
  std::size_t index = 0;
  while (cores > size_classes[index].largest) ++index;
  return index;
}

/// `sorted` is not empty.
double nearest_rank(const std::vector<double>& sorted, double share) {
  const double rank = std::ceil(share * static_cast<double>(sorted.size()));
  return sorted[std::max<std::size_t>(static_cast<std::size_t>(rank), 1) - 1];
}

SizeClassRow row_of(const char* label, std::vector<double>& samples) {
  SizeClassRow row{label, samples.size(), 0, 0, 0};
  if (samples.empty()) return row;
  std::sort(samples.begin(), samples.end());
  double sum = 0;
  for (const double sample : samples) sum += sample;
  row.mean = sum / static_cast<double>(samples.size());
  row.p50 = nearest_rank(samples, 0.50);
  row.p95 = nearest_rank(samples, 0.95);
  return row;
}

/// One point per distinct value of the sorted samples.
std::vector<EcdfPoint> all_steps(const std::vector<double>& sorted) {
  std::vector<EcdfPoint> steps;
  const double count = static_cast<double>(sorted.size());
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const bool last_of_its_value = i + 1 == sorted.size() || sorted[i + 1] > sorted[i];
    if (last_of_its_value) steps.push_back({sorted[i], static_cast<double>(i + 1) / count});
  }
  return steps;
}

template <class Column>
void keep_rows(Column& column, const std::vector<std::size_t>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) column[i] = column[rows[i]];
  column.resize(rows.size());
}

}  // namespace

std::vector<EcdfPoint> ecdf(std::vector<double> samples, std::size_t max_points) {
  max_points = std::max<std::size_t>(max_points, 2);
  std::erase_if(samples, [](double sample) { return !std::isfinite(sample); });
  std::sort(samples.begin(), samples.end());
  std::vector<EcdfPoint> steps = all_steps(samples);
  if (steps.size() <= max_points) return steps;

  std::vector<EcdfPoint> chosen{steps.front()};
  const double first = steps.front().fraction;
  const double stride = (1.0 - first) / static_cast<double>(max_points - 1);
  std::size_t wanted = 1;
  for (std::size_t i = 1; i + 1 < steps.size() && chosen.size() + 1 < max_points; ++i) {
    if (steps[i].fraction < first + stride * static_cast<double>(wanted)) continue;
    chosen.push_back(steps[i]);
    // A value shared by many samples may step over several of the wanted ranks at once.
    wanted = static_cast<std::size_t>((steps[i].fraction - first) / stride) + 1;
  }
  chosen.push_back(steps.back());
  return chosen;
}

std::vector<SizeClassRow> slowdown_by_size(std::span<const SizedSlowdown> jobs) {
  std::array<std::vector<double>, size_classes.size()> samples;
  for (const SizedSlowdown& job : jobs) {
    samples[size_class_of(job.cores)].push_back(job.bounded_slowdown);
  }
  std::vector<SizeClassRow> rows;
  for (std::size_t i = 0; i < size_classes.size(); ++i) {
    rows.push_back(row_of(size_classes[i].label, samples[i]));
  }
  return rows;
}

void GanttSampler::add(const GanttJob& job, std::span<const LaneShare> shares) {
  const bool is_further_replica = job.replica != 0 && offered_ > 0 && job.number == last_number_;
  last_number_ = job.number;
  const std::uint64_t ordinal = is_further_replica ? offered_ - 1 : offered_++;
  if (ordinal % stride_ != 0) return;
  for (const LaneShare& share : shares) {
    ordinal_.push_back(ordinal);
    bars_.lane.push_back(share.lane);
    bars_.job.push_back(job.number);
    bars_.cores.push_back(share.cores);
    bars_.start_s.push_back(job.start_s);
    bars_.end_s.push_back(job.end_s);
    bars_.wait_s.push_back(job.wait_s);
    bars_.state.push_back(job.state);
    if (job.replica == 0) continue;
    bars_.replica.push_back(job.replica);
    bars_.fate.push_back(job.fate);
  }
  // A single job with more bars than allowed is kept: there is nothing left to thin out.
  while (ordinal_.size() > max_bars_ && stride_ <= ordinal_.back()) thin_out();
}

void GanttSampler::thin_out() {
  stride_ *= 2;
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < ordinal_.size(); ++i) {
    if (ordinal_[i] % stride_ == 0) rows.push_back(i);
  }
  keep_rows(ordinal_, rows);
  keep_rows(bars_.lane, rows);
  keep_rows(bars_.job, rows);
  keep_rows(bars_.cores, rows);
  keep_rows(bars_.start_s, rows);
  keep_rows(bars_.end_s, rows);
  keep_rows(bars_.wait_s, rows);
  keep_rows(bars_.state, rows);
  if (bars_.replica.empty()) return;
  keep_rows(bars_.replica, rows);
  keep_rows(bars_.fate, rows);
}

}  // namespace nexa::io
