#include "validator/policies/earned_trust.hpp"

#include <algorithm>

namespace nexa::validator {

Ruling EarnedTrust::rule(const Hearing& hearing) const {
  // A single result never makes a quorum: it is believed by rule V5 or not at all.
  const std::uint32_t quorum = std::max(2U, hearing.rules.min_quorum);
  if (hearing.replicated) return vote(hearing, quorum, when_);
  if (hearing.votes.empty()) {
    if (hearing.outstanding > 0) return {};
    if (hearing.issued >= hearing.rules.max_total_results) {
      return at_limit(hearing, FailedBecause::too_many_replicas);
    }
    return {.move = Move::send};
  }
  if (hearing.votes.size() == 1 && hearing.outstanding == 0 && hearing.relied_on) {
    return {.move = Move::accept, .rule = Rule::earned, .members = 1, .canonical = 0};
  }
  return vote(hearing, quorum, when_);
}

bool EarnedTrust::relies_on(const Candidate& candidate, const ValidatorConfig&) const {
  if (!candidate.in_good_standing) return false;
  return candidate.trusted || candidate.earned >= candidate.earned_needed;
}

}  // namespace nexa::validator
