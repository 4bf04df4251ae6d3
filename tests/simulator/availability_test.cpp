#include "simulator/availability.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "tests/simulator/rates.hpp"

namespace nexa::simulator {
namespace {

using core::at_seconds;
using testing::expect_mean;
using testing::seed;

constexpr core::NodeAvailability up = core::NodeAvailability::up;
constexpr core::NodeAvailability down = core::NodeAvailability::down;

core::Platform platform_of(std::uint32_t first, std::uint32_t second) {
  core::Platform platform;
  platform.groups.push_back({"a", first, core::NodeSpec{}});
  platform.groups.push_back({"b", second, core::NodeSpec{}});
  return platform;
}

GroupAvailability model_of(const std::string& group, std::int64_t up_s, std::int64_t down_s,
                           std::uint32_t shape = 1000) {
  core::NodeAvailabilityModel model;
  model.group = group;
  model.mean_up = core::seconds(up_s);
  model.mean_down = core::seconds(down_s);
  model.up_shape_permille = shape;
  model.down_shape_permille = shape;
  return {model, nullptr};
}

TEST(AvailabilityTimeline, is_ordered_and_alternates_for_each_node) {
  const auto platform = platform_of(20, 5);
  const std::vector<GroupAvailability> groups{model_of("a", 1000, 100)};
  const auto changes =
      changes_until(AvailabilityTimeline(platform, groups, seed), at_seconds(100'000));
  EXPECT_TRUE(std::is_sorted(changes.begin(), changes.end()));
  std::map<core::NodeId, core::NodeAvailability> state;
  for (const NodeChange& change : changes) {
    EXPECT_LT(change.node.value, 20U) << "group b never fails";
    const auto known = state.emplace(change.node, up).first;
    EXPECT_NE(known->second, change.availability);
    known->second = change.availability;
  }
  EXPECT_EQ(state.size(), 20U);
}

TEST(AvailabilityTimeline, has_the_means_of_its_model_at_every_shape) {
  for (const std::uint32_t shape : {700U, 1000U, 2000U}) {
    SCOPED_TRACE(shape);
    const auto platform = platform_of(100, 0);
    const std::vector<GroupAvailability> groups{model_of("", 5000, 500, shape)};
    AvailabilityTimeline timeline(platform, groups, seed);
    std::map<core::NodeId, core::Time> since;
    double up_s = 0;
    double down_s = 0;
    std::uint64_t ups = 0;
    std::uint64_t downs = 0;
    for (int i = 0; i < 20'000; ++i) {
      const NodeChange change = timeline.pop();
      const double lasted = core::to_seconds(change.time - since[change.node]);
      since[change.node] = change.time;
      (change.availability == down ? up_s : down_s) += lasted;
      ++(change.availability == down ? ups : downs);
    }
    const double k = shape / 1000.0;
    const double gamma = std::tgamma(1 + 1 / k);
    const double relative = std::sqrt(std::tgamma(1 + 2 / k) / (gamma * gamma) - 1);
    // The last time of each node is cut off, which biases means of long times by about n nodes in
    // N periods; one percent covers it besides the sampling error.
    EXPECT_NEAR(up_s / static_cast<double>(ups), 5000,
                50 + 4 * 5000 * relative / std::sqrt(static_cast<double>(ups)));
    expect_mean(down_s, downs, 500, 500 * relative);
  }
}

TEST(AvailabilityTimeline, of_a_node_does_not_depend_on_other_groups) {
  const auto platform = platform_of(3, 4);
  const std::vector<GroupAvailability> both{model_of("a", 1000, 100), model_of("b", 10, 1)};
  const std::vector<GroupAvailability> one{model_of("a", 1000, 100)};
  auto with = changes_until(AvailabilityTimeline(platform, both, seed), at_seconds(20'000));
  std::erase_if(with, [](const NodeChange& change) { return change.node.value >= 3; });
  EXPECT_EQ(with, changes_until(AvailabilityTimeline(platform, one, seed), at_seconds(20'000)));
}

TEST(AvailabilityTimeline, replays_a_trace) {
  core::FailureTrace trace;
  trace.nodes = 2;
  trace.length = core::seconds(100);
  trace.outages = {{0, at_seconds(0), at_seconds(5)},
                   {0, at_seconds(20), at_seconds(30)},
                   {1, at_seconds(20), at_seconds(100)}};
  const auto platform = platform_of(2, 1);
  GroupAvailability entry;
  entry.model.group = "a";
  entry.trace = &trace;
  const auto changes =
      changes_until(AvailabilityTimeline(platform, std::span(&entry, 1), seed), at_seconds(1000));
  const core::NodeId first{0};
  const core::NodeId second{1};
  const std::vector<NodeChange> expected{
      {at_seconds(0), first, down},   {at_seconds(5), first, up},  {at_seconds(20), first, down},
      {at_seconds(20), second, down}, {at_seconds(30), first, up}, {at_seconds(100), second, up}};
  EXPECT_EQ(changes, expected);
}

TEST(AvailabilityTimeline, rotates_a_trace_that_has_too_few_nodes) {
  core::FailureTrace trace;
  trace.nodes = 1;
  trace.length = core::seconds(1000);
  trace.outages = {{0, at_seconds(0), at_seconds(100)}, {0, at_seconds(500), at_seconds(700)}};
  const auto platform = platform_of(50, 0);
  GroupAvailability entry;
  entry.trace = &trace;
  const auto changes =
      changes_until(AvailabilityTimeline(platform, std::span(&entry, 1), seed), at_seconds(1000));
  std::map<core::NodeId, core::Duration> downtime;
  std::map<core::NodeId, core::Time> first_down;
  for (const NodeChange& change : changes) {
    const core::Duration at = change.time.time_since_epoch();
    downtime[change.node] += change.availability == down ? -at : at;
    first_down.emplace(change.node, change.time);
  }
  std::set<core::Time> starts;
  for (const auto& [node, start] : first_down) starts.insert(start);
  EXPECT_EQ(downtime.size(), 50U);
  for (const auto& [node, total] : downtime) EXPECT_EQ(total, core::seconds(300)) << node.value;
  EXPECT_GT(starts.size(), 25U);
}

TEST(AvailabilityTimeline, without_entries_is_empty) {
  const auto platform = platform_of(3, 3);
  EXPECT_EQ(AvailabilityTimeline(platform, {}, seed).next_time(), core::never);
}

}  // namespace
}  // namespace nexa::simulator
