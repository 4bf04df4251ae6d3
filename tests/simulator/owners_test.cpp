// Groups whose nodes belong to several owners, as the simulator announces them.
#include <gtest/gtest.h>

#include <map>
#include <variant>

#include "simulator/simulation.hpp"

namespace nexa::simulator {
namespace {

class Announced : public scheduler::Recorder {
 public:
  void on_event(const scheduler::Event& event) override {
    const auto* added = std::get_if<scheduler::NodeAdded>(&event.fact);
    if (added != nullptr) owner_of[added->node.value] = added->spec.owner.value;
  }
  void on_step(core::Time, std::span<const scheduler::Command>) override {}

  std::map<std::uint32_t, std::uint32_t> owner_of;
};

TEST(Owners, OfAGroupGetItsNodesInTurn) {
  core::Platform platform;
  platform.tiers = {"cpu"};
  platform.groups = {{.name = "a", .count = 2},
                     {.name = "b", .count = 5, .owners = 3},
                     {.name = "c", .count = 300, .owners = 300}};
  platform.groups[1].spec.owner = core::OwnerId{4};
  platform.groups[2].spec.owner = core::OwnerId{10};
  core::Workload workload;
  workload.request_classes = {core::Request{}};
  workload.jobs = {{.run_time = core::seconds(1), .time_limit = core::seconds(1), .slots = 307}};
  Announced announced;
  SimulationOptions options;
  options.recorder = &announced;
  options.check_invariants = true;
  Simulation simulation(platform, workload, scheduler::parse_policy_set("easy").value(), options);
  const SimulationResult result = simulation.run();
  EXPECT_EQ(result.replicas_started, 1U);
  ASSERT_EQ(announced.owner_of.size(), 307U);
  EXPECT_EQ(announced.owner_of[1], 0U);
  for (std::uint32_t i = 0; i < 5; ++i) EXPECT_EQ(announced.owner_of[2 + i], 4 + i % 3);
  for (std::uint32_t i = 0; i < 300; ++i) EXPECT_EQ(announced.owner_of[7 + i], 10 + i);
}

}  // namespace
}  // namespace nexa::simulator
