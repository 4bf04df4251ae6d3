#include "validator/config.hpp"

#include <string>

namespace nexa::validator {
namespace {

core::Error unusable(const char* name, std::uint64_t value, std::string hint) {
  return {.code = core::ErrorCode::invalid_argument,
          .message = std::string(name) + " is " + std::to_string(value),
          .hint = std::move(hint),
          .where = {}};
}

struct Share {
  const char* name;
  std::uint32_t ppm;
};

core::Result<void> check_back_off(const char* name, const BackOff& rule) {
  if (rule.after == 0) return unusable(name, 0, "at least one failure starts a quarantine");
  if (rule.first < core::Duration{} || rule.longest < rule.first) {
    return unusable(name, static_cast<std::uint64_t>(rule.longest.count()),
                    "the longest quarantine is at least as long as the first, in microseconds");
  }
  return {};
}

}  // namespace

core::Result<void> check(const ValidatorConfig& config) {
  const Share shares[] = {{"audit_min_ppm", config.audit_min_ppm},
                          {"spot_check_ppm", config.spot_check_ppm},
                          {"newcomer_spot_check_ppm", config.newcomer_spot_check_ppm},
                          {"newcomer_share_ppm", config.newcomer_share_ppm},
                          {"established_quantile_ppm", config.established_quantile_ppm},
                          {"arbiter_check_ppm", config.arbiter_check_ppm},
                          {"cross_class_ppm", config.cross_class_ppm},
                          {"suspected_share_ppm", config.suspected_share_ppm}};
  for (const Share& share : shares) {
    if (share.ppm > 1'000'000) {
      return unusable(share.name, share.ppm, "a share in millionths is at most 1000000");
    }
  }
  if (config.audit_min_ppm == 0) {
    return unusable("audit_min_ppm", 0, "without a floor a patient liar is never found");
  }
  if (config.newcomer_results == 0) {
    return unusable("newcomer_results", 0, "nobody is relied on before the first check; use 1");
  }
  if (config.theta_ppm == 0 || config.theta_ppm >= 1'000'000) {
    return unusable("theta_ppm", config.theta_ppm, "a credibility lies between 0 and 1000000");
  }
  if (config.assumed_faulty_ppm == 0 || config.assumed_faulty_ppm >= 500'000) {
    return unusable("assumed_faulty_ppm", config.assumed_faulty_ppm,
                    "the share of saboteurs lies between 0 and 500000");
  }
  if (config.odds_per_domain == 0) {
    return unusable("odds_per_domain", 0, "a vote counts for something");
  }
  if (config.forget_permille >= 1000) {
    return unusable("forget_permille", config.forget_permille, "below 1000, or nothing is learnt");
  }
  if (config.value_weight_max == 0 || config.max_arbiters == 0 || config.strikes_to_expel == 0 ||
      config.soft_strikes_to_hard == 0 || config.in_flight_at_first == 0 ||
      config.admission_burst == 0 || config.class_mismatches == 0 ||
      config.class_clean_samples == 0 || config.poison_errors == 0 ||
      config.boinc_trusted_from == 0) {
    return unusable("a count of the validator", 0, "these counts begin at 1");
  }
  if (config.poco_trust < 2 || config.poco_trust > 1'000'000) {
    return unusable("poco_trust", config.poco_trust, "between 2 and 1000000");
  }
  for (const auto& [name, rule] :
       {std::pair("errors.after", config.errors), std::pair("wrong.after", config.wrong),
        std::pair("late.after", config.late)}) {
    if (auto done = check_back_off(name, rule); !done) return done;
  }
  return {};
}

}  // namespace nexa::validator
