// The sections of a scenario that describe a simulated world: a drawn workload, users, providers,
// failures, defences and the coordinator.

#include <gtest/gtest.h>

#include <string>

#include "io/scenario_file.hpp"
#include "tests/io/yaml_helpers.hpp"

namespace nexa::io {
namespace {

using testing::expect_one_error;
using testing::source_of;
using testing::three_tiers;

/// A scenario with more text from line 4 on.
core::Result<ScenarioSpec> decode(const std::string& more, Diagnostics& diagnostics) {
  return decode_scenario(source_of("name: x\nplatform: cores:4\nworkload: {file: w.swf}\n" + more),
                         three_tiers(), diagnostics);
}

ScenarioSpec spec_of(const std::string& more) {
  Diagnostics diagnostics;
  auto spec = decode(more, diagnostics);
  EXPECT_TRUE(spec) << diagnostics.to_text();
  return spec ? std::move(*spec) : ScenarioSpec{};
}

Diagnostics errors_of(const std::string& more) {
  Diagnostics diagnostics;
  EXPECT_FALSE(decode(more, diagnostics)) << more;
  return diagnostics;
}

core::Result<ScenarioSpec> decode_workload(const std::string& workload, Diagnostics& diagnostics) {
  return decode_scenario(source_of("name: x\nplatform: cores:4\nworkload: " + workload + "\n"),
                         three_tiers(), diagnostics);
}

TEST(SyntheticWorkloadFields, are_decoded) {
  Diagnostics diagnostics;
  const auto spec = decode_workload(
      "{synthetic: {jobs: 500, min_run_time: 30s, max_run_time: 2m, limit: 1.5, load: 0.75, "
      "cores: 2, users: 3, tier: consumer_gpu}}",
      diagnostics);
  ASSERT_TRUE(spec) << diagnostics.to_text();
  core::WorkloadModel model;
  model.jobs = 500;
  model.min_run_time = core::seconds(30);
  model.max_run_time = core::seconds(120);
  model.limit_permille = 1500;
  model.load_permille = 750;
  model.cores = 2;
  model.users = 3;
  model.tiers = 2;
  ASSERT_TRUE(spec->workload.synthetic);
  EXPECT_EQ(spec->workload.synthetic->model, model);
  EXPECT_TRUE(spec->workload.file.value.empty());
}

TEST(SyntheticWorkloadFields, have_defaults) {
  Diagnostics diagnostics;
  const auto spec = decode_workload("{synthetic: {}}", diagnostics);
  ASSERT_TRUE(spec) << diagnostics.to_text();
  EXPECT_EQ(spec->workload.synthetic->model, core::WorkloadModel{});
  EXPECT_EQ(spec->workload.synthetic->model.jobs, 200'000U);
}

TEST(SyntheticWorkloadFields, stand_in_place_of_a_file) {
  const auto one_error = [](const std::string& workload, std::string_view part) {
    Diagnostics diagnostics;
    EXPECT_FALSE(decode_workload(workload, diagnostics));
    EXPECT_EQ(diagnostics.count(), 1U) << diagnostics.to_text();
    EXPECT_NE(diagnostics.to_text().find(part), std::string::npos) << diagnostics.to_text();
  };
  one_error("{}", "'workload' needs either 'file' or 'synthetic'");
  one_error("{file: w.swf, synthetic: {jobs: 5}}", "needs either");
  one_error("{synthetic: {min_run_time: 2h, max_run_time: 1h}}", "min_run_time is longer");
  one_error("{synthetic: {tier: cpus}}", "unknown tier 'cpus'");
  one_error("{synthetic: {load: 0}}", "load");
}

TEST(RequesterFields, are_decoded) {
  const ScenarioSpec spec = spec_of(
      "requesters:\n"
      "  - {name: griefers, share: 0.1, budget: 20, bounty: 0.5, poison: 0.01, cancels: 0.2,\n"
      "     cancels_at: 0.5, withholds: true, disputes: 1, notices: 0.3, slanders: 0.4, burst: "
      "1000}\n"
      "  - {name: others}\n");
  core::RequesterGroup griefers{.name = "griefers"};
  griefers.share_ppm = 100'000;
  griefers.budget = core::Credits::whole(20);
  griefers.bounty = core::Credits::from_micro(500'000);
  griefers.poison_ppm = 10'000;
  griefers.cancel_ppm = 200'000;
  griefers.cancel_at_permille = 500;
  griefers.withholds = true;
  griefers.dispute_ppm = 1'000'000;
  griefers.notice_ppm = 300'000;
  griefers.slander_ppm = 400'000;
  griefers.burst = 1000;
  ASSERT_EQ(spec.requesters.size(), 2U);
  EXPECT_EQ(spec.requesters[0], griefers);
  EXPECT_EQ(spec.requesters[1], core::RequesterGroup{.name = "others"});
}

TEST(RequesterFields, refuse_what_cannot_be) {
  expect_one_error(errors_of("requesters: [{name: a}, {name: a}]\n"), 4, 25, "is used twice");
  expect_one_error(errors_of("requesters: [{name: a, budget: -1}]\n"), 4, 32, "budget");
  expect_one_error(errors_of("requesters: [{name: a, budget: 3, bounty: 5}]\n"), 4, 43,
                   "a bounty of 5.000000 from users with a budget of 3.000000", "offer less");
  expect_one_error(errors_of("requesters: [{name: a, buget: 1}]\n"), 4, 24, "unknown key",
                   "did you mean 'budget'?");
}

TEST(EconomyFields, are_decoded) {
  EXPECT_FALSE(spec_of("").economy);
  const ScenarioSpec spec = spec_of(
      "economy: {review_every: 12h, cost: 0.01, idle_cost: 0.001, stake: 5,\n"
      "          registration_fee: 2, patience: 4, horizon: 7, probation_jobs: 8, present: 0.5}\n");
  core::Economy economy;
  economy.review_every = core::seconds(43'200);
  economy.cost_per_core_hour = core::Credits::from_micro(10'000);
  economy.idle_cost_per_core_hour = core::Credits::from_micro(1000);
  economy.stake = core::Credits::whole(5);
  economy.registration_fee = core::Credits::whole(2);
  economy.patience = 4;
  economy.horizon = 7;
  economy.probation_jobs = 8;
  economy.present_ppm = 500'000;
  EXPECT_EQ(spec.economy, economy);
}

TEST(AvailabilityFields, are_decoded) {
  const ScenarioSpec spec = spec_of(
      "availability:\n"
      "  - {group: a, mean_up: 10h, mean_down: 30m, up_shape: 0.7, down_shape: 2}\n"
      "  - {trace: failures.csv, system: 20}\n");
  ASSERT_EQ(spec.availability.size(), 2U);
  core::NodeAvailabilityModel model;
  model.group = "a";
  model.mean_up = core::seconds(36'000);
  model.mean_down = core::seconds(1800);
  model.up_shape_permille = 700;
  model.down_shape_permille = 2000;
  EXPECT_EQ(spec.availability[0].model, model);
  EXPECT_EQ(spec.availability[1].trace.value, "failures.csv");
  EXPECT_EQ(spec.availability[1].system, 20U);
}

TEST(AvailabilityFields, want_a_model_or_a_trace) {
  expect_one_error(errors_of("availability: [{group: a}]\n"), 4, 16,
                   "needs either 'mean_up' or 'trace'");
  expect_one_error(errors_of("availability: [{mean_up: 1h, trace: f.csv}]\n"), 4, 16,
                   "needs either");
  expect_one_error(errors_of("availability: [{mean_up: 1h, system: 2}]\n"), 4, 16,
                   "'system' needs 'trace'");
}

TEST(DefenceFields, are_on_by_default_and_each_can_be_switched_off) {
  EXPECT_EQ(spec_of("").defences, core::Defences{});
  const ScenarioSpec spec = spec_of(
      "defences: {commit_reveal: none, output_header: false, domain_placement: false,\n"
      "  identity_cost: false, audit_floor: false, vesting: false, backtracking: false,\n"
      "  value_weighting: false, cross_class: false, in_flight_cap: false,\n"
      "  poison_stop: false, ledger_time: false, signature_checks: false,\n"
      "  usage_by_peers: false, dispute_bond: false, witness: false, strict_structure: false,\n"
      "  sandbox: false}\n");
  const core::Defences none{core::CommitReveal::none,
                            false,
                            false,
                            false,
                            false,
                            false,
                            false,
                            false,
                            false,
                            false,
                            false,
                            false,
                            false,
                            false,
                            false,
                            false,
                            false,
                            false};
  EXPECT_EQ(spec.defences, none);
  expect_one_error(errors_of("defences: {commit_reveal: salty}\n"), 4, 27, "commit_reveal",
                   "did you mean 'salted'?");
}

TEST(DefenceFields, that_would_do_nothing_are_refused) {
  for (const char* value : {"true", "false"}) {
    expect_one_error(errors_of(std::string("defences: {dedupe: ") + value + "}\n"), 4, 20,
                     "'defences.dedupe' cannot be set", "leave it out: a result is known by");
    expect_one_error(errors_of(std::string("defences: {drift_test: ") + value + "}\n"), 4, 24,
                     "'defences.drift_test' names no defence", "within the comparator's tolerance");
  }
}

TEST(CoordinatorFields, are_decoded) {
  const ScenarioSpec spec = spec_of(
      "coordinator: {skip_audits: 0.5, favoured_group: friends, fork_at: 100, backdate: 5m,\n"
      "  bank_down: [{from: 1h, for: 10m}, {from: 2h, for: 1s}]}\n");
  core::CoordinatorFaults faults;
  faults.skip_audit_ppm = 500'000;
  faults.favoured_group = "friends";
  faults.fork_at = 100;
  faults.backdate_by = core::seconds(300);
  faults.bank_down = {{core::at_seconds(3600), core::seconds(600)},
                      {core::at_seconds(7200), core::seconds(1)}};
  EXPECT_EQ(spec.coordinator.faults, faults);
  EXPECT_EQ(spec.coordinator.favoured_group.value, "friends");
  expect_one_error(errors_of("coordinator: {bank_down: [{from: 1h, for: 2h}, {from: 3h, for: "
                             "1s}]}\n"),
                   4, 14, "bank_down: 3h does not come after the end of the span before it, 3h");
}

TEST(Names, of_groups_and_tiers_must_be_those_of_the_platform) {
  core::Platform platform;
  platform.name = "p";
  platform.tiers = three_tiers();
  platform.groups.push_back({"volunteer", 3, core::NodeSpec{}});
  const auto errors = [&](const std::string& more) {
    Diagnostics diagnostics;
    check_names(spec_of(more), platform, diagnostics);
    return diagnostics;
  };
  EXPECT_TRUE(errors("availability: [{group: volunteer, mean_up: 1h}]\n").ok());
  EXPECT_TRUE(errors("coordinator: {favoured_group: volunteer}\n").ok());
  expect_one_error(errors("availability: [{group: volunter, mean_up: 1h}]\n"), 4, 24,
                   "platform 'p' has no node group 'volunter'", "did you mean 'volunteer'?");
  expect_one_error(errors("coordinator: {favoured_group: x}\n"), 4, 31, "no node group 'x'");
  Diagnostics diagnostics;
  const auto spec = decode_workload("{synthetic: {tier: hpc}}", diagnostics);
  ASSERT_TRUE(spec);
  check_names(*spec, platform, diagnostics);
  expect_one_error(diagnostics, 3, 30, "no node of platform 'p' has tier 'hpc'", "its tiers: cpu");
}

}  // namespace
}  // namespace nexa::io
