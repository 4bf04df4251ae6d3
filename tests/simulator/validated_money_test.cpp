// Runs of whole scenarios in which somebody pays: what honest and other nodes earn, what users and
// providers do about it, and that the books add up whatever happens.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <variant>

#include "tests/simulator/validated_runs.hpp"

namespace nexa::simulator {
namespace {

using testing::platform_of;
using testing::run;
using testing::setup_of;
using testing::volunteers;

constexpr auto arbitrated = validator::RedundancyPolicy::arbitrated;

/// Rewards vest at the validator's word, and a core hour is sold for a credit.
ValidationSetup paid_setup(validator::RedundancyPolicy policy = arbitrated) {
  ValidationSetup setup = setup_of(policy);
  setup.config.vest_results = 50;
  CreditSetup credits;
  credits.price = ledger::make_price_policy("flat_per_tier").value();
  credits.reward = ledger::make_reward_policy("as_priced").value();
  setup.credits = credits;
  return setup;
}

core::Economy economy_of(core::Credits cost) {
  core::Economy economy;
  economy.review_every = core::seconds(3600);
  economy.cost_per_core_hour = cost;
  economy.stake = core::Credits::whole(5);
  economy.registration_fee = core::Credits::from_micro(500'000);
  economy.probation_jobs = 5;
  return economy;
}

const BehaviourMoney& of(const CreditFigures& figures, std::string_view name) {
  const auto found = std::find_if(figures.behaviours.begin(), figures.behaviours.end(),
                                  [&](const auto& one) { return one.name == name; });
  EXPECT_NE(found, figures.behaviours.end()) << name;
  return *found;
}

core::Credits sum_from(std::string_view payer, const std::vector<MoneyFlow>& flows) {
  core::Credits sum;
  for (const MoneyFlow& flow : flows) sum += flow.from == payer ? flow.amount : core::Credits{};
  return sum;
}

core::Credits sum_to(std::string_view paid, const std::vector<MoneyFlow>& flows) {
  core::Credits sum;
  for (const MoneyFlow& flow : flows) sum += flow.to == paid ? flow.amount : core::Credits{};
  return sum;
}

/// Adds up what a journal says of arbitrations: what the trusted tier was paid for its copies, from
/// whatever account, and what requesters have paid for them.
class ArbitrationAudit final : public ledger::Journal {
 public:
  void append(const ledger::Entry& entry) override {
    ASSERT_TRUE(books_.replay(entry));
    const auto* transfer = std::get_if<ledger::Transfer>(&entry.body);
    if (transfer == nullptr || (transfer->kind != ledger::TransferKind::transfer &&
                                transfer->kind != ledger::TransferKind::post)) {
      return;
    }
    const auto amount = core::Credits::from_micro(static_cast<std::int64_t>(transfer->amount));
    if (transfer->reason == ledger::Reason::dispute) bonds += amount;
    if (transfer->reason != ledger::Reason::arbitration) return;
    const std::string_view from = books_.names()[transfer->debit];
    const std::string_view to = books_.names()[transfer->credit];
    const bool is_arbiter =
        to.starts_with("node:") && std::stoul(std::string(to.substr(5))) >= volunteers;
    if (is_arbiter) to_arbiters += amount;
    if (from.starts_with("escrow:")) reserves += amount;
  }
  core::Result<void> commit() override { return {}; }

  [[nodiscard]] ledger::Amount bonds_open() const {
    return books_.account(*books_.names().find("arb:cost")).credits_pending;
  }

  core::Credits to_arbiters;
  core::Credits reserves;
  core::Credits bonds;

 private:
  ledger::Ledger books_;
};

core::Credits per_node(const BehaviourMoney& money) {
  return core::Credits::from_micro(money.profit().micro() / static_cast<std::int64_t>(money.nodes));
}

TEST(PaidSimulation, BooksAddUpAndDecideNothing) {
  const core::Platform platform = platform_of({});
  const SimulationResult paid = run(platform, paid_setup());
  const SimulationResult unpaid = run(platform, [] {
    ValidationSetup setup = paid_setup();
    setup.credits.reset();
    return setup;
  }());
  EXPECT_EQ(paid.command_hash, unpaid.command_hash) << "money does not change who runs what";
  EXPECT_FALSE(unpaid.credits);
  const CreditFigures& figures = *paid.credits;
  EXPECT_EQ(paid.validation->jobs_accepted, paid.jobs_submitted);
  EXPECT_EQ(figures.jobs_refused, 0U);
  EXPECT_GT(figures.paid, core::Credits{});
  EXPECT_GT(figures.fees, core::Credits{});
  EXPECT_GT(figures.arbitration, core::Credits{}) << "spot checks are paid for";
  EXPECT_EQ(figures.held, core::Credits{});
  EXPECT_EQ(figures.unpaid, core::Credits{});
  // Who paid whom is all that was paid, and what nodes earned is their part of it.
  EXPECT_EQ(sum_from("users", figures.flows), figures.paid + figures.fees + figures.arbitration);
  EXPECT_EQ(of(figures, "honest").earned, figures.paid);
  EXPECT_GE(figures.minted, figures.paid + figures.fees + figures.arbitration);
  EXPECT_GT(figures.gini, 0);
  EXPECT_LT(figures.gini, 1);
  EXPECT_EQ(run(platform, paid_setup()).credits->transfers, figures.transfers);
}

TEST(PaidSimulation, CheatingCostsMoreThanItEarns) {
  const core::Platform platform =
      platform_of({{.behaviour = core::Saboteur{.rate_ppm = 300'000}, .nodes = 12}});
  ValidationSetup setup = paid_setup();
  setup.credits->economy = economy_of(core::Credits::from_micro(500'000));
  const SimulationResult result = run(platform, setup);
  const CreditFigures& figures = *result.credits;
  EXPECT_GT(per_node(of(figures, "honest")), core::Credits{});
  EXPECT_LT(per_node(of(figures, "saboteur")), core::Credits{});
  EXPECT_GT(figures.slashed, core::Credits{});
  EXPECT_EQ(of(figures, "honest").slashed, core::Credits{});
}

TEST(PaidSimulation, PayThatIsWithheldIsLostByAConviction) {
  const core::Platform platform =
      platform_of({{.behaviour = core::Sleeper{.build = 3}, .nodes = 12}});
  ValidationSetup on = paid_setup();
  ValidationSetup off = paid_setup();
  off.defences.vesting = false;
  const CreditFigures withheld = *run(platform, on).credits;
  const CreditFigures at_once = *run(platform, off).credits;
  EXPECT_LT(of(withheld, "sleeper").earned, of(at_once, "sleeper").earned);
}

TEST(PaidSimulation, NobodySpendsMoreThanTheyHave) {
  const core::Platform platform = platform_of({});
  ValidationSetup setup = paid_setup();
  setup.requesters = {{.name = "poor", .budget = core::Credits::whole(2)}};
  const SimulationResult result = run(platform, setup);
  const CreditFigures& figures = *result.credits;
  EXPECT_GT(figures.jobs_refused, 0U);
  EXPECT_GT(result.validation->jobs_accepted, 0U);
  EXPECT_EQ(result.validation->jobs_accepted + figures.jobs_refused, result.jobs_submitted);
  EXPECT_EQ(result.jobs.rejected, figures.jobs_refused);
  EXPECT_LE(figures.paid + figures.fees + figures.arbitration, figures.minted);
  for (const MoneyFlow& flow : figures.flows) EXPECT_EQ(flow.from, "poor");
}

TEST(PaidSimulation, ABountyGoesToOneNodeOfEachJob) {
  const core::Platform platform = platform_of({});
  ValidationSetup setup = paid_setup();
  const SimulationResult plain = run(platform, setup);
  const core::Credits bounty = core::Credits::from_micro(250'000);
  setup.requesters = {{.name = "eager", .bounty = bounty}};
  const SimulationResult result = run(platform, setup);
  const CreditFigures& figures = *result.credits;
  const auto jobs = static_cast<std::int64_t>(result.validation->jobs_accepted);
  EXPECT_GT(jobs, 0);
  EXPECT_EQ(result.command_hash, plain.command_hash) << "money changes no decision here";
  EXPECT_EQ(figures.bounties, core::Credits::from_micro(bounty.micro() * jobs));
  EXPECT_EQ(figures.paid, plain.credits->paid + figures.bounties) << "free of the fee";
  EXPECT_EQ(figures.fees, plain.credits->fees);
  EXPECT_EQ(sum_from("eager", figures.flows), figures.paid + figures.fees + figures.arbitration);
  EXPECT_EQ(figures.held, core::Credits{});
}

TEST(PaidSimulation, ABountyThatNobodyCanPayIsNoJob) {
  const core::Platform platform = platform_of({});
  ValidationSetup setup = paid_setup();
  setup.requesters = {{.name = "poor",
                       .budget = core::Credits::whole(3),
                       .bounty = core::Credits::from_micro(250'000)}};
  const SimulationResult result = run(platform, setup);
  const CreditFigures& figures = *result.credits;
  EXPECT_GT(figures.jobs_refused, 0U);
  EXPECT_GT(figures.bounties, core::Credits{});
  EXPECT_EQ(result.validation->jobs_accepted + figures.jobs_refused, result.jobs_submitted);
  EXPECT_LE(figures.paid + figures.fees + figures.arbitration, figures.minted);
}

TEST(PaidSimulation, NothingIsLostWhileTheBankIsAway) {
  const core::Platform platform = platform_of({});
  ValidationSetup setup = paid_setup();
  const SimulationResult usual = run(platform, setup);
  setup.faults.bank_down = {{core::at_seconds(3600), core::seconds(7200)},
                            {core::at_seconds(20'000), core::seconds(600)}};
  const SimulationResult result = run(platform, setup);
  EXPECT_EQ(result.validation->jobs_accepted, result.jobs_submitted);
  EXPECT_EQ(result.credits->jobs_refused, 0U);
  EXPECT_NE(result.command_hash, usual.command_hash) << "no job starts that is not paid for";
  EXPECT_EQ(result.credits->held, core::Credits{});
  EXPECT_GT(result.credits->paid, core::Credits{});
}

TEST(PaidSimulation, WhoComesBackWaitsForTheBank) {
  const core::Platform platform = platform_of({{.behaviour = core::Saboteur{.rate_ppm = 500'000},
                                                .nodes = 20,
                                                .whitewash_after = 1,
                                                .whitewash_rest = core::seconds(10)}});
  ValidationSetup setup = paid_setup();
  setup.credits->economy = economy_of(core::Credits::from_micro(500'000));
  for (std::int64_t span = 0; span < 20; ++span) {
    setup.faults.bank_down.push_back({core::at_seconds(span * 600 + 300), core::seconds(200)});
  }
  const SimulationResult result = run(platform, setup);
  const auto& behaviours = result.validation->behaviours;
  const auto saboteur = std::find_if(behaviours.begin(), behaviours.end(),
                                     [](const auto& one) { return one.name == "saboteur"; });
  ASSERT_NE(saboteur, behaviours.end());
  EXPECT_GT(saboteur->identities, saboteur->nodes) << "some came back";
  EXPECT_EQ(result.validation->jobs_accepted, result.jobs_submitted);
  EXPECT_EQ(result.credits->held, core::Credits{});
}

TEST(PaidSimulation, DisputingRightResultsCostsTheBond) {
  const core::Platform platform = platform_of({});
  ValidationSetup setup = paid_setup();
  setup.requesters = {{.name = "griefers", .dispute_ppm = 200'000}};
  setup.credits->dispute_window = core::seconds(600);
  setup.credits->bond = core::Credits::whole(1);
  ArbitrationAudit journal;
  const CreditFigures griefed = *run(platform, setup, testing::Size::usual, &journal).credits;
  EXPECT_GT(griefed.disputes, 0U);
  EXPECT_EQ(griefed.disputes_upheld, 0U);
  EXPECT_GT(journal.bonds, core::Credits{});
  EXPECT_EQ(griefed.arbitration, journal.reserves + journal.bonds);
  EXPECT_EQ(sum_from("griefers", griefed.flows), griefed.paid + griefed.fees + griefed.arbitration);
  EXPECT_EQ(sum_to("arbitration", griefed.flows), journal.to_arbiters);
  EXPECT_EQ(griefed.unpaid, core::Credits{}) << "the loser pays, and not the platform";
  EXPECT_EQ(griefed.held, core::Credits{});
}

TEST(PaidSimulation, NoDisputeIsDroppedBecauseTheLastJobHasEnded) {
  const core::Platform platform = platform_of({});
  ValidationSetup setup = paid_setup();
  setup.requesters = {{.name = "griefers", .dispute_ppm = 1'000'000}};
  setup.credits->dispute_window = core::seconds(std::int64_t{1000} * 86'400);
  setup.credits->bond = core::Credits::whole(1);
  ArbitrationAudit journal;
  const SimulationResult result = run(platform, setup, testing::Size::usual, &journal);
  EXPECT_EQ(result.validation->jobs_accepted, result.jobs_submitted);
  EXPECT_EQ(result.credits->disputes, result.jobs_submitted);
  EXPECT_EQ(journal.bonds_open(), 0U) << "all of them were decided";
  EXPECT_GT(journal.bonds, core::Credits{});
}

TEST(PaidSimulation, WrongResultsThatAreNoticedAreRevised) {
  constexpr testing::Size size = testing::Size::full;  // liars want a long run to be relied on
  const core::Platform platform =
      platform_of({{.behaviour = core::Sleeper{.build = 20}, .nodes = 12}});
  ValidationSetup setup = paid_setup();
  setup.config.spot_check_ppm = 0;
  setup.config.newcomer_spot_check_ppm = 0;
  const SimulationResult silent = run(platform, setup, size);
  setup.requesters = {{.name = "watchful", .notice_ppm = 1'000'000}};
  setup.credits->dispute_window = core::seconds(600);
  const SimulationResult watched = run(platform, setup, size);
  ASSERT_GT(silent.validation->wrong_at_first, 0U);
  EXPECT_GT(watched.credits->disputes_upheld, 0U);
  EXPECT_LT(watched.validation->wrong_share(), silent.validation->wrong_share());
}

TEST(PaidSimulation, RatingsMoveNothing) {
  const core::Platform platform = platform_of({});
  ValidationSetup setup = paid_setup();
  const SimulationResult usual = run(platform, setup);
  setup.requesters = {{.name = "slanderers", .slander_ppm = 500'000}};
  const SimulationResult slandered = run(platform, setup);
  EXPECT_GT(slandered.credits->ratings_refused, 0U);
  EXPECT_EQ(slandered.command_hash, usual.command_hash);
  EXPECT_EQ(slandered.credits->paid, usual.credits->paid);
}

TEST(PaidSimulation, ProvidersComeWhenItPaysAndLeaveWhenItDoesNot) {
  const core::Platform platform = platform_of({});
  ValidationSetup setup = paid_setup();
  core::Economy economy = economy_of(core::Credits::from_micro(100'000));
  economy.present_ppm = 500'000;
  economy.review_every = core::seconds(600);
  setup.credits->economy = economy;
  const SimulationResult good = run(platform, setup);
  EXPECT_GT(good.credits->joined, 0U);
  EXPECT_EQ(good.credits->left, 0U);
  EXPECT_EQ(good.validation->jobs_accepted, good.jobs_submitted);

  setup.credits->economy->cost_per_core_hour = core::Credits::whole(3);
  const SimulationResult bad = run(platform, setup);
  EXPECT_GT(bad.credits->left, 0U);
}

TEST(PaidSimulation, AStreamPaysWhatWasDueWhenTheJobIsCancelled) {
  const core::Platform platform = platform_of({});
  ValidationSetup setup = paid_setup();
  setup.credits->price = ledger::make_price_policy("posted_stream:rate=100").value();
  setup.credits->stream = ledger::StreamMode::vested;
  setup.requesters = {{.name = "leavers", .cancel_ppm = 300'000}};
  const SimulationResult result = run(platform, setup);
  EXPECT_GT(result.jobs.cancelled, 0U);
  EXPECT_GT(result.credits->paid, core::Credits{});
  EXPECT_EQ(result.credits->held, core::Credits{});
}

// A18: the host takes what comes again for what it is, whatever the header says.
TEST(PaidSimulation, AnAttestationThatComesAgainCountsOnce) {
  const auto resent = [](std::uint32_t times) {
    ValidationSetup setup = paid_setup();
    setup.defences.output_header = false;
    const core::Replayer replayer{.rate_ppm = 100'000, .resends = times};
    return run(platform_of({{.behaviour = replayer, .nodes = 12}}), setup);
  };
  const SimulationResult once = resent(0);
  const SimulationResult again = resent(3);
  EXPECT_GT(of(*once.credits, "replayer").earned, core::Credits{});
  EXPECT_EQ(again.command_hash, once.command_hash);
  EXPECT_EQ(again.credits->transfers, once.credits->transfers);
  EXPECT_EQ(again.credits->paid, once.credits->paid);
}

TEST(PaidSimulation, StakesAreLockedFromStartToVerdict) {
  const core::Platform platform = platform_of({});
  ValidationSetup setup = paid_setup();
  core::Economy economy = economy_of(core::Credits::from_micro(100'000));
  setup.credits->economy = economy;
  setup.credits->stake_per_replica = core::Credits::whole(5);
  const SimulationResult one_at_a_time = run(platform, setup);
  EXPECT_EQ(one_at_a_time.validation->jobs_accepted, one_at_a_time.jobs_submitted);
  EXPECT_EQ(one_at_a_time.credits->slashed, core::Credits{});
}

}  // namespace
}  // namespace nexa::simulator
