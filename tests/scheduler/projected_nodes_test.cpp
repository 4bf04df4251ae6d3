// What nodes will have free once jobs are over, against a plain list of nodes.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "scheduler/projected_nodes.hpp"
#include "tests/scheduler/random_case.hpp"
#include "tests/scheduler/test_size.hpp"

namespace nexa::scheduler {
namespace {

using core::Interval;
using core::Resources;
using test::Draws;

constexpr Resources capacity{8, 2, 64};

Interval random_interval(Draws& draws, std::uint32_t size) {
  const std::uint32_t first = draws.number(0, size - 1);
  const std::uint32_t longest = draws.one_in(4) ? size : 8;
  return {first, draws.number(first, std::min(first + longest, size) - 1)};
}

/// A class whose nodes have different amounts free, some of them offline.
NodeClass busy_class(Draws& draws) {
  core::NodeSpec spec;
  spec.capacity = capacity;
  NodeClass node_class(spec);
  const std::uint32_t size = draws.number(1, 120);
  for (std::uint32_t node = 0; node < size; ++node) node_class.add_node(core::NodeId{node});
  const std::uint32_t jobs = draws.number(0, 12);
  for (std::uint32_t job = 0; job < jobs; ++job) {
    const Interval interval = random_interval(draws, size);
    const Resources amount{draws.number(1, 3), draws.number(0, 1), draws.number(0, 20)};
    bool has_room = true;
    for (std::uint32_t node = interval.first; node <= interval.last; ++node) {
      has_room = has_room && node_class.level_of(node).free.contains(amount);
    }
    if (has_room) node_class.allocate(interval, amount);
  }
  if (draws.one_in(2)) node_class.set_offline(draws.number(0, size - 1), true);
  return node_class;
}

/// Tries one pass; what changed in an earlier pass must be forgotten.
void try_pass(Draws& draws, const NodeClass& node_class, std::uint32_t number,
              ProjectedNodes& projected) {
  projected.begin_pass();
  std::vector<Resources> expected;
  for (std::uint32_t node = 0; node < node_class.size(); ++node) {
    expected.push_back(node_class.level_of(node).free);
  }
  const auto is_offline = [&](std::uint32_t node) { return node_class.level_of(node).offline; };
  const std::uint32_t changes = draws.one_in(3) ? 60 : draws.number(0, 6);
  for (std::uint32_t i = 0; i < changes; ++i) {
    const Interval nodes = random_interval(draws, node_class.size());
    const Resources amount{draws.number(0, 3), draws.number(0, 1), draws.number(0, 9)};
    std::uint32_t changed = 0;
    projected.change(number, nodes, node_class, [&](std::uint32_t count, const Resources& free) {
      changed += count;
      return free + amount;
    });
    std::uint32_t online = 0;
    for (std::uint32_t node = nodes.first; node <= nodes.last; ++node) {
      if (is_offline(node)) continue;
      ++online;
      expected[node] += amount;
    }
    ASSERT_EQ(changed, online);

    const Interval asked = random_interval(draws, node_class.size());
    std::vector<Resources> found;
    projected.for_each_run(number, asked, node_class,
                           [&](std::uint32_t count, const Resources& free) {
                             found.insert(found.end(), count, free);
                           });
    const std::vector<Resources> wanted(expected.begin() + asked.first,
                                        expected.begin() + asked.last + 1);
    ASSERT_TRUE(found == wanted) << "nodes " << asked.first << " to " << asked.last;
  }
}

TEST(ProjectedNodes, agree_with_a_list_of_nodes) {
  for (std::uint64_t seed = 0; seed < test::fewer_if_slow(200); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Draws draws(seed);
    const NodeClass first = busy_class(draws);
    const NodeClass second = busy_class(draws);
    ProjectedNodes projected;
    for (int pass = 0; pass < 4; ++pass) {
      try_pass(draws, first, 3, projected);
      try_pass(draws, second, 0, projected);
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace nexa::scheduler
