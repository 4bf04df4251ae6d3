#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <queue>
#include <string>
#include <utility>
#include <vector>

#include "core/rng.hpp"
#include "core/time.hpp"
#include "io/report.hpp"
#include "io/report_reduce.hpp"

namespace nexa::io::test {

/// A run like a real one, made from a seed: jobs arrive in a daily rhythm at node classes of three
/// tiers, each served first come first served.
class ReportSample {
 public:
  ReportSample(std::uint32_t jobs, std::uint64_t seed, std::size_t max_bars = 100'000)
      : seed_(seed), sampler_(max_bars) {
    describe();
    run(jobs);
    summarize(jobs);
  }
  [[nodiscard]] const ReportData& data() const { return data_; }

 private:
  struct Class {
    std::uint32_t free = 0;
    double last_start = 0;
    std::priority_queue<std::pair<double, std::uint32_t>,
                        std::vector<std::pair<double, std::uint32_t>>, std::greater<>>
        running;
  };

  double unit(std::uint64_t entity, std::uint32_t draw) const {
    return core::random_unit({seed_, core::RandomStream::test, entity, draw});
  }

  void describe() {
    data_.title = "KTH-SP2 on tiered, EASY";
    data_.tiers = {{"cpu", 160}, {"consumer_gpu", 64}, {"hpc", 256}};
    data_.lanes = {{"desktop", 0, 96},      {"lab-server", 0, 64}, {"rtx-box", 1, 40},
                   {"rtx-workshop", 1, 24}, {"rack-a", 2, 192},    {"rack-b", 2, 64}};
    data_.provenance = {
        {"policy", "easy (order fcfs, backfill easy)"},
        {"workload", "KTH-SP2-1996-2.1-cln.swf.gz"},
        {"workload digest",
         "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"},
        {"platform", "configs/platforms/tiered.yaml, 480 cores in 6 node classes"},
        {"platform digest",
         "sha256:fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9"},
        {"seed", "1"},
        {"commit", "4f1c7a90be214d6fb1f6a04f1aab3b8d90e6a2c1"},
        {"version", "nexapod 0.1.0"},
    };
    data_.snippet =
        "import h5py\nwait_s = h5py.File(\"run.h5\")[\"jobs/start_s\"][:] - "
        "h5py.File(\"run.h5\")[\"jobs/submit_s\"][:]";
  }

  void run(std::uint32_t jobs) {
    classes_.resize(data_.lanes.size());
    for (std::size_t i = 0; i < classes_.size(); ++i) {
      classes_[i].free = static_cast<std::uint32_t>(data_.lanes[i].cores);
    }
    double now = 0;
    for (std::uint32_t job = 1; job <= jobs; ++job) {
      const double hour = std::fmod(now / 3600, 24);
      const double rhythm = 0.25 + std::pow(std::sin(hour * 3.14159265 / 24), 2) * 1.5;
      now += std::floor(-std::log(1 - unit(job, 0)) * 88 / rhythm);
      serve(job, now);
    }
  }

  /// Larger lanes get more jobs.
  [[nodiscard]] std::uint32_t lane_at(double core) const {
    std::uint32_t lane = 0;
    while (lane + 1 < data_.lanes.size() && core >= data_.lanes[lane].cores) {
      core -= data_.lanes[lane++].cores;
    }
    return lane;
  }

  void serve(std::uint32_t job, double submit) {
    const std::uint32_t lane = lane_at(unit(job, 1) * 480);
    Class& on = classes_[lane];
    const double largest = data_.lanes[lane].cores;
    const double size = std::floor(std::exp2(std::floor(unit(job, 2) * unit(job, 3) * 9)));
    const auto cores = static_cast<std::uint32_t>(std::min(size, largest / 4));
    const double length =
        std::floor(std::exp(std::log(20) + unit(job, 4) * std::sqrt(unit(job, 5)) * 9.2));
    double start = std::max(submit, on.last_start);
    while (!on.running.empty() && (on.running.top().first <= start || on.free < cores)) {
      start = std::max(start, on.running.top().first);
      on.free += on.running.top().second;
      on.running.pop();
    }
    on.free -= cores;
    on.last_start = start;
    on.running.push({start + length, cores});
    const bool stopped = unit(job, 6) < 0.02;
    const LaneShare share{lane, cores};
    sampler_.add({job, start, start + length, start - submit,
                  stopped ? core::JobState::timed_out : core::JobState::completed},
                 {&share, 1});
    data_.summary.timed_out += stopped ? 1 : 0;
    waits_.push_back(start - submit);
    turnarounds_.push_back(start - submit + length);
    slowdowns_.push_back(
        {cores, std::max(1.0, (start - submit + length) / std::max(length, 10.0))});
    records_.push_back({lane, cores, submit, start, start + length});
    end_ = std::max(end_, start + length);
  }

  static ReportSpread spread(std::vector<double> samples) {
    std::sort(samples.begin(), samples.end());
    double sum = 0;
    for (const double sample : samples) sum += sample;
    const auto at = [&](double share) {
      return samples[static_cast<std::size_t>(share * static_cast<double>(samples.size() - 1))];
    };
    return {sum / static_cast<double>(samples.size()), at(0.5), at(0.95), samples.back()};
  }

  void summarize(std::uint32_t jobs) {
    ReportSummary& summary = data_.summary;
    summary.rejected = 3;
    summary.jobs = jobs + summary.rejected;
    summary.completed = jobs - summary.timed_out;
    summary.makespan_s = end_;
    std::vector<double> slowdowns;
    for (const SizedSlowdown& job : slowdowns_) slowdowns.push_back(job.bounded_slowdown);
    summary.wait_s = spread(waits_);
    summary.turnaround_s = spread(turnarounds_);
    summary.bounded_slowdown = spread(slowdowns);
    data_.wait_ecdf = ecdf(waits_);
    data_.slowdown_by_size = slowdown_by_size(slowdowns_);
    data_.bars = sampler_.bars();
    data_.bar_stride = sampler_.stride();
    fill_load();
  }

  void fill_load() {
    constexpr std::size_t buckets = 2000;
    const double width = std::ceil(end_ / buckets);
    data_.load.bucket_width = core::seconds(static_cast<std::int64_t>(width));
    data_.load.queue_length.assign(buckets, 0);
    data_.load.running_jobs.assign(buckets, 0);
    data_.load.busy_cores.assign(data_.tiers.size(), std::vector<double>(buckets, 0));
    double used = 0;
    for (const Record& job : records_) {
      spread_over(data_.load.queue_length, width, job.submit, job.start, 1);
      spread_over(data_.load.running_jobs, width, job.start, job.end, 1);
      spread_over(data_.load.busy_cores[data_.lanes[job.lane].tier], width, job.start, job.end,
                  job.cores);
      used += (job.end - job.start) * job.cores;
    }
    data_.summary.utilization = used / (end_ * 480);
  }

  static void spread_over(std::vector<double>& buckets, double width, double begin, double end,
                          double amount) {
    for (auto i = static_cast<std::size_t>(begin / width); i < buckets.size(); ++i) {
      const double left = static_cast<double>(i) * width;
      if (left >= end) return;
      buckets[i] += amount * (std::min(end, left + width) - std::max(begin, left)) / width;
    }
  }

  struct Record {
    std::uint32_t lane;
    std::uint32_t cores;
    double submit;
    double start;
    double end;
  };

  std::uint64_t seed_;
  ReportData data_;
  GanttSampler sampler_;
  std::vector<Class> classes_;
  std::vector<double> waits_;
  std::vector<double> turnarounds_;
  std::vector<SizedSlowdown> slowdowns_;
  std::vector<Record> records_;
  double end_ = 0;
};

}  // namespace nexa::io::test
