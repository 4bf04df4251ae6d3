// BOINC's adaptive replication as it is coded, for comparison only.
// Source: BOINC sched/sched_send.cpp (set_trust), sched/validator.cpp (is_valid, is_invalid,
// handle_wu), sched/validate_util2.cpp (check_set).
#include <algorithm>

#include "validator/policies/vote.hpp"

namespace nexa::validator {
namespace {

class BoincAdaptive final : public Policy {
 public:
  [[nodiscard]] Ruling rule(const Hearing& hearing) const override {
    // An unreplicated work unit has target_nresults and min_quorum 1; others those of the project.
    const std::uint32_t quorum = hearing.replicated ? std::max(2U, hearing.rules.min_quorum) : 1;
    if (hearing.votes.size() >= quorum) {
      const Ruling found = check_set(hearing, quorum);
      if (found.move == Move::accept) return found;
      if (hearing.votes.size() > hearing.rules.max_success_results) {
        return {.move = Move::fail, .why = FailedBecause::no_agreement};
      }
    }
    // handle_wu: one more than there are, where they did not agree.
    const auto viable = static_cast<std::uint32_t>(hearing.votes.size());
    const std::uint32_t at_first =
        hearing.replicated ? std::max(quorum, hearing.rules.target_nresults) : 1;
    const std::uint32_t target = viable >= quorum ? viable + 1 : at_first;
    if (viable + hearing.outstanding >= target) return {};
    if (hearing.issued >= hearing.rules.max_total_results) {
      if (hearing.outstanding > 0) return {};
      return {.move = Move::fail, .why = FailedBecause::too_many_replicas};
    }
    return {.move = Move::send};
  }

  /// set_trust: drand() > 1 / consecutive_valid, from ten on.
  [[nodiscard]] bool relies_on(const Candidate& candidate,
                               const ValidatorConfig& config) const override {
    const std::uint64_t run = candidate.boinc_consecutive_valid;
    if (run < config.boinc_trusted_from) return false;
    return candidate.draw() > every_draw / run;
  }
  [[nodiscard]] bool asks_again() const override { return false; }
  [[nodiscard]] bool convicts() const override { return false; }

 private:
  /// The first result, in order of arrival, that agrees with min_quorum / 2 + 1, itself included.
  /// All that do not agree with that one are invalid.
  static Ruling check_set(const Hearing& hearing, std::uint32_t quorum) {
    const std::uint32_t enough = quorum / 2 + 1;
    for (std::size_t i = 0; i < hearing.votes.size(); ++i) {
      const ResultMask matches = hearing.equality.row(i);
      if (static_cast<std::uint32_t>(__builtin_popcountll(matches)) < enough) continue;
      return {.move = Move::accept, .rule = Rule::boinc, .members = matches, .canonical = i};
    }
    return {};
  }
};

}  // namespace

const Policy& boinc_adaptive_policy() {
  static const BoincAdaptive policy;
  return policy;
}

}  // namespace nexa::validator
