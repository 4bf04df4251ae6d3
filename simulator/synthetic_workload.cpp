#include "simulator/synthetic_workload.hpp"

#include <algorithm>
#include <cmath>

#include "core/assert.hpp"
#include "core/rng.hpp"
#include "simulator/distributions.hpp"

namespace nexa::simulator {
namespace {

// Draws of a job.
constexpr std::uint32_t gap_draw = 0;
constexpr std::uint32_t run_time_draw = 1;
constexpr std::uint32_t user_draw = 2;

/// The cores that jobs may run on, in cores of reference speed.
double capacity_of(const core::Platform& platform, core::TierMask tiers) {
  double capacity = 0;
  for (const core::NodeGroup& group : platform.groups) {
    if (((tiers >> group.spec.tier.value) & 1U) == 0) continue;
    capacity += static_cast<double>(std::uint64_t{group.count} * group.spec.capacity.cores) *
                group.spec.speed_permille / 1000;
  }
  return capacity;
}

/// Of a log-uniform distribution between two times, in microseconds.
double mean_between(core::Duration low, core::Duration high) {
  const auto a = static_cast<double>(low.count());
  const auto b = static_cast<double>(high.count());
  return low == high ? a : (b - a) / std::log(b / a);
}

/// The mean time between submissions that gives the load.
core::Duration mean_gap(const core::WorkloadModel& model, const core::Platform& platform) {
  const double capacity = capacity_of(platform, model.tiers);
  NEXA_ASSERT(capacity > 0, "some node can run the jobs");
  const double work = mean_between(model.min_run_time, model.max_run_time) * model.cores;
  const double gap = work / (capacity * model.load_permille / 1000);
  return core::Duration{std::max<std::int64_t>(1, std::llround(gap))};
}

core::Duration draw_run_time(const core::WorkloadModel& model, const core::DrawKey& key) {
  return core::Duration{
      std::llround(draw_log_uniform(key, static_cast<double>(model.min_run_time.count()),
                                    static_cast<double>(model.max_run_time.count())))};
}

core::Duration times_permille(core::Duration duration, std::uint32_t permille) {
  __extension__ using Wide = __int128;
  return core::Duration{static_cast<std::int64_t>(Wide{duration.count()} * permille / 1000)};
}

}  // namespace

core::Workload draw_workload(const core::WorkloadModel& model, const core::Platform& platform,
                             std::uint64_t seed) {
  core::Workload workload;
  core::Request request;
  request.per_slot.cores = model.cores;
  request.tiers = model.tiers;
  workload.request_classes.push_back(request);
  workload.jobs.reserve(model.jobs);
  const core::Duration gap = mean_gap(model, platform);
  core::Time submit{};
  for (std::uint32_t i = 0; i < model.jobs; ++i) {
    const auto key = [&](std::uint32_t draw) {
      return core::DrawKey{seed, core::RandomStream::workload, i, draw};
    };
    if (i > 0) submit += draw_exponential(key(gap_draw), gap);
    core::WorkloadJob job;
    job.submit = submit;
    job.run_time = draw_run_time(model, key(run_time_draw));
    job.time_limit = times_permille(job.run_time, model.limit_permille);
    job.user = 1 + static_cast<std::uint32_t>(core::random_below(key(user_draw), model.users));
    job.number = i + 1;
    workload.jobs.push_back(job);
  }
  return workload;
}

}  // namespace nexa::simulator
