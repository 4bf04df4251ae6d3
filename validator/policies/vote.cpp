#include "validator/policies/vote.hpp"

namespace nexa::validator {
namespace {

/// Whether no outstanding result could put another class ahead, or move the canonical one.
bool is_out_of_reach(const Hearing& hearing) {
  if (hearing.outstanding == 0) return true;
  const Agreement& ahead = hearing.agreement;
  const std::uint64_t may_come = std::uint64_t{hearing.heaviest_vote} * hearing.outstanding;
  return hearing.exact && ahead.weight > ahead.runner_up + may_come;
}

}  // namespace

Ruling at_limit(const Hearing& hearing, FailedBecause why) {
  if (hearing.outstanding > 0) return {};
  if (hearing.has_arbiter && !hearing.votes.empty()) return {.move = Move::arbitrate};
  return {.move = Move::fail, .why = why};
}

Ruling vote(const Hearing& hearing, std::uint32_t quorum, Arbitrates when) {
  const Agreement& ahead = hearing.agreement;
  if (ahead.strict && ahead.votes >= quorum && is_out_of_reach(hearing)) {
    return {.move = Move::accept,
            .rule = Rule::quorum,
            .members = ahead.members,
            .canonical = ahead.canonical};
  }
  if (when == Arbitrates::at_first_conflict && ahead.classes > 1 && hearing.has_arbiter) {
    return {.move = Move::arbitrate};
  }
  // A class that has its votes and is not ahead needs one more; others need what is missing.
  const std::uint32_t missing = ahead.votes < quorum ? quorum - ahead.votes : 1;
  if (hearing.outstanding >= missing) return {};
  if (ahead.votes >= quorum && hearing.outstanding > 0) return {};
  if (hearing.votes.size() + hearing.outstanding >= hearing.rules.max_success_results) {
    return at_limit(hearing, FailedBecause::no_agreement);
  }
  if (hearing.issued >= hearing.rules.max_total_results) {
    return at_limit(hearing, FailedBecause::too_many_replicas);
  }
  return {.move = Move::send};
}

}  // namespace nexa::validator
