// Everything at once: drawn policies, parameters, behaviours, money, failures of nodes and of the
// bank, users who object. No step breaks an invariant, and once the faults are over every job has
// ended and every escrow is resolved.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>

#include "core/rng.hpp"
#include "tests/simulator/validated_runs.hpp"

namespace nexa::simulator {
namespace {

using validator::RedundancyPolicy;

constexpr std::uint64_t behaviour_kinds = std::variant_size_v<core::Behaviour>;

/// A behaviour with the knobs that it has by default.
template <std::size_t kind = 0>
core::Behaviour behaviour_of_kind(std::uint64_t wanted) {
  if constexpr (kind + 1 < behaviour_kinds) {
    if (wanted != kind) return behaviour_of_kind<kind + 1>(wanted);
  }
  return std::variant_alternative_t<kind, core::Behaviour>{};
}

/// A scenario of one seed, and what was drawn for it.
class ChaoticScenario {
 public:
  explicit ChaoticScenario(std::uint64_t seed) : seed_(seed) {
    draw_rules();
    draw_config();
    draw_money();
    draw_requesters();
    draw_faults();
    platform_ = testing::platform_of(behaviours());
    core::WorkloadModel model;
    model.jobs = jobs;
    model.load_permille = static_cast<std::uint32_t>(20 + draw("load", 60));
    model.tiers = 1;
    model.users = 5;
    workload_ = draw_workload(model, platform_, seed_);
  }

  static constexpr std::uint32_t jobs = 150;

  [[nodiscard]] const std::string& knobs() const { return knobs_; }
  [[nodiscard]] const core::Platform& platform() const { return platform_; }
  [[nodiscard]] const core::Workload& workload() const { return workload_; }
  [[nodiscard]] const ValidationSetup& setup() const { return setup_; }
  /// When the bank is back for good.
  [[nodiscard]] core::Time faults_end() const {
    const core::TimeSpan& last = setup_.faults.bank_down.back();
    return last.from + last.length;
  }

 private:
  std::uint64_t draw(const char* what, std::uint64_t bound) {
    const std::uint64_t value = core::random_below({.seed = seed_, .entity = draws_++}, bound);
    knobs_ += std::string(" ") + what + '=' + std::to_string(value);
    return value;
  }
  std::uint32_t ppm(const char* what, std::uint64_t most) {
    return static_cast<std::uint32_t>(draw(what, 3) * (most / 2));
  }

  void draw_rules() {
    validator::Redundancy& rules = setup_.rules;
    rules.policy = static_cast<RedundancyPolicy>(draw("policy", 6));
    rules.min_quorum = static_cast<std::uint32_t>(2 + draw("quorum", 2));
    const bool one_at_first = rules.policy != RedundancyPolicy::fixed;
    rules.target_nresults = one_at_first ? 1 : rules.min_quorum;
    rules.max_success_results = static_cast<std::uint32_t>(6 + draw("success", 4));
    rules.max_total_results = static_cast<std::uint32_t>(10 + draw("total", 8));
    rules.delay_bound = core::seconds(static_cast<std::int64_t>(draw("delay", 3)) * 2000);
    ASSERT_TRUE(validator::check(rules));
    setup_.trusted_tiers = 2;
    setup_.sha256 = io::sha256_of_parts;
    setup_.comparator = draw("tolerance", 2) == 0 ? validator::ComparatorKind::exact
                                                  : validator::ComparatorKind::tolerance;
    setup_.recognises_machines = draw("recognises", 2) == 0;
    setup_.epoch = core::seconds(static_cast<std::int64_t>(600 + draw("epoch", 9000)));
  }

