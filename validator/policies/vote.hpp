#pragma once

#include "validator/policies/policy.hpp"

namespace nexa::validator {

/// When voting turns to the trusted tier.
enum class Arbitrates : std::uint8_t {
  at_first_conflict,  ///< as soon as two results disagree
  at_the_end,         ///< when max_success_results did not settle it
};

/// Rules V3 and V4: accepts the class that weighs strictly more than every other and comes from
/// `quorum` distinct fault domains; sends replicas one by one until there is such a class or a
/// limit is reached; then arbitrates, or fails where nobody can.
///
/// The order of arrival has no influence: while replicas that could change the outcome are
/// outstanding nothing is accepted.
Ruling vote(const Hearing& hearing, std::uint32_t quorum, Arbitrates when);

/// The ruling at a limit of replicas.
Ruling at_limit(const Hearing& hearing, FailedBecause why);

}  // namespace nexa::validator
