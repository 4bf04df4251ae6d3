// The words for what decisions say.
#include "validator/decision.hpp"

namespace nexa::validator {

std::string_view to_text(TrustBucket bucket) {
  switch (bucket) {
    case TrustBucket::newcomer:
      return "newcomer";
    case TrustBucket::established:
      return "established";
    case TrustBucket::trusted:
      return "trusted";
  }
  return "unknown";
}

std::string_view to_text(Purpose purpose) {
  switch (purpose) {
    case Purpose::work:
      return "work";
    case Purpose::quorum:
      return "quorum";
    case Purpose::audit:
      return "audit";
    case Purpose::spot_check:
      return "spot_check";
    case Purpose::arbitration:
      return "arbitration";
    case Purpose::arbiter_check:
      return "arbiter_check";
    case Purpose::revalidation:
      return "revalidation";
    case Purpose::cross_class:
      return "cross_class";
    case Purpose::rerun:
      return "rerun";
  }
  return "unknown";
}

std::string_view to_text(ReplicaState state) {
  switch (state) {
    case ReplicaState::assigned:
      return "assigned";
    case ReplicaState::committed:
      return "committed";
    case ReplicaState::revealed:
      return "revealed";
    case ReplicaState::valid:
      return "valid";
    case ReplicaState::invalid:
      return "invalid";
    case ReplicaState::inconclusive:
      return "inconclusive";
    case ReplicaState::too_late:
      return "too_late";
    case ReplicaState::error:
      return "error";
    case ReplicaState::no_reply:
      return "no_reply";
    case ReplicaState::not_needed:
      return "not_needed";
  }
  return "unknown";
}

std::string_view to_text(Ground ground) {
  switch (ground) {
    case Ground::none:
      return "none";
    case Ground::agrees:
      return "agrees";
    case Ground::disagrees:
      return "disagrees";
    case Ground::arbiter:
      return "arbiter";
    case Ground::bad_proof:
      return "bad_proof";
    case Ground::not_independent:
      return "not_independent";
    case Ground::expelled:
      return "expelled";
    case Ground::undecided:
      return "undecided";
  }
  return "unknown";
}

std::string_view to_text(Outcome outcome) {
  switch (outcome) {
    case Outcome::accepted:
      return "accepted";
    case Outcome::failed:
      return "failed";
    case Outcome::cancelled:
      return "cancelled";
  }
  return "unknown";
}

std::string_view to_text(Rule rule) {
  switch (rule) {
    case Rule::none:
      return "none";
    case Rule::quorum:
      return "quorum";
    case Rule::arbiter:
      return "arbiter";
    case Rule::earned:
      return "earned";
    case Rule::spot_check:
      return "spot_check";
    case Rule::credibility:
      return "credibility";
    case Rule::boinc:
      return "boinc";
    case Rule::poco:
      return "poco";
  }
  return "unknown";
}

std::string_view to_text(FailedBecause why) {
  switch (why) {
    case FailedBecause::none:
      return "none";
    case FailedBecause::too_many_errors:
      return "too_many_errors";
    case FailedBecause::too_many_replicas:
      return "too_many_replicas";
    case FailedBecause::no_agreement:
      return "no_agreement";
    case FailedBecause::poison:
      return "poison";
    case FailedBecause::unplaceable:
      return "unplaceable";
    case FailedBecause::arbiters_disagree:
      return "arbiters_disagree";
  }
  return "unknown";
}

std::string_view to_text(StrikeKind kind) {
  switch (kind) {
    case StrikeKind::hard:
      return "hard";
    case StrikeKind::soft:
      return "soft";
    case StrikeKind::arbiter:
      return "arbiter";
  }
  return "unknown";
}

std::string_view to_text(QuarantineReason why) {
  switch (why) {
    case QuarantineReason::errors:
      return "errors";
    case QuarantineReason::wrong:
      return "wrong";
    case QuarantineReason::late:
      return "late";
    case QuarantineReason::expelled:
      return "expelled";
    case QuarantineReason::admission:
      return "admission";
    case QuarantineReason::in_flight:
      return "in_flight";
  }
  return "unknown";
}

}  // namespace nexa::validator
