#include "cli/sim_tiers.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "core/assert.hpp"
#include "core/rng.hpp"

namespace nexa::cli {

namespace {

constexpr std::uint64_t whole_share = 1'000'000;

bool meets_conditions(const io::TierRule& rule, const core::WorkloadJob& job) {
  return job.slots >= rule.min_slots && job.slots <= rule.max_slots &&
         job.time_limit >= rule.min_time_limit && job.time_limit <= rule.max_time_limit;
}

/// Maps the requests of the workload to those under a rule; there are few of either, and jobs
/// share them.
class RequestClasses {
 public:
  RequestClasses(const core::Platform& platform, std::size_t rules, core::Workload& workload)
      : platform_(platform), workload_(workload), by_rule_(rules) {}

  std::uint32_t under_rule(const io::TierRule& rule, std::size_t rule_number,
                           std::uint32_t request_class) {
    std::vector<std::optional<std::uint32_t>>& known = by_rule_[rule_number];
    if (known.size() <= request_class) known.resize(request_class + std::size_t{1});
    if (!known[request_class]) known[request_class] = intern(changed(rule, request_class));
    return *known[request_class];
  }

 private:
  [[nodiscard]] core::Request changed(const io::TierRule& rule, std::uint32_t request_class) const {
    core::Request request = workload_.request_classes[request_class];
    request.tiers = rule.tiers;
    request.per_slot.cores = rule.cores_per_slot;
    request.per_slot.gpus = rule.gpus_per_slot;
    request.gpu_type = gpu_type(rule.gpu_type.value);
    return request;
  }

  [[nodiscard]] core::GpuTypeId gpu_type(const std::string& name) const {
    if (name.empty()) return {};
    const auto& types = platform_.gpu_types;
    const auto found = std::find(types.begin(), types.end(), name);
    NEXA_ASSERT(found != types.end(), "check_rules() has looked for the GPU types");
    return core::GpuTypeId{static_cast<std::uint16_t>(found - types.begin())};
  }

  std::uint32_t intern(const core::Request& request) {
    std::vector<core::Request>& classes = workload_.request_classes;
    const auto found = std::find(classes.begin(), classes.end(), request);
    if (found == classes.end()) {
      classes.push_back(request);
      return static_cast<std::uint32_t>(classes.size() - 1);
    }
    return static_cast<std::uint32_t>(found - classes.begin());
  }

  const core::Platform& platform_;
  core::Workload& workload_;
  std::vector<std::vector<std::optional<std::uint32_t>>> by_rule_;
};

}  // namespace

void apply_tier_rules(std::span<const io::TierRule> rules, const core::Platform& platform,
                      std::uint64_t seed, core::Workload& workload) {
  if (rules.empty()) return;
  RequestClasses classes(platform, rules.size(), workload);
  const auto takes = [&](std::size_t rule, const core::WorkloadJob& job, std::size_t position) {
    if (!meets_conditions(rules[rule], job)) return false;
    if (rules[rule].share_ppm >= whole_share) return true;
    const core::DrawKey key{.seed = seed,
                            .stream = core::RandomStream::tier_mapping,
                            .entity = job.number != 0 ? job.number : position,
                            .draw = static_cast<std::uint32_t>(rule)};
    return core::random_below(key, whole_share) < rules[rule].share_ppm;
  };
  for (std::size_t position = 0; position < workload.jobs.size(); ++position) {
    core::WorkloadJob& job = workload.jobs[position];
    for (std::size_t rule = 0; rule < rules.size(); ++rule) {
      if (!takes(rule, job, position)) continue;
      job.request_class = classes.under_rule(rules[rule], rule, job.request_class);
      break;
    }
  }
}

}  // namespace nexa::cli
