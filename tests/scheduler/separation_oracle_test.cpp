// Engine and oracle decide alike where jobs have to avoid fault domains and come with places.
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "tests/scheduler/host.hpp"
#include "tests/scheduler/test_size.hpp"

namespace nexa::scheduler {
namespace {

using oracle::Started;

constexpr std::array<const char*, 3> rules = {"fcfs", "easy", "conservative"};

bool equal(const Started& a, const Started& b) {
  return a.id == b.id && a.rejected == b.rejected && a.timed_out == b.timed_out &&
         a.start_us == b.start_us && a.end_us == b.end_us && a.slots_on_node == b.slots_on_node;
}

std::string to_text(const Started& result) {
  if (result.rejected) return "rejected";
  std::string text =
      "from " + std::to_string(result.start_us) + " to " + std::to_string(result.end_us) + " on";
  for (const auto& [node, slots] : result.slots_on_node) {
    text += " " + std::to_string(node) + "x" + std::to_string(slots);
  }
  return text;
}

/// What engine and oracle disagree on; empty if on nothing.
std::string disagreement(const test::Case& source, oracle::Rule rule) {
  const test::OracleInput input = test::oracle_input(source);
  const std::vector<Started> expected =
      oracle::simulate(input.nodes, input.classes, input.jobs, rule);
  test::Host host(source, rules[rule]);
  const std::vector<Started>& results = host.run();
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (equal(expected[i], results[i])) continue;
    return "job " + std::to_string(i) + "\n  oracle: " + to_text(expected[i]) +
           "\n  engine: " + to_text(results[i]);
  }
  return "";
}

/// Removes jobs, large parts first, as long as engine and oracle still disagree.
test::Case shrunk(test::Case failing, oracle::Rule rule) {
  for (std::size_t part = failing.jobs.size() / 2; part > 0; part /= 2) {
    for (std::size_t first = 0; first < failing.jobs.size();) {
      test::Case smaller = failing;
      const auto begin = smaller.jobs.begin() + static_cast<std::ptrdiff_t>(first);
      const std::size_t count = std::min(part, smaller.jobs.size() - first);
      smaller.jobs.erase(begin, begin + static_cast<std::ptrdiff_t>(count));
      if (!smaller.jobs.empty() && !disagreement(smaller, rule).empty()) {
        failing = smaller;
      } else {
        first += part;
      }
    }
  }
  return failing;
}

class SeparationAndOracle : public testing::TestWithParam<oracle::Rule> {};

TEST_P(SeparationAndOracle, decide_alike) {
  for (std::uint64_t seed = 0; seed < test::fewer_if_slow(1500); ++seed) {
    const test::Case random = test::random_case(seed, test::Kind::fault_domains);
    if (disagreement(random, GetParam()).empty()) continue;
    const test::Case small = shrunk(random, GetParam());
    FAIL() << "seed " << seed << ":\n" << test::to_text(small) << disagreement(small, GetParam());
  }
}

INSTANTIATE_TEST_SUITE_P(random, SeparationAndOracle,
                         testing::Values(oracle::fcfs, oracle::easy, oracle::conservative),
                         [](const auto& parameter) { return rules[parameter.param]; });

// A comparison in which nothing happens proves nothing.
TEST(RandomFaultDomains, make_a_difference) {
  std::size_t cases = 0;
  std::size_t other_starts = 0;
  std::size_t rejected = 0;
  for (std::uint64_t seed = 0; seed < test::fewer_if_slow(200); ++seed, ++cases) {
    const test::Case random = test::random_case(seed, test::Kind::fault_domains);
    test::Case free = random;
    for (test::CaseJob& job : free.jobs) job.avoid.clear();
    test::Host apart(random, "easy");
    test::Host anywhere(free, "easy");
    const auto& results = apart.run();
    const auto& others = anywhere.run();
    bool differs = false;
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (results[i].start_us != others[i].start_us) differs = true;
      if (results[i].rejected && !others[i].rejected) ++rejected;
    }
    if (differs) ++other_starts;
  }
  EXPECT_GT(other_starts, cases / 2);
  EXPECT_GT(rejected, cases / 2);
}

}  // namespace
}  // namespace nexa::scheduler
