#include "simulator/provider_economics.hpp"

#include <gtest/gtest.h>

#include "core/rng.hpp"
#include "tests/simulator/rates.hpp"

namespace nexa::simulator {
namespace {

using testing::seed;

core::Credits credits(std::int64_t whole) {
  return core::Credits::whole(whole);
}

core::Platform one_group(std::uint32_t nodes, std::uint32_t cores = 1) {
  core::Platform platform;
  core::NodeSpec spec;
  spec.capacity.cores = cores;
  platform.groups.push_back({"node", nodes, spec});
  return platform;
}

TEST(DeterrentAudits, are_those_of_the_formula) {
  // c = r: p_min = r / (r + S + V), for S + V of 0, 5, 10, 20 and 50 times r.
  const core::Credits r = credits(1);
  EXPECT_EQ(deterrent_audit_ppm(r, r, {}, {}), 1'000'000U);
  EXPECT_EQ(deterrent_audit_ppm(r, r, credits(5), {}), 166'667U);
  EXPECT_EQ(deterrent_audit_ppm(r, r, credits(4), credits(6)), 90'910U);
  EXPECT_EQ(deterrent_audit_ppm(r, r, {}, credits(20)), 47'620U);
  EXPECT_EQ(deterrent_audit_ppm(r, r, credits(50), {}), 19'608U);
  EXPECT_EQ(deterrent_audit_ppm(r, {}, credits(50), {}), 0U);
}

/// A record of a node that was checked in this part of many results.
ProviderRecord record_with(std::uint64_t results, std::uint64_t checked, core::Credits stake,
                           core::Credits withheld) {
  ProviderRecord record;
  record.results = results;
  record.checked = checked;
  record.rewards = credits(1) *= static_cast<std::int64_t>(results);
  record.work = record.rewards;
  record.stake = stake;
  record.withheld = withheld;
  return record;
}

TEST(Cheating, stops_paying_at_the_predicted_audit_probability) {
  constexpr std::uint64_t results = 1'000'000;
  for (const std::int64_t at_risk : {5, 10, 20, 50}) {
    SCOPED_TRACE(at_risk);
    const std::uint64_t p_min = deterrent_audit_ppm(credits(1), credits(1), credits(at_risk), {});
    // Of a million results, as many are checked as the probability has millionths; the estimate
    // adds one of two to that, which is the margin of two on either side.
    EXPECT_TRUE(cheating_pays(record_with(results, p_min - 3, credits(at_risk), {})));
    EXPECT_FALSE(cheating_pays(record_with(results, p_min + 3, credits(at_risk), {})));
    EXPECT_FALSE(cheating_pays(record_with(results, p_min + 3, {}, credits(at_risk))));
  }
}

TEST(Cheating, does_not_pay_for_who_knows_nothing_or_saves_nothing) {
  EXPECT_FALSE(cheating_pays(ProviderRecord{}));
  ProviderRecord free = record_with(1000, 0, {}, {});
  free.work = {};
  EXPECT_FALSE(cheating_pays(free));
}

TEST(Cheating, is_judged_without_overflow_at_the_largest_amounts) {
  ProviderRecord record = record_with(1'000'000'000, 0, credits(9'000'000'000'000), {});
  record.rewards = credits(9'000'000'000'000);
  record.work = credits(4'500'000'000'000);
  EXPECT_FALSE(cheating_pays(record)) << "an audit in 10^9 risks twice what it saves";
  record.stake = credits(3'000'000'000'000);
  EXPECT_TRUE(cheating_pays(record));
}

TEST(IdentityCost, covers_what_one_cycle_of_betrayal_gains) {
  // (1 - p) / p results are undetected on average: 19 at p = 0.05.
  EXPECT_EQ(least_identity_cost(100, 50'000, credits(2)), credits(38));
  EXPECT_EQ(least_identity_cost(10, 50'000, credits(2)), credits(20));
  EXPECT_EQ(least_identity_cost(10, 0, credits(2)), credits(20));
  EXPECT_EQ(least_identity_cost(10, 1'000'000, credits(2)), core::Credits{});
}

/// One core hour of work, paid with `reward`.
void work_an_hour(Providers& providers, core::NodeId node, core::Credits reward) {
  providers.on_result(node, core::seconds(3600), true);
  providers.on_pay(node, reward, false);
}

std::vector<bool> nobody(std::size_t nodes) {
  return std::vector<bool>(nodes, false);
}

TEST(ProviderReviews, make_who_loses_money_leave_when_its_patience_is_over) {
  core::Economy economy;
  economy.cost_per_core_hour = credits(2);
  economy.patience = 3;
  Providers providers(one_group(2), economy, seed);
  for (int review = 1; review <= 3; ++review) {
    work_an_hour(providers, core::NodeId{0}, credits(1));
    work_an_hour(providers, core::NodeId{1}, credits(3));
    const auto moves = providers.review(nobody(2));
    if (review < 3) {
      EXPECT_TRUE(moves.empty());
    } else {
      EXPECT_EQ(moves, (std::vector<ProviderMove>{{core::NodeId{0}, ProviderStep::leave}}));
    }
  }
}

TEST(ProviderReviews, forget_losses_after_a_gain) {
  core::Economy economy;
  economy.cost_per_core_hour = credits(2);
  economy.patience = 2;
  Providers providers(one_group(1), economy, seed);
  for (int review = 0; review < 6; ++review) {
    work_an_hour(providers, core::NodeId{0}, credits(review % 2 == 0 ? 1 : 3));
    EXPECT_TRUE(providers.review(nobody(1)).empty());
  }
}

TEST(ProviderReviews, let_nodes_join_when_the_fee_pays_off_within_the_horizon) {
  core::Economy economy;
  economy.registration_fee = credits(30);
  economy.horizon = 10;
  Providers providers(one_group(2), economy, seed);
  providers.on_departure(core::NodeId{1});
  work_an_hour(providers, core::NodeId{0}, credits(3));
  EXPECT_TRUE(providers.review(nobody(2)).empty()) << "10 reviews earn just the fee";
  work_an_hour(providers, core::NodeId{0}, credits(4));
  EXPECT_EQ(providers.review(nobody(2)),
            (std::vector<ProviderMove>{{core::NodeId{1}, ProviderStep::join}}));
  providers.on_registration(core::NodeId{1});
  EXPECT_TRUE(providers.record_of(core::NodeId{1}).present);
  EXPECT_EQ(providers.record_of(core::NodeId{1}).earned, credits(-30));
}

TEST(ProviderReviews, let_the_convicted_come_back_when_that_is_cheap) {
  for (const bool dear : {false, true}) {
    core::Economy economy;
    economy.stake = credits(5);
    economy.horizon = 10;
    economy.registration_fee = credits(dear ? 60 : 30);
    Providers providers(one_group(2), economy, seed);
    const core::NodeId convict{1};
    work_an_hour(providers, core::NodeId{0}, credits(4));
    providers.on_pay(convict, credits(1), true);
    providers.on_conviction(convict, credits(3));
    EXPECT_EQ(providers.record_of(convict).stake, credits(2));
    EXPECT_EQ(providers.record_of(convict).withheld, core::Credits{});
    // The average earns 4 per review, the convict has lost 3: 70 over the horizon.
    const auto moves = providers.review({false, true});
    EXPECT_EQ(moves, (std::vector<ProviderMove>{{convict, ProviderStep::whitewash}}));
    // With nothing earned and nothing lost it is 40.
    work_an_hour(providers, core::NodeId{0}, credits(4));
    EXPECT_EQ(providers.review({false, true}).empty(), dear);
    work_an_hour(providers, core::NodeId{0}, credits(4));
    EXPECT_TRUE(providers.review({false, false}).empty()) << "the honest bear their strikes";
  }
}

TEST(ProviderReviews, count_idle_hours_of_all_cores) {
  core::Economy economy;
  economy.idle_cost_per_core_hour = core::Credits::from_micro(100'000);
  economy.review_every = core::seconds(36'000);
  economy.patience = 1;
  Providers providers(one_group(1, 8), economy, seed);
  providers.on_pay(core::NodeId{0}, credits(8), false);
  EXPECT_TRUE(providers.review(nobody(1)).empty()) << "8 cores cost 8 credits in 10 hours";
  providers.on_pay(core::NodeId{0}, core::Credits::from_micro(7'999'999), false);
  EXPECT_EQ(providers.review(nobody(1)).size(), 1U);
}

TEST(ProviderReviews, start_with_the_part_of_the_nodes_that_is_present) {
  core::Economy economy;
  economy.present_ppm = 250'000;
  const Providers providers(one_group(10'000), economy, seed);
  std::uint64_t present = 0;
  for (std::uint32_t node = 0; node < 10'000; ++node) {
    present += providers.record_of(core::NodeId{node}).present ? 1 : 0;
  }
  testing::expect_rate(present, 10'000, 0.25);
}

TEST(ProviderRecords, keep_work_apart_from_what_was_spent) {
  core::Economy economy;
  economy.cost_per_core_hour = credits(1);
  Providers providers(one_group(1), economy, seed);
  const core::NodeId node{0};
  providers.on_result(node, core::seconds(1800), false);
  EXPECT_EQ(providers.record_of(node).work, core::Credits::from_micro(500'000));
  EXPECT_EQ(providers.record_of(node).spent, core::Credits{});
  providers.on_pay(node, credits(2), true);
  providers.on_vest(node, credits(1));
  providers.on_check(node);
  EXPECT_EQ(providers.record_of(node).withheld, credits(1));
  EXPECT_EQ(providers.record_of(node).checked, 1U);
}

/// Plays rounds in which a node that reckons is audited with probability p, and counts its lies in
/// the second half, when its estimate has settled.
std::uint64_t lies_under(std::uint32_t audit_ppm, core::Credits stake) {
  ProviderRecord record;
  record.stake = stake;
  std::uint64_t lies = 0;
  for (std::uint32_t round = 0; round < 20'000; ++round) {
    if (cheating_pays(record) && round >= 10'000) ++lies;
    ++record.results;
    record.rewards += credits(1);
    record.work += credits(1);
    const core::DrawKey key{seed, core::RandomStream::test, round, 0};
    if (core::random_below(key, 1'000'000) < audit_ppm) ++record.checked;
  }
  return lies;
}

TEST(Cheating, ends_where_audits_reach_the_deterrent_rate) {
  const core::Credits stake = credits(20);
  const std::uint32_t p_min = deterrent_audit_ppm(credits(1), credits(1), stake, {});
  EXPECT_EQ(lies_under(p_min * 3 / 4, stake), 10'000U);
  EXPECT_EQ(lies_under(p_min * 5 / 4, stake), 0U);
}

}  // namespace
}  // namespace nexa::simulator
