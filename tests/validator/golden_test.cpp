// The stream of decisions of one random population, the same from every compiler and optimisation.
#include <gtest/gtest.h>

#include "tests/validator/desk.hpp"

namespace nexa::validator {
namespace {

using test::Desk;
using test::rules_of;
using test::Wish;

/// Liars, crashes, late nodes and tolerances under all policies, and every field of every decision.
std::string hash_of_decisions() {
  ValidatorConfig config;
  config.newcomer_results = 4;
  config.established_quantile_ppm = 500'000;
  config.theta_ppm = 950'000;
  Desk desk(config);
  desk.join(1, 40);
  desk.join(90, 96, true);
  std::uint64_t draws = 0;
  const auto below = [&draws](std::uint64_t bound) {
    return core::random_below({.seed = 11, .entity = draws++}, bound);
  };
  for (std::uint32_t job = 0; job < 1200; ++job) {
    desk.now += core::seconds(60);
    Redundancy rules = rules_of(static_cast<RedundancyPolicy>(job % 6));
    rules.delay_bound = core::seconds(300);
    desk.submit(job, rules, static_cast<std::int64_t>(1 + below(5)),
                job % 4 == 0 ? ComparatorKind::tolerance : ComparatorKind::exact);
    if (job % 200 == 199) desk.tell(EpochEnded{});
    for (std::vector<Wish> wishes = desk.step(); !wishes.empty(); wishes = desk.step()) {
      for (const Wish& wish : wishes) {
        const std::uint32_t number = wish.send.job.value;
        const std::uint32_t replica = wish.send.replica.value;
        const bool judge = wish.send.min_trust == TrustBucket::trusted;
        const auto node = static_cast<std::uint32_t>(judge ? 90 + below(7) : 1 + below(40));
        desk.place(number, replica, {node});
        const std::uint64_t fate = below(50);
        if (fate == 0) desk.fail(number, replica, FailureKind::error);
        if (fate == 1) desk.fail(number, replica, FailureKind::node_lost);
        if (fate <= 2) continue;  // 2: never answers
        desk.report(number, replica, node % 7 == 0 ? below(2) : 0);
      }
    }
  }
  desk.validator.check();
  return core::to_hex(desk.hash.value());
}

TEST(Golden, DecisionsAreTheSameEverywhere) {
  EXPECT_EQ(hash_of_decisions(), "154eb5d5488d1fa9");
}

}  // namespace
}  // namespace nexa::validator
