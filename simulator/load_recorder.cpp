#include "simulator/load_recorder.hpp"

#include <algorithm>

namespace nexa::simulator {
namespace {

// Twice what a chart across a wide screen can show.
constexpr std::size_t most_buckets = 4096;

void grow_to(std::vector<double>& buckets, std::size_t size) {
  if (buckets.size() < size) buckets.resize(size);
}

void join(std::vector<double>& buckets) {
  for (std::size_t i = 0; i < buckets.size(); i += 2) {
    buckets[i / 2] = buckets[i] + (i + 1 < buckets.size() ? buckets[i + 1] : 0);
  }
  buckets.resize((buckets.size() + 1) / 2);
}

}  // namespace

void LoadRecorder::join_neighbours() {
  join(waiting_);
  join(running_);
  for (Buckets& buckets : busy_cores_) join(buckets);
  width_ *= 2;
}

void LoadRecorder::add(std::size_t bucket, double seconds) {
  grow_to(waiting_, bucket + 1);
  grow_to(running_, bucket + 1);
  waiting_[bucket] += level_waiting_ * seconds;
  running_[bucket] += level_running_ * seconds;
  for (std::size_t tier = 0; tier < busy_cores_.size(); ++tier) {
    grow_to(busy_cores_[tier], bucket + 1);
    busy_cores_[tier][bucket] += level_busy_[tier] * seconds;
  }
}

void LoadRecorder::advance_to(core::Time now) {
  while (static_cast<std::size_t>(now.time_since_epoch() / width_) >= most_buckets) {
    join_neighbours();
  }
  while (now_ < now) {
    const auto bucket = static_cast<std::size_t>(now_.time_since_epoch() / width_);
    const core::Time bucket_end{width_ * static_cast<std::int64_t>(bucket + 1)};
    const core::Time until = std::min(now, bucket_end);
    add(bucket, core::to_seconds(until - now_));
    now_ = until;
  }
}

core::LoadSeries LoadRecorder::series() const {
  const double width = core::to_seconds(width_);
  // The last bucket may have begun but not ended.
  const double rest = core::to_seconds(now_.time_since_epoch() % width_);
  const auto averages = [&](const Buckets& sums) {
    std::vector<double> out(sums.size());
    for (std::size_t i = 0; i < sums.size(); ++i) {
      const bool partial = i + 1 == sums.size() && rest > 0;
      out[i] = sums[i] / (partial ? rest : width);
    }
    return out;
  };
  core::LoadSeries out{.bucket_width = width_,
                       .queue_length = averages(waiting_),
                       .running_jobs = averages(running_),
                       .busy_cores = {}};
  for (const Buckets& buckets : busy_cores_) out.busy_cores.push_back(averages(buckets));
  return out;
}

}  // namespace nexa::simulator
