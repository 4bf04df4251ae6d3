// The formulas that stand behind reputation, credibility and spot checks.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "validator/credibility.hpp"
#include "validator/reputation.hpp"

namespace nexa::validator {
namespace {

TEST(Reputation, TheBetaDistributionHasItsClosedForms) {
  for (const double x : {0.01, 0.2, 0.5, 0.8, 0.99}) {
    EXPECT_NEAR(beta_probability(1, 1, x), x, 1e-12);
    EXPECT_NEAR(beta_probability(5, 1, x), std::pow(x, 5), 1e-12);
    EXPECT_NEAR(beta_probability(1, 7, x), 1 - std::pow(1 - x, 7), 1e-12);
    // Beta(2, 3): 12 (x^2/2 - 2x^3/3 + x^4/4)
    EXPECT_NEAR(beta_probability(2, 3, x), 12 * (x * x / 2 - 2 * x * x * x / 3 + x * x * x * x / 4),
                1e-12);
    // The arcsine law.
    EXPECT_NEAR(beta_probability(0.5, 0.5, x), 2 / M_PI * std::asin(std::sqrt(x)), 1e-12);
    EXPECT_NEAR(beta_probability(30, 4, x), 1 - beta_probability(4, 30, 1 - x), 1e-12);
  }
  EXPECT_EQ(beta_probability(3, 4, 0), 0);
  EXPECT_EQ(beta_probability(3, 4, 1), 1);
}

TEST(Reputation, TheBetaDistributionIsThatOfBinomialTrials) {
  // I_x(a, n - a + 1) is the chance of at least a successes in n trials.
  constexpr int n = 40;
  constexpr double x = 0.3;
  double at_least = 0;
  for (int a = n; a >= 1; --a) {
    at_least += std::exp(std::lgamma(n + 1.0) - std::lgamma(a + 1.0) - std::lgamma(n - a + 1.0) +
                         a * std::log(x) + (n - a) * std::log(1 - x));
    EXPECT_NEAR(beta_probability(a, n - a + 1, x), at_least, 1e-11) << a;
  }
}

TEST(Reputation, QuantilesAreInverse) {
  EXPECT_NEAR(beta_quantile(1, 1, 0.05), 0.05, 1e-10);
  EXPECT_NEAR(beta_quantile(11, 1, 0.05), std::pow(0.05, 1.0 / 11), 1e-10);
  EXPECT_NEAR(beta_quantile(1, 4, 0.05), 1 - std::pow(0.95, 0.25), 1e-10);
  for (const double a : {0.5, 1.0, 3.5, 100.0, 5000.0, 1e6}) {
    for (const double b : {0.5, 1.0, 2.0, 40.0, 1e5}) {
      const double x = beta_quantile(a, b, 0.05);
      EXPECT_NEAR(beta_probability(a, b, x), 0.05, 1e-6) << a << ' ' << b;
    }
  }
}

TEST(Reputation, QuantilesAreThoseOfBisection) {
  for (const double a : {1.0, 1.7, 12.3, 101.0}) {
    for (const double b : {1.0, 1.01, 2.5, 30.0, 101.0}) {
      for (const double p : {0.001, 0.05, 0.5, 0.95}) {
        double low = 0;
        double high = 1;
        for (int step = 0; step < 45; ++step) {
          const double middle = (low + high) / 2;
          (beta_probability(a, b, middle) < p ? low : high) = middle;
        }
        EXPECT_NEAR(beta_quantile(a, b, p), low, 1e-11) << a << ' ' << b << ' ' << p;
      }
    }
  }
}

TEST(Reputation, MoreEvidenceVouchesForMore) {
  BetaEvidence evidence;
  EXPECT_EQ(reputation_ppm(evidence), 50'000U);
  std::uint32_t last = 0;
  for (int i = 0; i < 50; ++i) {
    evidence.add(true, 10);
    EXPECT_GT(reputation_ppm(evidence), last);
    last = reputation_ppm(evidence);
  }
  evidence.add(false, 10);
  EXPECT_LT(reputation_ppm(evidence), last);
}

TEST(Reputation, ForgottenEvidenceHasALimit) {
  BetaEvidence evidence;
  for (int i = 0; i < 10'000; ++i) evidence.add(true, 10);
  // A geometric series: 1 / 0.01, but for what rounds to nothing.
  EXPECT_NEAR(static_cast<double>(evidence.good) / BetaEvidence::one, 100, 0.2);
  EXPECT_EQ(evidence.bad, 0);
}

TEST(Credibility, TwoGoodWorkersAgainstOne) {
  const std::array<double, 2> odds{odds_of(0.9) * odds_of(0.8), odds_of(0.7)};
  EXPECT_NEAR(credibility(odds, 0), 0.915254, 5e-7);
  EXPECT_NEAR(credibility(odds, 1), 0.059322, 5e-7);
}

TEST(Credibility, TheTwoFormsOfTheFormulaAreOne) {
  const std::vector<std::vector<double>> groups{{0.9, 0.8}, {0.7}, {0.6, 0.55, 0.95}};
  std::vector<double> good;
  std::vector<double> bad;
  std::vector<double> odds;
  for (const std::vector<double>& group : groups) {
    good.push_back(1);
    bad.push_back(1);
    for (const double p : group) {
      good.back() *= p;
      bad.back() *= 1 - p;
    }
    odds.push_back(good.back() / bad.back());
  }
  double all_bad = 1;
  for (const double b : bad) all_bad *= b;
  double below = all_bad;
  for (std::size_t h = 0; h < groups.size(); ++h) below += good[h] * all_bad / bad[h];
  for (std::size_t g = 0; g < groups.size(); ++g) {
    EXPECT_NEAR(credibility(odds, g), good[g] * all_bad / bad[g] / below, 1e-12);
  }
}

TEST(Credibility, ChecksMakeAWorkerBetterAndNeverWorse) {
  EXPECT_DOUBLE_EQ(probability_good(0, 0.2), 0.8);
  double last = 0;
  for (std::uint64_t checks = 0; checks < 100; ++checks) {
    const double good = probability_good(checks, 0.2);
    EXPECT_GE(good, last);
    EXPECT_LT(good, 1);
    last = good;
  }
  EXPECT_NEAR(probability_good(10, 0.2), 1 - 0.2 / (0.8 * 10 * std::exp(1.0)), 1e-12);
}

}  // namespace
}  // namespace nexa::validator
