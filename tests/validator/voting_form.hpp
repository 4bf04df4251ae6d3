#pragma once

#include <cmath>
#include <cstdint>

namespace nexa::validator::test {

/// What voting comes to in the long run.
struct VotingForm {
  double wrong = 0;   ///< share of accepted results
  double copies = 0;  ///< per job
  double copies_variance = 0;
};

/// Voting until m results agree, where each is wrong with probability phi and all wrong ones agree.
/// Source: the negative binomial distribution; Sarmenta, "Sabotage-tolerance mechanisms for
/// volunteer computing systems", 2002.
inline VotingForm voting_form(std::uint32_t m, double phi) {
  VotingForm form;
  double square = 0;
  double ways = 1;  // C(m - 1 + k, k)
  for (std::uint32_t k = 0; k < m; ++k) {
    if (k > 0) ways = ways * (m - 1 + k) / k;
    const double wrong = ways * std::pow(phi, m) * std::pow(1 - phi, k);
    const double right = ways * std::pow(1 - phi, m) * std::pow(phi, k);
    form.wrong += wrong;
    form.copies += (m + k) * (wrong + right);
    square += (m + k) * (m + k) * (wrong + right);
  }
  form.copies_variance = square - form.copies * form.copies;
  return form;
}

}  // namespace nexa::validator::test
