#include "validator/policies/policy.hpp"

#include "core/assert.hpp"

namespace nexa::validator {

const Policy& policy_of(RedundancyPolicy policy) {
  switch (policy) {
    case RedundancyPolicy::fixed:
      return fixed_policy();
    case RedundancyPolicy::adaptive:
      return adaptive_policy();
    case RedundancyPolicy::credibility:
      return credibility_policy();
    case RedundancyPolicy::arbitrated:
      return arbitrated_policy();
    case RedundancyPolicy::boinc_adaptive:
      return boinc_adaptive_policy();
    case RedundancyPolicy::iexec_poco:
      return iexec_poco_policy();
  }
  core::assert_failed("policy", "rules were checked", __FILE__, __LINE__);
}

}  // namespace nexa::validator
