#include "ledger/credit_new.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/assert.hpp"

namespace nexa::ledger::credit_new {
namespace {

constexpr double min_host_samples = 10;
constexpr double min_version_samples = 100;
constexpr std::uint32_t min_valid_in_a_row = 10;
constexpr double most_host_scale = 10;
constexpr double gpu_only_scale = .1;
/// Taken where a host has not measured itself, which 0 and 10^9 exactly stand for.
constexpr double default_flops = 4.3e9;
constexpr double least_sample = 1e-4;
constexpr double most_sample = 1e4;

/// The versions of one kind of processor of an application, with enough samples or not.
struct KindOfVersions {
  int known = 0;
  int with_samples = 0;
  double sum = 0;
  double n = 0;

  void add(const CreditNew::Version& version) {
    ++known;
    if (version.claimed.n <= min_version_samples) return;
    ++with_samples;
    sum += version.claimed.mean * version.claimed.n;
    n += version.claimed.n;
  }
  [[nodiscard]] double average() const { return sum / n; }
};

/// What the versions of an application are scaled to; zero where too little is known.
double common_average(const KindOfVersions& cpu, const KindOfVersions& gpu) {
  if (cpu.known > 0 && gpu.known > 0) {
    const bool enough = cpu.with_samples > 0 && gpu.with_samples > 0;
    return enough ? std::min(cpu.average(), gpu.average()) : 0;
  }
  if (cpu.known > 0) return cpu.with_samples > 1 ? cpu.average() : 0;
  return gpu.with_samples > 0 ? gpu_only_scale * gpu.average() : 0;
}

}  // namespace

double low_average(std::span<const double> values) {
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  if (values.empty() || sum == 0) return 0;
  if (values.size() == 1) return values.front();
  double weighted = 0;
  for (const double value : values) weighted += value * (sum - value);
  return weighted / (static_cast<double>(values.size() - 1) * sum);
}

double pegged_average(std::span<const double> values, double anchor) {
  NEXA_ASSERT(anchor > 0, "an estimate is above zero");
  double sum = 0;
  double weights = 0;
  for (const double value : values) {
    const double weight = 1 / (.1 * anchor + std::fabs(anchor - value));
    sum += weight * value;
    weights += weight;
  }
  return values.empty() ? anchor : sum / weights;
}

bool Average::update(double sample, const AverageRule& rule) {
  const bool cut = n > 0 && mean > 0 && sample > mean * rule.limit;
  if (cut) sample = mean * rule.limit;
  n += 1;
  mean += n < rule.threshold ? (sample - mean) / n : rule.weight * (sample - mean);
  return cut;
}

void RecentAverage::update(double now_s, double work_start_s, double work, double half_life_s) {
  constexpr double day_s = 86400;
  constexpr double ln2 = 0.693147180559945309417;
  if (at_s != 0) {
    const double passed_s = std::max(now_s - at_s, 0.0);
    const double weight = std::exp(-passed_s * ln2 / half_life_s);
    value *= weight;
    value += 1 - weight > 1e-6 ? (1 - weight) * work / (passed_s / day_s)
                               : ln2 * work * day_s / half_life_s;
  } else if (work != 0 && now_s > work_start_s) {
    value = work / ((now_s - work_start_s) / day_s);
  }
  at_s = now_s;
}

double CreditNew::host_scale(const Version& version, const Average& host,
                             const Claim& claim) const {
  const bool on_probation = rules_.host_scale_check && claim.valid_in_a_row < min_valid_in_a_row;
  const bool known = host.n >= min_host_samples && version.claimed.n >= min_version_samples;
  if (on_probation || !known || host.mean <= 0) return 0;
  return std::min(most_host_scale, version.claimed.mean / host.mean);
}

Scaled CreditNew::scale(const JobEstimate& job, const Claim& claim) {
  Version& version = versions_[{job.application, claim.version}];
  version.on_gpu = claim.on_gpu;
  Average& host = hosts_[{claim.host, {job.application, claim.version}}];
  const bool unmeasured = claim.flops <= 0 || claim.flops == 1e9;
  const double raw = claim.elapsed_s * (unmeasured ? default_flops : claim.flops);

  Scaled scaled{.flop = raw, .mode = Mode::approx};
  const double by_host = host_scale(version, host, claim);
  if (version.scale != 0) scaled.flop *= version.scale;
  if (by_host != 0) scaled.flop *= by_host;
  if (version.scale != 0 && by_host != 0) scaled.mode = Mode::normal;
  if (job.flop_bound > 0) scaled.flop = std::min(scaled.flop, job.flop_bound);
  if (rules_.max_granted_credit > 0 &&
      scaled.flop * cobblestone_scale > rules_.max_granted_credit) {
    scaled.mode = Mode::invalid;
  }

  const double sample = raw / job.flop;
  if (!unmeasured && sample >= least_sample && sample <= most_sample) {
    host.update(sample, host_rule);
    samples_.push_back({{job.application, claim.version}, sample});
  }
  return scaled;
}

double CreditNew::combine(std::vector<double> normal, const std::vector<double>& approx,
                          double anchor) {
  // One normal claim counts twice among the approximate ones; two or more need no others.
  if (normal.size() < 2) {
    if (normal.size() == 1) normal.push_back(normal.front());
    normal.insert(normal.end(), approx.begin(), approx.end());
  }
  return pegged_average(normal, anchor);
}

double CreditNew::grant(const JobEstimate& job, std::span<const Claim> claims) {
  const double average = application_average(job.application);
  const double anchor = job.flop * (average != 0 ? average : 1) * cobblestone_scale;
  std::vector<double> normal;
  std::vector<double> approx;
  std::vector<double> runtimes;
  for (const Claim& claim : claims) {
    const Scaled scaled = scale(job, claim);
    if (scaled.mode == Mode::invalid) continue;
    const double credit = scaled.flop * cobblestone_scale;
    runtimes.push_back(credit);
    (scaled.mode == Mode::normal ? normal : approx).push_back(credit);
  }
  for (const auto& [key, sample] : samples_) versions_[key].claimed.update(sample, version_rule);
  samples_.clear();
  if (rules_.from_runtime) return runtimes.empty() ? anchor : low_average(runtimes);
  return combine(std::move(normal), approx, anchor);
}

void CreditNew::rescale() {
  std::map<std::uint32_t, std::pair<KindOfVersions, KindOfVersions>> applications;
  for (const auto& [key, version] : versions_) {
    auto& kinds = applications[key.first];
    (version.on_gpu ? kinds.second : kinds.first).add(version);
  }
  for (const auto& [application, kinds] : applications) {
    const double average = common_average(kinds.first, kinds.second);
    if (average == 0) continue;
    applications_[application] = average;
  }
  for (auto& [key, version] : versions_) {
    const auto& kinds = applications.at(key.first);
    const double average = common_average(kinds.first, kinds.second);
    if (average == 0 || version.claimed.n < min_version_samples) continue;
    version.scale = average / version.claimed.mean;
  }
}

CreditNew::Version& CreditNew::version(std::uint32_t application, std::uint32_t version) {
  return versions_[{application, version}];
}

Average& CreditNew::host(std::uint32_t host, std::uint32_t application, std::uint32_t version) {
  return hosts_[{host, {application, version}}];
}

double& CreditNew::application_average(std::uint32_t application) {
  return applications_[application];
}

}  // namespace nexa::ledger::credit_new
