// One copy of a node that has earned it, audited by lottery; otherwise a vote. Rules V2 to V7. The
// trusted tier is asked only where a vote does not end.
#include "validator/policies/earned_trust.hpp"

namespace nexa::validator {

const Policy& adaptive_policy() {
  static const EarnedTrust policy(Arbitrates::at_the_end);
  return policy;
}

}  // namespace nexa::validator
