#include "validator/redundancy.hpp"

#include <algorithm>
#include <utility>

namespace nexa::validator {
namespace {

/// One result alone proves nothing unless it may be audited.
bool may_trust_one_result(RedundancyPolicy policy) {
  return policy == RedundancyPolicy::adaptive;
}

RedundancyFault quorum_beyond(const Redundancy& rules, std::string_view limit,
                              std::uint32_t value) {
  const std::string name(limit);
  return {.message = "min_quorum " + std::to_string(rules.min_quorum) + " is more than " + name +
                     ' ' + std::to_string(value),
          .hint = "no job could ever reach its quorum; raise " + name,
          .knobs = {"min_quorum", limit}};
}

}  // namespace

std::optional<RedundancyFault> fault_of(const Redundancy& rules) {
  if (rules.min_quorum == 0) {
    return RedundancyFault{.message = "min_quorum is 0",
                           .hint = "a result needs at least one replica that computed it",
                           .knobs = {"min_quorum"}};
  }
  if (rules.min_quorum == 1 && !may_trust_one_result(rules.policy)) {
    return RedundancyFault{.message = "min_quorum 1 accepts results that nothing has checked",
                           .hint = "use policy adaptive, or min_quorum 2",
                           .knobs = {"min_quorum", "policy"}};
  }
  if (rules.min_quorum > rules.max_total_results) {
    return quorum_beyond(rules, "max_total_results", rules.max_total_results);
  }
  if (rules.min_quorum > rules.max_success_results) {
    return quorum_beyond(rules, "max_success_results", rules.max_success_results);
  }
  if (rules.max_total_results > most_replicas_compared) {
    return RedundancyFault{
        .message = "max_total_results is " + std::to_string(rules.max_total_results),
        .hint = "at most " + std::to_string(most_replicas_compared) +
                " replicas of a job are compared with each other",
        .knobs = {"max_total_results"}};
  }
  if (rules.target_nresults == 0 || rules.target_nresults > rules.max_total_results) {
    return RedundancyFault{.message = "target_nresults " + std::to_string(rules.target_nresults) +
                                      " is not between 1 and max_total_results " +
                                      std::to_string(rules.max_total_results),
                           .hint = "replicas that are sent at first count as results",
                           .knobs = {"target_nresults", "max_total_results"}};
  }
  return std::nullopt;
}

std::uint32_t domains_needed(const Redundancy& rules) {
  // A lone result of a newcomer is not relied on.
  const std::uint32_t quorum = std::max(2U, rules.min_quorum);
  const bool sends_all_at_first =
      rules.policy == RedundancyPolicy::fixed || rules.policy == RedundancyPolicy::boinc_adaptive;
  return sends_all_at_first ? std::max(rules.target_nresults, quorum) : quorum;
}

core::Result<void> check(const Redundancy& rules) {
  std::optional<RedundancyFault> fault = fault_of(rules);
  if (!fault) return {};
  return core::make_error(core::ErrorCode::invalid_argument, std::move(fault->message),
                          std::move(fault->hint));
}

}  // namespace nexa::validator