  void draw_config() {
    validator::ValidatorConfig& config = setup_.config;
    config.newcomer_results = static_cast<std::uint32_t>(1 + draw("newcomer", 4));
    config.spot_check_ppm = ppm("spot_check", 600'000);
    config.arbiter_check_ppm = ppm("arbiter_check", 800'000);
    config.vest_results = static_cast<std::uint32_t>(draw("vest", 3) * 10);
    config.strikes_to_expel = static_cast<std::uint32_t>(1 + draw("expel", 4));
    config.backtrack = draw("backtrack", 4) > 0;
    config.rerun_after_strike = draw("rerun", 2) == 0;
    config.wrong.first = core::seconds(static_cast<std::int64_t>(draw("wrong_off", 600)));
    ASSERT_TRUE(validator::check(config));
  }

  void draw_money() {
    CreditSetup credits;
    const bool streams = draw("streams", 4) == 0;
    credits.price =
        ledger::make_price_policy(streams ? "posted_stream:rate=100" : "flat_per_tier").value();
    credits.reward = ledger::make_reward_policy("as_priced").value();
    if (streams) credits.stream = ledger::StreamMode::vested;
    credits.bond = core::Credits::from_micro(static_cast<std::int64_t>(draw("bond", 3)) * 500'000);
    credits.dispute_window = core::seconds(static_cast<std::int64_t>(draw("window", 4)) * 3000);
    credits.dispute_timeout =
        core::seconds(static_cast<std::int64_t>(600 + draw("timeout", 20'000)));
    if (draw("economy", 2) == 0) {
      core::Economy economy;
      economy.review_every = core::seconds(3600);
      economy.cost_per_core_hour =
          core::Credits::from_micro(static_cast<std::int64_t>(draw("cost", 4)) * 300'000);
      economy.stake = core::Credits::whole(5);
      economy.registration_fee = core::Credits::from_micro(500'000);
      credits.economy = economy;
      if (draw("locks", 2) == 0) credits.stake_per_replica = core::Credits::whole(2);
    }
    setup_.credits = credits;
  }

  void draw_requesters() {
    core::RequesterGroup group{.name = "drawn", .share_ppm = 800'000};
    if (draw("poor", 3) == 0) group.budget = core::Credits::whole(20);
    group.poison_ppm = ppm("poison", 60'000);
    group.cancel_ppm = ppm("cancel", 200'000);
    group.dispute_ppm = ppm("dispute", 400'000);
    group.notice_ppm = ppm("notice", 1'000'000);
    group.slander_ppm = ppm("slander", 100'000);
    if (draw("bounty", 2) == 0) group.bounty = core::Credits::from_micro(100'000);
    setup_.requesters = {group};
  }

  void draw_faults() {
    setup_.faults.skip_audit_ppm = ppm("skip_audit", 400'000);
    for (std::int64_t span = 0; span < 3; ++span) {
      const auto from = static_cast<std::int64_t>(draw("bank_from", 5000));
      const auto length = static_cast<std::int64_t>(1 + draw("bank_for", 1500));
      setup_.faults.bank_down.push_back(
          {core::at_seconds(span * 8000 + from), core::seconds(length)});
    }
    core::NodeAvailabilityModel model;
    model.mean_up = core::seconds(static_cast<std::int64_t>(draw("mean_up", 3)) * 20'000);
    model.mean_down = core::seconds(static_cast<std::int64_t>(60 + draw("mean_down", 3000)));
    setup_.availability = {{model, nullptr}};
  }

  std::vector<core::BehaviourShare> behaviours() {
    // Enough of them that now and then a wrong result is believed, for users to notice.
    std::vector<core::BehaviourShare> shares{
        {.behaviour = core::Colluder{.jobs_ppm = 400'000},
         .nodes = static_cast<std::uint32_t>(8 + draw("colluders", 20))}};
    for (int i = 0; i < 3; ++i) {
      shares.push_back(
          {.behaviour = behaviour_of_kind(draw("behaviour", behaviour_kinds)),
           .nodes = static_cast<std::uint32_t>(1 + draw("nodes", 6)),
           .whitewash_after = static_cast<std::uint32_t>(draw("whitewash", 3)),
           .whitewash_rest = core::seconds(static_cast<std::int64_t>(draw("rest", 2000)))});
    }
    return shares;
  }

  std::uint64_t seed_;
  std::uint64_t draws_ = 0;
  std::string knobs_;
  ValidationSetup setup_;
  core::Platform platform_;
  core::Workload workload_;
};

/// Lets time pass until nothing is due any more.
void let_all_become_due(Books& books, core::Time faults_end) {
  constexpr int most_steps = 10'000;
  core::Time now = std::max(books.ledger().time(), faults_end);
  books.advance(now);
  for (int step = 0; books.paymaster().next_event() != core::never; ++step) {
    ASSERT_LT(step, most_steps) << "something is due again and again";
    now = std::max(now, books.paymaster().next_event());
    books.advance(now);
  }
  EXPECT_EQ(books.paymaster().waiting(), 0U);
  books.check();
}

void expect_all_resolved(const ledger::Ledger& ledger) {
  for (std::uint32_t number = 1; number <= ledger.names().size(); ++number) {
    const ledger::AccountId account{number};
    const std::string_view name = ledger.names()[account];
    const bool is_escrow = name.starts_with("escrow:");
    const ledger::Account& sums = ledger.account(account);
    if (is_escrow) {
      EXPECT_EQ(sums.balance(), ledger::Balance{}) << name;
    }
    if (is_escrow || name.starts_with("arb:") || name.starts_with("node:")) {
      EXPECT_EQ(sums.debits_pending, 0U) << name;
      EXPECT_EQ(sums.credits_pending, 0U) << name;
    }
  }
}

/// What has happened in some scenario or other.
struct Seen {
  std::uint64_t disputes = 0;
  std::uint64_t upheld = 0;
  std::uint64_t refused = 0;
  std::uint64_t cancelled = 0;
  std::uint64_t failed = 0;
  std::uint64_t convicted = 0;
  std::uint64_t came_back = 0;
  core::Credits slashed;

  void add(const SimulationResult& result) {
    disputes += result.credits->disputes;
    upheld += result.credits->disputes_upheld;
    refused += result.credits->jobs_refused;
    cancelled += result.jobs.cancelled;
    failed += result.jobs.failed;
    slashed += result.credits->slashed;
    for (const BehaviourFigures& one : result.validation->behaviours) {
      convicted += one.convicted;
      came_back += one.identities - one.nodes;
    }
  }
};

void run_chaos(std::uint64_t seed, Seen& seen) {
  const ChaoticScenario scenario(seed);
  std::cout << "seed " << seed << ':' << scenario.knobs() << '\n';
  SCOPED_TRACE("seed " + std::to_string(seed) + ':' + scenario.knobs());
  auto policies = scheduler::parse_policy_set("fcfs+easy");
  SimulationOptions options;
  options.check_invariants = true;
  ValidatedSimulation simulation(scenario.platform(), scenario.workload(), std::move(*policies),
                                 scenario.setup(), seed, std::move(options));
  const SimulationResult result = simulation.run();
  seen.add(result);
  EXPECT_EQ(result.jobs_submitted, ChaoticScenario::jobs);
  EXPECT_EQ(result.jobs.unfinished, 0U);
  EXPECT_EQ(result.jobs.finished + result.jobs.rejected + result.jobs.cancelled,
            ChaoticScenario::jobs);
  ASSERT_NE(simulation.books(), nullptr);
  let_all_become_due(*simulation.books(), scenario.faults_end());
  expect_all_resolved(simulation.books()->ledger());
}

TEST(ChaosInTheSimulator, BreaksNoInvariantAndLeavesNothingOpen) {
  const std::uint64_t cases = nexa::test::sanitized ? 4 : 20;
  Seen seen;
  for (std::uint64_t seed = 1; seed <= cases; ++seed) run_chaos(seed, seen);
  if (nexa::test::sanitized) return;
  EXPECT_GT(seen.disputes, seen.upheld);
  EXPECT_GT(seen.upheld, 0U);
  EXPECT_GT(seen.refused, 0U);
  EXPECT_GT(seen.cancelled, 0U);
  EXPECT_GT(seen.failed, 0U);
  EXPECT_GT(seen.convicted, 0U);
  EXPECT_GT(seen.came_back, 0U);
  EXPECT_GT(seen.slashed, core::Credits{});
}

}  // namespace
}  // namespace nexa::simulator
