// As adaptive, and a trusted node decides as soon as two results disagree: colluders gain nothing
// from outnumbering an honest node, and no honest node is convicted by a majority of liars.
#include "validator/policies/earned_trust.hpp"

namespace nexa::validator {

const Policy& arbitrated_policy() {
  static const EarnedTrust policy(Arbitrates::at_first_conflict);
  return policy;
}

}  // namespace nexa::validator
