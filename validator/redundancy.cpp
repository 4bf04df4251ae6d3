#include "validator/redundancy.hpp"

#include <string>

namespace nexa::validator {
namespace {

core::Error unusable(std::string message, std::string hint) {
  return {.code = core::ErrorCode::invalid_argument,
          .message = std::move(message),
          .hint = std::move(hint),
          .where = {}};
}

/// Leaves room for trusted copies among the 64 that validator/agreement.hpp compares.
constexpr std::uint32_t max_replicas_compared = 48;

/// One result alone proves nothing unless it may be audited.
bool may_trust_one_result(RedundancyPolicy policy) {
  return policy == RedundancyPolicy::adaptive;
}

}  // namespace

core::Result<void> check(const Redundancy& rules) {
  const std::string quorum = std::to_string(rules.min_quorum);
  if (rules.min_quorum == 0) {
    return unusable("min_quorum is 0", "a result needs at least one replica that computed it");
  }
  if (rules.min_quorum == 1 && !may_trust_one_result(rules.policy)) {
    return unusable("min_quorum 1 accepts results that nothing has checked",
                    "use policy adaptive, or min_quorum 2");
  }
  if (rules.min_quorum > rules.max_total_results) {
    return unusable("min_quorum " + quorum + " is more than max_total_results " +
                        std::to_string(rules.max_total_results),
                    "no job could ever reach its quorum; raise max_total_results");
  }
  if (rules.min_quorum > rules.max_success_results) {
    return unusable("min_quorum " + quorum + " is more than max_success_results " +
                        std::to_string(rules.max_success_results),
                    "no job could ever reach its quorum; raise max_success_results");
  }
  if (rules.max_total_results > max_replicas_compared) {
    return unusable("max_total_results is " + std::to_string(rules.max_total_results),
                    "at most 48 replicas of a job are compared with each other");
  }
  if (rules.target_nresults == 0 || rules.target_nresults > rules.max_total_results) {
    return unusable("target_nresults " + std::to_string(rules.target_nresults) +
                        " is not between 1 and max_total_results " +
                        std::to_string(rules.max_total_results),
                    "replicas that are sent at first count as results");
  }
  return {};
}

}  // namespace nexa::validator
