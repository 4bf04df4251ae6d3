// BOINC's CreditNew to the digits of the design's vectors, which were computed from its sources.
#include "ledger/credit_new.hpp"

#include <gtest/gtest.h>

#include <array>

#include "ledger/policy_descriptor.hpp"

namespace nexa::ledger::credit_new {
namespace {

constexpr double digits = 1e-6;

TEST(CreditNew, low_average_of_the_vectors) {
  EXPECT_NEAR(low_average(std::array{100.0, 100.0, 1000.0}), 175, digits);
  EXPECT_NEAR(low_average(std::array{100.0, 200.0}), 133.3333333, digits);
  EXPECT_EQ(low_average(std::array{42.0}), 42);
  EXPECT_EQ(low_average(std::array{0.0, 0.0}), 0);
}

TEST(CreditNew, pegged_average_of_the_vectors) {
  EXPECT_NEAR(pegged_average(std::array{100.0, 100.0, 1000.0}, 100), 104.918033, digits);
  EXPECT_NEAR(pegged_average(std::array{90.0, 130.0}, 100), 103.333333, digits);
  EXPECT_EQ(pegged_average({}, 100), 100);
}

TEST(CreditNew, averages_are_plain_then_exponential_and_cut_off) {
  Average host;
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(host.update(1, host_rule));
  EXPECT_TRUE(host.update(50, host_rule));
  EXPECT_NEAR(host.mean, 3.25, digits);

  Average longer;
  for (int i = 0; i < 20; ++i) longer.update(1, host_rule);
  for (int i = 0; i < 5; ++i) longer.update(2, host_rule);
  EXPECT_NEAR(longer.mean, 1.0490099501, 1e-10);
}

TEST(CreditNew, recent_average_halves_in_a_week) {
  constexpr double day = 86400;
  RecentAverage average{.value = 10, .at_s = day};
  average.update(8 * day, 8 * day, 100, credit_half_life_s);
  EXPECT_NEAR(average.value, 12.142857, digits);
  EXPECT_EQ(average.at_s, 8 * day);
  RecentAverage at_once{.value = 0, .at_s = day};
  at_once.update(day, day, 7, credit_half_life_s);
  EXPECT_NEAR(at_once.value, 0.693147181, digits) << "ln 2 x work per half-life";
  RecentAverage first;
  first.update(3 * day, day, 100, credit_half_life_s);
  EXPECT_NEAR(first.value, 50, digits);
}

CreditNew learnt() {
  CreditNew averages({.max_granted_credit = 0, .host_scale_check = true, .from_runtime = false});
  auto& version = averages.version(1, 2);
  version.claimed = {.n = 1000, .mean = 1.2};
  version.scale = .8;
  averages.host(10, 1, 2) = {.n = 30, .mean = 1.5};
  averages.host(11, 1, 2) = {.n = 30, .mean = 1.3};
  averages.application_average(1) = .96;
  return averages;
}

constexpr JobEstimate job{.application = 1, .flop = 5e13, .flop_bound = 0};
constexpr Claim fast{10, 2, false, 3600, 16.5e9, 50};
constexpr Claim slow{11, 2, false, 5400, 12e9, 50};

TEST(CreditNew, grants_two_results_what_the_vector_says) {
  CreditNew averages = learnt();
  const Scaled first = averages.scale(job, fast);
  EXPECT_EQ(first.mode, Mode::normal);
  EXPECT_NEAR(first.flop * cobblestone_scale, 88.0, digits);
  CreditNew fresh = learnt();
  EXPECT_NEAR(fresh.scale(job, slow).flop * cobblestone_scale, 110.769231, digits);
  CreditNew both = learnt();
  EXPECT_NEAR(both.grant(job, std::array{fast, slow}), 105.059880, digits);
}

TEST(CreditNew, scales_a_host_only_after_ten_valid_results_in_a_row) {
  CreditNew averages = learnt();
  Claim young = fast;
  young.valid_in_a_row = 9;
  EXPECT_EQ(averages.scale(job, young).mode, Mode::approx);
  CreditNew unchecked({.max_granted_credit = 0, .host_scale_check = false, .from_runtime = false});
  unchecked.version(1, 2) = learnt().version(1, 2);
  unchecked.host(10, 1, 2) = {.n = 10, .mean = .1};
  const Scaled scaled = unchecked.scale(job, young);
  EXPECT_EQ(scaled.mode, Mode::normal);
  EXPECT_NEAR(scaled.flop, 3600 * 16.5e9 * .8 * 10, 1e6) << "a host scale is at most ten";
}

TEST(CreditNew, counts_the_only_normal_result_twice) {
  CreditNew averages = learnt();
  Claim young = slow;
  young.valid_in_a_row = 0;
  const double approx = 5400 * 12e9 * .8 * cobblestone_scale;
  const double anchor = 5e13 * .96 * cobblestone_scale;
  const double expected = pegged_average(std::array{88.0, 88.0, approx}, anchor);
  EXPECT_NEAR(averages.grant(job, std::array{fast, young}), expected, 1e-5);
}

TEST(CreditNew, ignores_claims_above_the_most_and_grants_the_estimate_where_none_is_left) {
  CreditNew averages({.max_granted_credit = 50, .host_scale_check = true, .from_runtime = false});
  averages.application_average(1) = .96;
  EXPECT_NEAR(averages.grant(job, std::array{fast, slow}), 5e13 * .96 * cobblestone_scale, digits);
}

TEST(CreditNew, takes_a_default_speed_for_unmeasured_hosts_and_learns_nothing_from_them) {
  CreditNew averages({.max_granted_credit = 0, .host_scale_check = true, .from_runtime = false});
  for (const double flops : {0.0, 1e9}) {
    Claim claim = fast;
    claim.flops = flops;
    EXPECT_NEAR(averages.scale(job, claim).flop, 3600 * 4.3e9, 1);
  }
  EXPECT_EQ(averages.host(10, 1, 2).n, 0);
  averages.scale({.application = 1, .flop = 1e20, .flop_bound = 0}, fast);
  EXPECT_EQ(averages.host(10, 1, 2).n, 0) << "a sample below 10^-4 is no sample";
}

TEST(CreditNew, pays_for_idling_as_in_the_known_complaint) {
  // Gridcoin-Tasks#245: three days and nine hours on the wall, five hours of work.
  CreditNew averages({.max_granted_credit = 0, .host_scale_check = true, .from_runtime = false});
  const auto raw_after = [&](double hours) {
    const Claim idle{1, 1, false, hours * 3600, 49.56e9, 50};
    return averages.scale(job, idle).flop * cobblestone_scale;
  };
  EXPECT_LT(raw_after(81), 33'636);
  EXPECT_GT(raw_after(82), 33'636);
  EXPECT_NEAR(raw_after(5) * 81 / 5, raw_after(81), 1) << "what the work was does not matter";
}

TEST(CreditNew, versions_are_scaled_to_the_cheaper_kind_of_processor) {
  CreditNew averages({.max_granted_credit = 0, .host_scale_check = true, .from_runtime = false});
  averages.version(1, 1).claimed = {.n = 200, .mean = 2};
  averages.version(1, 2).claimed = {.n = 400, .mean = 5};
  averages.version(1, 3) = {.claimed = {.n = 300, .mean = 8}, .scale = 0, .on_gpu = true};
  averages.version(1, 4).claimed = {.n = 50, .mean = 9};
  averages.rescale();
  EXPECT_NEAR(averages.application_average(1), 4, digits) << "(200 x 2 + 400 x 5) / 600 < 8";
  EXPECT_NEAR(averages.version(1, 1).scale, 2, digits);
  EXPECT_NEAR(averages.version(1, 3).scale, .5, digits);
  EXPECT_EQ(averages.version(1, 4).scale, 0) << "too few samples";

  averages.version(2, 1).claimed = {.n = 200, .mean = 2};
  averages.version(3, 1) = {.claimed = {.n = 200, .mean = 2}, .scale = 0, .on_gpu = true};
  averages.rescale();
  EXPECT_EQ(averages.application_average(2), 0) << "one version for processors only says nothing";
  EXPECT_NEAR(averages.application_average(3), .2, digits) << "a tenth, for GPUs only";
}

TEST(CreditNew, as_a_policy_rounds_once_and_stays_below_the_price) {
  const auto policy = make_reward_policy("credit_new:rate=1000000");
  ASSERT_TRUE(policy.has_value());
  RewardView view;
  view.price = 100'000'000;
  view.usage.elapsed = core::seconds(3600);
  view.claimed_flops = 10'000'000'000;
  std::array charges{view.price};
  (*policy)->reward({.job = core::JobId(1), .application = 1, .estimated_flop = 36'000'000'000'000},
                    std::array{view}, charges, std::array{Factors{}});
  // 3600 s x 10 GFLOPS = 3.6e13 operations = 83.333333 Cobblestones, to the nearest millionth.
  EXPECT_EQ(charges[0], 83'333'333U);
  view.price = 1000;
  charges[0] = view.price;
  (*policy)->reward({.job = core::JobId(2), .application = 1, .estimated_flop = 36'000'000'000'000},
                    std::array{view}, charges, std::array{Factors{}});
  EXPECT_EQ(charges[0], 1000U);
  view.claimed_flops = UINT64_MAX;
  view.usage.elapsed = core::Duration{INT64_MAX};
  (*policy)->reward({.job = core::JobId(3)}, std::array{view}, charges, std::array{Factors{}});
  EXPECT_EQ(charges[0], 1000U) << "an absurd claim is still a number";
}

}  // namespace
}  // namespace nexa::ledger::credit_new
