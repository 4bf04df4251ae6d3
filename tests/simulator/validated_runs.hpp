#pragma once

#include <string>
#include <utility>
#include <vector>

#include "io/sha256.hpp"
#include "simulator/synthetic_workload.hpp"
#include "simulator/validated_simulation.hpp"
#include "tests/scheduler/test_size.hpp"

/// Whole runs of a small cluster: volunteers of one core each, and a few arbiters.
namespace nexa::simulator::testing {

inline constexpr std::uint32_t volunteers = 60;

inline core::Platform platform_of(std::vector<core::BehaviourShare> behaviours) {
  core::Platform platform;
  platform.tiers = {"cpu", "hpc"};
  platform.sites = {"here"};
  for (std::uint32_t owner = 0; owner <= volunteers; ++owner) {
    platform.owners.push_back("owner-" + std::to_string(owner));
  }
  platform.groups.push_back({.name = "volunteer",
                             .count = volunteers,
                             .spec = {},
                             .owners = volunteers,
                             .behaviours = std::move(behaviours)});
  core::NodeSpec arbiter;
  arbiter.tier = core::TierId{1};
  arbiter.capacity.cores = 8;
  arbiter.owner = core::OwnerId{volunteers};
  platform.groups.push_back(
      {.name = "arbiter", .count = 4, .spec = arbiter, .owners = 1, .behaviours = {}});
  return platform;
}

enum class Size : std::uint8_t {
  /// Shorter in builds that are many times slower, which check every invariant at each step.
  usual,
  /// As long everywhere, and without those checks: for what needs nodes that have earned trust.
  full,
};

inline core::Workload workload_for(const core::Platform& platform, Size size = Size::usual) {
  constexpr std::uint32_t jobs = 4000;
  core::WorkloadModel model;
  model.jobs =
      size == Size::full ? jobs : static_cast<std::uint32_t>(nexa::test::fewer_if_slow(jobs));
  model.load_permille = 400;
  model.tiers = 1;
  return draw_workload(model, platform, 5);
}

inline ValidationSetup setup_of(validator::RedundancyPolicy policy) {
  ValidationSetup setup;
  setup.rules.policy = policy;
  if (policy != validator::RedundancyPolicy::fixed) setup.rules.target_nresults = 1;
  setup.trusted_tiers = 2;
  setup.sha256 = io::sha256_of_parts;
  return setup;
}

inline SimulationResult run(const core::Platform& platform, ValidationSetup setup,
                            Size size = Size::usual, ledger::Journal* journal = nullptr) {
  auto policies = scheduler::parse_policy_set("fcfs+easy");
  SimulationOptions options;
  options.journal = journal;
  options.check_invariants = nexa::test::sanitized && size == Size::usual;
  const core::Workload workload = workload_for(platform, size);
  return ValidatedSimulation(platform, workload, std::move(*policies), std::move(setup), 5,
                             std::move(options))
      .run();
}

}  // namespace nexa::simulator::testing
