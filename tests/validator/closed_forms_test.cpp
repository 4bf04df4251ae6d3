// V-i, V-j, V-k: what the validator does in large numbers is what the literature's formulas say,
// and what BOINC's and iExec's own code would do.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/scheduler/test_size.hpp"
#include "tests/validator/desk.hpp"
#include "tests/validator/voting_form.hpp"

namespace nexa::validator {
namespace {

using test::Desk;
using test::rules_of;
using test::voting_form;
using test::VotingForm;
using test::Wish;

/// Nobody is ever punished: populations of the formulas do not change.
ValidatorConfig without_memory() {
  ValidatorConfig config;
  config.strike_memory = 0;
  config.vest_results = 0;
  config.wrong.first = core::Duration{};
  return config;
}

struct Measured {
  double wrong = 0;
  double copies = 0;
  std::uint32_t jobs = 0;
};

/// Fresh random nodes answer; all wrong answers are equal, or all different.
Measured measure(std::uint32_t m, double phi, bool colluding, std::uint32_t jobs) {
  Redundancy rules = rules_of(RedundancyPolicy::fixed, m, m);
  rules.max_total_results = rules.max_success_results = 40;
  Desk desk(without_memory());
  constexpr std::uint32_t nodes = 97;
  desk.join(1, nodes);
  std::uint32_t copies = 0;
  std::uint32_t wrong = 0;
  for (std::uint32_t job = 0; job < jobs; ++job) {
    desk.submit(job, rules);
    std::uint32_t next = job % nodes;
    desk.run(
        [&](const Wish&) {
          ++copies;
          next = next % nodes + 1;
          return next;
        },
        [&](const Wish& wish, std::uint32_t) -> std::uint64_t {
          const double unit =
              core::random_unit({.seed = 17 + m, .entity = job, .draw = wish.send.replica.value});
          if (unit >= phi) return 0;
          return colluding ? 1 : 1 + wish.send.replica.value;
        });
    if (desk.verdicts.at(job).verdict.digest != test::digest_of(job, 0)) ++wrong;
    desk.verdicts.clear();
    desk.verdict_count.clear();
    desk.wishes.clear();
    desk.convicts.clear();
  }
  return {static_cast<double>(wrong) / jobs, static_cast<double>(copies) / jobs, jobs};
}

TEST(ClosedForms, TheTableOfTheFormulaIsRight) {
  EXPECT_NEAR(voting_form(2, 0.01).wrong, 2.98e-4, 5e-7);
  EXPECT_NEAR(voting_form(2, 0.35).wrong, 0.28175, 5e-6);
  EXPECT_NEAR(voting_form(3, 0.05).wrong, 1.16e-3, 5e-6);
  EXPECT_NEAR(voting_form(3, 0.20).wrong, 0.0579, 5e-5);
  EXPECT_NEAR(voting_form(2, 0.20).copies, 2.320, 5e-4);
  EXPECT_NEAR(voting_form(3, 0.35).copies, 3.993, 5e-4);
}

// V-i
TEST(ClosedForms, VotingAgainstColludersIsTheNegativeBinomial) {
  const auto jobs = static_cast<std::uint32_t>(nexa::test::fewer_if_slow(10'000));
  for (const std::uint32_t m : {2U, 3U}) {
    for (const double phi : {0.01, 0.05, 0.10, 0.20, 0.35}) {
      const VotingForm expected = voting_form(m, phi);
      const Measured measured = measure(m, phi, true, jobs);
      const double sigma = std::sqrt(expected.wrong * (1 - expected.wrong) / jobs);
      EXPECT_NEAR(measured.wrong, expected.wrong, 3 * sigma) << m << ' ' << phi;
      EXPECT_NEAR(measured.copies, expected.copies, 3 * std::sqrt(expected.copies_variance / jobs))
          << m << ' ' << phi;
    }
  }
}

// V-i
TEST(ClosedForms, IndependentWrongAnswersNeverWinAndCostCopies) {
  const auto jobs = static_cast<std::uint32_t>(nexa::test::fewer_if_slow(10'000));
  constexpr std::uint32_t m = 2;
  for (const double phi : {0.01, 0.05, 0.10, 0.20, 0.35}) {
    const Measured measured = measure(m, phi, false, jobs);
    const double variance = m * phi / ((1 - phi) * (1 - phi));
    EXPECT_EQ(measured.wrong, 0) << phi;
    EXPECT_NEAR(measured.copies, m / (1 - phi), 3 * std::sqrt(variance / jobs)) << phi;
  }
}

/// One host does every job; everybody else is honest. Lies from `build` valid replicated results on
/// until it is caught. Returns the wrong share of those of its results that were accepted.
double boinc_betrayer(std::uint32_t build, std::uint32_t jobs) {
  Desk desk;
  desk.join(1, 7);
  const Redundancy rules = rules_of(RedundancyPolicy::boinc_adaptive);
  std::uint32_t consecutive = 0;
  std::uint32_t wrong = 0;
  std::uint32_t accepted = 0;
  for (std::uint32_t job = 0; job < jobs; ++job) {
    desk.submit(job, rules);
    std::uint32_t partner = 1;
    const bool lies = consecutive >= build;
    desk.run([&](const Wish&) { return partner++; },
             [&](const Wish&, std::uint32_t node) { return node == 1 && lies ? 1ULL : 0ULL; });
    const test::Said& said = desk.verdicts.at(job);
    if (said.verdict.digest != test::digest_of(job, 0)) ++wrong;
    if (said.of(1).state == ReplicaState::valid) ++accepted;
    const bool replicated = said.replicas.size() > 1;
    if (said.of(1).state == ReplicaState::invalid) consecutive = 0;
    if (said.of(1).state == ReplicaState::valid && replicated) ++consecutive;
    desk.verdicts.clear();
    desk.verdict_count.clear();
    desk.wishes.clear();
  }
  EXPECT_TRUE(desk.convicts.empty());  // BOINC does not convict
  return static_cast<double>(wrong) / accepted;
}

// V-j
TEST(ClosedForms, BoincsBetrayerGetsAwayWithHalfOfItsWork) {
  const bool slow = nexa::test::sanitized;
  EXPECT_NEAR(boinc_betrayer(10, slow ? 3000 : 60'000), 0.474, slow ? 0.06 : 0.01);
  EXPECT_NEAR(boinc_betrayer(20, slow ? 3000 : 100'000), 0.106, slow ? 0.06 : 0.01);
  if (slow) return;
  EXPECT_NEAR(boinc_betrayer(50, 200'000), 0.040, 0.01);
}

TEST(ClosedForms, BoincsHonestHostIsReplicatedAsOftenAsTheRootOfItsJobs) {
  Desk desk;
  desk.join(1, 7);
  const Redundancy rules = rules_of(RedundancyPolicy::boinc_adaptive);
  const std::uint32_t jobs = 10'000;
  std::uint32_t copies = 0;
  for (std::uint32_t job = 0; job < jobs; ++job) {
    desk.submit(job, rules);
    std::uint32_t partner = 1;
    desk.run(
        [&](const Wish&) {
          ++copies;
          return partner++;
        },
        [](const Wish&, std::uint32_t) { return std::uint64_t{0}; });
  }
  // sqrt(2 N) extra copies, give or take the deviation of the sum.
  EXPECT_NEAR(static_cast<double>(copies) / jobs, 1.0147, 0.003);
}

TEST(ClosedForms, BoincsCheckSetLetsTheOrderOfArrivalDecide) {
  // Values 0, 1, 2 within a tolerance of 1, each order: the reason why nobody should do it so.
  std::set<std::uint32_t> accepted;
  for (const std::vector<int>& order : {std::vector{0, 1, 2}, {2, 1, 0}}) {
    Redundancy rules = rules_of(RedundancyPolicy::boinc_adaptive, 3, 3);
    Desk desk;
    desk.join(1, 5);
    desk.submit(0, rules, 1, ComparatorKind::tolerance);
    for (std::uint32_t replica = 1; replica <= 3; ++replica) {
      desk.step();
      desk.place(0, replica, {replica});
    }
    for (std::uint32_t replica = 1; replica <= 3; ++replica) {
      std::vector<Comparison> comparisons;
      for (std::uint32_t other = 1; other < replica; ++other) {
        const int distance = std::abs(order[replica - 1] - order[other - 1]);
        comparisons.push_back(
            {core::ReplicaId{other}, distance <= 1, static_cast<std::uint64_t>(distance)});
      }
      desk.report(0, replica, static_cast<std::uint64_t>(order[replica - 1]) + 5, comparisons);
    }
    desk.step();
    const test::Said& said = desk.verdicts.at(0);
    accepted.insert(said.verdict.digest.bytes[0]);
    EXPECT_EQ(said.of(3).state, ReplicaState::invalid);
  }
  EXPECT_EQ(accepted.size(), 2U);
}

/// How many workers without a past have to agree until iExec's rule is satisfied.
std::uint32_t poco_contributions(std::uint32_t trust) {
  ValidatorConfig config;
  config.poco_trust = trust;
  Redundancy rules = rules_of(RedundancyPolicy::iexec_poco);
  rules.max_total_results = rules.max_success_results = 40;
  Desk desk(config);
  desk.join(1, 40);
  desk.submit(0, rules);
  std::uint32_t next = 1;
  desk.run([&](const Wish&) { return next++; },
           [](const Wish&, std::uint32_t) { return std::uint64_t{1}; });
  EXPECT_EQ(desk.verdicts.at(0).verdict.outcome, Outcome::accepted);
  return next - 1;
}

// V-k
TEST(ClosedForms, IexecsTrustIsReachedByFewFreshColluders) {
  EXPECT_EQ(poco_contributions(2), 1U);
  EXPECT_EQ(poco_contributions(10), 4U);
  EXPECT_EQ(poco_contributions(100), 7U);
  EXPECT_EQ(poco_contributions(1000), 10U);
  EXPECT_EQ(poco_contributions(10'000), 14U);
  EXPECT_EQ(poco_contributions(1'000'000), 20U);
}

TEST(ClosedForms, IexecsScoreBuysFewerCopies) {
  ValidatorConfig config;
  config.poco_trust = 10;
  Desk desk(config);
  desk.join(1, 9);
  const Redundancy rules = rules_of(RedundancyPolicy::iexec_poco);
  const auto copies = [&](std::uint32_t job) {
    desk.submit(job, rules);
    std::uint32_t next = 1;
    desk.run([&](const Wish&) { return next++; },
             [](const Wish&, std::uint32_t) { return std::uint64_t{1}; });
    return next - 1;
  };
  EXPECT_EQ(copies(0), 4U);  // weights 2 2 2 2: 16 > 9
  for (std::uint32_t job = 1; job < 12; ++job) copies(job);
  EXPECT_EQ(copies(12), 3U);  // a score of 12 weighs 3: 3 * 3 * 3 > 9
}

/// Sarmenta's error rate of spot-checking with blacklisting, where a share q of the work units
/// itself is checked: survivors' unchecked units are wrong with s (1 - q) / (1 - q s).
double spot_check_error(double q, double n, double f, double s) {
  const double survive = std::pow(1 - q * s, n);
  const double wrong = s * (1 - q) / (1 - q * s);
  return wrong * f * survive / ((1 - f) + f * survive);
}

// §3.2: workers of their own do n units each; who is caught is out, and its results are discarded.
TEST(ClosedForms, SpotChecksWithBlacklistingAreSarmentas) {
  constexpr double q = 0.1;
  constexpr double f = 0.2;
  constexpr double s = 0.107;
  constexpr std::uint32_t units = 100;
  EXPECT_NEAR(s * f * std::pow(1 - q * s, units) / ((1 - f) + f * std::pow(1 - q * s, units)),
              0.00841, 5e-6);
  EXPECT_NEAR(f / ((1 - f) * q * units * std::exp(1.0)), 0.00920, 5e-6);

  ValidatorConfig config;
  config.newcomer_results = 1;
  config.established_quantile_ppm = 0;
  config.audit_min_ppm = 1;
  config.audit_numerator = 0;
  config.newcomer_spot_check_ppm = 0;
  config.spot_check_ppm = 100'000;
  config.strikes_to_expel = 1;
  config.vest_results = 1000;
  Desk desk(config);
  const auto workers = static_cast<std::uint32_t>(nexa::test::fewer_if_slow(1500));
  desk.join(90'000, 90'009, true);
  const Redundancy rules = rules_of(RedundancyPolicy::arbitrated);
  std::uint32_t job = 0;
  double wrong = 0;
  double kept = 0;
  for (std::uint32_t worker = 1; worker <= workers; ++worker) {
    desk.join(worker, worker);
    const bool saboteur = worker % 5 == 0;
    std::uint32_t lies = 0;
    for (std::uint32_t unit = 0; unit <= units && !desk.quarantined.contains(worker); ++unit) {
      desk.submit(job, rules);
      // The first unit is checked by another worker, to be relied on afterwards.
      const bool lie =
          saboteur && unit > 0 && core::random_unit({.seed = 5, .entity = job, .draw = 0}) < s;
      std::uint32_t judge = 90'000;
      desk.run(
          [&](const Wish& wish) {
            if (wish.send.min_trust == TrustBucket::trusted) {
              return judge == 90'009 ? judge = 90'000 : judge++;
            }
            return wish.send.replica.value == 1 ? worker : (worker == 1 ? 1'000'000 : worker - 1);
          },
          [&](const Wish& wish, std::uint32_t where) {
            return where == worker && wish.send.job.value == job && lie ? 1ULL : 0ULL;
          });
      if (worker == 1 && unit == 0) {  // nobody was before the first one
        desk.join(1'000'000, 1'000'000);
      }
      const auto found = desk.verdicts.find(job);
      if (found != desk.verdicts.end() && found->second.verdict.digest != test::digest_of(job, 0)) {
        ++lies;
      }
      ++job;
      desk.wishes.clear();
      desk.verdicts.clear();
    }
    if (desk.quarantined.contains(worker)) continue;
    wrong += lies;
    kept += units;
  }
  const double expected = spot_check_error(q, units, f, s);
  // Survivors vary most: their number is binomial.
  const double saboteurs = workers * f;
  const double survive = std::pow(1 - q * s, units);
  const double deviation = std::sqrt((1 - survive) / (saboteurs * survive)) * expected;
  EXPECT_NEAR(wrong / kept, expected, 3 * deviation);
  EXPECT_LT(expected, f / ((1 - f) * q * units * std::exp(1.0)));
}

}  // namespace
}  // namespace nexa::validator
