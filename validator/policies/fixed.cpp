// Always target_nresults copies at first, then as many as the vote needs. Rules V2 to V4.
#include <algorithm>

#include "validator/policies/vote.hpp"

namespace nexa::validator {
namespace {

class Fixed final : public Policy {
 public:
  [[nodiscard]] Ruling rule(const Hearing& hearing) const override {
    const bool more_at_first = hearing.issued < hearing.rules.target_nresults &&
                               hearing.issued < hearing.rules.max_total_results;
    if (more_at_first && !hearing.reopened) return {.move = Move::send};
    return vote(hearing, hearing.rules.min_quorum, Arbitrates::at_the_end);
  }
};

}  // namespace

const Policy& fixed_policy() {
  static const Fixed policy;
  return policy;
}

}  // namespace nexa::validator
