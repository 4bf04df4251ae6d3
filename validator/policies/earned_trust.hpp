#pragma once

#include "validator/policies/vote.hpp"

namespace nexa::validator {

/// Rule V5, for the two policies that believe one result of a node that has earned it.
class EarnedTrust : public Policy {
 public:
  explicit EarnedTrust(Arbitrates when) : when_(when) {}

  [[nodiscard]] Ruling rule(const Hearing& hearing) const override;
  [[nodiscard]] bool relies_on(const Candidate& candidate,
                               const ValidatorConfig& config) const override;
  [[nodiscard]] bool has_lottery() const override { return true; }
  /// What newcomers say counts half.
  [[nodiscard]] std::uint32_t weight(bool newcomer, std::uint64_t) const override {
    return newcomer ? 1 : 2;
  }

 private:
  Arbitrates when_;
};

}  // namespace nexa::validator
